/**
 * Reads a statement of the authority as it passes from desk to bridge, for the oracle: COSE_Mac0 over CWT claims
 * (protocol/SPEC.md, "Grants"), taken apart by cbor-x and nothing of the house.
 */
import { Decoder, Tag } from 'cbor-x';
import { digestOf, hexOf, type Statement } from '../oracle';

const decoder = new Decoder({ useRecords: false, mapsAsObjects: false });
const AUD = 3;
const EXP = 4;
const NBF = 5;
const CTI = 7;
const SEAL = -65537;

export interface Heard {
  /** Hexadecimal. */
  device: string;
  statement: Statement;
}

/** What it says; undefined where it is no statement of a known kind. */
export function readStatement(bytes: Buffer): Heard | undefined {
  const claims = claimsOf(bytes);
  const seal = claims?.get(SEAL);
  if (claims === undefined || !(seal instanceof Map)) return undefined;
  const own = seal as Map<number, unknown>;
  const n = (key: number): number => Number(own.get(key));
  const hex = (key: number): string => hexOf(own.get(key));
  const device = hexOf(claims.get(AUD));
  const sha256 = digestOf(bytes);
  switch (own.get(1)) {
    case 1: return {
      device,
      statement: {
        sha256, kind: 'permit',
        claims: {
          device, id: hexOf(claims.get(CTI)), counter: n(2), epoch: n(3), die: hex(4), count: n(5), persons: (own.get(6) as number[][]).map(([person]) => person!), policy: n(7), document: hex(8),
          notBefore: Number(claims.get(NBF)), notAfter: Number(claims.get(EXP)),
        },
      },
    };
    case 2: return { device, statement: { sha256, kind: 'time', nonce: hex(10), time: n(11) } };
    case 3: return { device, statement: { sha256, kind: 'stroke', permit: hex(12), photo: hex(13), seq: n(15) } };
    case 4: return { device, statement: { sha256, kind: 'clear', condition: n(14), seq: n(15) } };
    case 5: return { device, statement: own.has(12) ? { sha256, kind: 'revoke', permit: hex(12), counter: n(2) } : { sha256, kind: 'epoch', epoch: n(3) } };
    case 6: return { device, statement: { sha256, kind: 'ack', through: n(16), photos: n(17) } };
    default: return undefined;
  }
}

function claimsOf(bytes: Buffer): Map<number, unknown> | undefined {
  try {
    const item = decoder.decode(bytes) as unknown;
    const payload = item instanceof Tag ? (item.value as unknown[])[2] : undefined;
    const claims = payload instanceof Uint8Array ? (decoder.decode(payload) as unknown) : undefined;
    return claims instanceof Map ? (claims as Map<number, unknown>) : undefined;
  } catch {
    return undefined; // a changed one
  }
}

/** The statement in a question to a bridge: bodies look like {"grant": base64}. */
export function grantOf({ body }: { readonly body: string | undefined }): Buffer | undefined {
  const grant = body === undefined ? undefined : (JSON.parse(body) as { grant?: string }).grant;
  return grant === undefined ? undefined : Buffer.from(grant, 'base64');
}
