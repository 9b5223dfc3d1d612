/**
 * What all fuzz tests share. FUZZ_INPUTS: inputs for each decoder (default 20000). Each input follows from the seed and its
 * number alone: a failure names both. Nothing in the loops but plain comparisons: they run a million times.
 */
import type { Bytes } from '../../protocol/natives';
import { Random } from '../protocol/random';

export const BUDGET = Number(process.env['FUZZ_INPUTS'] ?? 20_000);
export const ONE_TEST_MS = 3_600_000;
const TOLD = 5;
/** Bytes that decoders stumble over: ends, signs, the largest CBOR heads, indefinite lengths, the start of a reader's packet. */
const EVIL = ['\0', '\xff', '\x7f', '\x80', '\x1b\xff\xff\xff\xff\xff\xff\xff\xff', '\x9f', '\xbf', '\x5f', '\xef\x01', '\n\n', '\r'];

/** Random bytes made once; pieces of it cost nothing. */
const noise = new Random(77).bytes(1 << 16);

export function noiseOf(random: Random, length: number): Bytes {
  const at = random.below(noise.length - length);
  return noise.substring(at, at + length);
}

/** A good input damaged in one to four places, or bytes from nowhere. */
export function damaged(random: Random, good: readonly Bytes[], longest = 300): Bytes {
  if (!random.below(8)) return noiseOf(random, random.below(longest));
  let b = random.pick(good);
  for (let k = random.below(4); k >= 0; k--) {
    const at = random.below(b.length + 1);
    switch (random.below(6)) {
      case 0:
        b = b.substring(0, at) + noiseOf(random, 1) + b.substring(at + 1);
        break;
      case 1:
        b = b.substring(0, at);
        break;
      case 2:
        b = b.substring(0, at) + noiseOf(random, random.below(9)) + b.substring(at);
        break;
      case 3:
        b = b.substring(0, at) + b.substring(at + random.below(9));
        break;
      case 4:
        b = b.substring(0, at) + random.pick(EVIL) + b.substring(at + 1);
        break;
      default:
        b += random.pick(good).substring(0, random.below(40));
    }
  }
  return b;
}

/** Gives one input to a decoder; what is wrong with what came of it, or nothing. */
export type Trial = (random: Random, number: number) => string | undefined | void;

const lines: string[] = [];

/** Runs a decoder on so many inputs and fails with the first few that it did not take. An exception is a failure, too. */
export function fuzz(name: string, seed: number, trial: Trial, inputs = BUDGET): void {
  const began = process.cpuUsage();
  const failures: string[] = [];
  const random = new Random(seed);
  for (let i = 0; i < inputs && failures.length < TOLD; i++) {
    try {
      const wrong = trial(random, i);
      if (wrong !== undefined) failures.push(`input ${i} of seed ${seed}: ${wrong}`);
    } catch (error) {
      failures.push(`input ${i} of seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  note(name, inputs, began);
  expect(failures).toEqual([]);
}

/** The same for a decoder that answers later. */
export async function fuzzLater(name: string, seed: number, trial: (random: Random, number: number) => Promise<string | undefined | void>, inputs = BUDGET): Promise<void> {
  const began = process.cpuUsage();
  const failures: string[] = [];
  const random = new Random(seed);
  for (let i = 0; i < inputs && failures.length < TOLD; i++) {
    try {
      const wrong = await trial(random, i);
      if (wrong !== undefined) failures.push(`input ${i} of seed ${seed}: ${wrong}`);
    } catch (error) {
      failures.push(`input ${i} of seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  note(name, inputs, began);
  expect(failures).toEqual([]);
}

function note(name: string, inputs: number, began: NodeJS.CpuUsage): void {
  const { user, system } = process.cpuUsage(began);
  lines.push(`${name}: ${inputs} inputs in ${((user + system) / 1e6).toFixed(1)} s`);
}

/** Prints what was done so far; for afterAll. */
export function tell(): void {
  console.log(`fuzz\n${lines.splice(0).join('\n')}`);
}

export const hex = (b: Bytes): string => Buffer.from(b, 'latin1').toString('hex');
export const bytesOf = (text: string): Bytes => Buffer.from(text, 'hex').toString('latin1');
