import { encodeDone, MessageType } from '../../protocol/generated/codec';
import type { Device } from '../core/device';
import type { Session } from '../core/session';
import { Close, In } from '../core/states';

/** UseClose → Done. A stroke under way is finished first. */
export function useClose(d: Device, s: Session, tag: number): number {
  d.send({ in: In.CLOSE, reason: Close.FINISHED });
  s.answer(MessageType.DONE, tag, encodeDone());
  return 0;
}
