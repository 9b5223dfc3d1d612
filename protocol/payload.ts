/** The payload of a grant (SPEC.md, "Grants"), in its one encoding: for authority and register. The device only reads (permit.ts). */
import { cborBytes, cborUint } from './cbor';
import type { Bytes } from './natives';
import { GrantKind, type Grant } from './permit';

/** A grant's payload, for the authority and for tests. The fields must be those of its kind. */
export function grantPayload(deviceId: Bytes, g: Grant): Bytes {
  let inner = '';
  let count = 1;
  const put = (claim: number, value: Bytes | undefined): void => {
    if (value === undefined) return;
    inner += cborUint(claim) + value;
    count++;
  };
  const uint = (v: number | undefined): Bytes | undefined => (v === undefined ? undefined : cborUint(v));
  const bytes = (v: Bytes | undefined): Bytes | undefined => (v === undefined ? undefined : cborBytes(v));
  const named = g.kind === GrantKind.PERMIT || g.kind === GrantKind.CEREMONY;
  put(2, uint(g.counter));
  put(3, uint(g.epoch));
  put(4, bytes(g.die));
  put(5, uint(g.count));
  if (g.persons) {
    let list = '';
    for (let i = 0; i < g.persons.length; i += 2) list += '\x82' + cborUint(g.persons[i] as number) + cborUint(g.persons[i + 1] as number);
    put(6, String.fromCharCode(128 + g.persons.length / 2) + list);
  }
  put(7, uint(g.policy));
  put(8, bytes(g.document));
  put(9, uint(g.idle));
  put(10, bytes(g.nonce));
  put(11, uint(g.time));
  put(12, named ? undefined : bytes(g.permit));
  put(13, bytes(g.photo));
  put(14, uint(g.condition));
  put(15, uint(g.seq));
  put(16, uint(g.recordsThrough));
  put(17, uint(g.photosThrough));
  put(18, bytes(g.hash));
  put(19, g.fences);
  put(20, g.maxAge === undefined ? undefined : '\x82' + cborUint(g.maxAge) + cborUint(g.maxAccuracy as number));
  put(22, uint(g.action));
  put(23, uint(g.subject));
  put(24, uint(g.until));
  put(25, g.dwell === undefined ? undefined : '\x83' + cborUint(g.dwell) + cborUint(g.duty as number) + cborUint(g.life as number));
  put(26, uint(g.silence));
  put(28, bytes(g.image));
  put(29, uint(g.version));
  const cwt = named
    ? '\x04' + cborUint(g.notAfter as number) + '\x05' + cborUint(g.notBefore as number) + '\x07' + cborBytes(g.permit as Bytes)
    : '';
  return (
    String.fromCharCode(named ? 165 : 162) + '\x03' + cborBytes(deviceId) + cwt +
    '\x3a\x00\x01\x00\x00' + String.fromCharCode(160 + count) + '\x01' + cborUint(g.kind) + inner
  );
}
