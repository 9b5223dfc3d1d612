/** Tables of what is made of the photos after strokes. */
import type { Migration } from '../../common/database';

export interface ImpressionTables {
  /**
   * One row a stroke, written with its entry. `photo`: digest of the photo that was judged; `sample`, `document`: what it was held against; `told`: JSON of Judged (judged.ts).
   * `round`: 0, of the unit's own photo; else of that set of photos of the sheets, and then `photo` is the SHA-256 of their digests in their order. The newest set that was judged counts.
   */
  impression: {
    device: string; intent: number; application: string; document: string; photo: string; sample: string; verdict: string; grade: string | null; page: number | null; told: string;
    at: number; entry: number; round: number;
  };
  /** Tries that have not come to an end. `next`: not before, Unix seconds. */
  impression_try: { device: string; intent: number; tries: number; next: number; code: string | null };
  /** Photos of the sheets of a cross-page stroke (骑缝), set after set (`round`, from 1) of `sheets` photos each (`sheet`, from 1). Written once, with their entries. */
  sheet_photo: { device: string; intent: number; round: number; sheet: number; sheets: number; sha256: string; type: string; size: number; person: number; at: number; entry: number };
  /** How often the applicant was reminded of them, and when last, Unix seconds. */
  sheet_reminder: { device: string; intent: number; reminded: number; last: number };
}

export const IMPRESSION_MIGRATION: Migration = {
  name: '0022-impressions',
  up: [
    `CREATE TABLE impression (device TEXT NOT NULL, intent BIGINT NOT NULL, application TEXT NOT NULL REFERENCES application(id), document TEXT NOT NULL, photo TEXT NOT NULL, sample TEXT NOT NULL,
       verdict TEXT NOT NULL, grade TEXT, page BIGINT, told TEXT NOT NULL, at BIGINT NOT NULL, entry BIGINT NOT NULL, PRIMARY KEY (device, intent))`,
    `CREATE TABLE impression_try (device TEXT NOT NULL, intent BIGINT NOT NULL, tries BIGINT NOT NULL, next BIGINT NOT NULL, code TEXT, PRIMARY KEY (device, intent))`,
    // The photos that came lately, which are looked through for strokes to be judged.
    `CREATE INDEX photo_at ON photo (at)`,
  ],
};

export const SHEETS_MIGRATION: Migration = {
  name: '0033-sheets',
  up: [
    `ALTER TABLE impression ADD COLUMN round BIGINT NOT NULL DEFAULT 0`,
    `CREATE TABLE sheet_photo (device TEXT NOT NULL, intent BIGINT NOT NULL, round BIGINT NOT NULL, sheet BIGINT NOT NULL, sheets BIGINT NOT NULL, sha256 TEXT NOT NULL, type TEXT NOT NULL, size BIGINT NOT NULL,
       person BIGINT NOT NULL REFERENCES person(id), at BIGINT NOT NULL, entry BIGINT NOT NULL, PRIMARY KEY (device, intent, round, sheet))`,
    `CREATE INDEX sheet_photo_at ON sheet_photo (at)`,
    `CREATE TABLE sheet_reminder (device TEXT NOT NULL, intent BIGINT NOT NULL, reminded BIGINT NOT NULL, last BIGINT NOT NULL, PRIMARY KEY (device, intent))`,
    // Strokes over edges are looked for by their permits.
    `CREATE INDEX permit_cross_page ON permit (cross_page)`,
  ],
};
