/**
 * Seeed XIAO nRF52840 under Espruino (board XIAOBLE, or better its own board file: HARDWARE.md). The actuators are let go
 * and the console is taken off all ports before anything else happens.
 */
import { BoardId } from '../../protocol/image';
import type { Bytes } from '../../protocol/natives';
import type { Board, LinkPort } from './board';
import { JOURNAL, PHOTOS, SLOT_A, SLOT_B, STATE, VAULT_ADDRESS } from './files';
import type { Timers } from './interpreter';
import { createFont, createNatives, createSerialLink, createTimers, createUptime, flashAt, flashOfFile, tidy } from './interpreter';

/** External flash as the interpreter maps it. */
const STORAGE = 0x60000000;
/** nRF52840 PS v1.1, 5.3.7: POWER.RESETREAS and POWER.USBREGSTATUS. Reading is allowed beside the SoftDevice. */
const RESETREAS = 0x40000400;
const USBREGSTATUS = 0x40000438;
/** The supply is what analogRead calls 1. */
const SUPPLY = 3300;
/** A braked motor is let go after so long, ms. */
const BRAKE = 200;

/** Service; 0002 of it is written by the host, 0003 notifies the host. Keys of literals cannot be computed here. */
const SERVICE = '7d1a0001-5ea1-4c0b-9e3a-2f6b8c1d9a10';
/** One notification at the interpreter's MTU of 131. */
const BLE_FRAME = 128;
/** Bytes of a notification at the least MTU, 23. */
const BLE_LEAST = 20;
/** One notification a connection interval fits the radio's queue; the interpreter drops what does not. ms */
const BLE_PACE = 20;

function hardwareRandom(length: number): Bytes {
  let bytes = '';
  while (bytes.length < length) {
    const word = E.hwRand();
    bytes += String.fromCharCode(word & 255, (word >> 8) & 255, (word >> 16) & 255, (word >> 24) & 255);
  }
  return bytes.substr(0, length);
}

/** RESETREAS keeps every cause until power goes; the gravest one is told. */
function resetCause(): number {
  const reason = peek32(RESETREAS);
  if (reason & 2) return 2;
  if (reason & 12) return 3;
  if (reason & 1) return 4;
  return reason === 0 ? 1 : 0;
}

function createBleLink(uptime: () => number, timers: Timers): LinkPort {
  let connected = false;
  let sent = 0;
  // The interpreter does not tell the MTU, and cuts off what is longer. As much as the host has once written in one piece fits the other way too.
  let piece = BLE_LEAST;
  let rest = '';
  let receiver: ((bytes: Bytes) => void) | undefined;
  NRF.on('connect', function () {
    connected = true;
    piece = BLE_LEAST;
    rest = '';
  });
  NRF.on('disconnect', function () {
    connected = false;
    rest = '';
  });
  NRF.setServices(
    {
      '7d1a0001-5ea1-4c0b-9e3a-2f6b8c1d9a10': {
        '7d1a0002-5ea1-4c0b-9e3a-2f6b8c1d9a10': {
          writable: true,
          maxLen: BLE_FRAME,
          onWrite(event: { data: ArrayBuffer }): void {
            const bytes = '' + E.toString(event.data);
            if (bytes.length > piece) piece = bytes.length;
            if (receiver) receiver(bytes);
          },
        },
        '7d1a0003-5ea1-4c0b-9e3a-2f6b8c1d9a10': { notify: true, maxLen: BLE_FRAME, value: '' },
      },
    },
    { uart: false, advertise: [SERVICE] },
  );

  function notify(): boolean {
    if (!rest) return false;
    const bytes = rest.substr(0, piece);
    rest = rest.substr(piece);
    sent = uptime();
    try {
      NRF.updateServices({ '7d1a0001-5ea1-4c0b-9e3a-2f6b8c1d9a10': { '7d1a0003-5ea1-4c0b-9e3a-2f6b8c1d9a10': { value: bytes, notify: true } } });
    } catch (error) {
      rest = '';
      return false;
    }
    if (rest) timers.after(BLE_PACE, notify);
    return true;
  }

  return {
    name: 'ble',
    frameMax: BLE_FRAME,
    write(bytes: Bytes): boolean {
      if (!connected || rest) return false;
      rest = bytes;
      const wait = sent + BLE_PACE - uptime();
      if (wait <= 0) return notify();
      timers.after(wait, notify);
      return true;
    },
    onBytes(receive: (bytes: Bytes) => void): void {
      receiver = receive;
    },
  };
}

