/** Attacks on a single unit by somebody who has a session (the relay), the authority's old statements, or a bad part. */
import { RecordKind } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import { GrantKind } from '../../protocol/permit';
import type { Parts } from '../../firmware/core/parts';
import { State } from '../../firmware/core/state';
import { Rig } from '../firmware/rig';
import { verify } from '../firmware/evidence';

interface Inside {
  parts(): Parts;
}

/** A unit whose camera always delivers the same bytes. */
function frozen(): Rig {
  const rig = new Rig();
  const inside = rig as unknown as Inside;
  const make = inside.parts.bind(rig);
  inside.parts = () => {
    const parts = make();
    const capture = parts.camera.capture;
    parts.camera.capture = (shot, page, done) => capture(shot, page && ((chunk) => page('x'.repeat(chunk.length))), done);
    return parts;
  };
  return rig;
}

function started(rig: Rig): Rig {
  rig.boot();
  expect(rig.until(() => rig.device!.use.phase === 1, 5000)).toBe(true);
  expect(rig.connect()).toBe(true);
  expect(rig.setTime()).toBe(0);
  return rig;
}

const WAITING = 5;
const permit = 'permit1'.padEnd(16, '-');

/** Number of the newest PHOTO record. */
function photoSeq(rig: Rig): number {
  return verify(rig.device!.log.journal).filter((r) => r.kind === RecordKind.PHOTO).at(-1)!.seq;
}

describe('a stroke grant', () => {
  test('does not serve a second stroke whose photo is byte for byte the same', () => {
    const rig = started(frozen());
    expect(rig.load(rig.permit({ count: 3, policy: 3 }))).toBe(0);
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === WAITING)).toBe(true);
    const grant = { kind: GrantKind.STROKE, permit, photo: rig.device!.use.photo, seq: photoSeq(rig) };
    // For another photo record with the same bytes it is worth nothing either way.
    expect(rig.apply({ ...grant, seq: grant.seq + 1 })).toBe(RefusalCode.STALE);
    expect(rig.apply(grant)).toBe(0);
    expect(rig.until(() => rig.device!.use.phase === 3)).toBe(true);
    expect(rig.strokes).toHaveLength(1);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === WAITING)).toBe(true);
    expect(rig.device!.use.photo).toBe(grant.photo);
    expect(rig.apply(grant)).toBe(RefusalCode.STALE);
    // Nor in a use opened anew, after a restart.
    rig.boot();
    expect(rig.until(() => rig.device!.use.phase === 1, 5000)).toBe(true);
    expect(rig.connect()).toBe(true);
    rig.setTime();
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === WAITING)).toBe(true);
    expect(rig.apply(grant)).toBe(RefusalCode.STALE);
    rig.run(3000);
    expect(rig.strokes).toHaveLength(1);
    expect(rig.apply({ ...grant, seq: photoSeq(rig) })).toBe(0);
    expect(rig.until(() => rig.strokes.length === 2)).toBe(true);
  });

  test('without the number of its photo record is malformed', () => {
    const rig = started(new Rig());
    expect(rig.apply({ kind: GrantKind.STROKE, permit, photo: 'x'.repeat(32) })).toBe(RefusalCode.MALFORMED);
  });
});

test('a clearing for an alarm that has no record yet would fit every such alarm: it is not a clearing', () => {
  const rig = started(new Rig());
  rig.device!.state.alarms.push({ condition: 9, seq: 4294967295 });
  expect(rig.apply({ kind: GrantKind.CLEAR, condition: 9, seq: 4294967295 })).toBe(RefusalCode.MALFORMED);
  // The watch records it, and then its number is known.
  rig.run(1000);
  expect(rig.apply({ kind: GrantKind.CLEAR, condition: 9, seq: rig.device!.state.alarms[0]!.seq })).toBe(0);
});

test('use numbers do not begin anew at 65,536 when strokes fail', () => {
  const rig = started(new Rig());
  expect(rig.load(rig.permit({ count: 65535 }))).toBe(0);
  const p = rig.device!.state.permits[0]!;
  p.tried = 65540;
  p.used = 65530;
  const other = new State();
  other.permits.push({ ...p, tried: 0, used: 0 });
  other.decode(rig.device!.state.encode());
  expect(other.permits[0]).toMatchObject({ tried: 65540, used: 65530, closed: 0 });
});

test('two ports with a dead random generator do not come to the same session keys', () => {
  const rig = started(new Rig());
  const device = rig.device!;
  const port = { name: 'ble', frameMax: 128, write: () => true, onBytes: () => undefined };
  const made = device.sessions.map((s) => (s.peer as unknown as { o: { boot: number } }).o.boot);
  const { Session } = jest.requireActual<typeof import('../../firmware/core/session')>('../../firmware/core/session');
  made.push((new Session(device, port).peer as unknown as { o: { boot: number } }).o.boot);
  expect(new Set(made).size).toBe(2);
});
