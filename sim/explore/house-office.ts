/**
 * The office of one unit where bridge and desk are the real ones: people apply, approve, clear and take back through the
 * desk's API, and everything else is what bridge and desk do by themselves. What it tells the oracle is what passes: the
 * authority's statements as they leave the desk, the device's answers as the bridge notes them, records and photos as the
 * register takes them in.
 */
import { decodeGrantApply, decodePermitLoad, MessageType, readRecord, RecordKind, type Bytes } from '../../protocol';
import { toBuffer, toBytes } from '../../host-bridge/natives';
import { hexOf, photoDigest, type Claims, type Fact, type Statement } from '../oracle';
import type { Agreed } from '../oracle/approved';
import type { World } from '../world/world';
import type { Said, Terms, UnitKeys } from './authority';
import type { House } from './house';
import { readStatement } from './house-statement';
import { DILIGENT, type Manner } from './manner';
import type { Office } from './office';

/** What deeds and play want of an office. */
export type SeatOffice = Pick<Office, 'manner' | 'permits' | 'statements' | 'photos' | 'idle' | 'standing' | 'permit' | 'revoke' | 'raise' | 'finish' | 'setTime' | 'send' | 'work' | 'status'> & Partial<Pick<Office, 'ceremony' | 'topUp' | 'update' | 'ready' | 'state' | 'authority'>>;

/** Milliseconds between two looks at what waits for a person. */
const LOOK_MS = 200;
/** Milliseconds until somebody tries again what the desk did not answer. */
const AGAIN_MS = 1000;
/** Shortest idle time the desk takes, seconds. */
const IDLE_LEAST = 10;
/** Milliseconds after which the custodian sees that the lamp is still red, and clears once more. */
const STILL_MS = 25_000;
const APPROVE_MS = 80;
/** In their order. */
const APPROVERS = ['chief', 'director'] as const;

interface Waiting {
  at: number;
  done: boolean;
}

export class HouseOffice implements SeatOffice {
  manner: Manner = { ...DILIGENT };
  /** Milliseconds an approver takes; undefined: away. */
  approvesAfter: number | undefined = APPROVE_MS;
  readonly permits: { said: Said; claims: Claims; code: number | undefined }[] = [];
  readonly statements: Said[] = [];
  photos = 0;
  readonly device: string;
  /** Records below this stand in the register. */
  next = 0;
  private readonly applications = new Map<string, string>();
  /** What was asked for, and when each person gave the word to it, by application. */
  private readonly asked = new Map<string, Omit<Agreed, 'permit'> & { approved: Map<string, number> }>();
  private readonly waitingApplications: { id: string; content: string; step: number; at: number; busy: boolean }[] = [];
  private readonly said = new Map<string, Statement>();
  private readonly alarms = new Map<number, number>();
  private readonly cases = new Map<string, Waiting>();
  private readonly strokes: { permit: string; digest: string; seq: number; waiting: Waiting }[] = [];
  private readonly seen = new Map<number, { permit: string; digest: string; before: boolean }>();
  private readonly photosWanted = new Set<number>();
  /** Permits whose applications were withdrawn, and the desk agreed. */
  readonly withdrawn = new Set<string>();
  private asks = 0;
  private up = false;

  constructor(private readonly world: World, private readonly house: House, keys: UnitKeys, private readonly unix: () => number, private readonly tell: (fact: Fact) => void) {
    this.device = keys.device.toString('hex');
    const look = (): void => {
      world.after(LOOK_MS, look);
      this.tend();
    };
    world.after(LOOK_MS, look);
  }

  /** Everything the unit made stands in the register, it knows that, and nobody waits for an answer. */
  get idle(): boolean {
    const session = this.house.sessionOf(this.device);
    const status = session?.status;
    if (status === undefined || this.asks > 0 || this.waitingApplications.length > 0 || this.photosWanted.size > 0) return false;
    const told = Math.max(status.nextSeq, session?.notice?.nextSeq ?? 0);
    // What a bridge has said that it would hand over, and did not, is said again only with the next record.
    return status.time > 0 && this.next === told && (status.ackedSeq === told || this.house.deceived);
  }

  get standing(): number {
    return this.alarms.size;
  }

  /** What people have asked of the desk and got no answer to, and applications that nobody can bring to an end. */
  get unanswered(): number {
    return this.asks + this.waitingApplications.length;
  }

