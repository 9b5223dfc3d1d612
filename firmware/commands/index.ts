/** One handler a message. A handler answers through the session, or returns the RefusalCode. */
import { encodeRefusal, MessageType, RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Device } from '../core/device';
import type { Session } from '../core/session';
import { grantApply } from './grant';
import { maintain } from './maintain';
import { peopleGet } from './people';
import { permitGet, permitLoad } from './permit';
import { photoGet, photoPut } from './photo';
import { recordsGet } from './records';
import { statusGet } from './status';
import { timeNonceGet } from './time';
import { updateBegin, updateChunk, updateFinish, updateGet } from './update';
import { useClose } from './close';
import { viewGet } from './view';

/** Carries out one message of an authenticated host. */
export function handle(d: Device, s: Session, type: number, tag: number, body: Bytes): void {
  let code: number = RefusalCode.UNKNOWN_MESSAGE;
  if (type === MessageType.RECORDS_GET) code = recordsGet(d, s, tag, body);
  else if (type === MessageType.PHOTO_GET) code = photoGet(d, s, tag, body);
  else if (type === MessageType.STATUS_GET) code = statusGet(d, s, tag);
  else if (type === MessageType.GRANT_APPLY) code = grantApply(d, s, tag, body);
  else if (type === MessageType.PERMIT_LOAD) code = permitLoad(d, s, tag, body);
  else if (type === MessageType.PERMIT_GET) code = permitGet(d, s, tag, body);
  else if (type === MessageType.TIME_NONCE_GET) code = timeNonceGet(d, s, tag);
  else if (type === MessageType.USE_CLOSE) code = useClose(d, s, tag);
  else if (type === MessageType.PEOPLE_GET) code = peopleGet(d, s, tag, body);
  else if (type === MessageType.PHOTO_PUT) code = photoPut(d, s, tag, body);
  else if (type === MessageType.VIEW_GET) code = viewGet(d, s, tag);
  else if (type === MessageType.UPDATE_CHUNK) code = updateChunk(d, s, tag, body);
  else if (type === MessageType.UPDATE_GET) code = updateGet(d, s, tag);
  else if (type === MessageType.UPDATE_BEGIN) code = updateBegin(d, s, tag, body);
  else if (type === MessageType.UPDATE_FINISH) code = updateFinish(d, s, tag);
  else if (type === MessageType.MAINTAIN) code = maintain(d, s, tag, body);
  // A chunk that does not follow is told where it would; so is what is wrong with an image.
  const t = d.update.transfer;
  let detail = 0;
  if (type === MessageType.PHOTO_PUT) detail = code === RefusalCode.IMAGE_OFFSET && d.wanted !== undefined ? d.wanted.size : 0;
  else if (t !== undefined) detail = code === RefusalCode.IMAGE_OFFSET ? t.offset : code === RefusalCode.IMAGE_WRONG ? t.fault : 0;
  if (code !== 0) s.answer(MessageType.REFUSAL, tag, encodeRefusal({ code: code, detail: detail }));
}
