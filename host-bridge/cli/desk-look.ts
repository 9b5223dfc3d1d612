/** `smartseal desk reminders`, `… reports`, `… statistics`: what stands at a running desk, asked over its API. */
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
  reaching(desk.command('witnesses').description("who cosigns the register's checkpoints, and how it stands with each (见证方)")).action((_options: Options, command: Command) =>
    list(command.optsWithGlobals<Options>(), '/v1/register/witnesses', 'witnesses', (row, language) => {
      const { name, state, size, time, detail } = row as { name: string; state: string; size: number | null; time: number | null; detail: string | null };
      const why = detail === null ? '' : language === 'zh' ? `（${detail}）` : ` (${detail})`;
      return language === 'zh' ? `${name} ${state}，已签认 ${size ?? 0} 条，${timeOf(time)}${why}` : `${name} ${state}, cosigned ${size ?? 0} entries, ${timeOf(time)}${why}`;
    }),
  );
  reaching(desk.command('statistics').description('uses by seal, department, category, purpose and month (统计)'))
    .option('--from <seconds>', 'Unix seconds, from this one on').option('--until <seconds>', 'before this one').option('--seal <id>', 'of one seal')
    .action((_options: Options, command: Command) => statistics(command.optsWithGlobals<Options & Bounds>()));
}

interface Bounds { from?: string; until?: string; seal?: string }
interface Found { total: Counts; by: Record<string, (Counts & { name: string })[]>; permits: { issued: number; unused: number; strokes: number; strokesUnused: number }; applications: Record<string, number> }
interface Counts { stamped: number; failed: number; unknown: number; pending: number }

async function statistics(options: Options & Bounds): Promise<void> {
  const language = languageFrom(options.lang);
  try {
    const query = new URLSearchParams({ lang: language });
    for (const name of ['from', 'until', 'seal'] as const) if (options[name] !== undefined) query.set(name, options[name]);
    const found = await ask<Found>(DESK, options, `/v1/register/statistics?${query.toString()}`, language, ({ by, total }) => typeof by === 'object' && typeof total === 'object');
    const zh = language === 'zh';
    const line = (name: string, { stamped, failed, unknown, pending }: Counts): string => (zh ? `${name}：盖章 ${stamped}，未盖上 ${failed}，不明 ${unknown}，未完成 ${pending}` : `${name}: ${stamped} stamped, ${failed} failed, ${unknown} unknown, ${pending} pending`);
    const { permits } = found;
    const lines = [
      line(zh ? '合计' : 'All', found.total), ...Object.entries(found.by).flatMap(([grouping, groups]) => groups.map((group) => `  ${line(`${grouping} ${group.name || '—'}`, group)}`)),
      zh ? `许可 ${permits.issued}，未使用 ${permits.unused}；批准 ${permits.strokes} 次，未使用 ${permits.strokesUnused} 次；拒绝 ${found.applications['refused'] ?? 0} 件` : `Permits ${permits.issued}, never used ${permits.unused}; strokes granted ${permits.strokes}, not used ${permits.strokesUnused}; applications refused ${found.applications['refused'] ?? 0}`,
    ];
    process.stdout.write(options.json === true ? `${JSON.stringify(found)}\n` : `${lines.join('\n')}\n`);
  } catch (error) {
    failWith(error, language, options.json === true);
  }
}
