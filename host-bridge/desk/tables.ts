/**
 * Tables of the desk's database. Identities, digests and statements stand as text (hexadecimal, base64), times as Unix
 * seconds, so that the same statements run on SQLite and PostgreSQL. History is only ever inserted: what changes
 * (a state, a head) stands in a column of its own table and is also written to the register.
 */
import type { Kysely, Transaction } from 'kysely';
import type { Migration } from '../common/database';
import { PASSKEY_DOMAIN_MIGRATION, SIGN_IN_MIGRATION, type SignInTables } from './people/sign-in-tables';
import { SECURITY_MIGRATION, type SecurityTables } from './security/tables';
import { PUSH_ENDED_MIGRATION, PUSH_MIGRATION, PUSH_NOTICES_MIGRATION, type PushTables } from './push/tables';
import { IMPRESSION_MIGRATION, type ImpressionTables } from './impressions/tables';
import { EVENT_MIGRATION, type EventSchema } from '../common/events';

export type Db = Kysely<Tables> | Transaction<Tables>;

export interface Tables extends EventSchema, SignInTables, PushTables, ImpressionTables, SecurityTables {
  person: { id: number; name: string; roles: string; created: number; login: string | null; department: number | null; title: string };
  person_token: { sha256: string; person: number; created: number; revoked: number | null; /** Unix seconds from which it is refused; null: never. */ until: number | null; /** 1: made in a session, or at the desk's machine. */ strong: number };
  device: { id: string; name: string; bridge: string; created: number; next_counter: number; epoch: number };
  enrolment: { device: string; person: number; number: number; means: number; until: number | null };
  seal: { id: string; kind: string; name: string; die: string; device: string; custodian: number; sample: string | null; created: number; state: string; width: number | null; height: number | null; pieces: number; issued_by: string; received: number | null; recipient: string; /** Of each step of its chain, as a list; `[]`: one each. */ needs: string; /** Who keeps it in the keeper's place, and until when. */ deputy: number | null; deputy_until: number | null };
  /** What happened to a seal, under the entry of the register that says so. */
  seal_event: { entry: number; seal: string; at: number; what: string; state: string; custodian: number; by: number; present: string; ceremony: string | null; reason: string | null; detail: string };
  ceremony: {
    id: string; device: string; action: string; state: string; content: string; wanted: string; chain: string; step: number; asked: number; statement: string | null;
    counter: number | null; until: number | null; created: number; record: number | null; decided: string;
    /** When the step that decides now came to its approvers. */
    since: number;
    /** How many each step takes (`[]`: one), and who has approved the one that is due. */
    needs: string; given: string;
  };
  /** Units that are away from their base. */
  outing: { device: string; borrower: number; until: number; ceremony: string };
  seal_step: { seal: string; step: number; person: number };
  document: { sha256: string; kind: string; name: string; size: number; pages: number; created: number; /** When it was removed under the rule, and when its files were gone. */ removed: number | null; purged: number | null };
  /** Who has handed a document in: these may use it in an application. */
  document_holder: { document: string; person: number };
  document_page: { document: string; page: number; sha256: string; width: number; height: number; blank: number };
  application: {
    id: string; applicant: number; seal: string; purpose: string; document: string; count: number;
    not_before: number; not_after: number; persons: string; policy: number; idle: number;
    state: string; content: string | null; granted: string | null; created: number; updated: number; step: number;
    category: string | null; amount: number | null; rule: string | null; place: string | null; cross_page: number;
    /** Whether it asks for blank paper, and until when it accounts for it. */
    blank: number; report_by: number | null;
    /** The outside authority that decides, by its name here. */
    authority: string | null;
    /** How many each step takes (`[]`: one), and when the one that is due came to its approvers. */
    needs: string; since: number;
    /** Who grants the single strokes from afar (B5), besides those who approved. */
    operator: number | null;
    /** Where the stamp goes on the pages, JSON. */
    marks: string | null;
  };
  /** Who maintains a unit, under the number of the desk's lease at its bridge. */
  device_lease: { device: string; person: number; fence: number; until: number };
  /** What was said beside a use. */
  message: { id: string; application: string; person: number; at: number; text: string };
  /** What kinds of seals are used for, where an administrator has changed it. */
  scope: { kind: string; categories: string };
  chain_rule: { id: string; name: string; matter: string; seal: string | null; kind: string | null; category: string | null; amount_from: number | null; steps: string; created: number; remind_after: number | null; escalate_after: number | null; archive_within: number | null; authority: string | null };
  application_step: { application: string; step: number; person: number };
  /** Who opens its uses at the unit: those who were named, and those whom an approver named besides. */
  application_holder: { application: string; person: number };
  decision: {
    id: string; application: string; step: number; person: number; verdict: string; reason: string | null;
    narrow: string | null; content: string; at: number;
    /** In whose place, where not for themselves. */
    behalf: number | null;
  };
  permit: {
    id: string; application: string; device: string; counter: number; statement: string; sha256: string; state: string;
    /** Strokes it has, null where only its statement says; whether they go over edges. */
    code: string | null; used: number; created: number; quota: number | null; cross_page: number;
  };
  /** Who decides in whose place, and how long. */
  delegation: { id: string; giver: number; delegate: number; not_before: number; until: number; reason: string; created: number; ended: number | null };
  /** More strokes asked for of a permit under way. */
  top_up: { id: string; permit: string; application: string; count: number; reason: string; state: string; content: string; step: number; decided: string; created: number; since: number; /** Where it is no longer that of the application. */ chain: string | null; given: string };
  /** What was said of steps of approval that wait too long. `done`: 1 when the step was decided. */
  reminder: { kind: string; subject: string; step: number; since: number; count: number; last: number; escalated: number | null; added: string; done: number };
  /** What has to come back of a use. `within`: seconds from its end on; `last`: of the last reminder; `overdue`: 1 when a case was opened. */
  report: { application: string; kind: string; state: string; within: number; due: number | null; reminded: number; last: number; overdue: number; made: number | null; used: number | null; unused: number | null; note: string | null };
  report_paper: { application: string; device: string; intent: number; document: string | null; page: number | null; page_sha256: string | null; photo: string | null; verdict: string; note: string | null };
  /** Approvals at outside authorities, and which messages of theirs were taken. */
  outside_instance: { authority: string; instance: string; application: string | null; verdict: string | null; at: number };
  outside_event: { authority: string; id: string; at: number };
  /** Electronic signatures, by the entry that holds the whole of each; the parts in base64. */
  signature: { entry: number; matter: string; subject: string; decision: string; step: number; person: number; passkey: string; at: number; form: string; key: string; authenticator_data: string; client_data: string; signature: string };
  /** What the organisation has settled. */
  setting: { name: string; value: string };
  /** Codes given for units without a network, under the id by which records name what they opened. */
  offline_code: {
    id: string; application: string; device: string; how: number; number: number; person: number; count: number; challenge: string;
    state: string; used: number; created: number;
  };
  /** Number of the last challenge known of, serial of the last trip code, of each device. */
  offline_number: { device: string; calls: number; serial: number };
  statement: {
    id: string; device: string; kind: number; statement: string; subject: string; state: string; code: string | null; created: number;
  };
  chain: { device: string; next_seq: number; prev: string; acked: number; photos_acked: number; first_wanted: number };
  record: { device: string; seq: number; kind: number; bytes: string; sha256: string; device_time: number | null; at: number; entry: number };
  photo: { digest: string; device: string; seq: number; size: number; state: string; sha256: string | null; at: number | null };
  stroke: {
    device: string; intent: number; permit: string; use_number: number; application: string | null; charged: number; before: string | null;
    outcome: number | null; result: number | null; after: string | null; intent_time: number | null; search: string;
  };
  /** Receipts that were given out. */
  receipt: { id: string; device: string; intent: number; by: number; created: number };
  case_file: { id: string; device: string; kind: string; seq: number | null; detail: string; opened: number };
  case_closing: { case_id: string; person: number; reason: string; at: number };
  entry: { number: number; kind: string; at: number; body: string; leaf: string; search: string };
  tree_node: { level: number; number: number; hash: string };
  checkpoint: { size: number; note: string; at: number };
  /** Cosignatures of witnesses over checkpoints, each as the line of the note; a witness is named by its key's name and hash. */
  cosignature: { witness: string; size: number; line: string; at: number };
  /** How it stands with each witness. `size`: what it cosigned last; `tried` and `failures`: when it was last asked, and how often since it failed. */
  witness: { witness: string; size: number; state: string; since: number; detail: string | null; tried: number; failures: number };
  /** What one replica at a time does for all, and how often that one has changed. */
  duty: { place: string; term: number };
  /** Units that have not confirmed, since the desk was restored from a backup, the epoch which took back what was granted before. */
  unheard: { device: string; epoch: number };
}

