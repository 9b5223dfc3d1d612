/** The two ends of the link. The firmware imports the device's alone, so that the host's does not reach the bundle. */
export { DevicePeer } from './device-peer';
export type { DevicePeerOptions } from './device-peer';
export { HostPeer, HOST_RX_MAX } from './host-peer';
export type { DeviceInfo, HostCounters, HostPeerOptions } from './host-peer';
