/**
 * The journal as it lies on the unit's flash, read past firmware and link (layout: firmware/core/README.md, "journal"): a
 * technician sees what is recorded whether or not the unit has power or a host.
 */
import { fileSize, JOURNAL, PAGE } from '../../firmware/board/files';
import { nodeNatives } from '../../host-bridge/natives';
import { readRecord, type ReadRecord } from '../../protocol';
import { EXTERNAL } from '../board/espruino';
import { FileArea } from '../board/storage';
import type { Language, Words } from '../cli/texts';
import type { NorFlash } from '../parts/nor';
import { ACTION_NAMES, actionText, ALARM_NAMES, alarmText, CLOSE_NAMES, closeText, GRADE_NAMES, gradeText, MAINTAIN_NAMES, maintainedText, nameOf, OUTCOME_NAMES, outcomeText, RECORD_NAMES, recordText, REFUSAL_NAMES, refusalText, UPDATED_NAMES, updatedText } from './names';

/** A record with its fields by name. */
export interface Entry {
  seq: number;
  /** 'boot', 'permit', … */
  kind: string;
  boot: number;
  /** Milliseconds since that start of the firmware. */
  uptime: number;
  /** Unix seconds; null: the unit had no trusted time. */
  time: number | null;
  /** Fields of the kind: names, numbers, hexadecimal texts, lists of persons. */
  fields: Record<string, string | number | number[]>;
}

const HEAD = 16;
const STEP = 64;

/** Keys 1, 2, … of each kind's data map (SPEC.md section 9). */
export const FIELDS: Readonly<Record<string, readonly string[]>> = {
  boot: ['cause', 'firmware', 'broken'], permit: ['permit', 'grant', 'count'], opened: ['permit', 'persons', 'means'], photo: ['permit', 'which', 'digest', 'size', 'use', 'source'],
  intent: ['permit', 'use', 'charged', 'photo', 'die'], outcome: ['permit', 'use', 'result', 'trace', 'intent', 'charged', 'grade'], closed: ['permit', 'reason', 'charged'],
  refused: ['code', 'permit', 'person'], alarm: ['condition', 'detail'], cleared: ['condition', 'alarm', 'grant'], clock: ['old', 'new'], revoked: ['epoch', 'permit', 'counter'],
  granted: ['permit', 'photo', 'rejected'], topped_up: ['permit', 'count', 'counter', 'grant'], recycled: ['below'], ceremony: ['ceremony', 'action', 'counter', 'person', 'detail', 'persons', 'until'],
  place: ['permit', 'latitude', 'longitude', 'accuracy', 'age', 'fence'], updated: ['old', 'new', 'image', 'became', 'grant'],
  code: ['permit', 'how', 'number', 'person', 'count', 'document'], challenge: ['number', 'person', 'count', 'document'],
  maintenance: ['maintained', 'persons', 'grant', 'part', 'ms', 'came', 'trace', 'end'],
};
/** Fields whose numbers have names. */
export const NAMED: Readonly<Record<string, readonly string[]>> = { result: OUTCOME_NAMES, grade: GRADE_NAMES, reason: CLOSE_NAMES, code: REFUSAL_NAMES, condition: ALARM_NAMES, which: ['before', 'after'], source: ['unit', 'host'], how: ['', 'answer', 'trip'], action: ACTION_NAMES, became: UPDATED_NAMES, maintained: MAINTAIN_NAMES };

/** A record's fields by name. */
export function entryOf(record: ReadRecord): Entry {
  const kind = nameOf(RECORD_NAMES, record.kind);
  const fields: Entry['fields'] = {};
  for (const [i, name] of (FIELDS[kind] ?? []).entries()) {
    const value = record.values[i + 1];
    if (value === undefined) continue;
    if (typeof value === 'number') fields[name] = NAMED[name] === undefined ? value : (NAMED[name][value] ?? value);
    else if (typeof value === 'string') fields[name] = name === 'firmware' || name === 'document' ? value : Buffer.from(value, 'latin1').toString('hex');
    else fields[name] = value;
  }
  return { seq: record.seq, kind, boot: record.boot, uptime: record.uptime, time: record.time ?? null, fields };
}

/** All records on the flash that are whole, in their order. */
export function readJournal(flash: NorFlash): Entry[] {
  const file = new FileArea(flash, EXTERNAL.base, EXTERNAL.size).find(JOURNAL.name);
  if (file === undefined || file.size < fileSize(JOURNAL)) return [];
  const base = Math.ceil(file.data / PAGE) * PAGE;
  const found = new Map<number, Entry>();
  for (let page = 0; page < JOURNAL.pages; page++) readPage(Buffer.from(flash.read(base + page * PAGE, PAGE)), found);
  return [...found.values()].sort((a, b) => a.seq - b.seq);
}

function readPage(page: Buffer, found: Map<number, Entry>): void {
  if (page.toString('latin1', 0, 4) !== 'SJ01') return;
  for (let at = HEAD; at + 12 <= PAGE; ) {
    const length = page.readUInt16LE(at);
    const padded = (length + 3) & ~3;
    const end = at + 4 + padded;
    const whole = (length ^ page.readUInt16LE(at + 2)) === 0xffff && length > 0 && end + 8 <= PAGE
      && page.readUInt32LE(end) === nodeNatives.crc32(page.toString('latin1', at, end)) && page.toString('latin1', end + 4, end + 8) === 'DONE';
    if (!whole) {
      at = (Math.floor(at / STEP) + 1) * STEP;
      continue;
    }
    const record = readRecord(page.toString('latin1', at + 4, at + 4 + length));
    if (record !== undefined) found.set(record.seq, entryOf(record));
    at = end + 8;
  }
}

