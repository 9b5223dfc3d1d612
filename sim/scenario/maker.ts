/**
 * The maker of a bench unit's firmware, whose key everybody knows: images for training, made of what the unit runs already, and how
 * the office has the unit take one.
 */
import { signing } from '../../host-bridge/common';
import { nodeNatives, toBytes } from '../../host-bridge/natives';
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

/** What runs, under another version; or, broken, what does not come up. */
export function trainingImage(running: { code: Buffer; resources: Buffer }, version: number, broken: boolean): TrainingImage {
  const parts = { board: BoardId.XIAO, version, code: broken ? BROKEN : running.code, resources: running.resources };
  const image = makeImage(nodeNatives, parts.board, version, toBytes(parts.code), toBytes(parts.resources), toBytes(BENCH_MAKER));
  const { makerKeys, signedImage } = signing();
  return { version, name: nodeNatives.sha256(image.slice(0, IMAGE_HEAD)), size: image.length + SLH_SIGNATURE, signed: () => signedImage(parts, makerKeys(SEED).secret) };
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
