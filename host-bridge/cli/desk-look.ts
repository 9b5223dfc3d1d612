/** `smartseal desk reminders`, `… reports`: what stands at a running desk, asked over its API. */
import type { Command } from 'commander';
import type { Language } from '../common/errors';
import { ask, DESK, type Options } from './client';
import { failWith, languageFrom } from './system';

type Row = Record<string, unknown>;

/** Unix seconds as ISO 8601, UTC. */
export const timeOf = (seconds: unknown): string => (typeof seconds === 'number' ? new Date(seconds * 1000).toISOString().replace('.000Z', 'Z') : '—');

/** Asks for a list and prints it, line by line or as JSON. */
export async function list(options: Options, path: string, name: string, line: (row: Row, language: Language) => string): Promise<void> {
  const language = languageFrom(options.lang);
  try {
    const found = await ask<Record<string, Row[]>>(DESK, options, path, language, (answer) => Array.isArray(answer[name]));
    const rows = found[name] ?? [];
    const lines = rows.map((row) => `${line(row, language)}\n`);
    process.stdout.write(options.json === true ? `${JSON.stringify(found)}\n` : lines.length === 0 ? (language === 'zh' ? '无\n' : 'none\n') : lines.join(''));
  } catch (error) {
    failWith(error, language, options.json === true);
  }
}

export const reaching = (command: Command): Command => command.option('--url <url>', 'the desk', 'http://127.0.0.1:8620').option('--token <token>', 'bearer token, else SMARTSEAL_TOKEN');

/** Below `smartseal desk`. */
export function registerLooks(desk: Command): void {
  reaching(desk.command('reminders').description('steps of approval that wait too long (催办)')).action((_options: Options, command: Command) =>
    list(command.optsWithGlobals<Options>(), '/v1/reminders', 'reminders', (row, language) => {
      const went = row['escalated'] === null ? '' : language === 'zh' ? `，已升级至 ${(row['added'] as number[]).join('、') || '无人'}` : `, gone to ${(row['added'] as number[]).join(', ') || 'nobody'}`;
      const { kind, id, step, since, count } = row as { kind: string; id: string; step: number; since: number; count: number };
      return language === 'zh' ? `${kind} ${id} 第 ${step + 1} 步，自 ${timeOf(since)} 等待，已催办 ${count} 次${went}` : `${kind} ${id} step ${step + 1}, waiting since ${timeOf(since)}, reminded ${count} times${went}`;
    }),
  );
  reaching(desk.command('reports').description('what has to come back of uses: accounts of blank paper, stamped paper for the archive (回报、归档)'))
    .option('--all', 'those as well that have come back')
    .action((_options: Options, command: Command) => {
      const options = command.optsWithGlobals<Options & { all?: boolean }>();
      return list(options, `/v1/reports${options.all === true ? '' : '?state=owed'}`, 'reports', (row, language) => {
        const { application, kind, state, due, purpose } = row as { application: string; kind: string; state: string; due: number | null; purpose: string };
        return language === 'zh' ? `${application} ${kind === 'blank' ? '空白用纸回报' : '归档'} ${state === 'owed' ? `须于 ${timeOf(due)} 前` : state} ${purpose}` : `${application} ${kind} ${state}${state === 'owed' ? ` until ${timeOf(due)}` : ''} ${purpose}`;
      });
    });
}
