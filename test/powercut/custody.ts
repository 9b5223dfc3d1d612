/** What the authority orders at the device beside stamping, how it is judged, and how such a unit is taken back into service. */
import type { MaintainPart, MaintainWhat} from '../../protocol';
import { Action, decodePeople, decodeStatus, encodeMaintain, encodePeopleGet, MessageType, RecordKind } from '../../protocol';
import type { Bench } from '../scenario/bench';

/** Who carries such orders out, and whose passcode is chosen; neither has a permit in these scenarios. */
const KEEPER = 11;
export const CLERK = 20;
export const BY_KEEPER = { persons: [KEEPER] };
/** By then it has read the die's tag twice, and knows which one it has. */
export const KNOWN_MS = 25_000;
/** After a start: it looks once a second whether it stands in its dock. */
const DOCKED_MS = 2500;
/** Until a die that was taken out or put in is seen. */
const SEEN_MS = 4000;

const lastOf = (bench: Bench, actions: Action[]): Action | undefined =>
  bench.chain.of(RecordKind.CEREMONY).map(({ data }) => data.get(2) as Action).filter((action) => actions.includes(action)).at(-1);

const dieIsOut = (bench: Bench): boolean => lastOf(bench, [Action.DIE_OUT, Action.DIE_IN]) === Action.DIE_OUT;

export async function dieOut(bench: Bench): Promise<void> {
  await bench.ceremony(Action.DIE_OUT, BY_KEEPER);
  bench.unit.hand.removeDie();
  await bench.wait(SEEN_MS);
}

export async function dieIn(bench: Bench): Promise<void> {
  await bench.ceremony(Action.DIE_IN, { ...BY_KEEPER, die: Buffer.from(bench.die.rom, 'hex').toString('latin1') });
  bench.unit.hand.fitDie(bench.die);
  await bench.wait(KNOWN_MS);
}

export const takeOut = (bench: Bench): Promise<void> => bench.ceremony(Action.TAKE_OUT, { ...BY_KEEPER, subject: KEEPER, until: bench.timeAt() + 36_000 });

export async function chooseCode(bench: Bench): Promise<void> {
  await bench.ceremony(Action.CODE_SET, { ...BY_KEEPER, subject: CLERK });
  for (let twice = 0; twice < 2; twice++) await bench.wait(bench.unit.hand.type('481516#') + 500);
}

export async function maintain(bench: Bench, what: MaintainWhat, part: MaintainPart = 0, ms = 0): Promise<void> {
  await bench.askOrRefuse('maintain', MessageType.MAINTAIN, encodeMaintain({ what, part, ms }));
  await bench.wait(2500);
}

/** What the records say of service, custody, dies and passcodes is what the unit acts by. All records are read. @throws Error where not */
export async function judgeOrders(bench: Bench): Promise<void> {
  if (bench.ordered === 0) return;
  const status = decodeStatus(await bench.askOrRefuse('status', MessageType.STATUS_GET, ''))!;
  const suspended = lastOf(bench, [Action.SUSPEND, Action.RESUME]) === Action.SUSPEND;
  if (status.service !== Number(suspended)) throw new Error(`L2: service ${status.service}, by the records ${suspended ? '' : 'not '}suspended`);
  const custody = { [Action.TAKE_OUT]: 2, [Action.RETURN]: 1 }[lastOf(bench, [Action.TAKE_OUT, Action.RETURN]) as number] ?? 0;
  if (status.custody !== custody) throw new Error(`L2: custody ${status.custody}, by the records ${custody}`);
  const { people } = decodePeople(await bench.askOrRefuse('people', MessageType.PEOPLE_GET, encodePeopleGet({ after: CLERK - 1 })))!;
  const clerk = people.map((entry) => Buffer.from(entry, 'latin1')).find((entry) => entry.readUInt32LE(0) === CLERK);
  const last = lastOf(bench, [Action.CODE_SET, Action.PERSON_REMOVE]);
  // What gives is recorded first, what takes away takes effect first: a cut leaves less than the records say, never more.
  if (last === Action.PERSON_REMOVE && clerk !== undefined) throw new Error('S1: a person that was removed is known');
  if (last === undefined && clerk !== undefined && (clerk[9]! & 1) !== 0) throw new Error('S1: a passcode that no record names');
}

/**
 * Hands bring the die to where the records have it: whoever holds it knows no better. A unit whose power went between the
 * record and its state takes the change for a theft, and says so once it has looked.
 */
export async function handOfDie(bench: Bench): Promise<void> {
  const { hand, truth } = bench.unit;
  if (bench.ordered === 0) return;
  const out = dieIsOut(bench);
  if (out && truth.die !== undefined) hand.removeDie();
  else if (!out && truth.die === undefined) hand.fitDie(bench.die);
  if (lastOf(bench, [Action.DIE_OUT, Action.DIE_IN]) !== undefined || truth.die === undefined) await bench.wait(KNOWN_MS);
}

/** The time is known: whatever keeps the unit from being used is taken back, as its office would. */
export async function backInService(bench: Bench): Promise<void> {
  if (bench.ordered === 0) return;
  await bench.pull();
  if (dieIsOut(bench)) await dieIn(bench);
  if (lastOf(bench, [Action.SUSPEND, Action.RESUME]) === Action.SUSPEND) await bench.ceremony(Action.RESUME);
  if (lastOf(bench, [Action.TAKE_OUT, Action.RETURN]) === Action.TAKE_OUT) {
    await bench.wait(DOCKED_MS);
    await bench.ceremony(Action.RETURN, BY_KEEPER);
  }
  await bench.pull();
  if (dieIsOut(bench)) throw new Error('L1: the die cannot be put back');
}
