/**
 * BlueZ, the Bluetooth of Linux, over D-Bus (bluez.git, doc/org.bluez.*.rst): devices, bonding and the connection are the
 * platform's, no privilege and no native code are needed. The D-Bus library is an optional dependency, loaded when a
 * configuration has a port of this kind.
 */
import type { MessageBus, ProxyObject, Variant } from '@particle/dbus-next';
import { sleep, type Clock } from '../common/clock';
import { Problem } from '../common/errors';
import type { Log } from '../common/log';
import { MTU_MIN, NOTIFYING, SERVICE, WRITTEN, type Central, type GattHandlers, type GattLink } from './ble';
import { BRIDGE } from './faults';

type Dbus = typeof import('@particle/dbus-next');
type Properties = Record<string, Variant>;
type Managed = Record<string, Record<string, Properties>>;
/** Methods of a remote interface, by name. */
type Remote = Record<string, (...args: unknown[]) => Promise<unknown>> & { on(signal: string, call: (...args: never[]) => void): unknown; removeListener(signal: string, call: (...args: never[]) => void): unknown };

const BLUEZ = 'org.bluez';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
/** Milliseconds for the services of a unit to be read, and for an address to be heard. */
const RESOLVE_WITHIN = 15_000;
const LOOK_EVERY = 200;
/** Milliseconds that a call may take: BlueZ itself gives a connection up after about 25 s. */
const CALL_WITHIN = 40_000;
/** BlueZ 5.62 tells the MTU; before that the least is certain. */
const OLD_MTU = MTU_MIN;

export interface BluezOptions {
  clock: Clock;
  log: Log;
  /** Adapter, "hci0"; the first one where absent. */
  adapter?: string | undefined;
  /** Address of the bus, for tests; the system's where absent. */
  bus?: string;
}

export class Bluez implements Central {
  private bus: MessageBus | undefined;
  private dbus: Dbus | undefined;
  private opening: Promise<MessageBus> | undefined;
  private discovering: string | undefined;

  constructor(private readonly o: BluezOptions) {}

  async nearby(): Promise<string[]> {
    const managed = await this.managed();
    const adapter = this.adapterIn(managed);
    if (this.discovering !== adapter) {
      const proxy = await this.remote(adapter, 'org.bluez.Adapter1');
      const { Variant } = this.dbus as Dbus;
      await proxy['SetDiscoveryFilter']!({ UUIDs: new Variant('as', [SERVICE]), Transport: new Variant('s', 'le'), DuplicateData: new Variant('b', false) });
      // Another program may have begun already: then it is discovering, which is all that is wanted.
      await proxy['StartDiscovery']!().catch((error: unknown) => this.o.log.debug('discovery', { why: String(error) }));
      this.discovering = adapter;
    }
    return Object.values(managed).flatMap((interfaces) => {
      const device = interfaces['org.bluez.Device1'];
      const uuids = (device?.['UUIDs']?.value ?? []) as string[];
      const here = device?.['RSSI'] !== undefined || device?.['Connected']?.value === true;
      return device !== undefined && here && uuids.includes(SERVICE) ? [String(device['Address']?.value)] : [];
    });
  }

  async connect(address: string, bond: boolean, handlers: GattHandlers): Promise<GattLink> {
    try {
      return await this.open(address.toUpperCase(), bond, handlers);
    } catch (error) {
      throw error instanceof Problem ? error : bluezProblem(address, error);
    }
  }

  close(): void {
    this.bus?.disconnect();
    this.bus = undefined;
  }

  private async open(address: string, bond: boolean, handlers: GattHandlers): Promise<GattLink> {
    const managed = await this.managed();
    const adapter = this.adapterIn(managed);
    const path = Object.keys(managed).find((one) => one.startsWith(`${adapter}/`) && managed[one]?.['org.bluez.Device1']?.['Address']?.value === address);
    if (path === undefined) {
      await this.nearby(); // begins to listen for it
      throw new Problem(BRIDGE.PORT_MISSING, `ble:${address}`);
    }
    const device = await this.remote(path, 'org.bluez.Device1');
    const properties = await this.remote(path, PROPERTIES);
    const get = async (name: string): Promise<unknown> => ((await properties['Get']!('org.bluez.Device1', name)) as Variant).value;
    if (bond && (await get('Paired')) !== true) await device['Pair']!();
    if ((await get('Connected')) !== true) await device['Connect']!();
    for (let waited = 0; (await get('ServicesResolved')) !== true; waited += LOOK_EVERY) {
      if (waited >= RESOLVE_WITHIN) throw new Problem(BRIDGE.PORT_FAILED, `ble:${address}: its services could not be read`);
      await sleep(this.o.clock, LOOK_EVERY);
    }
    const found = await this.managed();
    const at = (uuid: string): string | undefined => Object.keys(found).find((one) => one.startsWith(`${path}/`) && found[one]?.['org.bluez.GattCharacteristic1']?.['UUID']?.value === uuid);
    const [written, notifying] = [at(WRITTEN), at(NOTIFYING)];
    if (written === undefined || notifying === undefined) {
      await device['Disconnect']!().catch(() => undefined);
      throw new Problem(BRIDGE.NOT_A_DEVICE, `ble:${address}`);
    }
    const mtu = Number(found[written]?.['org.bluez.GattCharacteristic1']?.['MTU']?.value ?? OLD_MTU);
    return this.link({ device, properties, write: await this.remote(written, 'org.bluez.GattCharacteristic1'), notify: await this.remote(notifying, 'org.bluez.GattCharacteristic1'), values: await this.remote(notifying, PROPERTIES) }, mtu, handlers);
  }

