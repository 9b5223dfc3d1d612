/** Tables of what happened around sign-in and access. None holds a secret, nor what somebody typed. */
import type { Migration } from '../../common/database';

export interface SecurityTables {
  /** `count` alike from `at` to `until`. `person`: who called, or whose account it is; null: nobody known. */
  security_event: { id: number; at: number; until: number; count: number; kind: string; person: number | null; how: string; code: string; what: string; address: string };
  /** What a person is told of their own account. `seen`: when they said that they have; `pushed`: 1 when it was handed to their browsers. */
  account_notice: { id: number; person: number; at: number; kind: string; detail: string; seen: number | null; pushed: number };
  /** Browsers by which a person has signed in, known by a cookie. */
  known_browser: { sha256: string; person: number; created: number; seen: number };
}

export const SECURITY_MIGRATION: Migration = {
  name: '0027-security',
  up: [
    `CREATE TABLE security_event (id BIGINT PRIMARY KEY, at BIGINT NOT NULL, until BIGINT NOT NULL, count BIGINT NOT NULL, kind TEXT NOT NULL, person BIGINT, how TEXT NOT NULL, code TEXT NOT NULL,
       what TEXT NOT NULL, address TEXT NOT NULL)`,
    `CREATE INDEX security_event_person ON security_event (person, id)`,
    `CREATE INDEX security_event_kind ON security_event (kind, id)`,
    `CREATE TABLE account_notice (id BIGINT PRIMARY KEY, person BIGINT NOT NULL REFERENCES person(id), at BIGINT NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL, seen BIGINT, pushed BIGINT NOT NULL)`,
    `CREATE INDEX account_notice_person ON account_notice (person, id)`,
    `CREATE INDEX account_notice_pushed ON account_notice (pushed, id)`,
    `CREATE TABLE known_browser (sha256 TEXT NOT NULL, person BIGINT NOT NULL REFERENCES person(id), created BIGINT NOT NULL, seen BIGINT NOT NULL, PRIMARY KEY (person, sha256))`,
  ],
};
