/** SPI1, I2C1 and OneWire of the interpreter. */
import type { OneWireBus } from '../parts/onewire';
import { toBinary, toBytes } from './bytes';
import type { Hardware } from './hardware';
import { Pin, type Pins } from './pins';
import type { Processor } from './processor';

/** nrfx: address not acknowledged (NRFX_ERROR_DRV_TWI_ERR_ANACK). */
const TWI_ADDRESS_NACK = 0x8201;
const CALL_MS = 0.1;

export class Spi {
  private readonly processor: Processor;
  private readonly hardware: Hardware;
  private readonly pins: Pins;
  private byteMs = 0;

  constructor(processor: Processor, hardware: Hardware, pins: Pins) {
    this.processor = processor;
    this.hardware = hardware;
    this.pins = pins;
  }

  setup(options: { baud?: number } = {}): void {
    this.processor.check();
    // The SPIM runs at a power of two of 125 kHz, 8 MHz at most on this port.
    this.byteMs = 8000 / Math.min(8_000_000, Math.max(125_000, options.baud ?? 100_000));
  }

  /** A number gives a number, a string a string, anything else a Uint8Array. */
  send(data: unknown, select?: unknown): unknown {
    this.processor.check();
    this.processor.mayFail();
    if (this.byteMs === 0) throw new Error('SPI1 is not set up');
    const bytes = toBytes(data);
    if (select instanceof Pin) this.pins.write(select, 0);
    this.processor.spend(CALL_MS + bytes.length * this.byteMs);
    const answer = this.hardware.spi(bytes);
    if (select instanceof Pin) this.pins.write(select, 1);
    if (typeof data === 'number') return answer[0];
    return typeof data === 'string' ? toBinary(answer) : answer;
  }

  write(...data: unknown[]): void {
    const select = data.at(-1) instanceof Pin ? data.pop() : undefined;
    this.send(data, select);
  }
}

export class I2c {
  private readonly processor: Processor;
  private readonly hardware: Hardware;
  private byteMs = 0;

  constructor(processor: Processor, hardware: Hardware) {
    this.processor = processor;
    this.hardware = hardware;
  }

  setup(options: { bitrate?: number } = {}): void {
    this.processor.check();
    this.byteMs = 9000 / Math.min(400_000, options.bitrate ?? 100_000);
  }

  /** @throws Error where the part does not acknowledge */
  writeTo(address: number | { address: number; stop?: boolean }, ...data: unknown[]): void {
    const bytes = toBytes(data);
    this.begin(bytes.length);
    if (!this.hardware.i2cWrite(addressOf(address), bytes)) throw new Error(`I2C Write Error ${TWI_ADDRESS_NACK}`);
  }

  readFrom(address: number | { address: number; stop?: boolean }, count: number): Uint8Array {
    this.begin(count);
    const bytes = this.hardware.i2cRead(addressOf(address), count);
    if (bytes === undefined) throw new Error(`I2C Read Error ${TWI_ADDRESS_NACK}`);
    return bytes;
  }

  readReg(address: number, register: number, count: number): Uint8Array {
    this.begin(1);
    if (!this.hardware.i2cWrite(address, toBytes(register))) throw new Error(`I2C Write Error ${TWI_ADDRESS_NACK}`);
    return this.readFrom(address, count);
  }

  private begin(bytes: number): void {
    this.processor.check();
    if (this.byteMs === 0) throw new Error('I2C1 is not set up');
    this.processor.spend(CALL_MS + (bytes + 1) * this.byteMs);
  }
}

function addressOf(address: number | { address: number }): number {
  return typeof address === 'number' ? address : address.address;
}

/** Constructor `new OneWire(pin)` for one processor. */
export function oneWireClass(processor: Processor, hardware: Hardware): new (pin: unknown) => object {
  return class OneWire {
    private readonly bus: OneWireBus | undefined;
    private answer: Buffer = Buffer.alloc(0);

    constructor(pin: unknown) {
      processor.check();
      this.bus = hardware.oneWire(String(pin));
    }
    reset(): boolean {
      processor.check();
      processor.spend(1);
      this.answer = Buffer.alloc(0);
      return this.bus?.reset() ?? false;
    }
    /** ROM codes as hex strings of 16 characters. */
    search(): string[] {
      processor.check();
      // 3 slots a bit, 64 bits, 70 us a slot, for each chip.
      const found = this.bus?.search() ?? [];
      processor.spend(14 * Math.max(1, found.length));
      return found;
    }
    select(_rom: unknown): void {
      processor.check();
    }
    skip(): void {
      processor.check();
    }
    write(data: unknown): void {
      processor.check();
      if (toBytes(data)[0] === 0x33) this.answer = this.bus?.readRom() ?? Buffer.alloc(8, 0xff);
    }
    read(count?: number): number | Uint8Array {
      processor.check();
      const take = (): number => {
        const byte = this.answer[0] ?? 0xff;
        this.answer = this.answer.subarray(1);
        return byte;
      };
      if (count === undefined) return take();
      const out = new Uint8Array(count);
      for (let i = 0; i < count; i++) out[i] = take();
      return out;
    }
  };
}
