/** SPEC.md says what the code does: its hexadecimal is the vectors', its tables are the texts'. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as codec from '../../protocol/generated/codec';
import { MESSAGES } from '../../protocol/generated/messages';
import { bodyMax } from '../../protocol/frame';
import * as reasons from '../../protocol/reasons';
import * as evidence from '../../protocol/evidence';
import type { Texts } from '../../protocol/texts';
import { ALARM_TABLE } from '../../protocol/alarms';
import { DOWNS, RECORDS, REFUSALS, STATES } from '../../protocol/texts';
import { vectorTexts } from './files';

/** Constant enumerations are objects all the same when the tests run. */
const { RefusalCode, UseState, DownReason, RecordKind } = { ...codec, ...reasons, ...evidence } as unknown as Record<string, object>;
const spec = readFileSync(join(__dirname, '../../protocol/SPEC.md'), 'utf8');

test('every hexadecimal value is one of the vectors', () => {
  const values = new Set(Object.values(vectorTexts()).flatMap((text) => text.match(/"[0-9a-f]{10,}"/g) ?? []));
  const said = spec.match(/\b[0-9a-f]{20,}\b/g) ?? [];
  expect(said.length).toBeGreaterThan(35);
  expect(said.filter((hex) => !values.has(`"${hex}"`))).toEqual([]);
});

test.each<[string, Texts, object | undefined]>([
  ['refusals', REFUSALS, RefusalCode],
  ['states', STATES, UseState],
  ['downs', DOWNS, DownReason],
  ['records', RECORDS, RecordKind],
])('the table of %s', (_name, texts, names) => {
  for (const [code, text] of Object.entries(texts)) {
    const name = names ? `${(names as { [code: string]: string })[code]} | ` : '';
    expect(spec).toContain(`| ${code} | ${name}${text.zh} | ${text.en} |`);
  }
});

test('the table of alarms is the one in code', () => {
  const rows = Object.entries(ALARM_TABLE).map(([n, { name, text, raised, returns }]) => `| ${n} | ${name} | ${text.zh} | ${text.en} | ${raised.zh} | ${raised.en} | ${returns ? '↻' : ''} |`);
  expect(spec).toContain(`${rows.join('\n')}\n\n`);
});

test('the table of messages', () => {
  for (const m of MESSAGES) expect(spec).toContain(`| ${m.type} | ${m.name} | ${m.host ? 'host' : 'device'} |`);
});

test('sizes', () => {
  expect(bodyMax(128)).toBe(118);
  expect(bodyMax(2048)).toBe(2030);
});