const first: Migration = {
  name: '0001-desk',
  up: [
    `CREATE TABLE person (id BIGINT PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL, created BIGINT NOT NULL)`,
    `CREATE TABLE person_token (sha256 TEXT PRIMARY KEY, person BIGINT NOT NULL REFERENCES person(id), created BIGINT NOT NULL, revoked BIGINT)`,
    `CREATE TABLE device (id TEXT PRIMARY KEY, name TEXT NOT NULL, bridge TEXT NOT NULL, created BIGINT NOT NULL,
       next_counter BIGINT NOT NULL, epoch BIGINT NOT NULL)`,
    `CREATE TABLE enrolment (device TEXT NOT NULL REFERENCES device(id), person BIGINT NOT NULL REFERENCES person(id),
       number BIGINT NOT NULL, means BIGINT NOT NULL, PRIMARY KEY (device, person), UNIQUE (device, number))`,
    `CREATE TABLE seal (id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, die TEXT NOT NULL UNIQUE,
       device TEXT NOT NULL REFERENCES device(id), custodian BIGINT NOT NULL REFERENCES person(id), sample TEXT, created BIGINT NOT NULL)`,
    `CREATE TABLE seal_step (seal TEXT NOT NULL REFERENCES seal(id), step BIGINT NOT NULL, person BIGINT NOT NULL REFERENCES person(id),
       PRIMARY KEY (seal, step, person))`,
    `CREATE TABLE document (sha256 TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, size BIGINT NOT NULL, pages BIGINT NOT NULL,
       created BIGINT NOT NULL)`,
    `CREATE TABLE document_holder (document TEXT NOT NULL REFERENCES document(sha256), person BIGINT NOT NULL REFERENCES person(id),
       PRIMARY KEY (document, person))`,
    `CREATE TABLE document_page (document TEXT NOT NULL REFERENCES document(sha256), page BIGINT NOT NULL, sha256 TEXT NOT NULL,
       width BIGINT NOT NULL, height BIGINT NOT NULL, PRIMARY KEY (document, page))`,
    `CREATE TABLE application (id TEXT PRIMARY KEY, applicant BIGINT NOT NULL REFERENCES person(id), seal TEXT NOT NULL REFERENCES seal(id),
       purpose TEXT NOT NULL, document TEXT NOT NULL REFERENCES document(sha256), count BIGINT NOT NULL, not_before BIGINT NOT NULL,
       not_after BIGINT NOT NULL, persons TEXT NOT NULL, policy BIGINT NOT NULL, idle BIGINT NOT NULL, state TEXT NOT NULL,
       content TEXT, granted TEXT, created BIGINT NOT NULL, updated BIGINT NOT NULL, step BIGINT NOT NULL)`,
    `CREATE INDEX application_state ON application (state, not_after)`,
    `CREATE TABLE application_step (application TEXT NOT NULL REFERENCES application(id), step BIGINT NOT NULL,
       person BIGINT NOT NULL REFERENCES person(id), PRIMARY KEY (application, step, person))`,
    `CREATE INDEX application_step_person ON application_step (person)`,
    `CREATE TABLE decision (id TEXT PRIMARY KEY, application TEXT NOT NULL REFERENCES application(id), step BIGINT NOT NULL,
       person BIGINT NOT NULL REFERENCES person(id), verdict TEXT NOT NULL, reason TEXT, narrow TEXT, content TEXT NOT NULL, at BIGINT NOT NULL)`,
    `CREATE INDEX decision_application ON decision (application)`,
    `CREATE TABLE permit (id TEXT PRIMARY KEY, application TEXT NOT NULL REFERENCES application(id), device TEXT NOT NULL REFERENCES device(id),
       counter BIGINT NOT NULL, statement TEXT NOT NULL, sha256 TEXT NOT NULL, state TEXT NOT NULL, code TEXT, used BIGINT NOT NULL,
       created BIGINT NOT NULL, UNIQUE (device, counter))`,
    `CREATE INDEX permit_state ON permit (device, state)`,
    `CREATE INDEX permit_application ON permit (application)`,
    `CREATE TABLE statement (id TEXT PRIMARY KEY, device TEXT NOT NULL REFERENCES device(id), kind BIGINT NOT NULL, statement TEXT NOT NULL,
       subject TEXT NOT NULL, state TEXT NOT NULL, code TEXT, created BIGINT NOT NULL)`,
    `CREATE INDEX statement_state ON statement (device, state)`,
    `CREATE TABLE chain (device TEXT PRIMARY KEY REFERENCES device(id), next_seq BIGINT NOT NULL, prev TEXT NOT NULL, acked BIGINT NOT NULL,
       photos_acked BIGINT NOT NULL, first_wanted BIGINT NOT NULL)`,
    `CREATE TABLE record (device TEXT NOT NULL REFERENCES device(id), seq BIGINT NOT NULL, kind BIGINT NOT NULL, bytes TEXT NOT NULL,
       sha256 TEXT NOT NULL, device_time BIGINT, at BIGINT NOT NULL, entry BIGINT NOT NULL, PRIMARY KEY (device, seq))`,
    `CREATE TABLE photo (digest TEXT NOT NULL, device TEXT NOT NULL REFERENCES device(id), seq BIGINT NOT NULL, size BIGINT NOT NULL,
       state TEXT NOT NULL, sha256 TEXT, at BIGINT, PRIMARY KEY (device, seq))`,
    `CREATE INDEX photo_digest ON photo (digest)`,
    `CREATE INDEX photo_state ON photo (device, state, seq)`,
    `CREATE TABLE stroke (device TEXT NOT NULL REFERENCES device(id), intent BIGINT NOT NULL, permit TEXT NOT NULL, use_number BIGINT NOT NULL,
       application TEXT, charged BIGINT NOT NULL, before TEXT, outcome BIGINT, result BIGINT, after TEXT, intent_time BIGINT,
       search TEXT NOT NULL, PRIMARY KEY (device, intent))`,
    `CREATE INDEX stroke_permit ON stroke (permit, use_number)`,
    `CREATE TABLE case_file (id TEXT PRIMARY KEY, device TEXT NOT NULL, kind TEXT NOT NULL, seq BIGINT, detail TEXT NOT NULL, opened BIGINT NOT NULL)`,
    `CREATE TABLE case_closing (case_id TEXT PRIMARY KEY REFERENCES case_file(id), person BIGINT NOT NULL REFERENCES person(id),
       reason TEXT NOT NULL, at BIGINT NOT NULL)`,
    `CREATE TABLE entry (number BIGINT PRIMARY KEY, kind TEXT NOT NULL, at BIGINT NOT NULL, body TEXT NOT NULL, leaf TEXT NOT NULL, search TEXT NOT NULL)`,
    `CREATE TABLE tree_node (level BIGINT NOT NULL, number BIGINT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (level, number))`,
    `CREATE TABLE checkpoint (size BIGINT PRIMARY KEY, note TEXT NOT NULL, at BIGINT NOT NULL)`,
  ],
};

