import type { UpdateState } from '../../protocol/generated/codec';
import { decodeUpdateBegin, decodeUpdateChunk, encodeUpdateState, MessageType, RefusalCode, UpdateStage } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import { GrantKind, openGrant } from '../../protocol/permit';
import type { Device } from '../core/device';
import type { Session } from '../core/session';

function tell(d: Device, s: Session, tag: number): number {
  const running = d.update.version;
  const t = d.update.transfer;
  const m: UpdateState =
    t === undefined
      ? { stage: UpdateStage.NO_STAGE, offset: 0, size: 0, version: 0, running: running, percent: 0, fault: 0 }
      : { stage: t.stage, offset: t.offset, size: t.size, version: t.next, running: running, percent: t.percent(), fault: t.fault };
  s.answer(MessageType.UPDATE_STATE, tag, encodeUpdateState(m));
  return 0;
}

/** UpdateBegin → UpdateState. A grant that is refused stands in a record. */
export function updateBegin(d: Device, s: Session, tag: number, body: Bytes): number {
  const m = decodeUpdateBegin(body);
  if (m === undefined) return RefusalCode.MALFORMED;
  if (d.update.busy()) return RefusalCode.BUSY;
  const g = openGrant(d.natives, d.grants, m.grant);
  let code: number;
  if (typeof g === 'number') code = g;
  else if (g.kind !== GrantKind.UPDATE) code = RefusalCode.MALFORMED;
  else code = d.update.begin(g.image as Bytes, g.version as number, m.size, d.natives.sha256(m.grant));
  if (code === 0) return tell(d, s, tag);
  if (code !== RefusalCode.BUSY) d.refused(code, undefined, 0);
  return code;
}

/** UpdateGet → UpdateState. */
export function updateGet(d: Device, s: Session, tag: number): number {
  return tell(d, s, tag);
}

/** UpdateChunk → UpdateState. */
export function updateChunk(d: Device, s: Session, tag: number, body: Bytes): number {
  const m = decodeUpdateChunk(body);
  if (m === undefined) return RefusalCode.MALFORMED;
  const t = d.update.transfer;
  const code = d.update.busy() ? RefusalCode.BUSY : t === undefined ? RefusalCode.NO_UPDATE : t.chunk(m.offset, m.data);
  return code === 0 ? tell(d, s, tag) : code;
}

/** UpdateFinish → UpdateState. */
export function updateFinish(d: Device, s: Session, tag: number): number {
  const t = d.update.transfer;
  const code = d.update.busy() ? RefusalCode.BUSY : t === undefined ? RefusalCode.NO_UPDATE : t.finish();
  return code === 0 ? tell(d, s, tag) : code;
}
