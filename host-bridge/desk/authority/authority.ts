/**
 * The authority: holds the roots, derives each device's keys, makes statements, signs the register. It decides nothing:
 * who may ask for a statement is the desk's business. Counters are given in by the caller, who has made them durable.
 */
import { createHmac } from 'node:crypto';
import { ackPayload, ceremonyPayload, clearPayload, macGrant, permitPayload, revokePayload, strokePayload, rejectPayload, topUpPayload, timePayload, updatePayload, type CeremonyClaims, type PermitClaims } from './grants';
import type { AuthorityKeys, LinkKeys } from './keystore';
import { OfflineCodes } from './offline';
import { noteSigner, signNote } from '../register/note';

/** HMAC(root, "smartseal/<role>/" | deviceId). */
export function deriveKey(root: Buffer, role: 'link' | 'permit' | 'evidence', device: Buffer): Buffer {
  return createHmac('sha256', root).update(`smartseal/${role}/`).update(device).digest();
}

/** Key of the register's acknowledgements, from the first evidence key. */
export function deriveAckKey(firstEvidenceKey: Buffer): Buffer {
  return createHmac('sha256', firstEvidenceKey).update('smartseal/ack').digest();
}

export interface Authority {
  permit(claims: PermitClaims): Buffer;
  time(device: Buffer, nonce: Buffer, time: number): Buffer;
  stroke(device: Buffer, permit: Buffer, photo: Buffer, seq: number): Buffer;
  /** The page of this photo is not stamped. */
  reject(device: Buffer, permit: Buffer, photo: Buffer, seq: number): Buffer;
  /** Strokes of a permit from now on, in all, 1..65535. */
  topUp(device: Buffer, permit: Buffer, c: { counter: number; epoch: number; count: number }): Buffer;
  clear(device: Buffer, condition: number, seq: number): Buffer;
  revoke(device: Buffer, what: { permit: Buffer; counter: number } | { epoch: number }): Buffer;
  /** Something to be done at the device before the persons named. */
  ceremony(claims: CeremonyClaims): Buffer;
  /** Consent to one image of the firmware. */
  update(device: Buffer, image: Buffer, version: number): Buffer;
  ack(device: Buffer, recordsThrough: number, photosThrough: number, recordHash: Buffer): Buffer;
  /** Codes for a device without a network. */
  codes(device: Buffer): OfflineCodes;
  /** First evidence key of a device, for the register's check of its records. */
  evidenceKey(device: Buffer): Buffer;
  /** Signs a text (ending in a newline) with the register's key, as a C2SP signed note. */
  signNote(text: string): string;
  /** Name of the register's key, the origin of its checkpoints. */
  readonly registerName: string;
  /** The register's public key in text form. */
  readonly registerKey: string;
}

export function createAuthority(keys: AuthorityKeys): Authority {
  const signer = noteSigner(keys.registerName, keys.registerSeed);
  const permitKey = (device: Buffer): Buffer => deriveKey(keys.permitRoot, 'permit', device);
  const evidenceKey = (device: Buffer): Buffer => deriveKey(keys.evidenceRoot, 'evidence', device);
  return {
    permit: (claims) => macGrant(permitKey(claims.device), permitPayload(claims)),
    time: (device, nonce, time) => macGrant(permitKey(device), timePayload(device, nonce, time)),
    stroke: (device, permit, photo, seq) => macGrant(permitKey(device), strokePayload(device, permit, photo, seq)),
    reject: (device, permit, photo, seq) => macGrant(permitKey(device), rejectPayload(device, permit, photo, seq)),
    topUp: (device, permit, c) => macGrant(permitKey(device), topUpPayload(device, permit, c)),
    clear: (device, condition, seq) => macGrant(permitKey(device), clearPayload(device, condition, seq)),
    revoke: (device, what) => macGrant(permitKey(device), revokePayload(device, what)),
    ceremony: (claims) => macGrant(permitKey(claims.device), ceremonyPayload(claims)),
    update: (device, image, version) => macGrant(permitKey(device), updatePayload(device, image, version)),
    ack: (device, records, photos, hash) => macGrant(deriveAckKey(evidenceKey(device)), ackPayload(device, records, photos, hash)),
    codes: (device) => new OfflineCodes(permitKey(device)),
    evidenceKey,
    signNote: (text) => signNote(signer, text),
    registerName: signer.name,
    registerKey: signer.vkey,
  };
}

/** What a unit is given when it is provisioned; the bridge gets only deviceId and linkKey. */
export interface DeviceIdentity {
  deviceId: Buffer;
  linkKey: Buffer;
  permitKey: Buffer;
  evidenceKey: Buffer;
  ackKey: Buffer;
}

/** Derives the keys of one device. Needs the link root, which the running desk does not have. */
export function deviceIdentity(keys: AuthorityKeys, link: LinkKeys, deviceId: Buffer): DeviceIdentity {
  if (deviceId.length !== 8) throw new TypeError('a device id has 8 bytes');
  const evidenceKey = deriveKey(keys.evidenceRoot, 'evidence', deviceId);
  return {
    deviceId,
    linkKey: deriveKey(link.linkRoot, 'link', deviceId),
    permitKey: deriveKey(keys.permitRoot, 'permit', deviceId),
    evidenceKey,
    ackKey: deriveAckKey(evidenceKey),
  };
}

/** The bridge's link-key file (deviceId → key, hexadecimal) for these devices, and nothing a bridge could grant with. */
export function exportLinkKeys(link: LinkKeys, deviceIds: readonly Buffer[]): string {
  const all = deviceIds.map((id) => [id.toString('hex'), deriveKey(link.linkRoot, 'link', id).toString('hex')]);
  return `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`;
}
