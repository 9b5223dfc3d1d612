/** What the bridge knows of the register's having things. */
import type { Migration } from '../common/database';

/** How far the register has a device's history. */
export interface AckedTable {
  device: string;
  branch: number;
  /** Records and photos below these sequence numbers are in the register. */
  records: number;
  photos: number;
}

export interface RetentionSchema {
  acked: AckedTable;
}

export const RETENTION_MIGRATION: Migration = {
  name: '0020-retention',
  up: [
    `CREATE TABLE acked (device TEXT PRIMARY KEY, branch INTEGER NOT NULL, records INTEGER NOT NULL, photos INTEGER NOT NULL)`,
    `CREATE INDEX delivery_settled ON delivery (at) WHERE state <> 'queued'`,
  ],
};