  /** Records that the unit keeps because it has not been told that the register has them. */
  get kept(): number {
    const status = this.house.sessionOf(this.device)?.status;
    return status === undefined ? 0 : status.nextSeq - status.ackedSeq;
  }

  readonly approvers = APPROVERS;

  get agreed(): Agreed[] {
    return [...this.applications].map(([permit, application]) => ({ permit, ...this.asked.get(application)! }));
  }

  permit(terms: Terms): number {
    const now = this.unix();
    const seal = this.house.sealOf(this.device, terms.die);
    const fields = {
      seal, purpose: `permit ${this.permits.length}`, document: this.house.opening.document, count: terms.count, persons: terms.persons.map((number) => this.house.personOf(number)),
      notBefore: now + terms.from, notAfter: now + terms.from + terms.lasts, photos: (terms.policy & 1) !== 0, strokeGrants: (terms.policy & 2) !== 0, idle: Math.max(IDLE_LEAST, terms.idle),
    };
    if (seal !== undefined) {
      this.ask(`holder${terms.persons[0]!}`, 'POST', '/v1/applications', fields, (made) => {
        const { document, count, notBefore, notAfter } = fields;
        this.asked.set(made['id'] as string, { asked: { die: terms.die, persons: terms.persons, policy: terms.policy, document, count, notBefore, notAfter }, approved: new Map() });
        this.waitingApplications.push({ id: made['id'] as string, content: made['content'] as string, step: 0, at: this.world.now, busy: false });
      });
    }
    return this.permits.length;
  }

  revoke(at: number): void {
    const permit = this.permits[at];
    const application = permit === undefined ? undefined : this.applications.get(permit.claims.id);
    if (permit !== undefined && application !== undefined) this.ask(`holder${permit.claims.persons[0]!}`, 'POST', `/v1/applications/${application}/withdraw`, { reason: 'taken back' }, () => this.withdrawn.add(permit.claims.id));
  }

  raise(): void {
    this.ask('custodian', 'POST', `/v1/devices/${this.device}/revoke`, { reason: 'all taken back' });
  }

  /** Through the bridge, as an integrator may. */
  finish(): void {
    this.house.toBridge(this.device, 'POST', `/v1/devices/${this.device}/close`);
  }

  setTime(): void {
    this.house.nudge();
  }

  status(): void {
    this.house.nudge();
  }

  work(): void {
    this.house.nudge();
  }

  /** A statement of somebody's own making, handed straight to the bridge. What is no statement has no way in there. */
  send(type: number, body: Bytes): void {
    const grant = type === MessageType.PERMIT_LOAD ? decodePermitLoad(body)?.grant : type === MessageType.GRANT_APPLY ? decodeGrantApply(body)?.grant : undefined;
    if (grant !== undefined) this.handOver(toBuffer(grant));
  }

  /** One of the authority's own statements once more. */
  repeat(said: Said): void {
    this.handOver(toBuffer(said.bytes));
  }

  private handOver(bytes: Buffer): void {
    const read = readStatement(bytes)?.statement;
    const text = { grant: bytes.toString('base64') };
    if (read?.kind === 'permit') this.house.toBridge(this.device, 'PUT', `/v1/devices/${this.device}/permits/${read.claims.id}`, text);
    else this.house.toBridge(this.device, 'POST', `/v1/devices/${this.device}/grants`, text);
  }

  /** All who were away are back. */
  comeBack(): void {
    this.approvesAfter = APPROVE_MS;
  }

  /** A statement of the authority leaves the desk for this unit. */
  heard(bytes: Buffer, statement: Statement): void {
    if (this.said.has(statement.sha256)) return;
    this.said.set(statement.sha256, statement);
    const said = { bytes: toBytes(bytes), statement };
    this.statements.push(said);
    this.tell({ what: 'said', statement });
    if (statement.kind === 'permit') this.permits.push({ said, claims: statement.claims, code: undefined });
  }

  /** The bridge has noted the device's answer. @param key a permit's id, or the digest of any other statement */
  answered(key: string, code: number): void {
    const permit = this.permits.find(({ claims }) => claims.id === key);
    const statement = permit?.said.statement ?? this.said.get(key);
    if (statement === undefined) return;
    if (permit !== undefined) permit.code = code;
    this.tell({ what: 'answered', statement, code });
  }

  session(up: boolean): void {
    if (up === this.up) return;
    this.up = up;
    this.tell({ what: 'session', up });
  }

  trouble(name: string, on: boolean): void {
    this.tell({ what: 'fault', name, on, bends: [] });
  }