const codes: Migration = {
  name: '0002-codes',
  up: [
    `CREATE TABLE offline_code (id TEXT PRIMARY KEY, application TEXT NOT NULL REFERENCES application(id), device TEXT NOT NULL REFERENCES device(id),
       how BIGINT NOT NULL, number BIGINT NOT NULL, person BIGINT NOT NULL, count BIGINT NOT NULL, challenge TEXT NOT NULL, state TEXT NOT NULL,
       used BIGINT NOT NULL, created BIGINT NOT NULL, UNIQUE (device, how, number))`,
    `CREATE INDEX offline_code_application ON offline_code (application)`,
    `CREATE TABLE offline_number (device TEXT PRIMARY KEY REFERENCES device(id), calls BIGINT NOT NULL, serial BIGINT NOT NULL)`,
  ],
};

const custody: Migration = {
  name: '0003-custody',
  up: [
    `ALTER TABLE enrolment ADD COLUMN until BIGINT`,
    `ALTER TABLE seal ADD COLUMN state TEXT NOT NULL DEFAULT 'active'`,
    `ALTER TABLE seal ADD COLUMN width BIGINT`,
    `ALTER TABLE seal ADD COLUMN height BIGINT`,
    `ALTER TABLE seal ADD COLUMN pieces BIGINT NOT NULL DEFAULT 1`,
    `ALTER TABLE seal ADD COLUMN issued_by TEXT NOT NULL DEFAULT ''`,
    `ALTER TABLE seal ADD COLUMN received BIGINT`,
    `ALTER TABLE seal ADD COLUMN recipient TEXT NOT NULL DEFAULT ''`,
    `CREATE TABLE seal_event (entry BIGINT PRIMARY KEY, seal TEXT NOT NULL REFERENCES seal(id), at BIGINT NOT NULL, what TEXT NOT NULL, state TEXT NOT NULL,
       custodian BIGINT NOT NULL, by BIGINT NOT NULL, present TEXT NOT NULL, ceremony TEXT, reason TEXT, detail TEXT NOT NULL)`,
    `CREATE INDEX seal_event_seal ON seal_event (seal, entry)`,
    `CREATE TABLE ceremony (id TEXT PRIMARY KEY, device TEXT NOT NULL REFERENCES device(id), action TEXT NOT NULL, state TEXT NOT NULL, content TEXT NOT NULL,
       wanted TEXT NOT NULL, chain TEXT NOT NULL, step BIGINT NOT NULL, asked BIGINT NOT NULL, statement TEXT, counter BIGINT, until BIGINT, created BIGINT NOT NULL, record BIGINT)`,
    `CREATE INDEX ceremony_state ON ceremony (device, state)`,
    `CREATE TABLE outing (device TEXT PRIMARY KEY REFERENCES device(id), borrower BIGINT NOT NULL REFERENCES person(id), until BIGINT NOT NULL, ceremony TEXT NOT NULL)`,
  ],
};