export function createBoard(): Board {
  digitalWrite(D31, 0);
  digitalWrite(D1, 0);
  digitalWrite(D2, 0);
  E.setConsole(null, { force: true });
  E.enableWatchdog(10, false);
  digitalWrite(D3, 1);
  SPI1.setup({ sck: D8, miso: D9, mosi: D10, baud: 8000000, mode: 0 });
  I2C1.setup({ sda: D4, scl: D5, bitrate: 400000 });
  Serial1.setup(57600, { tx: D6, rx: D7 });
  // The battery's divider stays on: without it the pin would see more than the supply while charging.
  digitalWrite(D14, 1);

  const uptime = createUptime();
  const timers = createTimers();
  let brake = 0;
  let driven = false;

  return {
    natives: createNatives(hardwareRandom),
    resetCause: resetCause(),
    uptime,
    after: timers.after,
    cancel: timers.cancel,
    links: [
      createSerialLink('usb', USB, 2048, timers, function () {
        return USB.isConnected();
      }),
      createBleLink(uptime, timers),
    ],
    reader: {
      write(bytes: Bytes): boolean {
        Serial1.write(bytes);
        return true;
      },
      onBytes(receive: (bytes: Bytes) => void): void {
        Serial1.on('data', receive);
      },
    },
    camera(bytes: Bytes): Bytes {
      return SPI1.send(bytes, D3);
    },
    i2cWrite(address: number, bytes: Bytes): boolean {
      try {
        I2C1.writeTo(address, bytes);
      } catch (error) {
        return false;
      }
      return true;
    },
    i2cRead(address: number, register: number, length: number): Bytes {
      try {
        return E.toString(I2C1.readReg(address, register, length));
      } catch (error) {
        return '';
      }
    },
    bolt(on: boolean): void {
      digitalWrite(D31, on ? 1 : 0);
    },
    motor(duty: number): void {
      timers.cancel(brake);
      const was = driven;
      driven = duty !== 0;
      // 20 kHz is above hearing and well below the bridge's 200 kHz.
      if (duty > 0) {
        digitalWrite(D2, 0);
        analogWrite(D1, duty, { freq: 20000 });
      } else if (duty < 0) {
        digitalWrite(D1, 0);
        analogWrite(D2, -duty, { freq: 20000 });
      } else if (was) {
        digitalWrite(D1, 1);
        digitalWrite(D2, 1);
        brake = timers.after(BRAKE, function () {
          digitalWrite(D1, 0);
          digitalWrite(D2, 0);
        });
      } else {
        digitalWrite(D1, 0);
        digitalWrite(D2, 0);
      }
    },
    motorCurrent(): number {
      return Math.round(analogRead(D0) * SUPPLY);
    },
    battery(): number {
      return Math.round((analogRead(D32) * SUPPLY * 1510) / 510);
    },
    tidy: tidy,
    usbPower(): boolean {
      return (peek32(USBREGSTATUS) & 1) !== 0;
    },
    dieTags(): Bytes[] {
      return new OneWire(D30).search().map(function (code: string): Bytes {
        let bytes = '';
        for (let i = 0; i < 16; i += 2) bytes += String.fromCharCode(parseInt(code.substr(i, 2), 16));
        return bytes;
      });
    },
    vault: flashAt(VAULT_ADDRESS, 2),
    state: flashOfFile(STORAGE, STATE),
    journal: flashOfFile(STORAGE, JOURNAL),
    photos: flashOfFile(STORAGE, PHOTOS),
    font: createFont(),
    images: { board: BoardId.XIAO, slots: [flashOfFile(STORAGE, SLOT_A), flashOfFile(STORAGE, SLOT_B)], running: SLOT },
    kick(): void {
      E.kickWatchdog();
    },
    reset(): void {
      E.reboot();
    },
  };
}
