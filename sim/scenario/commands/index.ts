/** Every command, once: the prompt, the scenario player and the recorder read this table. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { SimError, words, type Words } from '../../cli/texts';
import type { Bench } from '../bench';
import { NONE, quoted, split, usage, type Command, type Group } from './command';
import { DESK } from './desk';
import { FAULTS } from './faults';
import { HANDS } from './hands';
import { INSIDE } from './inside';
import { MAINTAIN } from './maintain';
import { PHONE } from './phone';
import { PLACE } from './place';

export { quoted, split, type Command } from './command';

const SESSION: readonly Command[] = [
  { names: ['help', '帮助', '?'], group: 'session', looks: true, form: words('[命令]', '[COMMAND]'), help: words('列出命令，或说明其中一个', 'all commands, or one of them'), run: (bench, [name]) => (name === undefined ? help(bench) : helpOn(bench, name)) },
  { names: ['record', '录制'], group: 'session', looks: true, form: words('文件.yaml', 'FILE.yaml'), follows: 'files', help: words('把至今的操作连同结果写成场景', 'write the session so far, with its outcome, as a scenario'), run: (bench, [file]) => {
    if (file === undefined) throw new SimError('USAGE');
    if (bench.hooks.record === undefined) throw new SimError('RECORD_STATE');
    bench.hooks.record(file);
    bench.tell('file', words(`已写入 ${file}`, `Written: ${file}`), { file });
  } },
  { names: ['quit', '退出', 'exit'], group: 'session', looks: true, form: NONE, help: words('结束模拟器（等于断电）', 'end the simulator, as a power cut does'), run: (bench) => bench.hooks.stop?.() },
];

/** In the order of help. */
export const COMMANDS: readonly Command[] = [SESSION[0]!, ...HANDS, ...PLACE.filter(({ group }) => group === 'hands'), ...DESK, ...MAINTAIN, ...PHONE, ...FAULTS, ...PLACE.filter(({ group }) => group === 'faults'), ...INSIDE, ...SESSION.slice(1)];

export const GROUPS: readonly (readonly [Group, Words])[] = [
  ['hands', words('动手', 'hands')], ['office', words('办公室', 'office')], ['faults', words('故障', 'faults')], ['inside', words('查看', 'look')], ['session', words('会话', 'session')],
];

export function findCommand(name: string): Command | undefined {
  return COMMANDS.find(({ names }) => names.includes(name.toLowerCase()));
}

/** The command of a line and its words; undefined for an empty line or a comment. @throws SimError UNKNOWN_COMMAND, USAGE */
export function parseLine(line: string, language: 'zh' | 'en'): { command: Command; given: string[] } | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const [name, ...given] = split(text);
  const command = findCommand(name!);
  if (!command) throw new SimError('UNKNOWN_COMMAND', language === 'zh' ? `${name}（输入“帮助”）` : `${name} (type help)`);
  if (given.length > (command.most ?? (command.form.en === '' ? 0 : 1))) throw new SimError('USAGE', usage(command, language));
  return { command, given };
}

/** Carries out one line. Empty lines and lines that begin with # do nothing. @throws SimError and errors of the parts */
export async function carryOut(bench: Bench, line: string): Promise<void> {
  const parsed = parseLine(line, bench.language);
  if (!parsed) return;
  try {
    await parsed.command.run(bench, parsed.given, parsed.given.join(' '));
  } catch (error) {
    if (!(error instanceof SimError) || error.code !== 'USAGE') throw error;
    // The command knows what it wants of a word; how it is written stands in the table, in both languages.
    throw new SimError('USAGE', `${usage(parsed.command, bench.language)}${error.detail === '' ? '' : `  (${error.detail})`}`);
  }
}