  /** The bridge is back at its end of the cable. */
  attended(plugged: boolean): void {
    if (plugged) this.tell({ what: 'plugged', there: true });
  }

  /** The register has taken a record in. */
  took(bytes: Buffer): void {
    const record = readRecord(toBytes(bytes));
    if (record === undefined) return;
    const { seq, kind, values } = record;
    this.tell({ what: 'told', seq, bytes });
    this.next = Math.max(this.next, seq + 1);
    if (kind === RecordKind.ALARM) this.alarms.set(values[1] as number, seq);
    if (kind === RecordKind.CLEARED) this.alarms.delete(values[1] as number);
    if (kind !== RecordKind.PHOTO) return;
    this.photosWanted.add(seq);
    this.seen.set(seq, { permit: hexOf(toBuffer(values[1] as Bytes)), digest: hexOf(toBuffer(values[3] as Bytes)), before: values[2] === 0 });
  }

  /** The register has a photo, or will never have it (undefined). */
  async photo(seq: number, get: (digest: string) => Promise<Buffer | undefined>): Promise<void> {
    const photo = this.seen.get(seq);
    const bytes = photo === undefined ? undefined : await get(photo.digest);
    this.photosWanted.delete(seq);
    this.photos++;
    this.tell({ what: 'photo', seq, good: bytes !== undefined && photoDigest(bytes) === photo?.digest });
    const permit = this.permits.find(({ claims }) => claims.id === photo?.permit);
    if (bytes !== undefined && photo?.before === true && ((permit?.claims.policy ?? 0) & 2) !== 0) this.strokes.push({ permit: photo.permit, digest: photo.digest, seq, waiting: { at: this.world.now, done: false } });
  }

  /** The desk has opened a case about an alarm. */
  alarmed(id: string): void {
    this.cases.set(id, { at: this.world.now, done: false });
  }

  /** What waits for a person is done, as soon as they come to it. */
  private tend(): void {
    const due = (waiting: Waiting, after: number | undefined): boolean => {
      if (waiting.done || after === undefined || this.world.now - waiting.at < after) return false;
      return (waiting.done = true);
    };
    for (const waiting of this.cases.values()) {
      if (waiting.done && this.alarms.size > 0 && this.world.now - waiting.at > STILL_MS) Object.assign(waiting, { at: this.world.now, done: false });
    }
    for (const [id, waiting] of this.cases) if (due(waiting, this.manner.clearsAfter)) this.ask('custodian', 'POST', `/v1/cases/${id}/clear`, { reason: 'looked at' });
    for (const { permit, digest, seq, waiting } of this.strokes) if (due(waiting, this.manner.grantsAfter)) this.ask('chief', 'POST', `/v1/permits/${permit}/strokes`, { photo: digest, number: seq });
    for (const one of this.waitingApplications) this.approve(one);
  }

  private approve(one: HouseOffice['waitingApplications'][number]): void {
    if (one.busy || this.approvesAfter === undefined || this.world.now - one.at < this.approvesAfter) return;
    one.busy = true;
    const over = (): void => void this.waitingApplications.splice(this.waitingApplications.indexOf(one), 1);
    const next = (found: Record<string, unknown>): void => {
      for (const { id } of (found['permits'] ?? []) as { id: string }[]) this.applications.set(id, one.id);
      if (found['state'] !== 'submitted') return over();
      Object.assign(one, { step: found['step'] as number, at: this.world.now, busy: false });
    };
    const look = (): void => this.ask('auditor', 'GET', `/v1/applications/${one.id}`, undefined, next, over);
    // Refused here: it went through before, and the answer was lost; or it has expired meanwhile.
    const who = APPROVERS[one.step === 0 ? 0 : 1];
    const { approved } = this.asked.get(one.id)!;
    if (!approved.has(who)) approved.set(who, this.world.now);
    this.ask(who, 'POST', `/v1/applications/${one.id}/approve`, { content: one.content }, next, look);
  }

  /** Asks the desk until it answers; a refusal is an answer. */
  private ask(who: string, method: string, url: string, body?: unknown, then: (body: Record<string, unknown>) => void = () => undefined, refused: () => void = () => undefined): void {
    this.asks++;
    const go = (): void => this.house.toDesk(who, method, url, body, (answer) => {
      if (answer === undefined || answer.status >= 500) return void this.world.after(AGAIN_MS, go);
      this.asks--;
      if (answer.status >= 300) refused();
      else then(answer.body);
    });
    go();
  }
}
