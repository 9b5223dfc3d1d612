/** The desk's own key for web push (VAPID, RFC 8292): made of the authority's root, so that all replicas and a restored desk have the same. */
import { createECDH, hkdfSync } from 'node:crypto';

export interface PushKey {
  /** Uncompressed point, base64url: what browsers subscribe with. */
  public: string;
  jwk: { kty: 'EC'; crv: 'P-256'; x: string; y: string; d: string };
}

export function pushKey(root: Buffer): PushKey {
  const ecdh = createECDH('prime256v1');
  for (let count = 0; ; count++) {
    const d = Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), `smartseal web push ${count}`, 32));
    try {
      ecdh.setPrivateKey(d);
    } catch {
      continue; // zero, or not below the order of the group: once in 2^32
    }
    const point = ecdh.getPublicKey();
    const text = (data: Buffer): string => data.toString('base64url');
    return { public: text(point), jwk: { kty: 'EC', crv: 'P-256', x: text(point.subarray(1, 33)), y: text(point.subarray(33)), d: text(d) } };
  }
}

/** Whether this is a public key that something can be encrypted to (RFC 8291 section 2): a point of the curve, uncompressed. */
export function isPoint(text: string): boolean {
  const point = Buffer.from(text, 'base64url');
  if (point.length !== 65 || point[0] !== 4) return false;
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  try {
    ecdh.computeSecret(point);
    return true;
  } catch {
    return false;
  }
}
