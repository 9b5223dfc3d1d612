/** Vectors of evidence: a chain in which every kind of record stands at least once, and photo digests. */
import { toHex } from '../bytes';
import { cborHead, cborInt, cborText } from '../cbor';
import type { DataValue, EvidenceRecord } from '../evidence';
import { makeRecord, MaintenanceEnd, Outcome, photoEnd, photoStep, ratchet, recordBody, recordData, RecordKind, Updated, ZERO_HASH } from '../evidence';
import { MaintainPart, MaintainWhat, RefusalCode } from '../generated/codec';
import { hmacKey } from '../hash';
import type { Bytes, Natives } from '../natives';
import { Offline } from '../offline';
import { Action } from '../permit';
import { DIE, PERMIT_ID, pinnedKeys } from './make-data';
import { counting, DEVICE_ID } from './make-link';

/** A value of a data map: bytes as a binary string, a list of numbers, a text, or nothing at that key. */
type Value = number | Bytes | number[] | { text: string } | undefined;

const encoded = (v: Value): DataValue =>
  typeof v !== 'object' ? v : Array.isArray(v) ? { cbor: cborHead(4, v.length) + v.map(cborInt).join('') } : { cbor: cborText(v.text) };

/** As a file has it: null where there is nothing, bytes in hexadecimal. */
const written = (v: Value): unknown => (v === undefined ? null : typeof v === 'string' ? toHex(v) : v);

/** Kind, trusted time (undefined: none), and the values of keys 1, 2, … of its data map (SPEC.md section 9). */
function recordList(n: Natives): [number, number | undefined, Value[]][] {
  const photo = counting(0x60, 32);
  const ceremony = counting(0xa0, 16);
  const trace = counting(0, 24);
  const image = counting(0x80, 32);
  return [
    [RecordKind.BOOT, undefined, [1, { text: '0.1.0' }]],
    [RecordKind.CLOCK, 1767225600, [0, 1767225600]],
    [RecordKind.PERMIT, 1767225601, [PERMIT_ID, n.sha256('the grant'), 3]],
    [RecordKind.OPENED, 1767225660, [PERMIT_ID, [1, 70000]]],
    [RecordKind.PHOTO, 1767225662, [PERMIT_ID, 0, photo, 70000, 1]],
    [RecordKind.INTENT, 1767225670, [PERMIT_ID, 1, 1, photo, DIE]],
    [RecordKind.OUTCOME, 1767225672, [PERMIT_ID, 1, 1, trace, 5, 1, 2]],
    [RecordKind.CLOSED, 1767225700, [PERMIT_ID, 2, 1]],
    [RecordKind.REFUSED, 1767225710, [RefusalCode.REPLAYED, PERMIT_ID]],
    [RecordKind.CEREMONY, 1767225720, [ceremony, Action.FINGER_ADD, 43, 70001, '\x07\0\0\0', [1], 1769904000]],
    [RecordKind.PLACE, 1767225720, [PERMIT_ID, -1807000, 1214737000, 5, 2, 1]],
    // What shows itself by another means, photographs from the host, and is judged page by page.
    [RecordKind.OPENED, 1767225730, [PERMIT_ID, [1, 70000], [1, 2]]],
    [RecordKind.PHOTO, 1767225731, [PERMIT_ID, 1, photo, 327680, 2, 1]],
    [RecordKind.GRANTED, 1767225732, [PERMIT_ID, photo]],
    [RecordKind.GRANTED, 1767225733, [PERMIT_ID, photo, 1]],
    [RecordKind.TOPPED_UP, 1767225734, [PERMIT_ID, 40, 51, n.sha256('the top-up')]],
    [RecordKind.REVOKED, 1767225735, [undefined, PERMIT_ID, 41]],
    [RecordKind.REVOKED, 1767225736, [5]],
    [RecordKind.REFUSED, 1767225737, [RefusalCode.UNKNOWN_PERSON, undefined, 70001]],
    [RecordKind.ALARM, undefined, [2, 0]],
    [RecordKind.CLEARED, 1767225738, [2, 19, n.sha256('the clearing')]],
    [RecordKind.RECYCLED, 1767225739, [12]],
    // Codes of the office: the uptime only, for the time may be unknown (SPEC.md section 8, Offline).
    [RecordKind.CHALLENGE, undefined, [7, 1, 3, '48151623']],
    [RecordKind.CODE, undefined, [counting(0xb0, 16), Offline.ANSWER, 7, 1, 3, '48151623']],
    [RecordKind.CODE, undefined, [counting(0xd0, 16), Offline.TRIP, 4294967295, 70000, 9]],
    [RecordKind.MAINTENANCE, 1767225800, [0, [9, 70000], n.sha256('the ceremony')]],
    [RecordKind.MAINTENANCE, 1767225810, [MaintainWhat.SELF_TEST, undefined, undefined, undefined, undefined, 64]],
    [RecordKind.MAINTENANCE, 1767225820, [MaintainWhat.JOG, undefined, undefined, MaintainPart.PRESS, 500, 0, trace]],
    [RecordKind.MAINTENANCE, 1767225830, [MaintainWhat.END, undefined, undefined, undefined, undefined, undefined, undefined, MaintenanceEnd.DIE]],
    [RecordKind.CEREMONY, 1767225840, [ceremony, Action.DIE_TUNE, 44, undefined, `${DIE}\x2c\x01\x64\xb8\x0b`, [1, 9]]],
    [RecordKind.UPDATED, 1767225900, [6, 7, image, Updated.CHOSEN, n.sha256('the consent')]],
    [RecordKind.BOOT, undefined, [3, { text: '0.1.1' }, Outcome.UNKNOWN]],
    [RecordKind.UPDATED, undefined, [6, 7, image, Updated.PASSED]],
    [RecordKind.UPDATED, undefined, [6, 7, image, Updated.ROLLED_BACK]],
  ];
}

export function evidenceVectors(n: Natives): unknown {
  let key = pinnedKeys(n).evidence;
  let prev = ZERO_HASH;
  let boot = 6;
  const records = recordList(n).map(([kind, time, values], seq) => {
    const pads = hmacKey(n, key);
    const data = recordData(values.map(encoded));
    if (kind === RecordKind.BOOT) boot += 1;
    const record: EvidenceRecord = { device: DEVICE_ID, seq, boot, uptime: 1500 + seq * 70000, time, kind, data, prev };
    const bytes = makeRecord(n, pads, record);
    const entry = {
      seq, boot, kind, key: toHex(key), uptime: record.uptime, time: time ?? null, values: values.map(written), data: toHex(data), prev: toHex(prev),
      body: toHex(recordBody(record)), record: toHex(bytes), sha256: toHex(n.sha256(bytes)),
    };
    prev = n.sha256(bytes);
    key = ratchet(n, pads);
    return entry;
  });
  return { device: toHex(DEVICE_ID), records, nextKey: toHex(key) };
}

export function photoVectors(n: Natives): unknown {
  return [0, 1, 1023, 1024, 1025, 2048, 5000].map((size) => {
    const bytes = counting(size, size);
    let digest = ZERO_HASH;
    const steps: string[] = [];
    for (let at = 0; at < size; at += 1024) {
      digest = photoStep(n, digest, bytes.substring(at, at + 1024));
      steps.push(toHex(digest));
    }
    return { size, bytes: `byte i is (${size} + i) mod 256`, steps, digest: toHex(photoEnd(n, digest, size)) };
  });
}
