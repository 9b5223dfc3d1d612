/** What others may use of the bridge: its own command line, the simulator and the tests. */
export { createBridge, type Bridge, type BridgeOptions } from './bridge';
export { BridgeConfig, parseLinkKeys, SCOPES, type LinkKeys } from './config';
export { bytePortTransport, type BytePort } from './byteport';
export { portsFrom } from './open';
export { bleFinder, bleTransport, type Central, type GattHandlers, type GattLink } from './ble';
export { Bluez } from './bluez';
export { serialTransport } from './serial';
export { tcpTransport } from './tcp';
export { Uplink, type UplinkOptions } from './uplink';
export { usbPorts, type UsbPort } from './usb';
export { photoDigest } from './photos';
export type { Connection, ConnectionHandlers, Transport } from './transport';
export { BRIDGE } from './faults';
