/**
 * The maker of a bench unit's firmware, whose key everybody knows: images for training, made of what the unit runs already, and how
 * the office has the unit take one.
 */
import { signing } from '../../host-bridge/common';
import { nodeNatives, toBuffer, toBytes } from '../../host-bridge/natives';
import { BoardId, decodeUpdateState, encodeUpdateBegin, encodeUpdateChunk, IMAGE_HEAD, makeImage, MessageType, SLH_SIGNATURE, UpdateStage, type Bytes } from '../../protocol';
import { SimError } from '../cli/texts';
import type { World } from '../world/world';
import type { Exchange } from './exchange';

/** The pair of the seed 00 01 .. 2f, as in protocol/vectors/image.json; its public half is in every bench unit. */
const SEED = Buffer.from(Array.from({ length: 48 }, (_, i) => i));
export const BENCH_MAKER = Buffer.from('202122232425262728292a2b2c2d2e2f990ce6298792b128846a8e4a3a68954c', 'hex');

const CHUNK = 512;
/** Virtual ms between two looks at a unit that works by itself. */
const POLL_MS = 250;
/** Starts, never kicks the watchdog, and so never comes up. */
export const BROKEN = Buffer.from('setInterval(function(){},1000);');

export interface TrainingImage {
  version: number;
  /** SHA-256 of its header. */
  name: Bytes;
  /** With the signature. */
  size: number;
  /** Signs it, which takes seconds. */
  signed(): Buffer;
}

/** What may be wrong with an image: it never comes up, its signature is nobody's, or it is not the one that was consented to. */
export type ImageFault = 'broken' | 'unsigned' | 'swapped';

/** What runs, under another version; or with a fault. */
export function trainingImage(running: { code: Buffer; resources: Buffer }, version: number, fault?: ImageFault): TrainingImage {
  const { resources } = running;
  const board = BoardId.XIAO;
  const unsigned = (code: Buffer): Bytes => makeImage(nodeNatives, board, version, toBytes(code), toBytes(resources), toBytes(BENCH_MAKER));
  const code = fault === 'broken' ? BROKEN : running.code;
  const image = unsigned(code);
  const { makerKeys, signedImage } = signing();
  const signed = (): Buffer => {
    if (fault === 'unsigned') return Buffer.concat([toBuffer(image), Buffer.alloc(SLH_SIGNATURE, SEED)]);
    // As long as the true one, so that nothing but its header tells it apart.
    if (fault === 'swapped') return Buffer.concat([toBuffer(unsigned(swapped(code))), Buffer.alloc(SLH_SIGNATURE, SEED)]);
    return signedImage({ board, version, code, resources }, makerKeys(SEED).secret);
  };
  return { version, name: nodeNatives.sha256(image.slice(0, IMAGE_HEAD)), size: image.length + SLH_SIGNATURE, signed };
}

/** The same code but for one byte. */
function swapped(code: Buffer): Buffer {
  const other = Buffer.from(code);
  other[0]! ^= 1;
  return other;
}

/** Until the unit restarts into it. @throws Refused, SimError UPDATE_FAILED */
export async function deliver(line: Exchange, world: World, grant: Bytes, image: TrainingImage): Promise<void> {
  const ask = async (type: number, body: Bytes): Promise<{ stage: number; offset: number; fault: number }> => decodeUpdateState(await line.ask(type, body))!;
  const rest = (): Promise<void> => new Promise((resolve) => void world.after(POLL_MS, () => (resolve(), world.touch())));
  let bytes: Buffer | undefined;
  let state = await ask(MessageType.UPDATE_BEGIN, encodeUpdateBegin({ grant, size: image.size }));
  for (;;) {
    const { stage, offset } = state;
    if (stage === UpdateStage.ERASING || stage === UpdateStage.CHECKING) {
      await rest();
      state = await ask(MessageType.UPDATE_GET, '');
    } else if (stage === UpdateStage.RECEIVING && offset < image.size) {
      // Not before the unit wants it.
      bytes ??= image.signed();
      state = await ask(MessageType.UPDATE_CHUNK, encodeUpdateChunk({ offset, data: toBytes(bytes.subarray(offset, offset + CHUNK)) }));
    } else if (stage === UpdateStage.RECEIVING || stage === UpdateStage.VERIFIED) state = await ask(MessageType.UPDATE_FINISH, '');
    else if (stage === UpdateStage.CHOSEN) return;
    else throw new SimError('UPDATE_FAILED', String(state.fault));
  }
}
