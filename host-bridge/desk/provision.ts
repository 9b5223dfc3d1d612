/** The identity of each unit. */
import { readFileSync } from 'node:fs';
import { COMMON, Problem } from '../common/errors';
import { imageInfo } from '../common/images';
import { createAuthority, deviceIdentity, exportLinkKeys } from './authority/authority';
import { openAuthorityKeys, openLinkKeys } from './authority/keystore';
import type { PermitKeys } from './authority/permit-keys';

/** What a unit gets at provisioning, all bytes in hexadecimal. */
export interface UnitIdentity {
  deviceId: string;
  linkKey: string;
  permitKey: string;
  evidenceKey: string;
  ackKey: string;
  /** Positions of the fingerprint reader, and the person's number there. */
  people: { slot: number; person: number }[];
  /** Dies the unit may carry; empty: any. */
  dies: string[];
}

export interface ProvisionOptions {
  keysFile: string;
  linkKeysFile: string;
  passphrase: string;
  /** Where the permit keys are, if not in the key file. */
  permitKeys?: PermitKeys | undefined;
  deviceId: string;
  people?: { slot: number; person: number }[];
  dies?: string[];
}

/** The two sides of a provisioning: the unit's identity, and what the bridge may know of it (its link key only). */
export async function provisionDevice(o: ProvisionOptions): Promise<{ unit: UnitIdentity; bridge: Record<string, string> }> {
  if (!/^[0-9a-f]{16}$/.test(o.deviceId)) throw new Problem(COMMON.INVALID, 'a device id has 16 hexadecimal digits');
  const [keys, link] = await Promise.all([openAuthorityKeys(readFileSync(o.keysFile, 'utf8'), o.passphrase), openLinkKeys(readFileSync(o.linkKeysFile, 'utf8'), o.passphrase)]);
  const id = Buffer.from(o.deviceId, 'hex');
  const made = deviceIdentity(keys, link, id, o.permitKeys);
  return {
    unit: {
      deviceId: o.deviceId, linkKey: made.linkKey.toString('hex'), permitKey: made.permitKey.toString('hex'), evidenceKey: made.evidenceKey.toString('hex'),
      ackKey: made.ackKey.toString('hex'), people: o.people ?? [], dies: o.dies ?? [],
    },
    bridge: JSON.parse(exportLinkKeys(link, [id])) as Record<string, string>,
  };
}

export interface ConsentOptions {
  keysFile: string;
  passphrase: string;
  /** Where the permit keys are, if not in the key file. */
  permitKeys?: PermitKeys | undefined;
  deviceId: string;
  image: Buffer;
}

/** The owner's consent that one unit runs one image from now on: a grant of kind 8. */
export async function consentToUpdate(o: ConsentOptions): Promise<{ grant: Buffer; version: number; name: Buffer }> {
  const info = imageInfo(o.image);
  if (!/^[0-9a-f]{16}$/.test(o.deviceId)) throw new Problem(COMMON.INVALID, 'a device id has 16 hexadecimal digits');
  if (info === undefined) throw new Problem(COMMON.INVALID, 'not a whole image of the firmware');
  const authority = createAuthority(await openAuthorityKeys(readFileSync(o.keysFile, 'utf8'), o.passphrase), o.permitKeys);
  const { version } = info.header;
  return { grant: authority.update(Buffer.from(o.deviceId, 'hex'), info.name, version), version, name: info.name };
}
