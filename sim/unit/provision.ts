/** What the office does to a unit before it leaves: keys into the vault, firmware and files into Storage, fingers into the reader. */
import { createHmac } from 'node:crypto';
import { BOOT_CODE, BOOT_FILE, BUNDLE, fileSize, FONT, JOURNAL, PHOTOS, STATE, VAULT_ADDRESS } from '../../firmware/board/files';
import { vaultImage } from '../../firmware/core/provision';
import { nodeNatives } from '../../host-bridge/natives';
import { EXTERNAL } from '../board/espruino';
import { FileArea } from '../board/storage';
import type { NorFlash } from '../parts/nor';

/** Keys and bytes as Buffers or binary strings. */
export type KeyBytes = Buffer | string;

export interface Identity {
  /** 8 bytes. */
  deviceId: KeyBytes;
  /** 32 bytes each. evidenceKey: K_0. */
  linkKey: KeyBytes;
  permitKey: KeyBytes;
  evidenceKey: KeyBytes;
  /** Positions of the fingerprint reader and whose finger is enrolled there. */
  people: { slot: number; person: number }[];
  /** ROM codes (hex) of the dies that the unit may carry; none: any. */
  dies?: string[];
}

const bytes = (value: KeyBytes): string => (typeof value === 'string' ? value : value.toString('latin1'));

/** The vault's first page. @throws where the identity has a wrong length or does not fit */
export function vaultOf(identity: Identity): Buffer {
  const evidenceKey = bytes(identity.evidenceKey);
  const ackKey = createHmac('sha256', Buffer.from(evidenceKey, 'latin1')).update('smartseal/ack').digest('binary');
  const image = vaultImage({
    natives: nodeNatives,
    deviceId: bytes(identity.deviceId),
    linkKey: bytes(identity.linkKey),
    permitKey: bytes(identity.permitKey),
    evidenceKey,
    ackKey,
    people: identity.people,
    ...(identity.dies === undefined ? {} : { dies: identity.dies.map((rom) => Buffer.from(rom, 'hex').toString('latin1')) }),
  });
  if (image === undefined) throw new Error('IDENTITY_INVALID: wrong length, or too much for the vault');
  return Buffer.from(image, 'latin1');
}

export function writeVault(flash: NorFlash, identity: Identity): void {
  flash.load(VAULT_ADDRESS, vaultOf(identity));
}

/** Puts the firmware, its font (undefined: none, and the display stays dark) and the files of its regions into an empty Storage area. @throws where there is no room */
export function writeStorage(flash: NorFlash, code: string, font: Buffer | undefined): void {
  const area = new FileArea(flash, EXTERNAL.base, EXTERNAL.size);
  const put = (name: string, size: number, content: Buffer): void => {
    const file = area.create(name, size, (address, data) => flash.load(address, data));
    if (file === undefined) throw new Error(`STORAGE_FULL: no room for ${name}`);
    flash.load(file.data, content);
  };
  const bundle = Buffer.from(code, 'latin1');
  put(BUNDLE, bundle.length, bundle);
  if (font !== undefined) put(FONT, font.length, font);
  for (const region of [STATE, JOURNAL, PHOTOS]) put(region.name, fileSize(region), Buffer.alloc(0));
  const boot = Buffer.from(BOOT_CODE, 'latin1');
  put(BOOT_FILE, boot.length, boot);
}

/** The display's glyphs and texts that a unit has; undefined: none. */
export function fontOf(flash: NorFlash): Buffer | undefined {
  const file = new FileArea(flash, EXTERNAL.base, EXTERNAL.size).find(FONT);
  return file === undefined ? undefined : Buffer.from(flash.read(file.data, file.size));
}
