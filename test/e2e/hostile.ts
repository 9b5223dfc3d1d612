/** What the hostile tests share: an honest beginning, and what must be true after whatever was done. */
import { decodeStatus, encodeGrantApply, encodePermitLoad, MessageType } from '../../protocol';
import { secrets, type Granted } from '../scenario/authority';
import { Bench } from '../scenario/bench';
import { BridgeLink } from '../scenario/link';
import { judge } from '../scenario/oracle';

/** Shortest piece of a key that counts as told. */
const PIECE = 8;

/** A unit, linked, with the time set. */
export async function honest(seed = 1): Promise<Bench> {
  const bench = new Bench({ seed });
  await bench.start();
  await bench.setTime();
  await bench.pull();
  return bench;
}

/** Code of the refusal, 0 where it was taken. */
export async function load(bench: Bench, grant: Buffer): Promise<number> {
  return BridgeLink.code(await bench.link.ask(MessageType.PERMIT_LOAD, encodePermitLoad({ grant: grant.toString('latin1') })));
}

export async function apply(bench: Bench, grant: Buffer): Promise<number> {
  return BridgeLink.code(await bench.link.ask(MessageType.GRANT_APPLY, encodeGrantApply({ grant: grant.toString('latin1') })));
}

/** Trusted time of the unit; 0: none. */
export async function clockOf(bench: Bench): Promise<number> {
  return decodeStatus((await bench.link.ask(MessageType.STATUS_GET)).body)!.time;
}

/** The permit's people come and lay sheets in, twice more often than anything allows; so many strokes come of it. */
export async function unlockedBy(bench: Bench, { claims }: Granted, strokes: number): Promise<void> {
  const before = bench.unit.truth.strokeCount;
  for (const { person } of claims.persons) await bench.finger(person);
  for (let i = 0; i < claims.count + 1; i++) {
    await bench.sheet();
    await bench.stroke();
    await bench.wait(1500);
  }
  expect(bench.unit.truth.strokeCount - before).toBe(strokes);
  await bench.world.run(500);
}

/** Pieces of keys in what the unit said, within the session and on the wire. */
export function leaks(bench: Bench, wire: Buffer[] = []): string[] {
  return keysIn([...bench.link.messages.map(({ body }) => body), Buffer.concat(wire).toString('latin1')], bench.chain.next);
}

/** Pieces of keys in these texts. @param records number of records made, each of which had a key of its own */
export function keysIn(said: string[], records: number): string[] {
  const found: string[] = [];
  for (const secret of secrets(records)) {
    for (let at = 0; at + PIECE <= secret.length; at++) {
      const piece = secret.substring(at, at + PIECE);
      if (said.some((text) => text.includes(piece))) found.push(Buffer.from(piece, 'latin1').toString('hex'));
    }
  }
  return found;
}

/** No stroke but so many, locked, all records there and sound, no key told, no exception. */
export async function nothingHappened(bench: Bench, strokes = 0): Promise<void> {
  const { truth } = bench.unit;
  await bench.pull(bench.chain.next);
  await bench.pullPhotos();
  judge(bench);
  expect(truth.strokeCount).toBe(strokes);
  expect(truth.boltOpen).toBe(false);
  expect(truth.exceptions).toEqual([]);
  expect(truth.consoleBytes).toBe(0);
  expect(leaks(bench)).toEqual([]);
}
