/**
 * Images of the firmware for worlds: such as the maker signs, and such as somebody makes of them who has not his key.
 */
import { createHash } from 'node:crypto';
import { nodeNatives, toBytes } from '../../host-bridge/natives';
import { BoardId, IMAGE_HEAD, makeImage, SLH_SIGNATURE } from '../../protocol';
import type { Program } from '../board/run';
import { BENCH_MAKER, BROKEN, trainingImage } from '../scenario/maker';

/**
 * good: what runs, under another version · broken: never comes up · other: consented to is the good one of this version, handed over the
 * broken one · changed: bytes differ behind the signed header · stranger: whole and consistent, signed by nobody.
 */
export const IMAGE_FORMS = ['good', 'broken', 'other', 'changed', 'stranger'] as const;
export type ImageForm = (typeof IMAGE_FORMS)[number];

export interface WorldImage {
  version: number;
  /** SHA-256 of the header that is consented to, hex. */
  name: string;
  /** What is handed over. */
  bytes: Buffer;
}

export interface Images {
  of(form: ImageForm, version: number): WorldImage;
  /** SHA-256 of the code of all that the maker signs; of that which never comes up. */
  readonly made: ReadonlySet<string>;
  readonly silent: ReadonlySet<string>;
  /** Of an image that was asked for by this name: what lies behind its header. */
  contentOf(name: string): { size: number; sha256: string } | undefined;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** @param kept gives what was made under this name, or makes it */
export function worldImages(program: Pick<Program, 'code' | 'font'>, kept: (name: string, make: () => Buffer) => Buffer): Images {
  const running = { code: Buffer.from(program.code, 'latin1'), resources: program.font ?? Buffer.alloc(0) };
  const held = new Map<string, WorldImage>();
  const contents = new Map<string, { size: number; sha256: string }>();
  const signed = (version: number, broken: boolean): WorldImage => {
    const id = `${version} ${String(broken)}`;
    const there = held.get(id);
    if (there !== undefined) return there;
    const image = trainingImage(running, version, broken ? 'broken' : undefined);
    const name = Buffer.from(image.name, 'latin1').toString('hex');
    const made = { version, name, bytes: kept(name, image.signed) };
    held.set(id, made);
    const content = made.bytes.subarray(IMAGE_HEAD, made.bytes.length - SLH_SIGNATURE);
    contents.set(name, { size: content.length, sha256: sha256(content) });
    return made;
  };
  return {
    made: new Set([sha256(running.code), sha256(BROKEN)]),
    silent: new Set([sha256(BROKEN)]),
    contentOf: (name) => contents.get(name),
    of(form, version) {
      if (form === 'good' || form === 'broken') return signed(version, form === 'broken');
      if (form === 'other') return { ...signed(version, false), bytes: signed(version, true).bytes };
      const good = signed(version, false);
      if (form === 'changed') {
        const bytes = Buffer.from(good.bytes);
        // Of the resources: of the code the boot file would see it.
        bytes[bytes.length - SLH_SIGNATURE - 100]! ^= 3;
        return { ...good, bytes };
      }
      const image = makeImage(nodeNatives, BoardId.XIAO, version, toBytes(Buffer.concat([running.code, Buffer.from(';;;;')])), toBytes(running.resources), toBytes(BENCH_MAKER));
      return {
        version, name: sha256(Buffer.from(image.slice(0, IMAGE_HEAD), 'latin1')),
        bytes: Buffer.concat([Buffer.from(image, 'latin1'), good.bytes.subarray(good.bytes.length - SLH_SIGNATURE)]),
      };
    },
  };
}
