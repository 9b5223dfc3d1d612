/** Public entry of the simulator. */
export { World, type Random, type WorldOptions } from './world/world';
export { seededRandom } from './world/random';
export { RealTime, type WallClock } from './world/realtime';
export { createUnit } from './unit/unit';
export type { Unit, UnitEvents, UnitHand, UnitOptions, UnitParts, UnitPower } from './unit/types';
export type { BytePort, PortOptions, Tamper } from './unit/port';
export { vaultOf, type Identity, type KeyBytes } from './unit/provision';
export type { StrokeTruth, Truth } from './unit/truth';
export { beside, HOME, type Spot } from './unit/whereabouts';
export type { Die } from './parts/scene';
export type { CutMoment, FlashOp, NorFlash, NorImage } from './parts/nor';
export { crc8, romCode } from './parts/onewire';
export { loadProgram, type Program } from './board/run';
export { fastScene, Page, PhotoScene, readFace, type Face, type Scene, type View } from './paper';
export { Body, type BodyOptions } from './unit/body';
export { Cause, LinuxBus, type LinuxBusOptions, type UartEnd } from './board/linux-bus';
export { serveFifos } from './board/linux-fifo';
