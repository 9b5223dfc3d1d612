/**
 * Firmware images: what runs was made by the maker and is never older than one that has proven itself, nothing is chosen without the
 * authority's word, something whole is always there to be run, and one that did not come up locks the unit. Read from the marks on flash, by
 * the rules that the boot file has (firmware/board/files.ts, told here anew).
 */
import { createHash } from 'node:crypto';
import { crc32 } from './crc';
import type { Fact, Invariant, Written } from './facts';
import { hexOf, Kind, type Known } from './known';

/** The condition of the alarm table, and what an UPDATED record says. */
const UPDATE = 24;
const CHOSEN = 1;
const PASSED = 2;
/** From a start to the alarm about an image that did not come up. */
const SOON_MS = 5000;
const HEAD = 124;
const TRIES = 3;
/** Where an image's content begins: behind the page of marks and the header. */
const CONTENT = 4096 + 128;

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** One slot as the boot file reads it; undefined: nothing to be run. */
interface Slot {
  version: number;
  name: string;
  /** SHA-256 of its code. */
  code: string;
  read(at: number, length: number): Buffer;
}

/** @param read bytes of the slot, from the start of its page of marks */
function slotOf(read: (at: number, length: number) => Buffer): Slot | undefined {
  const head = read(0, HEAD);
  const erased = (at: number): boolean => head.readUInt32LE(at) === 0xffffffff;
  if (head.toString('latin1', 0, 4) !== 'SU01' || crc32(head.subarray(0, 84)) !== head.readUInt32LE(84) || head.toString('latin1', 96, 100) !== 'GOOD') return undefined;
  const passed = head.toString('latin1', 100, 104) === 'FINE';
  const tries = Array.from({ length: TRIES }, (_, i) => 108 + 4 * i).filter(erased).length;
  if (!passed && (!erased(104) || tries === 0)) return undefined;
  const [from, length] = [head.readUInt32LE(8), head.readUInt32LE(12)];
  if (from + length > 50 * 4096) return undefined;
  const code = read(from, length);
  if (crc32(code) !== head.readUInt32LE(16)) return undefined;
  return { version: head.readUInt32LE(4), name: head.toString('hex', 20, 52), code: digest(code), read };
}

export interface ImagesOptions {
  /** Of each slot, bytes from the start of its page of marks. */
  slots: readonly ((at: number, length: number) => Buffer)[];
  /** SHA-256 of the code of every image that the maker has signed; of those that never come up. */
  made: ReadonlySet<string>;
  silent: ReadonlySet<string>;
  /** What the image of this name holds behind its header, code and resources: bytes, SHA-256; undefined: nobody knows. */
  contentOf(name: string): { size: number; sha256: string } | undefined;
}

export class Images implements Invariant {
  readonly id = 'S7';
  /** Consented to: name and version. */
  private readonly granted = new Set<string>();
  private proven = 0;
  /** Tried and never proven, by version; until when an alarm about it is awaited. */
  private tried = 0;
  private due = Infinity;

  constructor(private readonly known: Known, private readonly o: ImagesOptions) {}

  /** Asked at each start, before anything runs: whether what will run is the firmware, not something that never comes up. */
  start(): boolean {
    const { known, o } = this;
    const bent = known.bent(['flash'], -Infinity);
    const there = o.slots.map(slotOf).filter((slot) => slot !== undefined).sort((a, b) => b.version - a.version);
    const [next] = there;
    if (next === undefined) {
      if (!bent) known.broken('S7', 'there is no image that could be run');
      return false;
    }
    if (!o.made.has(next.code)) known.broken('S7', `image ${next.version} runs, which the maker has not made`);
    if (next.version < this.proven && !bent) known.broken('S7', `image ${next.version} runs although ${this.proven} has proven itself`);
    const meant = o.contentOf(next.name);
    if (meant !== undefined && meant.sha256 !== digest(next.read(CONTENT, meant.size))) known.broken('S7', `image ${next.version} runs, which is not the one that was consented to`);
    const silent = o.silent.has(next.code);
    if (silent) this.tried = Math.max(this.tried, next.version);
    else if (this.tried > next.version && !bent && !known.alarms.has(UPDATE)) this.due = known.now() + SOON_MS;
    return !silent;
  }

  see(fact: Fact): void {
    this.look();
    if (fact.what === 'said' && fact.statement.kind === 'update') this.granted.add(`${fact.statement.name} ${fact.statement.version}`);
    else if (fact.what === 'run' && fact.how !== 'boot') this.due = Infinity;
    else if (fact.what === 'record') this.record(fact.record);
  }

  private record({ kind, data, seq }: Written): void {
    const { known } = this;
    if (kind === Kind.ALARM && data.get(1) === UPDATE) {
      this.due = Infinity;
      this.tried = 0;
    }
    if (kind !== Kind.UPDATED) return;
    const version = data.get(2) as number;
    if (data.get(4) === CHOSEN) {
      if (!this.granted.has(`${hexOf(data.get(3))} ${version}`)) known.broken('S7', `record ${seq} chooses image ${version} without the authority's word`);
      if (version <= this.proven) known.broken('S7', `record ${seq} chooses image ${version} although ${this.proven} has proven itself`);
    }
    if (data.get(4) === PASSED) this.proven = Math.max(this.proven, version);
  }

  private look(): void {
    const { known } = this;
    if (known.now() < this.due) return;
    this.due = Infinity;
    if (!known.bent(['program', 'flash'], -Infinity)) known.broken('S7', `no alarm: image ${this.tried} did not come up`);
  }

  end(): void {
    this.look();
  }
}
