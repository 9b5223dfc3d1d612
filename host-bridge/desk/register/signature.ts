/**
 * Electronic signatures: a WebAuthn assertion (Web Authentication Level 3, section 7.2) whose challenge is the SHA-256 of a form that names the register,
 * what is signed with its content and documents, what was decided in which step, and who. Checked from what stands in the register alone (signed-acts.ts).
 */
import { createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { decodeCbor, encodeCbor, type Cbor, type CborMap } from '../cbor';
import { sha256 } from '../hashes';

/** What is signed: an application, something to be done at a unit, more strokes, a single stroke, a step in a seal's life, a code for a unit without a network, what stands on a card. */
export const matters = ['application', 'ceremony', 'top-up', 'stroke', 'seal', 'code', 'card'] as const;
export type Matter = (typeof matters)[number];
/** Asked for: `applied`, `asked`; decided: `approved`, `refused`; of a stroke `granted`, `rejected`; of a seal's life `noted`. */
export const signedDecisions = ['applied', 'asked', 'approved', 'refused', 'granted', 'rejected', 'noted'] as const;
export type SignedDecision = (typeof signedDecisions)[number];

export interface SignedForm {
  register: string;
  matter: Matter;
  /** Of the application (also of a code for it), ceremony, top-up, of the stroke's permit, of the step in the seal's life, of the seal or unit whose card it is. */
  subject: string;
  /** SHA-256 of what is signed, and of the documents it is about. */
  content: Buffer;
  documents: readonly Buffer[];
  decision: SignedDecision;
  /** Step of the chain; of a stroke the number of its photo. */
  step: number;
  /** What an approver made smaller, as canonical JSON; null: nothing. */
  narrow: string | null;
  person: number;
}

export interface Assertion {
  /** COSE key of the passkey (RFC 9052). */
  key: Buffer;
  origin: string;
  rpId: string;
  authenticatorData: Buffer;
  clientData: Buffer;
  signature: Buffer;
}

/** The bytes whose hash is the challenge. */
export function signedForm(f: SignedForm): Buffer {
  const rest = [f.subject, f.content, [...f.documents], f.decision, f.step, f.narrow, f.person];
  return encodeCbor(f.matter === 'application' ? ['smartseal signature 1', f.register, ...rest] : ['smartseal signature 2', f.register, f.matter, ...rest]);
}

/** SHA-256 of a stroke as it is granted or rejected: the permit, and the photo under its number. */
export function strokeContent(permit: string, number: number, photo: string): Buffer {
  return sha256(encodeCbor(['stroke', Buffer.from(permit, 'hex'), number, Buffer.from(photo, 'hex')]));
}

/** SHA-256 of a ceremony as it is asked for. @param wanted the order, as JSON */
export function ceremonyContent(id: string, device: string, wanted: string): Buffer {
  return sha256(encodeCbor(['ceremony', Buffer.from(id, 'hex'), Buffer.from(device, 'hex'), wanted]));
}

/** SHA-256 of a step in a seal's life. @param act 8 bytes that no other step has @param said what is said with it, as canonical JSON */
export function sealStepContent(act: string, seal: string, what: string, said: string): Buffer {
  return sha256(encodeCbor(['seal-step', Buffer.from(act, 'hex'), seal, what, said]));
}

/** SHA-256 of a code that is given. @param act 8 bytes that no other has @param content of the application @param said what the code is for, as canonical JSON */
export function codeContent(act: string, content: string, said: string): Buffer {
  return sha256(encodeCbor(['code', Buffer.from(act, 'hex'), Buffer.from(content, 'hex'), said]));
}

/** JSON with the keys of every object in order, so that two who mean the same sign the same. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

const text = (value: Cbor | undefined): string | undefined => (Buffer.isBuffer(value) ? value.toString('base64url') : undefined);

/** ES256, Ed25519 and RS256: what passkeys here are of (people/passkeys.ts). */
function publicKey(cose: Buffer): KeyObject | undefined {
  const map = decodeCbor(cose);
  if (!(map instanceof Map)) return undefined;
  const at = (label: number): Cbor | undefined => (map as CborMap).get(label);
  const [kind, algorithm] = [at(1), at(3)];
  let jwk: JsonWebKey | undefined;
  if (kind === 2 && algorithm === -7 && at(-1) === 1) jwk = { kty: 'EC', crv: 'P-256', x: text(at(-2)), y: text(at(-3)) } as JsonWebKey;
  else if (kind === 1 && algorithm === -8 && at(-1) === 6) jwk = { kty: 'OKP', crv: 'Ed25519', x: text(at(-2)) } as JsonWebKey;
  else if (kind === 3 && algorithm === -257) jwk = { kty: 'RSA', n: text(at(-1)), e: text(at(-2)) } as JsonWebKey;
  if (jwk === undefined) return undefined;
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** Flags of the authenticator's data: its person was there, and was verified. */
const PRESENT = 1;
const VERIFIED = 4;

/** Whether the assertion is over this form, by this key, at this site, and its person was verified. */
export function signatureFits(form: SignedForm, a: Assertion): boolean {
  let client: { type?: unknown; challenge?: unknown; origin?: unknown; crossOrigin?: unknown };
  try {
    client = JSON.parse(a.clientData.toString('utf8')) as typeof client;
  } catch {
    return false;
  }
  if (client?.type !== 'webauthn.get' || client.challenge !== sha256(signedForm(form)).toString('base64url') || client.origin !== a.origin || client.crossOrigin === true) return false;
  if (a.authenticatorData.length < 37 || !a.authenticatorData.subarray(0, 32).equals(sha256(a.rpId))) return false;
  const flags = a.authenticatorData[32] ?? 0;
  if ((flags & PRESENT) === 0 || (flags & VERIFIED) === 0) return false;
  const key = publicKey(a.key);
  if (key === undefined) return false;
  const signed = Buffer.concat([a.authenticatorData, sha256(a.clientData)]);
  try {
    return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', signed, key, a.signature);
  } catch {
    return false;
  }
}

const bytes = (data: CborMap, name: string): Buffer => {
  const value = data.get(name);
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
};
const word = (data: CborMap, name: string): string => String(data.get(name) ?? '');

/** Form and assertion as an entry of the register holds them. */
export function signatureOf(register: string, data: CborMap): { form: SignedForm; assertion: Assertion; passkey: string } {
  const documents = data.get('documents');
  const narrow = data.get('narrow');
  return {
    passkey: word(data, 'passkey'),
    form: {
      register, ...(data.has('matter') ? { matter: word(data, 'matter') as Matter, subject: word(data, 'subject') } : { matter: 'application', subject: word(data, 'application') }), content: bytes(data, 'content'), documents: Array.isArray(documents) ? documents.filter((one): one is Buffer => Buffer.isBuffer(one)) : [],
      decision: word(data, 'decision') as SignedDecision, step: Number(data.get('step')), narrow: typeof narrow === 'string' ? narrow : null, person: Number(data.get('person')),
    },
    assertion: { key: bytes(data, 'key'), origin: word(data, 'origin'), rpId: word(data, 'rpId'), authenticatorData: bytes(data, 'authenticatorData'), clientData: bytes(data, 'clientData'), signature: bytes(data, 'signature') },
  };
}

/** A form and its assertion as an entry of the register holds them. */
export function signatureEntry({ matter, subject, content, documents, decision, step, narrow, person }: SignedForm, passkey: string, assertion: Assertion): Record<string, Cbor> {
  return { ...(matter === 'application' ? { application: subject } : { matter, subject }), content, documents: [...documents], decision, step, narrow, person, passkey, ...assertion };
}
