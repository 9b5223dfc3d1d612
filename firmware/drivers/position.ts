/**
 * Position receiver u-blox M8 or M10 on I2C (DDC), address 0x42 (UBX-13003221, "DDC Port"): registers 0xFD and 0xFE tell how many
 * bytes wait, 0xFF gives them. It speaks NMEA 0183 once a second; of that RMC and GGA are read, and the rest is switched off.
 *
 * A fix is believed where both sentences of one second have right checksums and agree, RMC says valid, GGA says a measured
 * fix (not dead reckoning) of four satellites or more, and the second is another one than last time. Its accuracy is taken as HDOP × 5 m, which
 * holds 95 of 100 fixes under an open sky. While nobody asks the receiver's work is stopped (UBX-CFG-RST), and it is left alone.
 */
import type { Bytes } from '../../protocol/natives';
import type { Board } from '../board/board';
import type { Fix, Position } from '../core/parts';

const ADDRESS = 0x42;
const COUNT = 0xfd;
const STREAM = 0xff;
/** UBX-CFG-RST, nothing forgotten: GNSS started, stopped. */
const START = '\xb5\x62\x06\x04\x04\x00\x00\x00\x09\x00\x17\x76';
const STOP = '\xb5\x62\x06\x04\x04\x00\x00\x00\x08\x00\x16\x74';
/** UBX-CFG-MSG, rate 0 on this port: GLL, GSA, GSV, VTG. */
const QUIET = '\xb5\x62\x06\x01\x03\x00\xf0\x01\x00\xfb\x11\xb5\x62\x06\x01\x03\x00\xf0\x02\x00\xfc\x13\xb5\x62\x06\x01\x03\x00\xf0\x03\x00\xfd\x15\xb5\x62\x06\x01\x03\x00\xf0\x05\x00\xff\x19';
/** Bytes of one transaction, and transactions of one look: two seconds of every sentence there is. */
const PIECE = 240;
const PIECES = 6;
/** The longest sentence has 82 characters. */
const SENTENCE = 100;
/** ms without a sound sentence after which something is wrong. */
const SILENT = 6000;
/** Metres for an HDOP of 100, and least. */
const ERROR = 500;
const LEAST = 3;

/** The number that digits say; -1 where there is anything else, or nothing. */
export function digits(text: string): number {
  let v = text === '' ? -1 : 0;
  for (let i = 0; i < text.length && v >= 0; i++) {
    const c = text.charCodeAt(i) - 48;
    v = c >= 0 && c < 10 ? v * 10 + c : -1;
  }
  return v;
}

/** Degrees and minutes (`ddmm.mmmmm` with two digits of degrees, or three) as 1e-7 degree; NaN where they are none. */
export function degrees(text: string, width: number, negative: boolean): number {
  const whole = digits(text.substr(0, width));
  const minutes = digits(text.substr(width, 2));
  const parts = digits((text.substr(width + 3) + '00000').substr(0, 5));
  const v = whole * 10000000 + Math.round(((minutes * 100000 + parts) * 5) / 3);
  if (whole < 0 || minutes < 0 || minutes > 59 || parts < 0 || text.charAt(width + 2) !== '.' || v > (width - 1) * 900000000) return NaN;
  return negative ? -v : v;
}

/** The fields of a sentence of this kind, behind its first; none where it is another or its checksum is wrong. */
export function sentence(line: string, kind: string): string[] {
  // What stands before the last sign was cut off.
  const said = line.split('$').pop() as string;
  const end = said.length - 3;
  // Two letters say which satellites it comes from.
  if (said.length === line.length || said.substr(2, 4) !== kind + ',' || said.charAt(end) !== '*') return [];
  let sum = 0;
  for (let i = 0; i < end; i++) sum = sum ^ said.charCodeAt(i);
  if ((sum + 256).toString(16).substr(1).toUpperCase() !== said.substr(end + 1)) return [];
  return said.substring(6, end).split(',');
}

export function createPosition(board: Board): Position {
  let wanted = false;
  /** What the receiver was told: 0 nothing, 1 stop, 2 start. */
  let told = 0;
  let rest = '';
  /** Of the last valid RMC: its second and place, as they stand there. */
  let second = '';
  let place = '';
  let last = '';
  let heard = 0;
  /** More was waiting than one look reads: nothing is news until all of that is gone. */
  let behind = false;

  function gga(line: string): Fix | undefined {
    const f = sentence(line, 'GGA');
    if (f.length < 8) return undefined;
    heard = board.uptime();
    const latitude = degrees(f[1] as string, 2, f[2] === 'S');
    const longitude = degrees(f[3] as string, 3, f[4] === 'W');
    const hdop = (f[7] as string).split('.');
    const error = digits(hdop[0] as string) * 100 + digits(((hdop[1] === undefined ? '' : hdop[1]) + '00').substr(0, 2));
    const quality = f[5] as string;
    if (quality.length !== 1 || '1245'.indexOf(quality) < 0 || digits(f[6] as string) < 4 || !(error > 0) || isNaN(latitude) || isNaN(longitude)) return undefined;
    if (f[0] !== second || f[0] === last || f.slice(1, 5).join(',') !== place) return undefined;
    last = second;
    const accuracy = Math.ceil((error * ERROR) / 10000);
    return { latitude: latitude, longitude: longitude, accuracy: accuracy < LEAST ? LEAST : accuracy, at: heard };
  }

  function rmc(line: string): void {
    const f = sentence(line, 'RMC');
    if (f.length < 6) return;
    heard = board.uptime();
    second = f[1] === 'A' ? (f[0] as string) : '';
    place = f.slice(2, 6).join(',');
  }

  /** Bytes that wait; -1: no answer. */
  function waiting(): number {
    const b = board.i2cRead(ADDRESS, COUNT, 2);
    return b.length === 2 ? b.charCodeAt(0) * 256 + b.charCodeAt(1) : -1;
  }

  function tell(): void {
    const message = wanted ? START + QUIET : STOP;
    if (board.i2cWrite(ADDRESS, message)) told = wanted ? 2 : 1;
    heard = board.uptime();
    rest = '';
  }

  function read(): Bytes {
    let all = rest;
    for (let i = 0; i < PIECES; i++) {
      const count = waiting();
      if (count <= 0 || count === 65535) {
        // Behind what was too much, the last of it may be as old.
        if (behind) all = '';
        behind = false;
        return all;
      }
      all += board.i2cRead(ADDRESS, STREAM, count < PIECE ? count : PIECE);
    }
    behind = true;
    return '';
  }

  return {
    need(on: boolean): void {
      wanted = on;
    },
    look(): Fix | undefined {
      let found: Fix | undefined;
      if (told !== (wanted ? 2 : 1)) tell();
      if (!wanted) return undefined;
      const lines = read().split('\r\n');
      rest = lines.pop() as string;
      if (rest.length > SENTENCE) rest = '';
      for (const line of lines) {
        rmc(line);
        const fix = gga(line);
        if (fix !== undefined) found = fix;
      }
      return found;
    },
    fault(): boolean {
      return wanted && board.uptime() - heard > SILENT;
    },
  };
}
