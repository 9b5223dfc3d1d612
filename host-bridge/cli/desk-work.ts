/** `smartseal desk apply`, `… tasks`, `… show`, `… approve` and so on: everyday work at a running desk, for people at a terminal. */
import { InvalidArgumentError, type Command } from 'commander';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Language } from '../common/errors';
import { COMMON, Problem } from '../common/errors';
import { ask, DESK, send, understood, type Options } from './client';
import { momentOf } from './desk-call';
import { list, reaching, timeOf } from './desk-look';
import { failWith, languageFrom, systemClock } from './system';

interface Application {
  id: string;
  state: string;
  content: string | null;
  applicant: number;
  seal: string;
  purpose: string;
  document: string;
  step: number;
  chain: unknown[];
  category: string | null;
  amount: number | null;
  blank: boolean;
  persons: number[];
  count: number;
  granted: { count: number; notBefore: number; notAfter: number; persons: number[]; place: { fences?: unknown[] } | null };
  permits?: { id: string; device: string; state: string; code: string | null; used: number; count: number }[];
}

const STATES: Record<string, string> = { draft: '草稿', submitted: '审批中', approved: '已批准', refused: '已拒绝', withdrawn: '已撤回', expired: '已过期', used: '已用完' };
const now = (): number => Math.floor(systemClock().wall() / 1000);
const at = (id: string, rest = ''): string => `/v1/applications/${encodeURIComponent(id)}${rest}`;
const isApplication = ({ id, state }: Application): boolean => typeof id === 'string' && typeof state === 'string';

/** One line; `step 2/3` counts from one. */
function headOf({ id, state, purpose, step, chain, granted }: Application, language: Language): string {
  const waits = state === 'submitted' ? ` ${step + 1}/${chain.length}` : '';
  return language === 'zh' ? `${id} ${STATES[state] ?? state}${waits} ${granted.count} 次，至 ${timeOf(granted.notAfter)} ${purpose}` : `${id} ${state}${waits} ${granted.count} strokes until ${timeOf(granted.notAfter)} ${purpose}`;
}

/** All that is approved with the application, with names in place of numbers. */
async function factsOf(options: Options, application: Application, language: Language): Promise<string[]> {
  const { people } = await ask<{ people: { id: number; name: string }[] }>(DESK, options, '/v1/directory', language, ({ people: some }) => Array.isArray(some));
  const seal = await ask<{ name: string; kind: string }>(DESK, options, `/v1/seals/${encodeURIComponent(application.seal)}`, language, ({ name }) => typeof name === 'string');
  const zh = language === 'zh';
  const name = (id: number): string => people.find((person) => person.id === id)?.name ?? String(id);
  const { granted, category, amount, blank, document, permits = [], content } = application;
  const place = granted.place?.fences?.length ?? 0;
  const rows: [string, string, string][] = [
    ['申请人', 'applicant', name(application.applicant)], ['印章', 'seal', `${seal.name} (${seal.kind})`], ['文件', 'document', document],
    ['次数', 'strokes', String(granted.count)], ['时间', 'window', `${timeOf(granted.notBefore)} … ${timeOf(granted.notAfter)}`], ['用印人', 'persons', granted.persons.map(name).join(zh ? '、' : ', ')],
    ...(place > 0 ? [['地点', 'places', String(place)] as [string, string, string]] : []), ...(category === null ? [] : [['类别', 'category', category] as [string, string, string]]),
    ...(amount === null ? [] : [['金额', 'amount', (amount / 100).toFixed(2)] as [string, string, string]]), ...(blank ? [['空白文件', 'blank paper', zh ? '是' : 'yes'] as [string, string, string]] : []),
    ...permits.map(({ id, device, state, used, count, code }): [string, string, string] => ['许可', 'permit', `${id} ${device} ${state}${code === null ? '' : ` ${code}`} ${used}/${count}`]),
    ...(content === null ? [] : [['内容摘要', 'content', content] as [string, string, string]]),
  ];
  return [headOf(application, language), ...rows.map(([cn, en, value]) => `  ${zh ? cn : en}: ${value}`)];
}

/** Does something with one application and prints what became of it; whole where `whole`. */
async function work(options: Options, ask_: (language: Language) => Promise<Application>, whole: boolean): Promise<void> {
  const language = languageFrom(options.lang);
  try {
    const application = await ask_(language);
    const lines = whole ? await factsOf(options, application, language) : [headOf(application, language)];
    process.stdout.write(options.json === true ? `${JSON.stringify(application)}\n` : `${lines.join('\n')}\n`);
  } catch (error) {
    failWith(error, language, options.json === true);
  }
}

const read = (options: Options, id: string, language: Language): Promise<Application> => ask<Application>(DESK, options, at(id), language, isApplication);

