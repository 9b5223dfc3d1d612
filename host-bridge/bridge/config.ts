/** Configuration file of the bridge. */
import { Type, type Static } from 'typebox';
import { COMMON, Problem } from '../common/errors';
import { Listen, tokenList } from '../common/config';
import { bytesOfHex } from '../common/bytes';
import type { Bytes } from '../../protocol';

/** read: look · permit: hand in permits · grant: hand in other statements, ask for nonces, end a use · admin: put right */
export const SCOPES = ['read', 'permit', 'grant', 'admin'] as const;

const FrameMax = Type.Optional(Type.Integer({ minimum: 128, maximum: 2048, description: 'Largest frame on the wire, bytes' }));

export const BridgeConfig = Type.Object(
  {
    listen: Listen,
    /** SQLite file. */
    database: Type.String({ minLength: 1 }),
    /** Directory of photos. */
    spool: Type.String({ minLength: 1 }),
    tokens: tokenList(SCOPES),
    ports: Type.Array(
      Type.Union([
        Type.Object(
          { kind: Type.Literal('serial'), path: Type.String({ minLength: 1 }), baud: Type.Integer({ minimum: 1200, maximum: 4_000_000, default: 115_200 }), frameMax: FrameMax },
          { additionalProperties: false },
        ),
        Type.Object(
          { kind: Type.Literal('tcp'), host: Type.String({ minLength: 1 }), port: Type.Integer({ minimum: 1, maximum: 65_535 }), frameMax: FrameMax },
          { additionalProperties: false },
        ),
      ]),
      { maxItems: 1000 },
    ),
    /** JSON object: device id → link key, both hexadecimal; readable by its owner only. */
    linkKeysFile: Type.String({ minLength: 1 }),
    /** Events kept for readers that come back. */
    eventsKept: Type.Integer({ minimum: 1000, maximum: 100_000_000, default: 1_000_000 }),
    logLevel: Type.String({ enum: ['debug', 'info', 'warn', 'error'], default: 'info' }),
  },
  { additionalProperties: false },
);

export type BridgeConfig = Static<typeof BridgeConfig>;

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
