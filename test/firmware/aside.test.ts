/** Several permits of one person: cross-page and pages, one put aside for the next. */
import { RecordKind } from '../../protocol/evidence';
import { UseState } from '../../protocol/generated/codec';
import { recordsOf, started } from './begun';
import type { Rig } from './rig';

/** Close.ASIDE and Close.USED_UP. */
const ASIDE = 10;
const USED_UP = 1;

let counter = 900;

function loaded(rig: Rig, change: object): string {
  const permit = `permit ${++counter}`.padEnd(16);
  expect(rig.load(rig.permit({ permit, counter, ...change }))).toBe(0);
  return permit;
}

function open(rig: Rig): string | undefined {
  rig.finger(3);
  rig.run(2000);
  return rig.device!.use.offer?.id;
}

function key(rig: Rig, typed: string): void {
  rig.type(typed);
  rig.run(1500);
}

const closed = (rig: Rig): [string, unknown][] => recordsOf(rig, RecordKind.CLOSED).map((data) => [(data.get(1) as Buffer).toString(), data.get(2)]);

/** The lid opens, the page goes, the lid closes. */
function clear(rig: Rig): void {
  for (const change of [{ lid: false }, { paper: false }, { lid: true }]) {
    rig.hand(() => Object.assign(rig, change));
    rig.run(100);
  }
}

test('the key C puts an open permit aside, whole, and the finger then opens the next; after that the first again', () => {
  const rig = started();
  const pages = loaded(rig, { count: 2 });
  const edges = loaded(rig, { count: 1, policy: 64 });
  expect(open(rig)).toBe(pages);
  key(rig, 'C');
  expect(rig.device!.use.phase).toBe(UseState.IDLE);
  expect(closed(rig)).toEqual([[pages, ASIDE]]);
  expect(open(rig)).toBe(edges);
  rig.page();
  expect(rig.until(() => rig.device!.use.phase === 1 && rig.strokes.length === 1)).toBe(true);
  expect(closed(rig)).toEqual([[pages, ASIDE], [edges, USED_UP]]);
  clear(rig);
  expect(open(rig)).toBe(pages);
  expect(rig.device!.use.left).toBe(2);
});

test('with nothing behind it the same permit opens once more; what was put aside is remembered for one opening only', () => {
  const rig = started();
  const only = loaded(rig, { count: 2 });
  expect(open(rig)).toBe(only);
  key(rig, 'C');
  expect(open(rig)).toBe(only);
  key(rig, 'C');
  const next = loaded(rig, { count: 2 });
  expect(open(rig)).toBe(next);
  key(rig, 'D');
  expect(open(rig)).toBe(only);
});

test('pressed while a stroke is under way it ends the use behind that stroke', () => {
  const rig = started();
  const pages = loaded(rig, { count: 2, policy: 1 });
  const edges = loaded(rig, { count: 1, policy: 65 });
  expect(open(rig)).toBe(pages);
  rig.page();
  expect(rig.until(() => rig.device!.use.phase > 8)).toBe(true);
  key(rig, 'C');
  expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
  expect(rig.strokes).toHaveLength(1);
  expect(closed(rig)).toEqual([[pages, ASIDE]]);
  expect(recordsOf(rig, RecordKind.PHOTO)).toHaveLength(2);
  clear(rig);
  expect(open(rig)).toBe(edges);
});
