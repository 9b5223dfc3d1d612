/** Configuration file of the bridge. */
import { bytesOfHex } from '../common/bytes';
import ipaddr from 'ipaddr.js';
import * as v from 'valibot';
import { DeviceList, hexadecimal, HolderName, JWT_SETTINGS, Limits, Listen, Text, Tls, tokenList, whole, type Checked } from '../common/config';
import { COMMON, Problem } from '../common/errors';
import type { Bytes } from '../../protocol';

/** read: look · permit: hand in permits · grant: hand in other statements, ask for nonces, end a use · webhook: have events sent · admin: put right */
export const SCOPES = ['read', 'permit', 'grant', 'webhook', 'admin'] as const;

/** JWTs of the company's people, see common/oidc.ts. */
const Oidc = v.strictObject({
  ...JWT_SETTINGS,
  claim: v.optional(Text, 'scope'),
  /** What a word of the claim stands for: scopes, or scopes for some devices. */
  scopes: v.record(v.string(), v.union([v.array(v.picklist(SCOPES)), v.strictObject({ scopes: v.array(v.picklist(SCOPES)), devices: DeviceList })])),
});

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
  limits: Limits,
  tls: v.exactOptional(Tls),
  /** Clients known by their certificate: SHA-256 of it (openssl x509 -fingerprint -sha256), without colons, in lower case. */
  certificates: v.optional(v.pipe(v.array(v.strictObject({ name: HolderName, sha256: hexadecimal(64), scopes: v.pipe(v.array(v.picklist(SCOPES)), v.minLength(1)), devices: v.exactOptional(DeviceList) })), v.maxLength(1000)), []),
  oidc: v.exactOptional(Oidc),
  /** Where webhooks may go beside public addresses over TLS: networks (CIDR), and plain http; for how many days those of a person stay after they last called for webhooks. */
  webhooks: v.optional(v.strictObject({ networks: v.optional(v.pipe(v.array(v.pipe(v.string(), v.check((text) => ipaddr.isValidCIDR(text), 'Invalid network'))), v.maxLength(100)), []), http: v.optional(v.boolean(), false), personDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3650)), 30) }), {}),
  /** A broker that events are published to (MQTT 5). The password best as "env:NAME" or "file:PATH"; files of PEM as in `tls`. */
  mqtt: v.exactOptional(v.strictObject({
    url: v.pipe(v.string(), v.regex(/^(mqtts?|wss?):\/\/[^@]+$/)),
    prefix: v.optional(v.pipe(v.string(), v.regex(/^[^+#\s/][^+#\s]*[^+#\s/]$/), v.maxLength(200)), 'smartseal'),
    clientId: v.exactOptional(v.pipe(Text, v.maxLength(23))), username: v.exactOptional(Text), password: v.exactOptional(Text), ca: v.exactOptional(Text), cert: v.exactOptional(Text), key: v.exactOptional(Text),
    /** Only these devices are told of. */
    devices: v.exactOptional(DeviceList),
  })),
  /** Calls kept in the audit. */
  auditKept: v.optional(whole(1000, 100_000_000), 1_000_000),
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
  /** Desks that this bridge connects to by itself, where nothing may come in: address, name of this bridge there, its token (or "env:NAME"); `cert` and `key` where the desk asks for a certificate. */
  uplinks: v.optional(v.pipe(v.array(v.pipe(v.strictObject({ url: v.pipe(v.string(), v.regex(/^https?:\/\//), v.check((text) => URL.canParse(text), 'Invalid address')), name: v.pipe(Text, v.maxLength(64)), token: Text, ca: v.exactOptional(Text), cert: v.exactOptional(Text), key: v.exactOptional(Text) }), v.check(({ cert, key }) => (cert === undefined) === (key === undefined), 'cert and key together'))), v.maxLength(16)), []),
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