interface Wanted extends Options {
  seal: string;
  purpose: string;
  count: number;
  person: number[];
  from: number | undefined;
  until: number | undefined;
  for: number;
  category?: string;
  amount?: number;
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Problem(COMMON.INVALID, { detail: `${file}: ${(error as NodeJS.ErrnoException).code ?? ''}`, cause: error });
  }
}

async function apply(document: string, options: Wanted, language: Language): Promise<Application> {
  const me = options.person.length > 0 ? options.person : [(await ask<{ id: number }>(DESK, options, '/v1/me', language, ({ id }) => typeof id === 'number')).id];
  const begin = options.from ?? now();
  const form = new FormData();
  const fields = { seal: options.seal, purpose: options.purpose, count: options.count, persons: JSON.stringify(me), notBefore: begin, notAfter: options.until ?? begin + options.for, category: options.category, amount: options.amount };
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, String(value));
  form.set('document', new File([new Uint8Array(bytesOf(document))], path.basename(document)));
  return understood<Application>(DESK, options, await send(DESK, options, { method: 'POST', path: '/v1/applications', body: form }, language), isApplication);
}

interface Decision extends Options {
  content?: string;
  reason?: string;
  count?: number;
}

/** Decides on what was looked at: without `--content` it only shows, and says how to go on. */
async function decide(id: string, what: 'approve' | 'refuse', options: Decision): Promise<void> {
  const language = languageFrom(options.lang);
  if (options.content === undefined) {
    await work(options, (lang) => read(options, id, lang), true);
    if (process.exitCode === undefined || process.exitCode === 0) {
      process.stderr.write(language === 'zh' ? `尚未决定。核对以上内容后，加上 --content 及所列的内容摘要\n` : `Nothing is decided yet. When you have looked at this, say so with --content and the content above\n`);
      process.exitCode = 2;
    }
    return;
  }
  const body = { content: options.content, ...(options.reason === undefined ? {} : { reason: options.reason }), ...(options.count === undefined ? {} : { narrow: { count: options.count } }) };
  await work(options, (lang) => ask<Application>(DESK, options, at(id, `/${what}`), lang, isApplication, body), false);
}

function natural(text: string): number {
  if (!/^[1-9]\d{0,11}$/.test(text)) throw new InvalidArgumentError('1, 2, …');
  return Number(text);
}

function moment(text: string): number {
  const value = momentOf(text, now());
  if (value === undefined) throw new InvalidArgumentError('Unix seconds, 2026-01-01T09:00+08:00, or +SECONDS');
  return value;
}

type Row = Record<string, unknown>;
const word = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '—');

/** How good the impression is, or why that is not known; nothing where it has not been looked at. */
function gradeOf({ impression }: Row): unknown {
  const told = impression as Row | null | undefined;
  return told?.['grade'] ?? told?.['verdict'];
}

/** Lists of one line each: command, its description, path, name in the answer, and the line. */
const LISTS: [string, string, string, string, (row: Row, language: Language) => string][] = [
  ['tasks', 'what waits for my decision (任务池)', '/v1/tasks', 'applications', (row, language) => headOf(row as unknown as Application, language)],
  ['applications', 'applications that I may see, newest first (申请)', '/v1/applications', 'applications', (row, language) => headOf(row as unknown as Application, language)],
  ['seals', 'the seals (印章)', '/v1/seals', 'seals', (row) => `${word(row['id'])} ${word(row['name'])} ${word(row['kind'])} ${word(row['state'])} ${word(row['device'])}`],
  ['people', 'the people and their roles (人员)', '/v1/people', 'people', (row) => `${word(row['id'])} ${word(row['name'])} ${(row['roles'] as string[]).join(',')}`],
  ['devices', 'the units (设备)', '/v1/devices', 'devices', (row) => `${word(row['id'])} ${word(row['name'])} ${word(row['bridge'])}`],
  ['cases', 'cases that are open (待处理事项)', '/v1/cases?open=true', 'cases', (row) => `${word(row['id'])} ${word(row['kind'])} ${word(row['device'])} ${timeOf(row['opened'])}`],
  ['uses', 'the newest uses in the register (用印记录)', '/v1/register/uses', 'uses', (row) => `${timeOf(row['time'])} ${word(row['device'])} ${word(row['result'])} ${word(gradeOf(row))} ${word(row['purpose'])}${row['crossPage'] === true ? ` 骑缝 ${word(row['intent'])}` : ''}`],
];

interface Sheets {
  complete: boolean;
  verdict: string | null;
  open: boolean;
  sheets: number | null;
  round: number;
  photos: { round: number; sheet: number; sha256: string }[];
}

