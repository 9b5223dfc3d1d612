/** One handler a message. A handler answers through the session, or returns the RefusalCode. */
import { encodeRefusal, MessageType, RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Device } from '../core/device';
import type { Session } from '../core/session';
import { grantApply } from './grant';
import { permitGet, permitLoad } from './permit';
import { photoGet } from './photo';
import { recordsGet } from './records';
import { statusGet } from './status';
import { timeNonceGet } from './time';
import { useClose } from './close';

type Handler = (d: Device, s: Session, tag: number, body: Bytes) => number;

function handlerOf(type: number): Handler | undefined {
  if (type === MessageType.RECORDS_GET) return recordsGet;
  if (type === MessageType.PHOTO_GET) return photoGet;
  if (type === MessageType.STATUS_GET) return statusGet;
  if (type === MessageType.GRANT_APPLY) return grantApply;
  if (type === MessageType.PERMIT_LOAD) return permitLoad;
  if (type === MessageType.PERMIT_GET) return permitGet;
  if (type === MessageType.TIME_NONCE_GET) return timeNonceGet;
  if (type === MessageType.USE_CLOSE) return useClose;
  return undefined;
}

/** Carries out one message of an authenticated host. */
export function handle(d: Device, s: Session, type: number, tag: number, body: Bytes): void {
  const handler = handlerOf(type);
  const code = handler === undefined ? RefusalCode.UNKNOWN_MESSAGE : handler(d, s, tag, body);
  if (code !== 0) s.answer(MessageType.REFUSAL, tag, encodeRefusal({ code: code, detail: 0 }));
}
