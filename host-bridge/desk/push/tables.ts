/** Tables of web push. An endpoint is a capability: whoever knows it can send there, so it is shown to nobody. */
import type { Migration } from '../../common/database';

export interface PushTables {
  push_subscription: { id: string; person: number; endpoint: string; p256dh: string; auth: string; language: string; created: number; agent: string; /** When it was ended; it gets what was told until then, and goes. Null: it is in use. */ ended: number | null };
  /** Up to which event it was looked what has to be pushed. */
  push_mark: { name: string; event: number };
  push_message: { subscription: string; event: number; case_id: string; tries: number; due: number; until: number; /** Of a person's own account: its number, and then there is no case and `event` is its negative. */ notice: number | null };
}

export const PUSH_MIGRATION: Migration = {
  name: '0020-push',
  up: [
    `CREATE TABLE push_subscription (id TEXT PRIMARY KEY, person BIGINT NOT NULL REFERENCES person(id), endpoint TEXT NOT NULL, p256dh TEXT NOT NULL, auth TEXT NOT NULL, language TEXT NOT NULL,
       created BIGINT NOT NULL, agent TEXT NOT NULL)`,
    `CREATE INDEX push_subscription_person ON push_subscription (person, created)`,
    `CREATE TABLE push_mark (name TEXT PRIMARY KEY, event BIGINT NOT NULL)`,
    `CREATE TABLE push_message (subscription TEXT NOT NULL, event BIGINT NOT NULL, case_id TEXT NOT NULL, tries BIGINT NOT NULL, due BIGINT NOT NULL, until BIGINT NOT NULL, PRIMARY KEY (subscription, event))`,
    `CREATE INDEX push_message_due ON push_message (due)`,
  ],
};

export const PUSH_NOTICES_MIGRATION: Migration = { name: '0029-push-notices', up: [`ALTER TABLE push_message ADD COLUMN notice BIGINT`] };

export const PUSH_ENDED_MIGRATION: Migration = { name: '0030-push-ended', up: [`ALTER TABLE push_subscription ADD COLUMN ended BIGINT`] };
