/** Tables of the webhooks. */
import type { Migration } from '../../common/database';

export interface WebhookTable {
  id: string;
  url: string;
  /** Present secret, and the one before with the Unix milliseconds until which both sign. */
  secret: Buffer;
  secret_before: Buffer | null;
  before_until: number;
  /** JSON lists; empty: all. */
  types: string;
  devices: string;
  /** off: by a person, or because the receiver answered 410. */
  state: 'on' | 'off';
  /** Events up to this one have been dealt out. */
  through: number;
  created: number;
  /** Name of the caller who made it. */
  owner: string;
  /** When the maker last called for webhooks, Unix milliseconds; kept of people only, to the hour. */
  seen: number;
  /** Newest attempt: Unix milliseconds (0: none), status, why. */
  last_at: number;
  last_status: number;
  last_why: string;
}

/** One event on its way to one webhook. */
export interface JobTable {
  webhook: string;
  event: number;
  device: string;
  type: string;
  at: number;
  /** JSON. */
  data: string;
  /** Answers that were no. */
  tries: number;
  /** Unix milliseconds before which it is not tried. */
  due: number;
  /** Unix milliseconds of the last no, when it was given up; 0: it waits. */
  dead: number;
  status: number;
  why: string;
}

export interface WebhookSchema {
  webhook: WebhookTable;
  webhook_job: JobTable;
}

export const WEBHOOK_MIGRATION: Migration = {
  name: '0011-webhooks',
  up: [
    `CREATE TABLE webhook (
      id TEXT PRIMARY KEY, url TEXT NOT NULL, secret BLOB NOT NULL, secret_before BLOB, before_until BIGINT NOT NULL, types TEXT NOT NULL, devices TEXT NOT NULL,
      state TEXT NOT NULL, through BIGINT NOT NULL, created BIGINT NOT NULL, owner TEXT NOT NULL, last_at BIGINT NOT NULL, last_status INTEGER NOT NULL, last_why TEXT NOT NULL)`,
    `CREATE TABLE webhook_job (
      webhook TEXT NOT NULL, event BIGINT NOT NULL, device TEXT NOT NULL, type TEXT NOT NULL, at BIGINT NOT NULL, data TEXT NOT NULL, tries INTEGER NOT NULL,
      due BIGINT NOT NULL, dead BIGINT NOT NULL, status INTEGER NOT NULL, why TEXT NOT NULL, PRIMARY KEY (webhook, event))`,
    `CREATE INDEX webhook_waiting ON webhook_job (webhook, device, event) WHERE dead = 0`,
    `CREATE INDEX webhook_dead ON webhook_job (webhook, event) WHERE dead > 0`,
  ],
};

export const WEBHOOK_SEEN: Migration = { name: '0012-webhook-seen', up: ['ALTER TABLE webhook ADD COLUMN seen BIGINT NOT NULL DEFAULT 0', 'UPDATE webhook SET seen = created'] };
