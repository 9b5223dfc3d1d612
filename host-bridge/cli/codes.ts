/** `smartseal desk answer` and `smartseal desk trip`: codes for units without a network, with all that they are for read back. */
import type { Command } from 'commander';
import type { Language } from '../common/errors';
import type { Code } from '../desk/approvals/codes';
import { ask, DESK, type Options as Common } from './client';
import { failWith, languageFrom } from './system';

interface Options extends Common {
  count?: string;
  reason?: string;
}

const WORDS = {
  en: { seal: 'seal', unit: 'unit', person: 'person', strokes: 'strokes', document: 'document code', number: 'number', answer: 'Answer', trip: 'Trip code', back: 'Read this back first:' },
  zh: { seal: '印章', unit: '设备', person: '用印人', strokes: '次数', document: '文件码', number: '编号', answer: '应答码', trip: '外出码', back: '请先逐项核对：' },
} as const;

/** Digits in groups of four, as they are read out. */
export const grouped = (code: string): string => code.replace(/\d{4}(?=\d)/g, '$& ');

function lines(code: Code, trip: boolean, language: Language): string[] {
  const w = WORDS[language];
  return [
    w.back,
    `  ${w.seal}: ${code.seal} (${code.die})`,
    `  ${w.unit}: ${code.device}`,
    `  ${w.person}: ${code.name} (${code.person})`,
    `  ${w.strokes}: ${code.count}`,
    `  ${w.document}: ${grouped(code.documentCode)}`,
    `  ${w.number}: ${code.number}`,
    `${trip ? w.trip : w.answer}: ${grouped(code.code)}`,
  ];
}

async function give(application: string, path: string, body: object, options: Options, trip: boolean): Promise<void> {
  const language = languageFrom(options.lang);
  try {
    const wanted = { ...body, ...(options.count === undefined ? {} : { count: Number(options.count) }), ...(options.reason === undefined ? {} : { reason: options.reason }) };
    const code = await ask<Code>(DESK, options, `/v1/applications/${encodeURIComponent(application)}/${path}`, language, (found) => typeof found.code === 'string', wanted);
    process.stdout.write(options.json === true ? `${JSON.stringify(code)}\n` : `${lines(code, trip, language).join('\n')}\n`);
  } catch (error) {
    failWith(error, language, options.json === true);
  }
}

/** Below `smartseal desk`. */
export function registerCodes(desk: Command): void {
  const common = (command: Command): Command =>
    command
      .option('--url <url>', 'the desk', 'http://127.0.0.1:8620')
      .option('--token <token>', 'bearer token of an approver, else SMARTSEAL_TOKEN')
      .option('--count <n>', 'strokes, 1 to 9; all that are granted where not said')
      .option('--reason <text>', 'why, where the application has had a code before');
  common(desk.command('answer <application> <challenge> <number>').description('answer the challenge of a unit without a network, as it is read out (应答)'))
    .action((application: string, challenge: string, number: string, _options: Options, command: Command) => give(application, 'answers', { challenge: challenge.replace(/\s/g, ''), number }, command.optsWithGlobals<Options>(), false));
  common(desk.command('trip <application>').description('give a trip code in advance (外出码)'))
    .action((application: string, _options: Options, command: Command) => give(application, 'trip-codes', {}, command.optsWithGlobals<Options>(), true));
}