/** Hands in photos of the sheets of a cross-page stroke, or shows how it stands with them. */
async function sheets(device: string, intent: string, files: readonly string[], options: Options & { sheets?: number; again?: boolean }): Promise<void> {
  const language = languageFrom(options.lang);
  const where = `/v1/register/uses/${encodeURIComponent(device)}/${encodeURIComponent(intent)}/sheets`;
  const fits = ({ photos, round }: Sheets): boolean => Array.isArray(photos) && typeof round === 'number';
  try {
    const form = new FormData();
    for (const file of files) form.append('page', new File([new Uint8Array(bytesOf(file))], path.basename(file)));
    const query = new URLSearchParams({ ...(options.sheets === undefined ? {} : { sheets: String(options.sheets) }), ...(options.again === true ? { again: 'true' } : {}) });
    const now = files.length === 0 ? await ask<Sheets>(DESK, options, where, language, fits) : await understood<Sheets>(DESK, options, await send(DESK, options, { method: 'POST', path: `${where}?${query.toString()}`, body: form }, language), fits);
    const here = now.photos.filter(({ round }) => round === now.round);
    const zh = language === 'zh';
    const head = zh ? `已交 ${here.length} 张，共 ${now.sheets ?? '?'} 张${now.complete ? '，已交齐' : ''}${now.verdict === null ? '' : `，判定：${now.verdict}`}` : `${here.length} of ${now.sheets ?? '?'} photos${now.complete ? ', complete' : ''}${now.verdict === null ? '' : `, judged: ${now.verdict}`}`;
    process.stdout.write(options.json === true ? `${JSON.stringify(now)}\n` : `${[head, ...here.map((one) => `  ${one.sheet} ${one.sha256}`)].join('\n')}\n`);
  } catch (error) {
    failWith(error, language, options.json === true);
  }
}

/** Below `smartseal desk`. */
export function registerWork(desk: Command): void {
  for (const [name, description, where, key, line] of LISTS)
    reaching(desk.command(name).description(description)).action((_options: Options, command: Command) => list(command.optsWithGlobals<Options>(), where, key, line));

  reaching(desk.command('apply <document>').description('have a document stamped: PDF, picture or Office file (用印申请)'))
    .requiredOption('--seal <id>', 'which seal; "smartseal desk seals" lists them')
    .requiredOption('--purpose <text>', 'what for')
    .option('--count <n>', 'strokes', natural, 1)
    .option('--person <id>', 'who stamps, as a number of "people"; repeatable; oneself where not said', (text: string, before: number[]) => [...before, natural(text)], [])
    .option('--from <moment>', 'from when: Unix seconds, 2026-01-01T09:00+08:00, or +SECONDS; now where not said', moment)
    .option('--until <moment>', 'until when', moment)
    .option('--for <seconds>', 'how long, where --until is not said', natural, 3_600)
    .option('--category <name>', 'letter, internal, contract, finance or other')
    .option('--amount <n>', 'amount of the contract, in fen (hundredths of a yuan)', natural)
    .addHelpText('after', '\nFences, cross-page seals, blank paper and the rest: smartseal desk call --list applications')
    .action((document: string, _options: Options, command: Command) => {
      const options = command.optsWithGlobals<Wanted>();
      return work(options, (language) => apply(document, options, language), true);
    });
  reaching(desk.command('show <application>').description('an application with all that is decided about (查看申请)')).action((id: string, _options: Options, command: Command) => {
    const options = command.optsWithGlobals<Options>();
    return work(options, (language) => read(options, id, language), true);
  });
  const deciding = (command: Command): Command => reaching(command).option('--content <hex>', 'content of the application that was looked at; without it the application is shown');
  deciding(desk.command('approve <application>').description('approve the step that is due (同意)'))
    .option('--reason <text>', 'a note').option('--count <n>', 'fewer strokes than asked for', natural)
    .action((id: string, _options: Options, command: Command) => decide(id, 'approve', command.optsWithGlobals<Decision>()));
  deciding(desk.command('refuse <application>').description('refuse (拒绝)')).requiredOption('--reason <text>', 'why')
    .action((id: string, _options: Options, command: Command) => decide(id, 'refuse', command.optsWithGlobals<Decision>()));
  reaching(desk.command('sheets <device> <intent> [photos...]').description('hand in a photo of each sheet of a cross-page stroke; without photos: how it stands with them (骑缝章各页照片)'))
    .option('--sheets <n>', 'how many sheets lay under the seal; as many as the document has pages where not said', natural).option('--again', 'begin anew before all are there')
    .action((device: string, intent: string, photos: string[], _options: Options, command: Command) => sheets(device, intent, photos, command.optsWithGlobals<Options & { sheets?: number; again?: boolean }>()));
  reaching(desk.command('withdraw <application>').description('take an application back; unused strokes are revoked (撤回)')).option('--reason <text>', 'why')
    .action((id: string, _options: Options, command: Command) => {
      const options = command.optsWithGlobals<Decision>();
      return work(options, (language) => ask<Application>(DESK, options, at(id, '/withdraw'), language, isApplication, options.reason === undefined ? {} : { reason: options.reason }), false);
    });
}