const shared: Migration = {
  name: '0004-shared',
  up: [
    `CREATE TABLE duty (place TEXT PRIMARY KEY, term BIGINT NOT NULL)`,
    `CREATE TABLE unheard (device TEXT PRIMARY KEY REFERENCES device(id), epoch BIGINT NOT NULL)`,
  ],
};

const approvals: Migration = {
  name: '0006-approvals',
  up: [
    `ALTER TABLE application ADD COLUMN category TEXT`,
    `ALTER TABLE application ADD COLUMN amount BIGINT`,
    `ALTER TABLE application ADD COLUMN rule TEXT`,
    `ALTER TABLE application ADD COLUMN place TEXT`,
    `ALTER TABLE application ADD COLUMN cross_page BIGINT NOT NULL DEFAULT 0`,
    `ALTER TABLE permit ADD COLUMN quota BIGINT`,
    `ALTER TABLE permit ADD COLUMN cross_page BIGINT NOT NULL DEFAULT 0`,
    `ALTER TABLE decision ADD COLUMN behalf BIGINT`,
    `CREATE TABLE delegation (id TEXT PRIMARY KEY, giver BIGINT NOT NULL REFERENCES person(id), delegate BIGINT NOT NULL REFERENCES person(id), not_before BIGINT NOT NULL,
       until BIGINT NOT NULL, reason TEXT NOT NULL, created BIGINT NOT NULL, ended BIGINT)`,
    `CREATE INDEX delegation_delegate ON delegation (delegate, until)`,
    `ALTER TABLE ceremony ADD COLUMN decided TEXT NOT NULL DEFAULT '[]'`,
    `CREATE TABLE scope (kind TEXT PRIMARY KEY, categories TEXT NOT NULL)`,
    `CREATE TABLE chain_rule (id TEXT PRIMARY KEY, name TEXT NOT NULL, matter TEXT NOT NULL, seal TEXT REFERENCES seal(id), kind TEXT, category TEXT,
       amount_from BIGINT, steps TEXT NOT NULL, created BIGINT NOT NULL)`,
    `CREATE TABLE top_up (id TEXT PRIMARY KEY, permit TEXT NOT NULL REFERENCES permit(id), application TEXT NOT NULL REFERENCES application(id), count BIGINT NOT NULL,
       reason TEXT NOT NULL, state TEXT NOT NULL, content TEXT NOT NULL, step BIGINT NOT NULL, decided TEXT NOT NULL, created BIGINT NOT NULL)`,
    `CREATE INDEX top_up_permit ON top_up (permit, state)`,
    `CREATE INDEX top_up_application ON top_up (application, state)`,
  ],
};

