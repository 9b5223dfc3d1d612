/** Tables of what is made of the photos after strokes. */
import type { Migration } from '../../common/database';

export interface ImpressionTables {
  /** One row a stroke, written once with its entry. `photo`: digest of the photo that was judged; `sample`, `document`: what it was held against; `told`: JSON of Judged (judged.ts). */
  impression: {
    device: string; intent: number; application: string; document: string; photo: string; sample: string; verdict: string; grade: string | null; page: number | null; told: string;
    at: number; entry: number;
  };
  /** Tries that have not come to an end. `next`: not before, Unix seconds. */
  impression_try: { device: string; intent: number; tries: number; next: number; code: string | null };
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
