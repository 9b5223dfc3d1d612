/**
 * Images of the firmware as a maker signs them. A signature takes some ten seconds and is always the same for the same header,
 * so those made once are kept in dist/signed.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { makerKeys, signedImage, type ImageParts, type MakerKeys } from '../../host-bridge/common/maker';
import { makeImage } from '../../protocol';
import { nodeNatives } from '../../host-bridge/natives';
import { kept } from '../../sim/cli/ground';

const FOLDER = path.resolve(__dirname, '../../dist/signed');
/** BoardId. */
export const XIAO = 1;

/** The maker whose public key the units of these tests have (test/scenario/authority.ts). */
export const MAKER_SEED = Buffer.from(Array.from({ length: 48 }, (_, i) => i));
/** One that nobody knows. */
export const STRANGER_SEED = Buffer.alloc(48, 0x99);

const made = new Map<string, MakerKeys>();

export function maker(seed: Buffer = MAKER_SEED): MakerKeys {
  const name = seed.toString('hex');
  const keys = made.get(name) ?? makerKeys(seed);
  made.set(name, keys);
  return keys;
}

export function signed(parts: Omit<ImageParts, 'board'> & { board?: number }, seed: Buffer = MAKER_SEED): Buffer {
  const whole = { board: XIAO, ...parts };
  const text = (bytes?: Buffer): string => bytes?.toString('latin1') ?? '';
  const head = makeImage(nodeNatives, whole.board, whole.version, text(whole.code), text(whole.resources), text(whole.nextKey) || 'same').slice(0, 128);
  const file = path.join(FOLDER, createHash('sha256').update(seed).update(head, 'latin1').digest('hex'));
  return kept(file, () => signedImage(whole, maker(seed).secret));
}
