/** Other ways to a unit: the radio as a port, and an ear on the cable. */
import type { BytePort, Unit } from '../../sim';

/** Characteristics of the unit's GATT service (firmware/HARDWARE.md). */
const WRITTEN = '7d1a0002-5ea1-4c0b-9e3a-2f6b8c1d9a10';

/** A second host's way in: one connection over the radio. */
export function radioPort(unit: Unit, mtu = 131): BytePort {
  const { radio } = unit.parts;
  const receivers = new Set<(data: Buffer) => void>();
  const listeners = new Set<(connected: boolean) => void>();
  radio.onNotify = (_uuid, bytes) => receivers.forEach((receive) => receive(bytes));
  radio.onState = (connected) => listeners.forEach((call) => call(connected));
  return {
    get connected() {
      return radio.connected;
    },
    write: (data) => radio.write(WRITTEN, data),
    onData(receive) {
      receivers.add(receive);
      return () => receivers.delete(receive);
    },
    onState(call) {
      listeners.add(call);
      return () => listeners.delete(call);
    },
    plug: () => void radio.connect(mtu),
    unplug: () => radio.disconnect(),
  };
}

/** Everything that goes over the cable from now on, each way. */
export interface Tap {
  toDevice: { at: number; bytes: Buffer }[];
  toHost: Buffer[];
}

export function tap(unit: Unit): Tap {
  const heard: Tap = { toDevice: [], toHost: [] };
  unit.cable.tamper = (toDevice, bytes) => {
    if (toDevice) heard.toDevice.push({ at: unit.world.now, bytes: Buffer.from(bytes) });
    else heard.toHost.push(Buffer.from(bytes));
    return [bytes];
  };
  return heard;
}
