/** An update as a host carries it out: consent, image in pieces, check, choice; goes on where the unit stands. */
import { decodeUpdateState, encodeUpdateBegin, encodeUpdateChunk, MessageType, UpdateStage, type UpdateState } from '../../protocol';
import { imageInfo } from '../../host-bridge/common/images';
import type { Bench } from './bench';

/** Bytes of a chunk. */
export const CHUNK = 512;

export async function updateState(bench: Bench): Promise<UpdateState> {
  return decodeUpdateState(await bench.askOrRefuse('state', MessageType.UPDATE_GET, ''))!;
}

export async function beginUpdate(bench: Bench, image: Buffer, grant?: Buffer): Promise<UpdateState> {
  const info = imageInfo(image);
  const consent = grant ?? bench.authority.update(info!.name, info!.header.version);
  return decodeUpdateState(await bench.askOrRefuse('update', MessageType.UPDATE_BEGIN, encodeUpdateBegin({ grant: consent.toString('latin1'), size: image.length })))!;
}

/** Waits while the unit works by itself. */
async function worked(bench: Bench, state: UpdateState): Promise<UpdateState> {
  let now = state;
  while (now.stage === UpdateStage.ERASING || now.stage === UpdateStage.CHECKING) {
    await bench.wait(100);
    now = await updateState(bench);
  }
  return now;
}

export async function sendChunk(bench: Bench, offset: number, data: Buffer): Promise<UpdateState> {
  return decodeUpdateState(await bench.askOrRefuse('chunk', MessageType.UPDATE_CHUNK, encodeUpdateChunk({ offset, data: data.toString('latin1') })))!;
}

/** Up to a verified image (or a failed one). */
export async function transfer(bench: Bench, image: Buffer, grant?: Buffer): Promise<UpdateState> {
  let state = await worked(bench, await beginUpdate(bench, image, grant));
  while (state.stage === UpdateStage.RECEIVING && state.offset < image.length) state = await sendChunk(bench, state.offset, image.subarray(state.offset, state.offset + CHUNK));
  if (state.stage === UpdateStage.RECEIVING) state = await worked(bench, decodeUpdateState(await bench.askOrRefuse('finish', MessageType.UPDATE_FINISH, ''))!);
  return state;
}

/** Waits for the restart that the choice brings, linked and at rest. */
export async function restarted(bench: Bench, boot: number): Promise<void> {
  const up = await bench.until(() => bench.link.ready !== undefined && bench.link.ready.boot > boot, 20_000);
  if (!up) throw new Error('the unit does not come back after an update');
  bench.boots.set(bench.link.ready!.boot, bench.unit.truth.runs.at(-1)!.at);
  await bench.until(() => bench.link.state === 1 || bench.link.state === 8, 5000);
}

/** The whole of it. @throws Refused, Gone; Error where the image does not verify */
export async function update(bench: Bench, image: Buffer): Promise<void> {
  const { version } = imageInfo(image)!.header;
  const state = await transfer(bench, image);
  if (state.stage !== UpdateStage.VERIFIED) throw new Error(`update: stage ${state.stage}, fault ${state.fault}`);
  const { boot } = bench.link.ready!;
  await bench.askOrRefuse('choose', MessageType.UPDATE_FINISH, '');
  await restarted(bench, boot);
  const { running } = await updateState(bench);
  if (running !== version) throw new Error(`update: ${running} runs after an update to ${version}`);
}
