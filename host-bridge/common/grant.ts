/**
 * What a statement of the authority (COSE_Mac0 over CWT claims, protocol/SPEC.md "Permit") says, read without any key.
 * For sorting and for early errors only: that it is authentic is for the device to find.
 */
import { Decoder, Tag } from 'cbor-x';

export interface GrantView {
  /** Device it is made out to, lower-case hexadecimal. */
  device: string;
  /** protocol's GrantKind, unknown numbers included. */
  kind: number;
  /** Its own id (claim cti), lower-case hexadecimal; '' where it has none. */
  id: string;
  /** Permit that it is about (claim 12), lower-case hexadecimal; '' where it names none. */
  permit: string;
}

/** Largest statement in bytes (smartseal.proto, PermitLoad and GrantApply). */
export const GRANT_MAX = 512;

const decoder = new Decoder({ useRecords: false, mapsAsObjects: false, int64AsNumber: true } as ConstructorParameters<typeof Decoder>[0]);
const COSE_MAC0 = 17;
const AUD = 3;
const CTI = 7;
const SEAL = -65537;
const KIND = 1;
const ABOUT = 12;

/** Undefined when it does not have the form of a statement. Never throws. */
export function peekGrant(bytes: Buffer): GrantView | undefined {
  if (bytes.length > GRANT_MAX) return undefined;
  try {
    const message = decoder.decode(bytes) as unknown;
    if (!(message instanceof Tag) || message.tag !== COSE_MAC0 || !Array.isArray(message.value) || message.value.length !== 4) return undefined;
    const payload = (message.value as unknown[])[2];
    if (!(payload instanceof Uint8Array)) return undefined;
    const claims = decoder.decode(payload) as unknown;
    const seal = claims instanceof Map ? (claims.get(SEAL) as unknown) : undefined;
    if (!(claims instanceof Map) || !(seal instanceof Map)) return undefined;
    const device: unknown = claims.get(AUD);
    const id: unknown = claims.get(CTI);
    const kind: unknown = seal.get(KIND);
    if (!(device instanceof Uint8Array) || device.length !== 8 || typeof kind !== 'number') return undefined;
    if (id !== undefined && !(id instanceof Uint8Array && id.length === 16)) return undefined;
    const about: unknown = seal.get(ABOUT);
    if (about !== undefined && !(about instanceof Uint8Array && about.length === 16)) return undefined;
    return { device: Buffer.from(device).toString('hex'), kind, id: id === undefined ? '' : Buffer.from(id as Uint8Array).toString('hex'), permit: about === undefined ? '' : Buffer.from(about as Uint8Array).toString('hex') };
  } catch {
    return undefined; // malformed, trailing bytes
  }
}
