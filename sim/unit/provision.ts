/** What the office does to a unit before it leaves: keys into the vault, firmware and files into Storage, fingers into the reader. */
import { createHmac } from 'node:crypto';
import { BOOT_CODE, BOOT_FILE, fileSize, JOURNAL, PAGE, PHOTOS, SLOT_A, SLOT_B, STATE, VAULT_ADDRESS } from '../../firmware/board/files';
import { slotOfCode, vaultImage } from '../../firmware/core/provision';
import { nodeNatives } from '../../host-bridge/natives';
import { BoardId, IMAGE_HEAD, readImageHeader, wholeWords } from '../../protocol';
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
  /** The maker's public key, 32 bytes; without it the unit takes no updates. */
  makerKey?: KeyBytes;
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

/** The first page in a slot's file. */
const slotAt = (data: number): number => Math.ceil(data / PAGE) * PAGE;

/**
 * Puts the files of the regions into an empty Storage area, the firmware (version 1) into slot A.
 * @param font undefined: none, and the display stays dark @throws where there is no room
 */
export function writeStorage(flash: NorFlash, code: string, font: Buffer | undefined, makerKey?: KeyBytes, bootFile = BOOT_CODE): void {
  const area = new FileArea(flash, EXTERNAL.base, EXTERNAL.size);
  const put = (name: string, size: number): number => {
    const file = area.create(name, size, (address, data) => flash.load(address, data));
    if (file === undefined) throw new Error(`STORAGE_FULL: no room for ${name}`);
    return file.data;
  };
  const slot = slotOfCode(nodeNatives, BoardId.XIAO, code, font?.toString('latin1') ?? '', makerKey === undefined ? undefined : bytes(makerKey));
  flash.load(slotAt(put(SLOT_A.name, fileSize(SLOT_A))), Buffer.from(slot, 'latin1'));
  for (const region of [SLOT_B, STATE, JOURNAL, PHOTOS]) put(region.name, fileSize(region));
  const boot = Buffer.from(bootFile, 'latin1');
  flash.load(put(BOOT_FILE, boot.length), boot);
}

/** Code and resources of one of the two images that a unit has; undefined: there is none. */
export function imageIn(flash: NorFlash, slot: number): { code: Buffer; resources: Buffer } | undefined {
  const file = new FileArea(flash, EXTERNAL.base, EXTERNAL.size).find((slot === 1 ? SLOT_B : SLOT_A).name);
  if (file === undefined) return undefined;
  const image = slotAt(file.data) + PAGE;
  const head = readImageHeader(Buffer.from(flash.read(image, IMAGE_HEAD)).toString('latin1'));
  if (head === undefined) return undefined;
  const part = (at: number, length: number): Buffer => Buffer.from(length === 0 ? [] : flash.read(image + IMAGE_HEAD + at, length));
  return { code: part(0, head.code), resources: part(wholeWords(head.code), head.resources) };
}

/** The display's glyphs and texts in one of the two images that a unit has; undefined: none. */
export function fontOf(flash: NorFlash, slot: number): Buffer | undefined {
  const resources = imageIn(flash, slot)?.resources;
  return resources === undefined || resources.length === 0 ? undefined : resources;
}
