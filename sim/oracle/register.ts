/**
 * The whole chain: the register equals the truth. Every stroke on paper stands in the register's uses exactly once, with
 * its permit, result and photos; no use without a stroke; every record exactly once and in order; every alarm is one event of
 * the bridge and one case at the desk; and the register's own proofs hold. Judged at the end, from what the desk answers
 * and the bytes of an archive, against flash and paper.
 */
import { createHash } from 'node:crypto';
import { Decoder } from 'cbor-x';
import { judgeApproved, type Agreed } from './approved';
import { photoDigest, sha256 } from './evidence';
import type { Fact, Statement, Written } from './facts';
import { hexOf, Kind, Result, type Known } from './known';

/** A use as the desk's API tells it. */
export interface UseView {
  device: string;
  intent: number;
  permit: string;
  use: number;
  charged: number;
  outcome: number | null;
  result: string;
  before: string | null;
  after: string | null;
  beforeStored: boolean;
  afterStored: boolean;
}

export interface CaseView {
  device: string;
  kind: string;
  seq: number | null;
}

/** A permit as the desk's API tells it. */
export interface PermitView {
  id: string;
  device: string;
  used: number;
}

/** What people at the desk know of one unit, when all has come to rest. */
export interface PeopleView {
  /** Questions of theirs that the desk has not answered, and applications that it brings to no end. */
  unanswered: number;
  /** Permits that they took back, and the desk agreed. */
  withdrawn: ReadonlySet<string>;
  /** Records that the unit keeps because nobody told it that the register has them. */
  kept: number;
  /** Applications that became permits, and who must have approved each. */
  agreed: readonly Agreed[];
  approvers: readonly string[];
}

/** Milliseconds within which a record that is in the register is acknowledged. */
const ACKNOWLEDGED_MS = 30_000;

/** What bridge and desk say of everything, when all has come to rest. */
export interface RegisterView {
  records: readonly { device: string; seq: number; sha256: string; bytes: Buffer }[];
  uses: readonly UseView[];
  permits: readonly PermitView[];
  cases: readonly CaseView[];
  /** Entries of the register in order: the bytes that are hashed. */
  entries: readonly Buffer[];
  /** Signed checkpoint over exactly these entries: size and root. */
  checkpoint: { size: number; root: string };
  /** Stored photos by digest. */
  photos: ReadonlyMap<string, Buffer>;
  /** Alarm events that the bridge published. */
  alarms: readonly { device: string; seq: number }[];
  /** What should never be, as the bridges noted it. */
  incidents: readonly { device: string; kind: string; seq: number }[];
  /** A bridge was in wrong hands, so the desk has reason for cases. */
  deceived: boolean;
  /** An older copy of the bridge's files was put in place: what is younger may have been published once more. */
  restored: boolean;
  /** What the desk found wrong with its own tables when it was opened again. */
  damage: string | undefined;
  archive: Buffer;
  /** What the archive's own check found. */
  findings: readonly string[];
}

const decoder = new Decoder({ useRecords: false, mapsAsObjects: false });
/** Refusals that speak of the statement and not of the moment: malformed, not authentic, another device, replayed, unsupported. */
const FORM = new Set([1, 3, 4, 10, 12]);
/** Cases that say that somebody did wrong, or that something is missing. */
const ACCUSING = new Set(['malformed', 'bad-mac', 'gap', 'fork', 'foreign', 'behind', 'foreign-permit']);
const RESULTS: Readonly<Record<number, string>> = { [Result.STAMPED]: 'stamped', [Result.FAILED]: 'failed', [Result.UNKNOWN]: 'unknown' };

/** One unit's share of the register. */
export class RegisterTruth {
  /** Sequence numbers of the intents under which the die has touched; one more for each touch. */
  private readonly inked: number[] = [];
  private readonly lostPhotos = new Set<number>();
  /** Permits that left the desk and stand, with the device's last answer. */
  private readonly made = new Map<string, { counter: number; epoch: number; until: number; code: number | undefined }>();
  private readonly revoked = new Set<string>();
  private epoch = 0;
  /** When each permit left the desk, virtual ms. */
  private readonly left = new Map<string, number>();

