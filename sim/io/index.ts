/** Public entry: how hosts reach a simulated unit from outside of the program. */
export type { Cable, Timers } from './cable';
export type { BleOptions, BlePort } from './ble';
export { serveBle } from './ble';
export type { Pty, PtyOptions } from './pty';
export { openPty, PtyError } from './pty';
export type { TcpOptions, TcpPort } from './tcp';
export { serveTcp } from './tcp';
export { Pacer, throttle } from './throttle';
