import { decodeMaintain, encodeMaintained, MessageType, RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Device } from '../core/device';
import type { Session } from '../core/session';

/** Maintain → Maintained, as it stands then; what ends it is answered as it was. */
export function maintain(d: Device, s: Session, tag: number, body: Bytes): number {
  const m = decodeMaintain(body);
  const room = d.maintenance;
  if (m === undefined) return RefusalCode.MALFORMED;
  if (room === undefined) return RefusalCode.NOT_MAINTAINED;
  const code = room.command(m.what, m.part, m.ms);
  if (code === 0) s.answer(MessageType.MAINTAINED, tag, encodeMaintained(room.tell()));
  return code;
}