  constructor(private readonly known: Known, private readonly device: string) {}

  /** Is shown every fact, before the other invariants or after them. */
  see(fact: Fact): void {
    if (fact.what === 'stroke' && this.known.intent !== undefined) this.inked.push(this.known.intent.seq);
    if (fact.what === 'photo' && !fact.good) this.lostPhotos.add(fact.seq);
    if (fact.what === 'said') this.said(fact.statement);
    if (fact.what === 'answered' && fact.statement.kind === 'permit') this.answered(fact.statement.claims.id, fact.code);
  }

  judge(view: RegisterView, people: PeopleView): void {
    // Flash that has failed for good may have taken records with it.
    if (this.known.bent(['flash'], -Infinity)) return;
    this.records(view);
    this.uses(view);
    this.permits(view);
    this.alarms(view);
    this.findings(view);
    if (!view.deceived) this.deliveries();
    this.people(people, view.deceived);
    this.tree(view);
    this.archive(view);
  }

  private broken(text: string): void {
    this.known.broken('L4', `register: ${text}`);
  }

  private records({ records }: RegisterView): void {
    const mine = records.filter((one) => one.device === this.device);
    const truth = this.known.records;
    for (const [at, one] of mine.entries()) {
      if (one.seq !== at) return this.broken(`record ${one.seq} stands where ${at} belongs`);
      if (truth[at]?.bytes.equals(one.bytes) !== true || one.sha256 !== sha256(one.bytes).toString('hex')) return this.broken(`record ${at} is not the one on flash`);
    }
    if (mine.length < truth.length) this.broken(`it has ${mine.length} records, the unit made ${truth.length}`);
  }

  private uses(view: RegisterView): void {
    const { known } = this;
    const mine = new Map<number, UseView>();
    for (const use of view.uses.filter(({ device }) => device === this.device)) {
      if (mine.has(use.intent)) this.broken(`the use of intent ${use.intent} stands there twice`);
      mine.set(use.intent, use);
    }
    for (const intent of this.inked) if (!mine.has(intent)) this.broken(`the stroke of intent ${intent} is on paper, and no use says so`);
    for (const [intent, use] of mine) {
      const record = known.records[intent];
      if (record?.kind !== Kind.INTENT) this.broken(`a use names record ${intent}, which is no intent`);
      else this.use(view, use, record);
    }
    const intents = known.records.filter(({ kind }) => kind === Kind.INTENT).length;
    if (mine.size < intents) this.broken(`${mine.size} uses, the unit made ${intents} intents`);
  }

  private use(view: RegisterView, use: UseView, intent: Written): void {
    const { known } = this;
    const which = `use of intent ${intent.seq}`;
    const permit = hexOf(intent.data.get(1));
    if (use.permit !== permit || use.use !== intent.data.get(2) || use.charged !== intent.data.get(3)) this.broken(`${which}: permit, number or charge are not those of the record`);
    const outcome = known.records.find(({ kind, data }) => kind === Kind.OUTCOME && data.get(5) === intent.seq);
    const result = outcome === undefined ? 'pending' : RESULTS[outcome.data.get(3) as number];
    if (use.result !== result || use.outcome !== (outcome?.seq ?? null)) this.broken(`${which} says "${use.result}", the record "${String(result)}"`);
    const touched = this.inked.includes(intent.seq);
    const sure = !known.bent(['contact', 'home', 'switches', 'motor', 'driver', 'current'], intent.at - 1000);
    if (sure && use.result === 'stamped' && !touched) this.broken(`${which} says "stamped" and there is no ink`);
    if (sure && use.result === 'failed' && touched) this.broken(`${which} says "failed" and there is ink`);
    this.photo(view, which, use.before, use.beforeStored, this.photoOf(hexOf(intent.data.get(4)), (seq) => seq < intent.seq));
    const after = known.records.find(({ kind, seq, data }) => kind === Kind.PHOTO && data.get(2) === 1 && seq > intent.seq && seq < this.nextIntent(intent) && hexOf(data.get(1)) === permit && data.get(5) === use.use);
    this.photo(view, which, use.after, use.afterStored, after);
  }

