/** A unit that is linked, at rest and knows the time, what its journal tells, and ceremonies for it. */
import { GrantKind, type Action, type Grant } from '../../protocol/permit';
import { verify } from './evidence';
import { T0 } from './identity';
import { Rig } from './rig';

/** Brings a unit there from its start, or from its next. */
export function begin<T extends Rig>(rig: T): T {
  rig.boot();
  expect(rig.until(() => rig.device!.use.phase === 1, 5000)).toBe(true);
  expect(rig.connect()).toBe(true);
  expect(rig.setTime()).toBe(0);
  return rig;
}

export const started = (options: ConstructorParameters<typeof Rig>[0] = {}): Rig => begin(new Rig(options));

/** Kinds of its records, oldest first. */
export const kinds = (rig: Rig): number[] => verify(rig.device!.log.journal).map(({ kind }) => kind);

export const recordsOf = (rig: Rig, kind: number): Map<number, unknown>[] => verify(rig.device!.log.journal).filter((record) => record.kind === kind).map(({ data }) => data);

/** The newest record of a kind. */
export const last = (rig: Rig, kind: number): Map<number, unknown> => recordsOf(rig, kind).at(-1)!;

export function ceremonyOf(counter: number, action: Action, more: Partial<Grant>): Grant {
  return { kind: GrantKind.CEREMONY, action, counter, permit: `ceremony ${counter}`.padEnd(16), epoch: 1, notBefore: T0 - 60, notAfter: T0 + 1e7, ...more };
}
