/** The register of uses for spreadsheet programs: CSV (RFC 4180) and XLSX (ISO/IEC 29500). */
import { stringify } from 'csv-stringify/sync';
import writeXlsxFile from 'write-excel-file/node';
import { COLUMNS, TITLE, type Words } from './columns';
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

/** The whole workbook. Text stands in it as text, whatever it begins with. */
export function xlsxOf(rows: readonly SheetRow[], words: Words): Promise<Buffer> {
  const head = COLUMNS.map(({ title }) => ({ value: title[words.language], type: String, fontWeight: 'bold' as const }));
  const body = rows.map((row) =>
    COLUMNS.map((column) => {
      const value = column.cell(row, words);
      return typeof value === 'number' ? { value, type: Number } : { value, type: String, wrap: true };
    }),
  );
  return writeXlsxFile([head, ...body], { sheet: TITLE[words.language], columns: COLUMNS.map(({ width }) => ({ width })), stickyRowsCount: 1, orientation: 'landscape' }).toBuffer();
}