/** Alarms without a clearing record behind them. */
export function latchedIn(entries: readonly Entry[]): { condition: string; seq: number; detail: number }[] {
  const open = new Map<string, { condition: string; seq: number; detail: number }>();
  for (const { kind, fields, seq } of entries) {
    const condition = String(fields['condition']);
    if (kind === 'alarm') open.set(condition, { condition, seq, detail: Number(fields['detail'] ?? 0) });
    if (kind === 'cleared') open.delete(condition);
  }
  return [...open.values()];
}

/** What each permit came to, by its id. */
export function permitsIn(entries: readonly Entry[]): Map<string, { count: number; charged: number; closed: string | undefined }> {
  const permits = new Map<string, { count: number; charged: number; closed: string | undefined }>();
  for (const { kind, fields } of entries) {
    const permit = permits.get(String(fields['permit']));
    if (kind === 'permit' || kind === 'code') permits.set(String(fields['permit']), { count: Number(fields['count']), charged: 0, closed: undefined });
    else if (permit === undefined) continue;
    else if (kind === 'revoked') permit.closed = 'revoked';
    else if (kind === 'intent' || kind === 'outcome' || kind === 'closed') {
      permit.charged = Number(fields['charged'] ?? permit.charged);
      // Idle, alarm, refusal and restart close the use, not the permit.
      if (kind === 'closed' && ['used_up', 'finished', 'expired', 'revoked'].includes(String(fields['reason']))) permit.closed = String(fields['reason']);
    }
  }
  return permits;
}

const text = (one: Words, language: Language): string => one[language];
const short = (hex: unknown): string => String(hex).slice(0, 8);
const strokes = (count: unknown, zh: boolean): string => (zh ? `${String(count)} 次` : `${String(count)} stroke${count === 1 ? '' : 's'}`);
const degrees = (value: unknown): string => (Number(value) / 1e7).toFixed(5);

/** A record in one line, without its number. @param name how a person is called */
export function describe({ kind, fields }: Entry, language: Language, name: (person: number) => string): string {
  const zh = language === 'zh';
  const head = text(recordText(RECORD_NAMES.indexOf(kind as (typeof RECORD_NAMES)[number])), language);
  const is = (value: string): string => `${head}${zh ? '：' : ': '}${value}`;
  const from = (names: readonly string[], field: string): number => names.indexOf(String(fields[field]));
  switch (kind) {
    case 'permit': return is(`${short(fields['permit'])}${zh ? '，' : ', '}${strokes(fields['count'], zh)}`);
    case 'opened': return is((fields['persons'] as number[]).map(name).join(zh ? '、' : ', '));
    case 'photo': return is(`${fields['which'] === 'after' ? (zh ? '盖章后' : 'after') : zh ? '盖章前' : 'before'}${zh ? '，' : ', '}${String(fields['size'])} ${zh ? '字节' : 'bytes'}${fields['source'] === 'host' ? (zh ? '，主机相机所拍' : ", by the host's camera") : ''}`);
    case 'intent': return is(zh ? `第 ${String(fields['use'])} 次，已计 ${String(fields['charged'])}` : `use ${String(fields['use'])}, charged ${String(fields['charged'])}`);
    case 'outcome': return is(`${text(outcomeText(from(OUTCOME_NAMES, 'result')), language)}${fields['grade'] === undefined ? '' : `${zh ? '，' : ', '}${text(gradeText(from(GRADE_NAMES, 'grade')), language)}`}${zh ? `，已计 ${String(fields['charged'])}` : `, charged ${String(fields['charged'])}`}`);
    case 'closed': return is(text(closeText(from(CLOSE_NAMES, 'reason')), language));
    case 'refused': return is(`${String(fields['code'])} ${text(refusalText(from(REFUSAL_NAMES, 'code')), language)}${fields['person'] === undefined ? '' : ` (${name(Number(fields['person']))})`}`);
    case 'alarm': return is(`${String(fields['condition'])} ${text(alarmText(from(ALARM_NAMES, 'condition')), language)}`);
    case 'cleared': return is(`${String(fields['condition'])} ${text(alarmText(from(ALARM_NAMES, 'condition')), language)}`);
    case 'ceremony': return `${text(actionText(from(ACTION_NAMES, 'action')), language)}${fields['person'] === undefined ? '' : `${zh ? '：' : ': '}${name(Number(fields['person']))}`}`;
    case 'place': return is(`${degrees(fields['latitude'])}, ${degrees(fields['longitude'])} ± ${String(fields['accuracy'])} m${fields['fence'] === 0 ? '' : zh ? `，第 ${String(fields['fence'])} 个范围内` : `, inside fence ${String(fields['fence'])}`}`);
    case 'updated': return is(`${String(fields['old'])} → ${String(fields['new'])}${zh ? '，' : ', '}${text(updatedText(from(UPDATED_NAMES, 'became')), language)}`);
    case 'code':
    case 'challenge': return is(`${name(Number(fields['person']))}${zh ? '，' : ', '}${strokes(fields['count'], zh)}${fields['document'] === undefined ? '' : `${zh ? '，文件码 ' : ', document '}${String(fields['document'])}`}`);
    case 'maintenance': return is(`${text(maintainedText(from(MAINTAIN_NAMES, 'maintained')), language)}${fields['came'] === undefined || fields['came'] === 0 ? '' : ` (${String(fields['came'])})`}`);
    case 'boot': return fields['broken'] === undefined ? head : is(zh ? '上次盖章被打断' : 'the last stroke was broken off');
    default: return head;
  }
}
