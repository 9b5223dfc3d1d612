/**
 * A scenario run once, and what a power cut would leave at each of its flash operations: the flash before and after the
 * operation, and everything else that outlasts the cut. From there each torn variant is made without running the scenario again.
 */
import { seededRandom, type CutMoment, type FlashOp, type NorFlash, type NorImage } from '../../sim';
import type { Bench, Survivor } from '../scenario/bench';

const PAGE = 4096;
const WORD = 4;
const BLANK = new Uint8Array(PAGE).fill(0xff);

export interface Cut {
  /** 1: the first operation of the scenario. */
  op: number;
  how: CutMoment;
  /** Torn: whole words that are written (erasing: that are blank) before it. */
  words: number;
}

/** What was done, for the line that is printed. */
export interface Tally {
  /** Cuts at different places. */
  injected: number;
  /** Of these: contents of flash that differ, at moments that differ. */
  distinct: number;
  /** Of these: gone through from power-on until everything is used up. */
  full: number;
  /** Of these: looked at after power-on, and found in the state that a cut before or after the operation leaves. */
  glances: number;
  failed: string[];
}

/** The part of an operation that tearing is about. */
export type Range = Pick<Moment, 'op' | 'kind' | 'before' | 'after'>;

/** A flash operation of a scenario. */
export interface Moment {
  op: number;
  kind: FlashOp['kind'];
  address: number;
  /** Bytes of the range it changes, before and after it. */
  before: Uint8Array;
  after: Uint8Array;
  /** The flash before it. Pages are shared between moments: never to be written to. */
  image: NorImage;
  /** Undefined while bolt or carrier move: such a cut needs the whole scenario again. */
  left: Survivor | undefined;
  /** Nothing but flash has changed since the operation before: a cut after that one is a cut before this one. */
  sameAsBefore: boolean;
}

export function label({ op, how, words }: Cut): string {
  return how === 'torn' ? `torn at word ${words} of operation ${op}` : `${how} operation ${op}`;
}

const LABEL = /^(?:(before|after)|torn at word (\d+) of) operation (\d+)$/;

/** What label() wrote. @throws where it is none */
export function cutOf(text: string): Cut {
  const found = LABEL.exec(text);
  if (found === null) throw new Error(`not a cut: ${text}`);
  const how = (found[1] as CutMoment | undefined) ?? 'torn';
  return { op: Number(found[3]), how, words: Number(found[2] ?? 0) };
}

/** Takes down every flash operation of a bench from now on; end() gives them. */
export function takeDown(bench: Bench): { end(): Moment[] } {
  const { flash } = bench.unit;
  const moments: Moment[] = [];
  let image: NorImage = flash.image();
  let open: Moment | undefined;
  let key = '';
  let left: Survivor | undefined;
  const close = (): void => {
    if (open === undefined) return;
    open.after = flash.read(open.address, open.before.length);
    image = new Map(image);
    for (let page = Math.floor(open.address / PAGE); page * PAGE < open.address + open.before.length; page++) image.set(page, flash.read(page * PAGE, PAGE));
    open = undefined;
  };
  flash.onOp = ({ kind, address, length }) => {
    close();
    const { world, chain, granted, fingers, revoked, strokesGranted, photos, recordsAcked, boots } = bench;
    const now = [world.now, world.events, chain.next, granted.length, fingers.length, revoked.length, strokesGranted.size, photos.size, recordsAcked, boots.size].join();
    if (now !== key) left = bench.survivor();
    const before = flash.read(address, length);
    open = { op: moments.length + 1, kind, address, before, after: before, image, left, sameAsBefore: now === key };
    moments.push(open);
    key = now;
  };
  return {
    end() {
      close();
      flash.onOp = undefined;
      return moments;
    },
  };
}

export function wordsOf(moment: Pick<Moment, 'before'>): number {
  return Math.ceil(moment.before.length / WORD);
}

/** Cuts at an operation: before, after, and torn at so many of its words, evenly spread; at each unless told otherwise. */
export function cutsAt(moment: Pick<Moment, 'op' | 'before'>, torn = Infinity): Cut[] {
  const { op } = moment;
  const words = wordsOf(moment);
  const count = Math.min(torn, words);
  const places = Array.from({ length: count }, (_, i): Cut => ({ op, how: 'torn', words: Math.floor(((i + 0.5) * words) / count) }));
  return [{ op, how: 'before', words: 0 }, { op, how: 'after', words: 0 }, ...places];
}

/** What the operation's range holds after the cut; tearing as sim/parts/nor.ts has it. */
export function leftOver({ kind, before, after }: Range, { op, how, words }: Cut, seed: number): Uint8Array {
  if (how !== 'torn') return how === 'before' ? before : after;
  const random = seededRandom((seed * 4096 + op) * 4096 + words);
  const from = words * WORD;
  const out = Uint8Array.from(before);
  out.set(after.subarray(0, from));
  if (kind === 'erase') for (let i = from; i < out.length; i++) out[i]! |= random.uint32() & 255;
  // Zeros may already stand in the word: what was one and is to be zero is either.
  else for (let i = from; i < Math.min(from + WORD, out.length); i++) out[i] = after[i]! | (before[i]! & random.uint32() & 255);
  return out;
}

/** The whole flash after the cut, free to be written to. */
export function flashAfter(moment: Moment, range: Uint8Array): NorImage {
  const { address } = moment;
  const image: NorImage = new Map();
  for (const [page, bytes] of moment.image) image.set(page, Uint8Array.from(bytes));
  for (let i = 0; i < range.length; i++) {
    const page = Math.floor((address + i) / PAGE);
    if (!image.has(page)) image.set(page, Uint8Array.from(BLANK));
    image.get(page)![(address + i) % PAGE] = range[i]!;
  }
  return image;
}

/**
 * Which words of a range anybody read before they were erased: whatever differs in none of them goes the very same way, since
 * everything in such a run follows from its seed and from what was read.
 */
export function readWords(flash: NorFlash, from: number, length: number): Uint8Array {
  const mask = new Uint8Array(Math.ceil(length / WORD));
  const gone = new Set<number>();
  const mark = (address: number, count: number): void => {
    const low = Math.max(address, from);
    const high = Math.min(address + count, from + length);
    for (let at = low; at < high; at++) if (!gone.has(Math.floor(at / PAGE))) mask[(at - from) >> 2] = 1;
  };
  const { read, isErased, erase } = flash;
  flash.read = (address, count) => (mark(address, count), read.call(flash, address, count));
  flash.isErased = (address, count) => (mark(address, count), isErased.call(flash, address, count));
  flash.erase = (address) => (gone.add(Math.floor(address / PAGE)), erase.call(flash, address));
  return mask;
}

/** Whether two contents of a range agree in all words of a mask. */
export function agree(mask: Uint8Array, a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (mask[i >> 2] !== 0 && a[i] !== b[i]) return false;
  return true;
}
