/** Configuration file of the bridge. */
import { bytesOfHex } from '../common/bytes';
import * as v from 'valibot';
import { Listen, Text, tokenList, whole, type Checked } from '../common/config';
import { COMMON, Problem } from '../common/errors';
import type { Bytes } from '../../protocol';

/** read: look · permit: hand in permits · grant: hand in other statements, ask for nonces, end a use · admin: put right */
export const SCOPES = ['read', 'permit', 'grant', 'admin'] as const;

/** Largest frame on the wire, bytes. */
const frameMax = v.exactOptional(whole(128, 2048));

/** Address of a Bluetooth device. */
const bleAddress = v.pipe(v.string(), v.regex(/^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/, 'like AA:BB:CC:DD:EE:FF'), v.toUpperCase());
/** Id of a USB vendor or product: four hexadecimal digits. */
const usbId = v.pipe(v.string(), v.regex(/^[0-9a-fA-F]{4}$/, 'four hexadecimal digits'), v.toLowerCase());

export const BridgeConfig = v.strictObject({
  listen: Listen,
  /** SQLite file. */
  database: Text,
  /** Directory of photos. */
  spool: Text,
  tokens: tokenList(SCOPES),
  ports: v.pipe(
    v.array(
      v.variant('kind', [
        v.strictObject({ kind: v.literal('serial'), path: Text, baud: v.optional(whole(1200, 4_000_000), 115_200), frameMax }),
        v.strictObject({ kind: v.literal('usb'), vendor: usbId, product: v.exactOptional(usbId), serialNumber: v.exactOptional(Text), baud: v.optional(whole(1200, 4_000_000), 115_200), frameMax }),
        v.strictObject({ kind: v.literal('ble'), address: v.exactOptional(bleAddress), bond: v.optional(v.boolean(), false), adapter: v.exactOptional(Text) }),
        v.strictObject({ kind: v.literal('tcp'), host: Text, port: whole(1, 65_535), frameMax }),
      ]),
    ),
    v.maxLength(1000),
  ),
  /** Desks that this bridge connects to by itself, where nothing may come in: address, name of this bridge there, its token (or "env:NAME"). */
  uplinks: v.optional(v.pipe(v.array(v.strictObject({ url: v.pipe(v.string(), v.regex(/^https?:\/\//)), name: v.pipe(Text, v.maxLength(64)), token: Text, ca: v.exactOptional(Text) })), v.maxLength(16)), []),
  /** JSON object: device id → link key, both hexadecimal; readable by its owner only. */
  linkKeysFile: Text,
  /** Events kept for readers that come back. */
  eventsKept: v.optional(whole(1000, 100_000_000), 1_000_000),
  /** Days that records and photos stay here once the register has them. */
  keepDays: v.optional(whole(1, 36_500), 90),
  /** Megabytes of disk left free: below, photos wait on the devices and no permit is taken. */
  reserveMb: v.optional(whole(0, 1_000_000), 64),
  /** Kilobytes of captured frames kept of each device, for support. */
  captureKb: v.optional(whole(0, 4_096), 32),
  logLevel: v.optional(v.picklist(['debug', 'info', 'warn', 'error']), 'info'),
});

export type BridgeConfig = Checked<typeof BridgeConfig>;

/** Link keys by device id (lower-case hexadecimal). */
export type LinkKeys = ReadonlyMap<string, Bytes>;

/** Reads the text of a link keys file. Errors name the place, never a key. */
export function parseLinkKeys(text: string, path: string): LinkKeys {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem(COMMON.CONFIG, `${path} is not JSON`); // the parser's own text may quote a key
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem(COMMON.CONFIG, `${path} is not a JSON object`);
  const keys = new Map<string, Bytes>();
  for (const [id, hex] of Object.entries(value)) {
    const key = typeof hex === 'string' ? bytesOfHex(hex) : undefined;
    if (!/^[0-9a-f]{16}$/.test(id)) throw new Problem(COMMON.CONFIG, `${path}: a device id is not 16 hexadecimal digits`);
    if (key?.length !== 32) throw new Problem(COMMON.CONFIG, `${path}: the link key of ${id} is not 64 hexadecimal digits`);
    keys.set(id, key);
  }
  return keys;
}
