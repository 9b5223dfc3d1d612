/** The bridge's database: what has been received and not yet answered for by anybody else. */
import { API_MIGRATIONS, type ApiSchema } from './api-tables';
import type { Generated } from 'kysely';
import type { Migration } from '../common/database';
import { EVENT_MIGRATION, type EventSchema } from '../common/events';
import { RETENTION_MIGRATION, type RetentionSchema } from './retention-tables';

export interface DeviceTable {
  /** Lower-case hexadecimal. */
  id: string;
  firmware: string;
  /** Unix milliseconds of the last word from it. */
  seen_at: number;
  /** The chain being received: 0, and one more each time the device came with another history. */
  branch: number;
  /** Sequence number of the record wanted next, in that branch. */
  next_seq: number;
  /** SHA-256 of the record before it; empty: not known (a chain taken up in the middle). */
  head: Buffer;
  /** 1 when nothing more is taken because the device brought too many histories. */
  quarantined: number;
}

export interface RecordTable {
  device: string;
  branch: number;
  seq: number;
  kind: number;
  bytes: Buffer;
  /** Unix milliseconds of arrival. */
  at: number;
}

/** A photo that a record names. */
export interface PhotoTable {
  device: string;
  digest: string;
  size: number;
  branch: number;
  seq: number;
  /** released: the register has it, and the bridge keeps it no more. */
  state: 'wanted' | 'stored' | 'gone' | 'released';
  /** Times its bytes came whole and wrong. */
  failures: number;
}

/** A permit or another statement on its way to a device. */
export interface DeliveryTable {
  id: Generated<number>;
  device: string;
  kind: 'permit' | 'grant';
  /** Permit id, or the SHA-256 of the grant. */
  key: string;
  bytes: Buffer;
  state: 'queued' | 'delivered' | 'applied' | 'refused';
  /** Name of the RefusalCode when refused. */
  code: string | null;
  /** Of a permit, as the device told last. */
  count: number | null;
  used: number | null;
  closed: number | null;
  /** Unix milliseconds. */
  at: number;
}

/** Something that should never be and is kept for people to look at; the same one again only counts up. */
export interface IncidentTable {
  id: Generated<number>;
  device: string;
  kind: string;
  branch: number;
  seq: number;
  /** SHA-256 of the detail, so that the same finding stands here once. */
  fingerprint: string;
  /** JSON. */
  detail: string;
  times: number;
  first_at: number;
  last_at: number;
}

export interface BridgeSchema extends EventSchema, ApiSchema, RetentionSchema {
  meta: { name: string; value: string };
  device: DeviceTable;
  record: RecordTable;
  photo: PhotoTable;
  delivery: DeliveryTable;
  incident: IncidentTable;
}

export const MIGRATIONS: readonly Migration[] = [
  EVENT_MIGRATION,
  {
    name: '0002-bridge',
    up: [
      `CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)`,
      `CREATE TABLE device (
        id TEXT PRIMARY KEY, firmware TEXT NOT NULL, seen_at INTEGER NOT NULL, branch INTEGER NOT NULL,
        next_seq INTEGER NOT NULL, head BLOB NOT NULL, quarantined INTEGER NOT NULL)`,
      `CREATE TABLE record (
        device TEXT NOT NULL, branch INTEGER NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL, bytes BLOB NOT NULL,
        at INTEGER NOT NULL, PRIMARY KEY (device, branch, seq))`,
      `CREATE TABLE photo (
        device TEXT NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL, branch INTEGER NOT NULL, seq INTEGER NOT NULL,
        state TEXT NOT NULL, failures INTEGER NOT NULL, PRIMARY KEY (device, digest))`,
      `CREATE INDEX photo_wanted ON photo (device, branch, seq) WHERE state = 'wanted'`,
      `CREATE TABLE delivery (
        id INTEGER PRIMARY KEY AUTOINCREMENT, device TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, bytes BLOB NOT NULL,
        state TEXT NOT NULL, code TEXT, count INTEGER, used INTEGER, closed INTEGER, at INTEGER NOT NULL,
        UNIQUE (device, kind, key))`,
      `CREATE INDEX delivery_queued ON delivery (device, id) WHERE state = 'queued'`,
      `CREATE TABLE incident (
        id INTEGER PRIMARY KEY AUTOINCREMENT, device TEXT NOT NULL, kind TEXT NOT NULL, branch INTEGER NOT NULL,
        seq INTEGER NOT NULL, fingerprint TEXT NOT NULL, detail TEXT NOT NULL, times INTEGER NOT NULL,
        first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, UNIQUE (device, kind, branch, seq, fingerprint))`,
    ],
  },
  ...API_MIGRATIONS,
  RETENTION_MIGRATION,
];
