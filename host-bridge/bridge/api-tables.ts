/** Tables of what the API keeps beside the spool: the audit, leases. */
import { AUDIT_SQL, type AuditSchema } from '../common/audit';
import type { Migration } from '../common/database';
import { WEBHOOK_MIGRATION, WEBHOOK_SEEN, type WebhookSchema } from './webhooks/tables';

/** Who has a device to themselves for maintenance. The row stays when the lease is over: the fence only grows. */
export interface LeaseTable {
  device: string;
  fence: number;
  holder: string;
  /** Unix milliseconds; 0: given back. */
  until: number;
}

export interface ApiSchema extends AuditSchema, WebhookSchema {
  lease: LeaseTable;
}

export const API_MIGRATIONS: readonly Migration[] = [
  {
    name: '0010-backends',
    up: [
      AUDIT_SQL,
      `CREATE TABLE lease (device TEXT PRIMARY KEY, fence INTEGER NOT NULL, holder TEXT NOT NULL, until BIGINT NOT NULL)`,
      `CREATE INDEX record_kind ON record (device, branch, kind, seq)`,
    ],
  },
  WEBHOOK_MIGRATION,
  WEBHOOK_SEEN,
];