  private nextIntent({ seq }: Written): number {
    return this.known.records.find((one) => one.kind === Kind.INTENT && one.seq > seq)?.seq ?? Infinity;
  }

  private photoOf(digest: string, fits: (seq: number) => boolean): Written | undefined {
    return digest === '' ? undefined : this.known.records.findLast(({ kind, seq, data }) => kind === Kind.PHOTO && fits(seq) && hexOf(data.get(3)) === digest);
  }

  private photo(view: RegisterView, which: string, named: string | null, stored: boolean, truth: Written | undefined): void {
    const digest = truth === undefined ? null : hexOf(truth.data.get(3));
    if (named !== digest) return this.broken(`${which} names photo ${String(named)}, the records ${String(digest)}`);
    if (truth === undefined || digest === null || this.lostPhotos.has(truth.seq)) return;
    const bytes = view.photos.get(digest);
    if (!stored || bytes === undefined) this.broken(`${which}: photo ${digest} of record ${truth.seq} is not there`);
    else if (photoDigest(bytes) !== digest) this.broken(`${which}: photo ${digest} is another picture`);
  }

  private said(statement: Statement): void {
    if (statement.kind === 'permit') {
      const { id, counter, epoch, notAfter } = statement.claims;
      this.left.set(id, this.known.now());
      this.made.set(id, { counter, epoch, until: notAfter, code: undefined });
    }
    if (statement.kind === 'epoch') this.epoch = Math.max(this.epoch, statement.epoch);
    if (statement.kind === 'revoke') this.revoked.add(statement.permit);
    // One that was refused is taken back at once: its answer counts as it came.
    if (statement.kind === 'revoke' && this.made.get(statement.permit)?.code === undefined) this.made.delete(statement.permit);
  }

  private answered(id: string, code: number): void {
    const made = this.made.get(id);
    if (made !== undefined && made.code !== 0) made.code = code;
  }

  private people({ unanswered, withdrawn, kept, agreed, approvers }: PeopleView, deceived: boolean): void {
    const { known } = this;
    judgeApproved(known, agreed, approvers, this.left);
    if (!deceived && kept > 0 && (known.records.at(-1)?.at ?? Infinity) < known.now() - ACKNOWLEDGED_MS) known.broken('L3', `the unit keeps ${kept} records that nobody acknowledges`);
    if (unanswered > 0) known.broken('L2', `${unanswered} questions to the desk have no answer, or applications no end`);
    for (const id of withdrawn) {
      const claims = known.permits.get(id);
      const standing = claims !== undefined && claims.epoch >= this.epoch && !this.revoked.has(id);
      if (standing) known.broken('S1', `permit ${claims.counter} was taken back at the desk, and no revocation left it`);
    }
  }

  /** What the authority makes reaches the unit, in a form that it takes. */
  private deliveries(): void {
    for (const { counter, epoch, until, code } of this.made.values()) {
      if (epoch < this.epoch || until <= this.known.unixAt(this.known.now())) continue;
      if (code === undefined) this.known.broken('L2', `permit ${counter} left the desk and never reached the unit`);
      else if (FORM.has(code)) this.known.broken('L2', `permit ${counter} was refused with ${code}: the authority made it so that it could not be taken`);
    }
  }

  /** Charged: as the last record under it says. */
  private permits({ permits }: RegisterView): void {
    for (const { id, device, used } of permits) {
      if (device !== this.device) continue;
      let charged = 0;
      for (const { kind, data } of this.known.records) {
        if (hexOf(data.get(1)) !== id) continue;
        if (kind === Kind.INTENT) charged++;
        if (kind === Kind.OUTCOME && data.get(3) === Result.FAILED) charged--;
      }
      if (used !== charged) this.broken(`permit ${id} is said to be used ${used} times, the records charge ${charged}`);
    }
  }