const receipts: Migration = {
  name: '0007-receipts',
  up: [`CREATE TABLE receipt (id TEXT PRIMARY KEY, device TEXT NOT NULL, intent BIGINT NOT NULL, by BIGINT NOT NULL, created BIGINT NOT NULL, UNIQUE (device, intent))`],
};

const reminders: Migration = {
  name: '0008-reminders',
  up: [
    `CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)`,
    `CREATE TABLE reminder (kind TEXT NOT NULL, subject TEXT NOT NULL, step BIGINT NOT NULL, since BIGINT NOT NULL, count BIGINT NOT NULL, last BIGINT NOT NULL,
       escalated BIGINT, added TEXT NOT NULL, done BIGINT NOT NULL, PRIMARY KEY (kind, subject, step))`,
    `CREATE INDEX reminder_done ON reminder (done, since)`,
    `ALTER TABLE chain_rule ADD COLUMN remind_after BIGINT`,
    `ALTER TABLE chain_rule ADD COLUMN escalate_after BIGINT`,
    `ALTER TABLE ceremony ADD COLUMN since BIGINT NOT NULL DEFAULT 0`,
    `UPDATE ceremony SET since = created`,
    `ALTER TABLE top_up ADD COLUMN since BIGINT NOT NULL DEFAULT 0`,
    `UPDATE top_up SET since = created`,
    `ALTER TABLE top_up ADD COLUMN chain TEXT`,
  ],
};

