/**
 * The radio, seen from both sides: `NRF` as the firmware gets it (own GATT services), and a central that connects, writes
 * and is notified. BLE's shape: what goes over is cut to the MTU less 3; one notification a connection interval; a
 * notification asked for while another waits is dropped without a word (NRF_ERROR_RESOURCES is ignored by
 * jswrap_ble_updateServices). Not modelled: pairing, advertising content, loss of single packets (the link layer repeats).
 */
import type { Event, World } from '../world/world';
import { toArrayBuffer, toBytes } from './bytes';
import { Emitter } from './emitter';
import type { Processor } from './processor';

interface Characteristic {
  value: Buffer;
  maxLen: number;
  writable: boolean;
  notify: boolean;
  onWrite: ((event: { data: ArrayBuffer }) => void) | undefined;
}

/** What the interpreter is built for on this board (NRF_SDH_BLE_GATT_MAX_MTU_SIZE). */
export const MTU_MAX = 131;
export const MTU_MIN = 23;
const ATT_HEADER = 3;

/** One central's connection; lives in the world, survives nothing. */
export class Radio {
  /** Notifications to the central: characteristic UUID, bytes. */
  onNotify: ((uuid: string, bytes: Buffer) => void) | undefined;
  onState: ((connected: boolean) => void) | undefined;
  /** Notifications dropped because another was waiting. */
  dropped = 0;

  private readonly world: World;
  private nrf: Nrf | undefined;
  private connectedMtu = 0;
  private intervalMs = 15;
  private waiting: Event | undefined;

  constructor(world: World) {
    this.world = world;
  }

  /** A new run of the firmware. */
  attach(nrf: Nrf | undefined): void {
    this.disconnect();
    this.nrf = nrf;
  }

  get connected(): boolean {
    return this.connectedMtu > 0;
  }

  /** Bytes that one packet carries. */
  get payload(): number {
    return this.connectedMtu - ATT_HEADER;
  }

  /** @returns false when nobody is there to connect to */
  connect(mtu = MTU_MAX, intervalMs = 15): boolean {
    if (this.nrf === undefined || !this.nrf.advertising) return false;
    this.connectedMtu = Math.min(MTU_MAX, Math.max(MTU_MIN, mtu));
    this.intervalMs = intervalMs;
    this.nrf.raise('connect', '00:11:22:33:44:55 public');
    this.onState?.(true);
    return true;
  }

  disconnect(): void {
    if (!this.connected) return;
    this.connectedMtu = 0;
    if (this.waiting !== undefined) this.world.cancel(this.waiting);
    this.waiting = undefined;
    this.nrf?.raise('disconnect', 19);
    this.onState?.(false);
  }

  /** The central writes; longer data go as several packets, one an interval. */
  write(uuid: string, bytes: Buffer): void {
    let delay = this.intervalMs;
    for (let at = 0; at < bytes.length; at += this.payload, delay += this.intervalMs) {
      const piece = Buffer.from(bytes.subarray(at, at + this.payload));
      const nrf = this.nrf;
      this.world.after(delay, () => {
        if (this.connected && this.nrf === nrf) nrf?.written(uuid, piece);
      });
    }
  }

  /** From the firmware. */
  notify(uuid: string, bytes: Buffer): void {
    if (!this.connected) return;
    if (this.waiting !== undefined) {
      this.dropped++;
      return;
    }
    const piece = Buffer.from(bytes.subarray(0, this.payload));
    this.waiting = this.world.after(this.intervalMs, () => {
      this.waiting = undefined;
      this.onNotify?.(uuid, piece);
      this.world.touch();
    });
  }
}

/** NRF (also known as Bluetooth's other half) for one run of the firmware. */
export class Nrf extends Emitter {
  advertising = true;
  private readonly radio: Radio;
  private readonly chipId: Buffer;
  private readonly table = new Map<string, Characteristic>();

  constructor(processor: Processor, radio: Radio, chipId: Buffer) {
    super(processor);
    this.radio = radio;
    this.chipId = chipId;
  }

  setServices(services: Record<string, Record<string, Record<string, unknown>>>, _options?: unknown): void {
    this.processor.check();
    this.table.clear();
    for (const service of Object.values(services)) {
      for (const [uuid, given] of Object.entries(service)) {
        this.table.set(uuid.toLowerCase(), {
          value: given['value'] === undefined ? Buffer.alloc(0) : toBytes(given['value']),
          maxLen: Number(given['maxLen'] ?? 20),
          writable: given['writable'] === true,
          notify: given['notify'] === true,
          onWrite: given['onWrite'] as Characteristic['onWrite'],
        });
      }
    }
  }

  updateServices(services: Record<string, Record<string, { value?: unknown; notify?: boolean }>>): void {
    this.processor.check();
    for (const service of Object.values(services)) {
      for (const [uuid, given] of Object.entries(service)) {
        const characteristic = this.table.get(uuid.toLowerCase());
        if (characteristic === undefined) throw new Error(`Unable to find service with UUID ${uuid}`);
        if (given.value === undefined) continue;
        const bytes = toBytes(given.value);
        if (bytes.length > characteristic.maxLen) throw new Error('Got BLE error code 12 in gatts_value_set');
        characteristic.value = bytes;
        if (given.notify === true && characteristic.notify) this.radio.notify(uuid.toLowerCase(), bytes);
      }
    }
  }

  setAdvertising(_data: unknown, _options?: unknown): void {
    this.processor.check();
  }
  setTxPower(_power: number): void {
    this.processor.check();
  }
  setConnectionInterval(_interval: unknown): void {
    this.processor.check();
  }
  setSecurity(_options: unknown): void {
    this.processor.check();
  }
  sleep(): void {
    this.processor.check();
    this.advertising = false;
  }
  wake(): void {
    this.processor.check();
    this.advertising = true;
  }
  restart(callback?: () => void): void {
    this.processor.check();
    this.radio.disconnect();
    if (callback !== undefined) this.processor.enter(callback);
  }
  disconnect(): void {
    this.processor.check();
    this.radio.disconnect();
  }
  getSecurityStatus(): object {
    this.processor.check();
    return this.radio.connected ? { connected: true, encrypted: false } : { advertising: this.advertising };
  }
  getAddress(): string {
    this.processor.check();
    return [...this.chipId.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  }
  /** Supply of the chip, volts: behind the regulator, whatever the battery has. */
  getBattery(): number {
    this.processor.check();
    return 3.3;
  }

  /** A central wrote to a characteristic. */
  written(uuid: string, bytes: Buffer): void {
    const characteristic = this.table.get(uuid.toLowerCase());
    if (characteristic?.writable !== true) return;
    const data = toArrayBuffer(bytes.subarray(0, characteristic.maxLen));
    const call = characteristic.onWrite;
    if (call !== undefined) this.processor.enter(() => call({ data }));
  }
}
