import { decodeRecordsGet, encodeRecords, MessageType, RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Device } from '../core/device';
import type { Session } from '../core/session';

/** Most bytes of records in one answer: it stands in memory three times on its way out. */
const MOST = 2048;
const ITEMS = 16;

/** RecordsGet → Records. Records that are no longer here: NOT_FOUND. */
export function recordsGet(d: Device, s: Session, tag: number, body: Bytes): number {
  const m = decodeRecordsGet(body);
  const j = d.log.journal;
  if (m === undefined) return RefusalCode.MALFORMED;
  if (m.fromSeq < j.first) return RefusalCode.NOT_FOUND;
  const most = m.maxBytes < MOST ? m.maxBytes : MOST;
  const records: Bytes[] = [];
  let sum = 0;
  for (let seq = m.fromSeq; seq < j.next && records.length < ITEMS; seq++) {
    const one = j.read(seq);
    sum += one.length;
    if (one === '' || (records.length > 0 && sum > most)) break;
    records.push(one);
  }
  if (records.length === 0 && m.fromSeq < j.next) return RefusalCode.NOT_FOUND;
  s.answer(MessageType.RECORDS, tag, encodeRecords({ fromSeq: m.fromSeq, records: records }));
  return 0;
}
