/**
 * The authority: holds the roots, derives each device's keys, makes statements, signs the register. It decides nothing:
 * who may ask for a statement is the desk's business. Counters are given in by the caller, who has made them durable.
 */
import { createHmac } from 'node:crypto';
import { COMMON, Problem } from '../../common/errors';
import { ackPayload, ceremonyPayload, clearPayload, grantWith, macGrant, permitPayload, revokePayload, strokePayload, rejectPayload, topUpPayload, timePayload, updatePayload, type CeremonyClaims, type PermitClaims } from './grants';
import type { DeskKeys, LinkKeys } from './keystore';
import { keptPermitKeys, type PermitKeys } from './permit-keys';
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

/** The permit keys of a key file that holds their root. @throws CONFIG where they are on a token */
export function permitKeysOf(keys: DeskKeys): PermitKeys {
  if (keys.permitRoot === undefined) throw new Problem(COMMON.CONFIG, 'pkcs11: the key file holds no permit root');
  return keptPermitKeys(keys.permitRoot);
}

/** @param permits where the permit keys are, if not in the key file */
export function createAuthority(keys: DeskKeys, permits: PermitKeys = permitKeysOf(keys)): Authority {
  const signer = noteSigner(keys.registerName, keys.registerSeed);
  const grant = (device: Buffer, payload: Buffer): Buffer => grantWith((data) => permits.mac(device, data), payload);
  const evidenceKey = (device: Buffer): Buffer => deriveKey(keys.evidenceRoot, 'evidence', device);
  return {
    permit: (claims) => grant(claims.device, permitPayload(claims)),
    time: (device, nonce, time) => grant(device, timePayload(device, nonce, time)),
    stroke: (device, permit, photo, seq) => grant(device, strokePayload(device, permit, photo, seq)),
    reject: (device, permit, photo, seq) => grant(device, rejectPayload(device, permit, photo, seq)),
    topUp: (device, permit, c) => grant(device, topUpPayload(device, permit, c)),
    clear: (device, condition, seq) => grant(device, clearPayload(device, condition, seq)),
    revoke: (device, what) => grant(device, revokePayload(device, what)),
    ceremony: (claims) => grant(claims.device, ceremonyPayload(claims)),
    update: (device, image, version) => grant(device, updatePayload(device, image, version)),
    ack: (device, records, photos, hash) => macGrant(deriveAckKey(evidenceKey(device)), ackPayload(device, records, photos, hash)),
    codes: (device) => OfflineCodes.by((data) => permits.mac(device, data)),
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
export function deviceIdentity(keys: DeskKeys, link: LinkKeys, deviceId: Buffer, permits: PermitKeys = permitKeysOf(keys)): DeviceIdentity {
  if (deviceId.length !== 8) throw new TypeError('a device id has 8 bytes');
  const evidenceKey = deriveKey(keys.evidenceRoot, 'evidence', deviceId);
  return {
    deviceId,
    linkKey: deriveKey(link.linkRoot, 'link', deviceId),
    permitKey: permits.permitKey(deviceId),
    evidenceKey,
    ackKey: deriveAckKey(evidenceKey),
  };
}

/** The bridge's link-key file (deviceId → key, hexadecimal) for these devices, and nothing a bridge could grant with. */
export function exportLinkKeys(link: LinkKeys, deviceIds: readonly Buffer[]): string {
  const all = deviceIds.map((id) => [id.toString('hex'), deriveKey(link.linkRoot, 'link', id).toString('hex')]);
  return `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`;
}
