/** A D-Bus of our own with something that answers as BlueZ does for one adapter and one unit in reach, whose radio is simulated. */
import { spawn, type ChildProcess } from 'node:child_process';
import dbus, { type MessageBus } from '@particle/dbus-next';
import { NOTIFYING, SERVICE, WRITTEN } from '../../host-bridge/bridge/ble';

export interface SimulatedRadio {
  connect(mtu: number): boolean;
  disconnect(): void;
  write(uuid: string, bytes: Buffer): unknown;
  readonly payload: number;
  onNotify: ((uuid: string, bytes: Buffer) => void) | undefined;
  onState: ((connected: boolean) => void) | undefined;
}

export const ADDRESS = 'C0:FF:EE:00:00:01';
const ADAPTER = '/org/bluez/hci0';
const DEVICE = `${ADAPTER}/dev_C0_FF_EE_00_00_01`;
const PATHS = { service: `${DEVICE}/service0010`, written: `${DEVICE}/service0010/char0011`, notifying: `${DEVICE}/service0010/char0013` };
const { Interface, ACCESS_READ } = dbus.interface;
const { Variant } = dbus;

class Adapter extends Interface {
  constructor(private readonly heard: () => void) {
    super('org.bluez.Adapter1');
  }
  SetDiscoveryFilter(): void {}
  StartDiscovery(): void {
    this.heard();
  }
}
Adapter.configureMembers({ methods: { SetDiscoveryFilter: { inSignature: 'a{sv}', outSignature: '' }, StartDiscovery: { inSignature: '', outSignature: '' } } });

class Device extends Interface {
  Address = ADDRESS;
  Connected = false;
  Paired = false;
  ServicesResolved = false;
  UUIDs = [SERVICE];
  constructor(private readonly radio: SimulatedRadio, private readonly mtu: number) {
    super('org.bluez.Device1');
  }
  Pair(): void {
    this.Paired = true;
  }
  Connect(): void {
    if (!this.radio.connect(this.mtu)) throw new dbus.DBusError('org.bluez.Error.Failed', 'le-connection-abort-by-local');
    this.Connected = true;
    // BlueZ tells of the services a little later.
    setTimeout(() => (this.ServicesResolved = true), 30);
  }
  Disconnect(): void {
    this.radio.disconnect();
  }
  left(): void {
    this.Connected = this.ServicesResolved = false;
    Interface.emitPropertiesChanged(this, { Connected: false, ServicesResolved: false }, []);
  }
}
Device.configureMembers({
  properties: { Address: { signature: 's', access: ACCESS_READ }, Connected: { signature: 'b', access: ACCESS_READ }, Paired: { signature: 'b', access: ACCESS_READ }, ServicesResolved: { signature: 'b', access: ACCESS_READ }, UUIDs: { signature: 'as', access: ACCESS_READ } },
  methods: { Pair: { inSignature: '', outSignature: '' }, Connect: { inSignature: '', outSignature: '' }, Disconnect: { inSignature: '', outSignature: '' } },
});

class Characteristic extends Interface {
  Value: Buffer = Buffer.alloc(0);
  notifying = false;
  /** Lengths of what was written. */
  readonly writes: number[] = [];
  constructor(readonly UUID: string, private readonly radio: SimulatedRadio) {
    super('org.bluez.GattCharacteristic1');
  }
  get MTU(): number {
    return this.radio.payload + 3;
  }
  WriteValue(value: Buffer, options: Record<string, { value: unknown }>): void {
    if (options['type']?.value !== 'command') throw new dbus.DBusError('org.bluez.Error.NotSupported', 'only writes without response');
    if (value.length > this.radio.payload) throw new dbus.DBusError('org.bluez.Error.InvalidValueLength', String(value.length));
    this.writes.push(value.length);
    this.radio.write(this.UUID, Buffer.from(value));
  }
  StartNotify(): void {
    this.notifying = true;
  }
  notified(bytes: Buffer): void {
    if (this.notifying) Interface.emitPropertiesChanged(this, { Value: bytes }, []);
  }
}
Characteristic.configureMembers({
  properties: { UUID: { signature: 's', access: ACCESS_READ }, MTU: { signature: 'q', access: ACCESS_READ }, Value: { signature: 'ay', access: ACCESS_READ } },
  methods: { WriteValue: { inSignature: 'aya{sv}', outSignature: '' }, StartNotify: { inSignature: '', outSignature: '' } },
});

class Manager extends Interface {
  constructor(private readonly objects: () => Record<string, unknown>) {
    super('org.freedesktop.DBus.ObjectManager');
  }
  GetManagedObjects(): Record<string, unknown> {
    return this.objects();
  }
}
Manager.configureMembers({ methods: { GetManagedObjects: { inSignature: '', outSignature: 'a{oa{sa{sv}}}' } } });

export interface FakeBluez {
  /** Address of the bus. */
  readonly bus: string;
  readonly device: { Paired: boolean; Connected: boolean };
  readonly writes: readonly number[];
  close(): void;
}

/** Undefined where there is no dbus-daemon. */
export async function fakeBluez(radio: SimulatedRadio, mtu: number): Promise<FakeBluez | undefined> {
  const daemon: ChildProcess = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const address = await new Promise<string | undefined>((resolve) => {
    daemon.once('error', () => resolve(undefined));
    daemon.once('exit', () => resolve(undefined));
    daemon.stdout!.once('data', (text: Buffer) => resolve(text.toString().trim()));
  });
  if (address === undefined) return undefined;
  const bus: MessageBus = dbus.sessionBus({ busAddress: address });
  bus.on('error', () => undefined);
  await bus.requestName('org.bluez', 0);
  const device = new Device(radio, mtu);
  const written = new Characteristic(WRITTEN, radio);
  const notifying = new Characteristic(NOTIFYING, radio);
  let discovered = false;
  const gatt = (uuid: string) => ({ 'org.bluez.GattCharacteristic1': { UUID: new Variant('s', uuid), MTU: new Variant('q', radio.payload + 3) } });
  const objects = (): Record<string, unknown> => ({
    [ADAPTER]: { 'org.bluez.Adapter1': { Address: new Variant('s', '00:00:00:00:00:01') } },
    ...(discovered ? { [DEVICE]: { 'org.bluez.Device1': { Address: new Variant('s', ADDRESS), Connected: new Variant('b', device.Connected), RSSI: new Variant('n', -60), UUIDs: new Variant('as', [SERVICE]) } } } : {}),
    ...(device.ServicesResolved ? { [PATHS.service]: { 'org.bluez.GattService1': { UUID: new Variant('s', SERVICE) } }, [PATHS.written]: gatt(WRITTEN), [PATHS.notifying]: gatt(NOTIFYING) } : {}),
  });
  bus.export('/', new Manager(objects));
  bus.export(ADAPTER, new Adapter(() => (discovered = true)));
  bus.export(DEVICE, device);
  bus.export(PATHS.written, written);
  bus.export(PATHS.notifying, notifying);
  radio.onNotify = (uuid, bytes) => uuid === NOTIFYING && notifying.notified(bytes);
  radio.onState = (connected) => !connected && device.left();
  return {
    bus: address,
    device,
    writes: written.writes,
    close() {
      bus.disconnect();
      daemon.kill();
    },
  };
}