  private async link(remote: { device: Remote; properties: Remote; write: Remote; notify: Remote; values: Remote }, mtu: number, handlers: GattHandlers): Promise<GattLink> {
    const { Variant } = this.dbus as Dbus;
    const changed = (name: string, properties: Properties): void => {
      const value: unknown = properties['Value']?.value;
      if (name === 'org.bluez.GattCharacteristic1' && value !== undefined) handlers.notified(Buffer.from(value as Uint8Array));
    };
    let over = false;
    const stop = (): void => {
      over = true;
      remote.values.removeListener('PropertiesChanged', changed);
      remote.properties.removeListener('PropertiesChanged', state);
    };
    const state = (name: string, properties: Properties): void => {
      if (over || name !== 'org.bluez.Device1' || properties['Connected']?.value !== false) return;
      stop();
      handlers.gone();
    };
    remote.values.on('PropertiesChanged', changed);
    remote.properties.on('PropertiesChanged', state);
    await remote.notify['StartNotify']!();
    const how = { type: new Variant('s', 'command') };
    return {
      mtu,
      write: async (bytes) => void (await remote.write['WriteValue']!(bytes, how)),
      async disconnect() {
        stop();
        await remote.device['Disconnect']!().catch(() => undefined);
      },
    };
  }

  private adapterIn(managed: Managed): string {
    const adapters = Object.keys(managed).filter((path) => managed[path]?.['org.bluez.Adapter1'] !== undefined).sort();
    const wanted = this.o.adapter === undefined ? adapters[0] : adapters.find((path) => path.endsWith(`/${this.o.adapter}`));
    if (wanted === undefined) throw new Problem(BRIDGE.PORT_MISSING, `no Bluetooth adapter${this.o.adapter === undefined ? '' : ` ${this.o.adapter}`}`);
    return wanted;
  }

  private async managed(): Promise<Managed> {
    try {
      const manager = await this.remote('/', 'org.freedesktop.DBus.ObjectManager');
      return (await manager['GetManagedObjects']!()) as Managed;
    } catch (error) {
      throw error instanceof Problem ? error : bluezProblem('Bluetooth', error);
    }
  }

  private async remote(path: string, name: string): Promise<Remote> {
    const bus = await this.connected();
    const object: ProxyObject = await this.within(bus.getProxyObject(BLUEZ, path));
    const remote = object.getInterface(name) as unknown as Remote;
    // The library waits for ever for an answer that a broken bus will not bring.
    return new Proxy(remote, {
      get: (target, method: string) => {
        const found = target[method] as unknown;
        if (typeof found !== 'function') return found;
        const call = (found as Remote[string]).bind(target);
        return /^[A-Z]/.test(method) ? (...args: unknown[]) => this.within(call(...args)) : call;
      },
    });
  }

  private within<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = this.o.clock.after(CALL_WITHIN, () => reject(new Error('NotAvailable: no answer from Bluetooth')));
      work.then(resolve, reject).finally(late);
    });
  }

  private connected(): Promise<MessageBus> {
    if (this.bus !== undefined) return Promise.resolve(this.bus);
    this.opening ??= this.openBus().finally(() => (this.opening = undefined));
    return this.opening;
  }

  private async openBus(): Promise<MessageBus> {
    const dbus = (this.dbus ??= load());
    const bus = this.o.bus === undefined ? dbus.systemBus() : dbus.sessionBus({ busAddress: this.o.bus });
    // Without a listener a broken bus would end the process; it is opened anew at the next try.
    bus.on('error', (error: unknown) => {
      this.o.log.warn('Bluetooth bus', { why: String(error) });
      if (this.bus === bus) this.bus = this.discovering = undefined;
    });
    await this.within(
      new Promise<void>((resolve, reject) => {
        bus.once('connect', () => resolve());
        bus.once('error', reject);
      }),
    );
    this.bus = bus;
    return bus;
  }
}

function load(): Dbus {
  try {
    return require('@particle/dbus-next') as Dbus;
  } catch (error) {
    throw new Problem(BRIDGE.PORT_FAILED, { detail: 'the package @particle/dbus-next is not installed', cause: error });
  }
}

/** D-Bus errors by name (org.bluez.Error.…). */
function bluezProblem(what: string, error: unknown): Problem {
  const text = `${(error as { type?: string }).type ?? ''} ${(error as Error).message ?? ''}`.trim();
  const fault = /AuthenticationFailed|AuthenticationRejected|AuthenticationCanceled|NotAuthorized|AccessDenied/.test(text)
    ? BRIDGE.PORT_DENIED
    : /InProgress|AlreadyConnected/.test(text)
      ? BRIDGE.PORT_BUSY
      : /DoesNotExist|NotReady|ServiceUnknown|UnknownObject|NotAvailable|NameHasNoOwner|ENOENT|ECONNREFUSED/.test(text)
        ? BRIDGE.PORT_MISSING
        : BRIDGE.PORT_FAILED;
  return new Problem(fault, { detail: `${what}: ${text}`.slice(0, 300), cause: error });
}