const papers: Migration = {
  name: '0009-papers',
  up: [
    `ALTER TABLE document_page ADD COLUMN blank BIGINT NOT NULL DEFAULT 0`,
    `ALTER TABLE application ADD COLUMN blank BIGINT NOT NULL DEFAULT 0`,
    `ALTER TABLE application ADD COLUMN report_by BIGINT`,
    `ALTER TABLE chain_rule ADD COLUMN archive_within BIGINT`,
    `CREATE TABLE report (application TEXT PRIMARY KEY REFERENCES application(id), kind TEXT NOT NULL, state TEXT NOT NULL, within BIGINT NOT NULL, due BIGINT, reminded BIGINT NOT NULL,
       last BIGINT NOT NULL, overdue BIGINT NOT NULL, made BIGINT, used BIGINT, unused BIGINT, note TEXT)`,
    `CREATE INDEX report_state ON report (state, due)`,
    `CREATE TABLE report_paper (application TEXT NOT NULL REFERENCES report(application), device TEXT NOT NULL, intent BIGINT NOT NULL, document TEXT, page BIGINT, page_sha256 TEXT, photo TEXT,
       verdict TEXT NOT NULL, note TEXT, PRIMARY KEY (application, device, intent))`,
  ],
};

const outside: Migration = {
  name: '0010-outside',
  up: [
    `ALTER TABLE application ADD COLUMN authority TEXT`,
    `ALTER TABLE chain_rule ADD COLUMN authority TEXT`,
    `CREATE TABLE outside_instance (authority TEXT NOT NULL, instance TEXT NOT NULL, application TEXT REFERENCES application(id), verdict TEXT, at BIGINT NOT NULL, PRIMARY KEY (authority, instance))`,
    `CREATE INDEX outside_instance_application ON outside_instance (application)`,
    `CREATE TABLE outside_event (authority TEXT NOT NULL, id TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (authority, id))`,
  ],
};

