/** What the tables must hold by what the register says: rows by table and key, each with the columns that are known. */
import type { Tables } from '../tables';

export type Value = string | number | null;
export type Row = Record<string, Value>;
export type TableName = keyof Tables & string;

/** Tables that are held against the register, and the columns by which their rows are known. */
export const KEYS = {
  person: ['id'], person_token: ['sha256'], passkey: ['id'], department: ['id'], device: ['id'], enrolment: ['device', 'person'], seal: ['id'], seal_step: ['seal', 'step', 'person'],
  seal_event: ['entry'], ceremony: ['id'], outing: ['device'], document: ['sha256'], document_page: ['document', 'page'], application: ['id'], application_step: ['application', 'step', 'person'],
  decision: ['id'], signature: ['entry'], scope: ['kind'], setting: ['name'], chain_rule: ['id'], delegation: ['id'], top_up: ['id'], permit: ['id'], offline_code: ['id'],
  statement: ['id'], chain: ['device'], record: ['device', 'seq'], photo: ['device', 'seq'], stroke: ['device', 'intent'], receipt: ['device', 'intent'], report: ['application'],
  report_paper: ['application', 'device', 'intent'], case_file: ['id'], case_closing: ['case_id'], outside_instance: ['authority', 'instance'], message: ['id'], impression: ['device', 'intent'], sheet_photo: ['device', 'intent', 'round', 'sheet'], application_holder: ['application', 'person'],
} as const satisfies Partial<Record<TableName, readonly string[]>>;
export type Held = keyof typeof KEYS;

/** Columns that hold JSON: what they say counts, not how it is written. */
const JSON_COLUMNS = new Set(['application.granted', 'decision.narrow', 'case_file.detail', 'seal_event.present', 'seal_event.detail', 'chain_rule.steps', 'ceremony.chain', 'ceremony.wanted', 'ceremony.given', 'top_up.given', 'seal.needs', 'application.needs', 'ceremony.needs', 'scope.categories', 'setting.value', 'impression.told']);

/** One form of a JSON value: keys in order, nothing undefined. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  return `{${Object.entries(value).filter(([, one]) => one !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`;
}

/** When the desk wrote a row: in the transaction of its entry, whose time may be a moment earlier. The entry's is the one that counts. */
const WRITTEN = new Set(['at', 'created', 'opened', 'made', 'revoked', 'removed', 'ended']);
/** Longest that a transaction waits for others and works, s. */
const MOMENT = 60;

/** Whether a row was written with its entry. */
export const together = (row: number, entry: number): boolean => Math.abs(row - entry) <= MOMENT;

/** Whether a column holds what it should. */
export function same(table: Held, column: string, is: unknown, should: Value): boolean {
  if (is === null || is === undefined || should === null) return (is ?? null) === should;
  if (typeof should === 'number' && WRITTEN.has(column)) return together(Number(is), should);
  if (typeof should === 'number') return (typeof is === 'number' || typeof is === 'bigint' || typeof is === 'string') && Number(is) === should;
  if (!JSON_COLUMNS.has(`${table}.${column}`)) return is === should;
  try {
    return canonical(JSON.parse(String(is))) === should;
  } catch {
    return false;
  }
}

export class Expected {
  private readonly tables = new Map<Held, Map<string, Row>>();
  private readonly untold = new Map<Held, { row: Row; left: number }[]>();

  static key(table: Held, row: Readonly<Record<string, unknown>>): string {
    return KEYS[table].map((column) => String(row[column])).join(' ');
  }

  all(table: Held): Map<string, Row> {
    let rows = this.tables.get(table);
    if (rows === undefined) this.tables.set(table, (rows = new Map()));
    return rows;
  }

  /** A row, by its key columns, or more that is known of it. */
  set(table: Held, row: Row): void {
    const rows = this.all(table);
    const key = Expected.key(table, row);
    const known = rows.get(key);
    if (known) Object.assign(known, row);
    else rows.set(key, { ...row });
  }

  /**
   * A row of which an older entry says that it is there, and not under which key: as many rows as were told of, each with what is known.
   * @param most how many; Infinity where the entry does not say either
   */
  loose(table: Held, row: Row, most = 1): void {
    const all = this.untold.get(table) ?? [];
    all.push({ row, left: most });
    this.untold.set(table, all);
  }

  /** Changes what is known of the rows that were told of without their keys. */
  amendLoose(table: Held, fits: (row: Row) => boolean, more: Row): void {
    for (const { row } of this.untold.get(table) ?? []) if (fits(row)) Object.assign(row, more);
  }

  /** Whether a row is one of those that were told of without their keys; each counts once. */
  takeLoose(table: Held, is: Readonly<Record<string, unknown>>): boolean {
    const found = this.untold.get(table)?.find(({ row, left }) => left > 0 && Object.entries(row).every(([column, value]) => same(table, column, is[column], value)));
    if (found) found.left -= 1;
    return found !== undefined;
  }

  /** How many of them were not found. */
  looseLeft(table: Held): number {
    return (this.untold.get(table) ?? []).reduce((sum, { left }) => sum + (left === Infinity ? 0 : left), 0);
  }

  /** What an older entry does not say of a column is not judged by it. */
  forget(table: Held, key: string, column: string): void {
    delete this.all(table).get(key)?.[column];
  }

  /** More that is known of a row that is there; nothing where there is none. */
  amend(table: Held, key: string, row: Row): void {
    const known = this.all(table).get(key);
    if (known) Object.assign(known, row);
  }

  get(table: Held, key: string): Row | undefined {
    return this.all(table).get(key);
  }

  drop(table: Held, fits: (row: Row) => boolean): void {
    for (const [key, row] of this.all(table)) if (fits(row)) this.all(table).delete(key);
  }
}
