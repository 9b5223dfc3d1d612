/** Results as the tables that stand in host-bridge/inspection/README.md. */
import type { Inspection } from '../../../host-bridge/inspection';

export interface Row {
  file: string;
  page: number;
  heldBack: boolean;
  condition: string;
  good: boolean;
  tamper: string;
  what: string;
  /** Height of the character changed, mm. */
  size: number;
  width: number;
  verdict: string;
  reasons: string[];
  strength: number;
  findings: number;
  /** Whether a box lies on what was changed. */
  hit: boolean | undefined;
  first: string[];
  /** CPU seconds. */
  cpu: number;
  /** Resident memory of the whole run, MB. */
  rss: number;
  measured: Inspection['measured'];
  seed: number;
}

const count = (rows: readonly Row[], verdict: string): number => rows.filter((r) => r.verdict === verdict).length;

export function table(rows: readonly Row[]): string {
  const out: string[] = [];
  for (const width of [...new Set(rows.map((r) => r.width))].sort((a, b) => b - a))
    for (const heldBack of [false, true]) {
      const mine = rows.filter((r) => r.width === width && r.heldBack === heldBack);
      if (mine.length === 0) continue;
      out.push(`### ${width} × ${(width * 3) / 4}, ${heldBack ? 'held back' : 'tuned on'}: ${new Set(mine.map((r) => `${r.file}#${r.page}`)).size} pages, ${mine.length} photos`, '');
      out.push('| honest, under | photos | same | different | unreadable |', '| --- | --- | --- | --- | --- |');
      const honest = mine.filter((r) => r.tamper === 'none');
      for (const good of [true, false])
        for (const name of [...new Set(honest.filter((r) => r.good === good).map((r) => r.condition))].sort()) out.push(line(`${name}${good ? '' : ' (poor)'}`, honest.filter((r) => r.condition === name)));
      out.push(line('**all good photos**', honest.filter((r) => r.good)), '');
      out.push('| changed | photos | accepted | caught | of these boxed | unreadable |', '| --- | --- | --- | --- | --- | --- |');
      const changed = mine.filter((r) => r.tamper !== 'none');
      for (const name of [...new Set(changed.map((r) => r.tamper))]) out.push(caught(name, changed.filter((r) => r.tamper === name)));
      out.push(caught('**all**', changed), '');
      const cpu = mine.map((r) => r.cpu).sort((a, b) => a - b);
      out.push(`CPU seconds a photo: median ${cpu[cpu.length >> 1]!.toFixed(1)}, most ${cpu.at(-1)!.toFixed(1)}. Resident memory of the run at most ${Math.max(...mine.map((r) => r.rss)).toFixed(0)} MB.`, '');
    }
  return `${out.join('\n')}\n`;
}

const line = (name: string, rows: readonly Row[]): string => `| ${name} | ${rows.length} | ${count(rows, 'same')} | ${count(rows, 'different')} | ${count(rows, 'unreadable') + count(rows, 'error')} |`;

function caught(name: string, rows: readonly Row[]): string {
  const told = rows.filter((r) => r.verdict === 'different');
  const boxed = told.filter((r) => r.findings > 0 && r.hit !== undefined);
  return `| ${name} | ${rows.length} | ${count(rows, 'same')} | ${told.length} | ${boxed.filter((r) => r.hit).length} of ${boxed.length} | ${count(rows, 'unreadable') + count(rows, 'error')} |`;
}
