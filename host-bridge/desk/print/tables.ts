/** The register of uses for spreadsheet programs: CSV (RFC 4180) and XLSX (ISO/IEC 29500). */
import { stringify } from 'csv-stringify/sync';
import writeXlsxFile from 'write-excel-file/node';
import { results } from '../register/uses';
import { COLUMNS, STATISTICS, TITLE, type Words } from './columns';
import { groupings, Tally, type Counts, type Granted } from './statistics';
import type { SheetRow } from './sheet';

/** Byte order mark: without it Excel takes UTF-8 for the code page of its machine. */
const BOM = '\uFEFF';

/**
 * A part of the file; the first one with the head. What a cell begins with is never taken for a formula: somebody's purpose
 * must not compute on the auditor's machine.
 */
export function csvOf(rows: readonly SheetRow[], words: Words, first: boolean): string {
  const head = first ? [COLUMNS.map(({ title }) => title[words.language])] : [];
  const lines = rows.map((row) => COLUMNS.map((column) => column.cell(row, words)));
  return (first ? BOM : '') + stringify([...head, ...lines], { record_delimiter: 'windows', escape_formulas: true });
}

/** The whole workbook: the uses, and their statistics. Text stands in it as text, whatever it begins with. */
export function xlsxOf(rows: readonly SheetRow[], words: Words, granted: Granted): Promise<Buffer> {
  const bold = (value: string) => ({ value, type: String, fontWeight: 'bold' as const });
  const cellOf = (value: string | number) => (typeof value === 'number' ? { value, type: Number } : { value, type: String, wrap: true });
  const body = rows.map((row) => COLUMNS.map((column) => cellOf(column.cell(row, words))));
  const tally = new Tally(words);
  for (const row of rows) tally.add(row);
  const { language } = words;
  const say = (name: keyof typeof STATISTICS): string => STATISTICS[name][language];
  const counts = (of: Counts): number[] => results.map((name) => of[name]);
  const { total, by } = tally.uses;
  const { permits, applications } = granted;
  const sheet = [
    [say('title'), ...results.map(say)].map(bold),
    [say('all'), ...counts(total)].map(cellOf),
    ...groupings.flatMap((grouping) => [[bold(say(grouping))], ...by[grouping].map((group) => [group.name, ...counts(group)].map(cellOf))]),
    ...([['permits', permits.issued], ['unused', permits.unused], ['strokes', permits.strokes], ['strokesUnused', permits.strokesUnused], ['refused', applications['refused'] ?? 0]] as const).map(([name, value]) => [bold(say(name)), cellOf(value)]),
  ];
  return writeXlsxFile([
    { data: [COLUMNS.map(({ title }) => bold(title[language])), ...body], sheet: TITLE[language], columns: COLUMNS.map(({ width }) => ({ width })), stickyRowsCount: 1, orientation: 'landscape' as const },
    { data: sheet, sheet: say('title'), columns: [{ width: 40 }, ...results.map(() => ({ width: 10 }))] },
  ]).toBuffer();
}
