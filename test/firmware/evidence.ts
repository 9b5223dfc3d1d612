/** What the register would do with the records: check chain and MACs from the first key on, and read them. */
import { decode } from 'cbor-x';
import { ratchet, ZERO_HASH } from '../../protocol/evidence';
import { hmac, hmacKey } from '../../protocol/hash';
import type { Journal } from '../../firmware/core/journal';
import { EVIDENCE } from './identity';
import { testNatives } from './natives';

const n = testNatives('register');

export interface Read {
  seq: number;
  boot: number;
  time: number | null;
  kind: number;
  data: Map<number, unknown>;
  bytes: string;
}

/** All records from 0 on, verified; throws where the chain is broken. `known` are those read earlier: they must not change. */
export function verify(journal: Journal, known: Read[] = []): Read[] {
  const all: Read[] = [];
  let key = hmacKey(n, EVIDENCE);
  let prev = ZERO_HASH;
  for (let seq = 0; seq < journal.next; seq++) {
    const bytes = seq < journal.first ? known[seq]!.bytes : journal.read(seq);
    if (known[seq] !== undefined && known[seq]!.bytes !== bytes) throw new Error(`record ${seq} changed`);
    if (bytes === '') throw new Error(`record ${seq} of ${journal.first}..${journal.next} cannot be read`);
    const [body, mac] = decode(Buffer.from(bytes, 'latin1')) as [Buffer, Buffer];
    if (hmac(n, key, body.toString('latin1')).slice(0, 16) !== mac.toString('latin1')) throw new Error(`MAC of ${seq}`);
    const v = decodeMaps(body) as [number, Buffer, number, number, number, number | null, number, Map<number, unknown>, Buffer];
    if (v[2] !== seq) throw new Error(`${v[2]} in place of ${seq}`);
    if (v[8].toString('latin1') !== prev) throw new Error(`chain at ${seq}`);
    prev = n.sha256(bytes);
    key = hmacKey(n, ratchet(n, key));
    all.push({ seq, boot: v[3], time: v[5], kind: v[6], data: v[7], bytes });
  }
  return all;
}

import { Decoder } from 'cbor-x';
const maps = new Decoder({ mapsAsObjects: false });
function decodeMaps(b: Buffer): unknown {
  return maps.decode(b);
}
