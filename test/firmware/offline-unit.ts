/** A unit that the office is not connected to, and the office that answers it: the desk's own code. */
import { OfflineCodes } from '../../host-bridge/desk/authority/offline';
import { toBuffer } from '../../host-bridge/natives';
import { RecordKind } from '../../protocol/evidence';
import { recordsOf } from './begun';
import { DEVICE, DIE, PERMIT } from './identity';
import { Rig } from './rig';

export const DOCUMENT = '48151623';
export const office = new OfflineCodes(toBuffer(PERMIT));
export const terms = (more: Partial<{ epoch: number; person: number; count: number; die: string; device: string; document: string }> = {}) => {
  const { epoch = 0, person = 101, count = 2, die = DIE, device = DEVICE, document } = more;
  return { device: toBuffer(device), die: toBuffer(die), epoch, person, count, ...(document === undefined ? {} : { document }) };
};

/** A unit that has not heard of the office since it was switched on, nor of the time. */
export function alone(options = {}): Rig {
  const rig = new Rig(options);
  start(rig);
  return rig;
}

export function start(rig: Rig): void {
  rig.boot();
  expect(rig.until(() => rig.device!.use.phase === 1, 5000)).toBe(true);
}

export const refusal = (rig: Rig): unknown => recordsOf(rig, RecordKind.REFUSED).at(-1)?.get(1);
export const refusals = (rig: Rig): unknown[] => recordsOf(rig, RecordKind.REFUSED).map((r) => r.get(1));
export const state = (rig: Rig): number => rig.device!.use.phase;
export const challenge = (rig: Rig): string => rig.device!.offline!.challenge;

/** Key B, the number, the finger, the terms: what the display then shows. */
export function call(rig: Rig, { person = 101, finger = 3, count = 2, document = DOCUMENT } = {}): { counter: number; challenge: string } {
  rig.type(`B${person}#`);
  rig.finger(finger);
  rig.type(`${count}#${document}#`);
  return { counter: rig.device!.state.calls, challenge: challenge(rig) };
}

export function answer(rig: Rig, more: Parameters<typeof terms>[0] = {}, { counter, challenge: shown } = call(rig)): string {
  expect(shown).toMatch(/^\d{8}$/);
  return office.answer(counter, shown, terms({ document: DOCUMENT, ...more }));
}

/** A wrong code of the right form. */
export const wrong = (code: string): string => code.replace(/^./, (d) => String((Number(d) + 1) % 10));

export function stamp(rig: Rig): boolean {
  const before = rig.strokes.length;
  rig.page();
  return rig.until(() => rig.strokes.length > before && rig.device!.use.phase !== 12, 8000) && (rig.run(2000), true);
}

/** So long that no wrong code is remembered with a wait. */
export const HOUR = 3_700_000;
