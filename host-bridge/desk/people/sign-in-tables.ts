/** Tables of how people sign in, and of where in the company they are. No secret stands here that could be shown again: digests, and what is encrypted. */
import type { Migration } from '../../common/database';

export interface SignInTables {
  /** `head` answers for the department; `leader` is who in the company's leadership is responsible for it. */
  department: { id: number; name: string; parent: number | null; head: number | null; leader: number | null };
  session: { sha256: string; id: string; person: number; how: string; created: number; seen: number; until: number; agent: string; address: string; ended: number | null };
  /** One that was removed stays: what was once signed with it must be checkable. */
  passkey: { id: string; credential: string; person: number; public_key: string; counter: number; transports: string; name: string; created: number; used: number | null; removed: number | null; /** Domain it is for; null: of before that was kept. */ rp_id: string | null };
  /** `hash`: PHC string of scrypt; `totp`: the secret, encrypted; `step`: the newest step of 30 seconds whose code was used. */
  password: { person: number; hash: string; totp: string; step: number; created: number };
  recovery_code: { sha256: string; person: number; used: number | null };
  /** Steps of a sign-in that are used up, until they would be over anyway. */
  used_step: { sha256: string; until: number };
  /** Failed sign-ins of an account or an address. `until`: no other is looked at before. */
  throttle: { subject: string; failures: number; last: number; until: number };
  invitation: { sha256: string; person: number; created: number; until: number; used: number | null };
}

export const SIGN_IN_MIGRATION: Migration = {
  name: '0005-sign-in',
  up: [
    // Who belongs where may go in circles between the two tables, so no key refers from one to the other.
    `CREATE TABLE department (id BIGINT PRIMARY KEY, name TEXT NOT NULL, parent BIGINT, head BIGINT, leader BIGINT)`,
    `ALTER TABLE person ADD COLUMN login TEXT`,
    `ALTER TABLE person ADD COLUMN department BIGINT`,
    `ALTER TABLE person ADD COLUMN title TEXT NOT NULL DEFAULT ''`,
    `CREATE UNIQUE INDEX person_login ON person (login)`,
    `CREATE TABLE session (sha256 TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, person BIGINT NOT NULL REFERENCES person(id), how TEXT NOT NULL, created BIGINT NOT NULL,
       seen BIGINT NOT NULL, until BIGINT NOT NULL, agent TEXT NOT NULL, address TEXT NOT NULL, ended BIGINT)`,
    `CREATE INDEX session_person ON session (person)`,
    `CREATE TABLE passkey (id TEXT PRIMARY KEY, credential TEXT NOT NULL UNIQUE, person BIGINT NOT NULL REFERENCES person(id), public_key TEXT NOT NULL, counter BIGINT NOT NULL,
       transports TEXT NOT NULL, name TEXT NOT NULL, created BIGINT NOT NULL, used BIGINT, removed BIGINT)`,
    `CREATE INDEX passkey_person ON passkey (person)`,
    `CREATE TABLE password (person BIGINT PRIMARY KEY REFERENCES person(id), hash TEXT NOT NULL, totp TEXT NOT NULL, step BIGINT NOT NULL, created BIGINT NOT NULL)`,
    `CREATE TABLE recovery_code (sha256 TEXT PRIMARY KEY, person BIGINT NOT NULL REFERENCES person(id), used BIGINT)`,
    `CREATE INDEX recovery_code_person ON recovery_code (person)`,
    `CREATE TABLE used_step (sha256 TEXT PRIMARY KEY, until BIGINT NOT NULL)`,
    `CREATE TABLE throttle (subject TEXT PRIMARY KEY, failures BIGINT NOT NULL, last BIGINT NOT NULL, until BIGINT NOT NULL)`,
    `CREATE TABLE invitation (sha256 TEXT PRIMARY KEY, person BIGINT NOT NULL REFERENCES person(id), created BIGINT NOT NULL, until BIGINT NOT NULL, used BIGINT)`,
  ],
};

export const PASSKEY_DOMAIN_MIGRATION: Migration = { name: '0031-passkey-domain', up: [`ALTER TABLE passkey ADD COLUMN rp_id TEXT`] };
