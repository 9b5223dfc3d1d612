import { decodePermitGet, decodePermitLoad, encodePermitState, MessageType, RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Device } from '../core/device';
import { loadPermit } from '../core/permits';
import type { Session } from '../core/session';
import type { Permit } from '../core/state';
import { stroking } from '../core/use';

function tell(s: Session, tag: number, p: Permit): number {
  const m = { permit: p.id, count: p.count, used: p.used, closed: p.closed !== 0 };
  s.answer(MessageType.PERMIT_STATE, tag, encodePermitState(m));
  return 0;
}

/** PermitLoad → PermitState. What is refused stands in a record: somebody may have changed it on its way. */
export function permitLoad(d: Device, s: Session, tag: number, body: Bytes): number {
  const m = decodePermitLoad(body);
  if (m === undefined) return RefusalCode.MALFORMED;
  if (stroking(d.use)) return RefusalCode.BUSY;
  const p = loadPermit(d, m.grant);
  if (typeof p !== 'number') return tell(s, tag, p);
  d.refused(p, undefined, 0);
  return p;
}

/** PermitGet → PermitState. */
export function permitGet(d: Device, s: Session, tag: number, body: Bytes): number {
  const m = decodePermitGet(body);
  if (m === undefined) return RefusalCode.MALFORMED;
  const p = d.state.permit(m.permit);
  return p === undefined ? RefusalCode.UNKNOWN_PERMIT : tell(s, tag, p);
}
