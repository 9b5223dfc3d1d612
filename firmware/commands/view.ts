import { RefusalCode } from '../../protocol/generated/codec';
import type { Device } from '../core/device';
import { PhotoError, Shot } from '../core/parts';
import type { Session } from '../core/session';
import { Phase } from '../core/states';
import { giveWay } from '../core/stroke';
import { stroking } from '../core/use';

/** Milliseconds between the beginnings of two views. */
const VIEW_EVERY = 2000;

/** ViewGet → ViewChunk, any number of them: kept nowhere, recorded nowhere, and out of the way of every photo. */
export function viewGet(d: Device, s: Session, tag: number): number {
  const phase = d.use.phase;
  const now = d.uptime();
  if (stroking(d.use) || phase === Phase.LOOKING || phase === Phase.AFTER || (d.maintenance !== undefined && d.maintenance.busy())) return RefusalCode.BUSY;
  if (now - d.viewed < VIEW_EVERY) return RefusalCode.WAIT;
  giveWay(d);
  d.viewed = now;
  d.viewer = s;
  s.look(tag);
  d.parts.signal.tray(true);
  d.parts.camera.capture(Shot.VIEW, undefined, (error, size) => {
    d.parts.signal.tray(false);
    s.seen(error === PhotoError.NONE ? size : 0, RefusalCode.HARDWARE);
  });
  return 0;
}
