/** What hosts may use of the protocol. The firmware imports the modules it needs directly. */
export * from './bytes';
export * from './cbor';
export * from './evidence';
export * from './evidence-read';
export * from './generated/codec';
export * from './generated/messages';
export { fenceBytes } from './fence';
export { FRAME_LIMIT, FRAME_MIN, FrameReader, FrameType, bodyMax, cobsDecode, cobsEncode, encodeFrame } from './frame';
export * from './hash';
export * from './image';
export * from './keys';
export type { Bytes, Natives } from './natives';
export * from './offline';
export * from './peer';
export * from './permit';
export * from './reasons';
export * from './slhdsa';
export * from './texts';