const signatures: Migration = {
  name: '0011-signatures',
  up: [
    `CREATE TABLE signature (application TEXT NOT NULL REFERENCES application(id), decision TEXT NOT NULL, step BIGINT NOT NULL, person BIGINT NOT NULL REFERENCES person(id), passkey TEXT NOT NULL,
       at BIGINT NOT NULL, entry BIGINT NOT NULL, form TEXT NOT NULL, key TEXT NOT NULL, authenticator_data TEXT NOT NULL, client_data TEXT NOT NULL, signature TEXT NOT NULL, PRIMARY KEY (application, decision, step))`,
  ],
};

const deputies: Migration = {
  name: '0012-deputies',
  up: [`ALTER TABLE seal ADD COLUMN deputy BIGINT REFERENCES person(id)`, `ALTER TABLE seal ADD COLUMN deputy_until BIGINT`],
};

/** Records by the entry that tells of them, for the audit; the newest strokes first, as the register of uses shows them. */
const orders: Migration = {
  name: '0013-orders',
  up: [`CREATE INDEX record_entry ON record (entry)`, `CREATE INDEX stroke_newest ON stroke (intent_time DESC, device, intent DESC)`],
};

const several: Migration = {
  name: '0014-several',
  up: [
    `ALTER TABLE seal ADD COLUMN needs TEXT NOT NULL DEFAULT '[]'`,
    `ALTER TABLE application ADD COLUMN needs TEXT NOT NULL DEFAULT '[]'`,
    `ALTER TABLE application ADD COLUMN since BIGINT NOT NULL DEFAULT 0`,
    `UPDATE application SET since = updated`,
    `ALTER TABLE ceremony ADD COLUMN needs TEXT NOT NULL DEFAULT '[]'`,
    `ALTER TABLE ceremony ADD COLUMN given TEXT NOT NULL DEFAULT '[]'`,
    `ALTER TABLE top_up ADD COLUMN given TEXT NOT NULL DEFAULT '[]'`,
    // Two persons may sign one step.
    `CREATE TABLE electronic_signature (application TEXT NOT NULL REFERENCES application(id), decision TEXT NOT NULL, step BIGINT NOT NULL, person BIGINT NOT NULL REFERENCES person(id), passkey TEXT NOT NULL,
       at BIGINT NOT NULL, entry BIGINT NOT NULL, form TEXT NOT NULL, key TEXT NOT NULL, authenticator_data TEXT NOT NULL, client_data TEXT NOT NULL, signature TEXT NOT NULL, PRIMARY KEY (application, decision, step, person))`,
    `INSERT INTO electronic_signature SELECT application, decision, step, person, passkey, at, entry, form, key, authenticator_data, client_data, signature FROM signature`,
    `DROP TABLE signature`,
  ],
};

const witnesses: Migration = {
  name: '0015-witnesses',
  up: [
    `CREATE TABLE cosignature (witness TEXT NOT NULL, size BIGINT NOT NULL, line TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (size, witness))`,
    `CREATE TABLE witness (witness TEXT PRIMARY KEY, size BIGINT NOT NULL, state TEXT NOT NULL, since BIGINT NOT NULL, detail TEXT, tried BIGINT NOT NULL, failures BIGINT NOT NULL)`,
  ],
};