/** What the last word of a line could become. */
export function complete(bench: Bench, line: string): { word: string; candidates: string[] } {
  const word = /(?:[^\s"']|"[^"]*"|'[^']*')*(?:["'][^"']*)?$/.exec(line)![0];
  const bare = word.replace(/["']/g, '');
  const before = split(line.slice(0, line.length - word.length));
  if (before.length === 0) return { word, candidates: COMMANDS.flatMap(({ names }) => names.slice(0, 2)).filter((one) => one.startsWith(bare)).map((one) => `${one} `) };
  const command = findCommand(before[0]!);
  if (command === undefined) return { word, candidates: [] };
  const names = command.names[0] === 'help' ? COMMANDS.map((one) => one.names[bench.language === 'zh' ? 1 : 0]!) : [];
  const people = command.follows === 'people' ? bench.people.map((one) => one.name) : [];
  // Words of the other language are offered only to who begins to type them.
  const own = bench.language === 'zh' ? 1 : 0;
  const options = (command.options ?? []).flatMap((pair) => (bare === '' ? [pair[own]] : [...pair]));
  const fixed = [...names, ...options, ...people].filter((one) => one.startsWith(bare));
  const files = command.follows === 'files' ? filesLike(bare).filter((one) => one.startsWith(bare)) : [];
  const end = (one: string): string => (/[\s"']/.test(one) ? (one.endsWith('/') ? quoted(one).slice(0, -1) : quoted(one)) : one);
  return { word, candidates: [...fixed, ...files.map(end)] };
}

/** A line with the words of a language; what is no word of ours stays. */
export function inLanguage(line: string, language: 'zh' | 'en'): string {
  const [name, ...given] = line.trim().split(/\s+/);
  const command = findCommand(name ?? '');
  if (command === undefined) return line;
  const at = language === 'zh' ? 1 : 0;
  const word = (one: string): string => {
    for (const pair of command.options ?? []) {
      const known = pair.find((other) => one === other || (other.endsWith('=') && one.startsWith(other)));
      if (known !== undefined) return pair[at] + one.slice(known.length);
    }
    return one;
  };
  return [command.names[at]!, ...given.map(word)].join(' ');
}

function filesLike(start: string): string[] {
  const folder = start.endsWith('/') ? start : path.dirname(start);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .slice(0, 500)
    .map((entry) => (folder === '.' && !start.startsWith('./') ? '' : folder.endsWith('/') ? folder : `${folder}/`) + entry.name + (entry.isDirectory() ? '/' : ''));
}

/** A command's name as this language has it, the other language's behind. */
const title = ({ names }: Command, zh: boolean): string => (zh ? `${names[1]!} / ${names[0]!}` : names[0]!);

function help(bench: Bench): void {
  const { language } = bench;
  const zh = language === 'zh';
  const people = bench.people.map(({ name, person }) => (name === String(person) ? name : `${name} (${person})`)).join(', ') || '-';
  const left = zh ? 8 : 9;
  bench.teller.answer('help', [
    ...GROUPS.map(([group, name]) => `  ${pad(name[language], left)}${COMMANDS.filter((one) => one.group === group).map(({ names }) => (zh ? names[1]! : names[0]!)).join('  ')}`),
    zh ? `  人员    ${people}` : `  people   ${people}`,
    zh ? '  “帮助 命令”说明一个命令，“帮助 故障”说明一组，Tab 补全；英文命令同样可用。' : '  "help COMMAND" explains one, "help faults" a group; Tab completes. Chinese names work as well.',
    bench.office === undefined ? (zh ? '  盖章须先有授权：由审批台批准、经网桥送达。' : '  A stroke needs a permit: granted at the desk, brought by the bridge.')
      : zh ? '  盖一次章，逐行输入：“授权 zhang”“手指 zhang”“纸 空白”；然后看“托盘”。' : '  To stamp once, a line each: "permit zhang", "finger zhang", "paper blank"; then look: "tray".',
  ], { commands: COMMANDS.map((command) => ({ command: usage(command, language), names: command.names, help: command.help[language] })) });
}

function helpOn(bench: Bench, name: string): void {
  const { language } = bench;
  const zh = language === 'zh';
  const group = GROUPS.find(([id, text]) => [id, text.zh, text.en].includes(name));
  const command = findCommand(name);
  // "look" and the like name groups; no command has such a name.
  const about = command === undefined ? COMMANDS.filter((one) => one.group === group?.[0]) : [command];
  if (about.length === 0) throw new SimError('UNKNOWN_COMMAND', name);
  const lines = command === undefined ? about.map((one) => `  ${pad(title(one, zh), zh ? 22 : 14)}${one.help[language]}`)
    : [`  ${usage(command, language)}`, `      ${command.help[language]}`, ...(command.more === undefined ? [] : [`      ${command.more[language]}`])];
  bench.teller.answer('help', lines, { commands: about.map((one) => ({ command: usage(one, language), names: one.names, help: one.help[language] })) });
}

/** Blanks up to a width, East Asian characters counting two. */
function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(1, width - text.length - (text.match(/[\u2e80-\uffff]/g)?.length ?? 0)));
}
