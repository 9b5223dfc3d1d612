import { encodeTimeNonce, MessageType } from '../../protocol/generated/codec';
import type { Device } from '../core/device';
import type { Session } from '../core/session';

/** TimeNonceGet → TimeNonce. */
export function timeNonceGet(d: Device, s: Session, tag: number): number {
  s.answer(MessageType.TIME_NONCE, tag, encodeTimeNonce({ nonce: d.clock.ask(d.natives) }));
  return 0;
}