  /** Where nobody lied and nothing was lost, nobody is accused. */
  private findings({ cases, incidents, deceived, restored }: RegisterView): void {
    const photos = this.lostPhotos.size === 0 && !this.known.bent(['camera'], -Infinity);
    for (const { device, kind, seq } of deceived ? [] : cases) {
      if (device === this.device && (ACCUSING.has(kind) || (photos && kind.startsWith('photo-')))) this.broken(`a case "${kind}" of record ${String(seq)}, and there is nothing wrong`);
    }
    for (const { device, kind, seq } of incidents) {
      // A bridge of yesterday asks for photos that the unit was allowed to forget since.
      if (device === this.device && ((photos && !restored) || !kind.startsWith('photo-'))) this.broken(`the bridge notes an incident "${kind}" of record ${seq}, and there is nothing wrong`);
    }
  }

  private alarms({ alarms, cases, restored }: RegisterView): void {
    const events = alarms.filter(({ device }) => device === this.device).map(({ seq }) => seq);
    const opened = cases.filter(({ device, kind }) => device === this.device && kind === 'alarm').map(({ seq }) => seq);
    for (const { kind, seq } of this.known.records) {
      if (kind !== Kind.ALARM) continue;
      const shown = events.filter((at) => at === seq).length;
      if (shown === 0 || (shown > 1 && !restored)) this.known.broken('S6', `the bridge shows the alarm of record ${seq} ${shown} times`);
      const found = opened.filter((at) => at === seq).length;
      if (found !== 1) this.known.broken('S6', `the alarm of record ${seq} is ${found} cases at the desk`);
    }
    for (const seq of [...events, ...opened]) if (this.known.records[seq ?? -1]?.kind !== Kind.ALARM) this.known.broken('S6', `an alarm is told of record ${seq}, which is none`);
  }

  private tree({ entries, checkpoint, damage }: RegisterView): void {
    if (damage !== undefined) this.broken(`it calls itself damaged: ${damage}`);
    if (checkpoint.size !== entries.length || rootOf(entries).toString('hex') !== checkpoint.root) this.broken(`its signed root is not that of its ${entries.length} entries`);
    let next = 0;
    for (const [number, entry] of entries.entries()) {
      const [version, at, , kind, data] = decoder.decode(entry) as [number, number, number, string, Map<string, unknown>];
      if (version !== 1 || at !== number) return this.broken(`entry ${number} is numbered ${at}`);
      if (kind !== 'record' || hexOf(data.get('device')) !== this.device) continue;
      if (data.get('seq') !== next) return this.broken(`entry ${number} is record ${String(data.get('seq'))}, ${next} was due`);
      const truth = this.known.records[next];
      if (truth === undefined || hexOf(data.get('sha256')) !== sha256(truth.bytes).toString('hex')) return this.broken(`entry ${number} is of another record ${next} than the one on flash`);
      next++;
    }
    if (next !== this.known.records.length) this.broken(`its entries end at record ${next}`);
  }

  private archive({ archive, findings }: RegisterView): void {
    for (const finding of findings) this.broken(`archive: ${finding}`);
    const files = untar(archive);
    for (const { seq, bytes } of this.known.records) {
      const file = files.get(`records/${this.device}/${String(seq).padStart(10, '0')}.cbor`);
      if (file?.equals(bytes) !== true) return this.broken(`record ${seq} is not in the archive as it stands on flash`);
    }
  }
}

/** Merkle tree hash of RFC 9162 section 2.1.1. */
function rootOf(entries: readonly Buffer[]): Buffer {
  if (entries.length === 0) return sha256(Buffer.alloc(0));
  if (entries.length === 1) return hashed(0, entries[0]!);
  let left = 1;
  while (left * 2 < entries.length) left *= 2;
  return hashed(1, rootOf(entries.slice(0, left)), rootOf(entries.slice(left)));
}

function hashed(prefix: number, ...parts: Buffer[]): Buffer {
  const hash = createHash('sha256').update(Buffer.of(prefix));
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Files of a tar (POSIX ustar): name at 0, size in octal at 124, content in blocks of 512. */
function untar(tar: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
    files.set(name, tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