const remote: Migration = {
  name: '0018-remote',
  up: [
    `ALTER TABLE application ADD COLUMN operator BIGINT REFERENCES person(id)`,
    `CREATE TABLE message (id TEXT PRIMARY KEY, application TEXT NOT NULL REFERENCES application(id), person BIGINT NOT NULL REFERENCES person(id), at BIGINT NOT NULL, text TEXT NOT NULL)`,
    `CREATE TABLE device_lease (device TEXT PRIMARY KEY REFERENCES device(id), person BIGINT NOT NULL REFERENCES person(id), fence BIGINT NOT NULL, until BIGINT NOT NULL)`,
    `CREATE INDEX message_application ON message (application, at)`,
  ],
};

const marks: Migration = { name: '0019-marks', up: [`ALTER TABLE application ADD COLUMN marks TEXT`] };

const everySignature: Migration = {
  name: '0024-signatures',
  up: [
    `CREATE TABLE signature (entry BIGINT PRIMARY KEY, matter TEXT NOT NULL, subject TEXT NOT NULL, decision TEXT NOT NULL, step BIGINT NOT NULL, person BIGINT NOT NULL REFERENCES person(id),
       passkey TEXT NOT NULL, at BIGINT NOT NULL, form TEXT NOT NULL, key TEXT NOT NULL, authenticator_data TEXT NOT NULL, client_data TEXT NOT NULL, signature TEXT NOT NULL)`,
    `INSERT INTO signature SELECT entry, 'application', application, decision, step, person, passkey, at, form, key, authenticator_data, client_data, signature FROM electronic_signature`,
    `DROP TABLE electronic_signature`,
    `CREATE INDEX signature_subject ON signature (matter, subject)`,
  ],
};

const holders: Migration = {
  name: '0025-holders',
  up: [
    `CREATE TABLE application_holder (application TEXT NOT NULL REFERENCES application(id), person BIGINT NOT NULL REFERENCES person(id), PRIMARY KEY (application, person))`,
    `CREATE INDEX application_holder_person ON application_holder (person)`,
    {
      sqlite: `INSERT INTO application_holder SELECT a.id, CAST(one.value AS INTEGER) FROM application a, json_each(a.persons) one
        UNION SELECT a.id, CAST(one.value AS INTEGER) FROM application a, json_each(coalesce(a.granted, '{}'), '$.persons') one`,
      postgres: `INSERT INTO application_holder SELECT a.id, CAST(one AS BIGINT) FROM application a, json_array_elements_text(CAST(a.persons AS JSON)) one
        UNION SELECT a.id, CAST(one AS BIGINT) FROM application a, json_array_elements_text(coalesce(CAST(a.granted AS JSON)->'persons', '[]')) one`,
    },
  ],
};

const tokens: Migration = {
  name: '0028-tokens',
  up: [`ALTER TABLE person_token ADD COLUMN until BIGINT`, `ALTER TABLE person_token ADD COLUMN strong BIGINT NOT NULL DEFAULT 0`],
};

const retention: Migration = {
  name: '0032-retention',
  up: [
    `ALTER TABLE document ADD COLUMN removed BIGINT`,
    `ALTER TABLE document ADD COLUMN purged BIGINT`,
    `CREATE INDEX application_document ON application (document)`,
    `CREATE INDEX stroke_application ON stroke (application)`,
    `CREATE INDEX report_paper_document ON report_paper (document)`,
  ],
};

export const deskMigrations: readonly Migration[] = [EVENT_MIGRATION, first, codes, custody, shared, SIGN_IN_MIGRATION, approvals, receipts, reminders, papers, outside, signatures, deputies, orders, several, witnesses, remote, marks, PUSH_MIGRATION, IMPRESSION_MIGRATION, everySignature, holders, SECURITY_MIGRATION, tokens, PUSH_NOTICES_MIGRATION, PUSH_ENDED_MIGRATION, PASSKEY_DOMAIN_MIGRATION, retention];
