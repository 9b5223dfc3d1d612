/** The status panel: a unit in a dozen lines, for whatever width the terminal has. */
import path from 'node:path';
import { describe, findings, observe, type Bench } from '../scenario';
import { stateText } from '../scenario/names';
import { permitsIn } from '../scenario/journal';
import type { Language } from './texts';
import { clip, fill, framed, FRAMED, width, wrap } from './width';

export interface Style {
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  bold(text: string): string;
  dim(text: string): string;
}

const sgr = (code: number) => (text: string): string => `\x1b[${code}m${text}\x1b[0m`;
export const COLOURED: Style = { red: sgr(31), green: sgr(32), yellow: sgr(33), bold: sgr(1), dim: sgr(2) };
const same = (text: string): string => text;
export const PLAIN: Style = { red: same, green: same, yellow: same, bold: same, dim: same };

const RECORDS = 3;
/** Columns of a terminal that has room for the display in its frame beside everything else. */
const BESIDE = 100;

interface Row {
  label: string;
  /** Parts that stand beside each other where there is room. */
  cells: string[];
  /** Left out first where the terminal is low: greater numbers go earlier. */
  rank: number;
  paint?: (text: string) => string;
}

/** @param rows most lines it may take */
export function panel(bench: Bench, columns: number, rows: number, style: Style): string[] {
  const { language } = bench;
  const t = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  const glass = columns >= BESIDE ? framed(bench.glass) : [];
  const inRow: Row[] = glass.length > 0 ? [] : [{ label: t('屏', 'display'), rank: 1, cells: bench.glass.length === 0 ? [t('暗', 'dark')] : bench.glass.map((row) => row.trim()).filter((row) => row !== '') }];
  const body = [...unitRows(bench, t, style), ...inRow, ...recordRows(bench, t, language, style)];
  const labels = Math.max(...body.map(({ label }) => width(label))) + 2;
  const room = columns - labels - 1 - (glass.length > 0 ? FRAMED + 2 : 0);
  const help = helpLines(bench, t, columns, style);
  const left = Math.max(0, rows - 1 - help.length);
  const kept = body.map((row) => row.rank).sort((a, b) => a - b)[left - 1] ?? (left === 0 ? -1 : Infinity);
  let free = left;
  const lines = body.filter(({ rank }) => rank <= kept && free-- > 0).map(({ label, cells, paint = same }, i, all) => style.dim(fill(label === all[i - 1]?.label ? '' : label, labels)) + paint(beside(cells, room)));
  const title = ` ${t('模拟印章机', 'simulated seal')} ${bench.deviceId.slice(0, 16)} `;
  glass.slice(0, lines.length).forEach((row, i) => (lines[i] = `${fill(lines[i]!, columns - FRAMED - 1)}${style.dim(row)}`));
  return [style.dim(`──${clip(title, columns - 4)}${'─'.repeat(Math.max(0, columns - 3 - width(title)))}`), ...lines, ...help].slice(0, rows);
}

function unitRows(bench: Bench, t: (zh: string, en: string) => string, style: Style): Row[] {
  const { unit, office } = bench;
  const seen = observe(bench);
  const { lamps } = seen;
  const lamp = (name: string, on: boolean): string => `${on ? '●' : '○'} ${name}`;
  const { counters } = unit.cable;
  const register = office?.register;
  const wires = bench.hooks.wires?.() ?? [];
  const alarmed = seen.alarms.length > 0;
  const actuator = { home: t('在原位', 'home'), moving: t(`${seen.carrierMm.toFixed(1)} 毫米，在动`, `${seen.carrierMm.toFixed(1)} mm, moving`), stuck: t(`停在 ${seen.carrierMm.toFixed(1)} 毫米`, `stands at ${seen.carrierMm.toFixed(1)} mm`) }[seen.actuator];
  const permits = [...permitsIn(bench.journal)].slice(-2).map(([id, { count, charged, closed }]) => `${id.slice(0, 4)}: ${charged}/${count}${closed === undefined ? '' : t('，已关闭', ', closed')}${office?.persons.has(id) === true ? ` (${office.persons.get(id)!.map(bench.name).join('+')})` : ''}`);
  return [
    { label: t('正在', 'doing'), rank: 0, cells: [stateText(seen.state)[bench.language]], paint: alarmed ? (text) => style.red(style.bold(text)) : style.bold },
    { label: t('灯', 'lamps'), rank: 2, cells: [lamp(t('绿', 'green'), lamps.green), lamp(t('红', 'red'), lamps.red), lamp(t('托盘', 'tray'), lamps.tray), lamp(t('蜂鸣', 'buzzer'), lamps.buzzer)] },
    { label: t('锁销', 'bolt'), rank: 1, cells: [seen.bolt === 'open' ? t('打开', 'OPEN') : t('锁上', 'locked'), t('执行机构 ', 'actuator ') + actuator, t('盖 ', 'lid ') + (seen.lid === 'closed' ? t('合上', 'closed') : t('打开', 'open'))] },
    { label: t('纸', 'paper'), rank: 1, cells: [seen.page === null ? t('没有', 'none') : t(`${path.basename(seen.page)}，印迹 ${seen.impressions}`, `${path.basename(seen.page)}, ${seen.impressions} impression${seen.impressions === 1 ? '' : 's'}`), t('印章 ', 'die ') + (seen.die === null ? t('没有', 'none') : bench.dies.some(({ rom }) => rom === seen.die) ? (bench.dies.length > 1 ? String(bench.dies.findIndex(({ rom }) => rom === seen.die) + 1) : seen.die.slice(0, 8)) : t('外来的', 'foreign'))] },
    { label: t('电源', 'power'), rank: 3, cells: [seen.powered ? t('开', 'on') : t('关', 'OFF'), t(`电池 ${Math.round(seen.charge * 100)} %`, `battery ${Math.round(seen.charge * 100)} %`), `${(seen.batteryMv / 1000).toFixed(2)} V`, seen.usb ? t('USB 接通', 'USB up') : t('USB 断开', 'USB down')] },
    { label: t('位置', 'place'), rank: 5, cells: [`${seen.place.latitude.toFixed(5)}, ${seen.place.longitude.toFixed(5)}`, seen.place.tilt === 0 ? t('放正', 'upright') : t(`倾斜 ${seen.place.tilt} 度`, `leans ${seen.place.tilt}°`), unit.parts.gnss.working ? t('定位开', 'receiver on') : t('定位关', 'receiver off')] },
    { label: t('连接', 'link'), rank: 3, cells: [...(office === undefined ? wires : [office.ready ? t('办公室：会话已建立', 'office: session up') : t('办公室：没有会话', 'office: no session')]), t(`收 ${counters.toDevice} B，发 ${counters.toHost} B`, `in ${counters.toDevice} B, out ${counters.toHost} B`), ...(register === undefined ? [] : [t(`登记簿 ${register.next}/${seen.records} 条，照片 ${register.photos.size}`, `register ${register.next}/${seen.records}, photos ${register.photos.size}`)])] },
    { label: t('授权', 'permits'), rank: 2, cells: permits.length === 0 ? ['-'] : permits },
  ];
}

function recordRows(bench: Bench, t: (zh: string, en: string) => string, language: Language, style: Style): Row[] {
  return bench.journal.slice(-RECORDS).map((entry, i) => ({
    label: t('记录', 'journal'), rank: 4 + RECORDS - i, cells: [`${entry.seq} ${describe(entry, language, bench.name)}`], ...(entry.kind === 'alarm' ? { paint: style.red } : {}),
  }));
}

/** What is wrong and what helps: never left out. */
function helpLines(bench: Bench, t: (zh: string, en: string) => string, columns: number, style: Style): string[] {
  const found = findings(bench);
  const { what, help, wrong } = found[0]!;
  const more = found.length > 1 ? t(`（另有 ${found.length - 1} 项：“说明”）`, ` (${found.length - 1} more: "explain")`) : '';
  const whatLines = wrap((wrong ? '! ' : '') + what[bench.language] + more, columns - 1, wrong ? 5 : 2);
  const helpText = wrap(t('怎么办：', 'next: ') + help[bench.language], columns - 1, 2);
  return [...whatLines.map(wrong ? style.red : same), ...helpText.map(wrong ? style.yellow : style.green)];
}

/** Cells beside each other, as many as fit. */
function beside(cells: readonly string[], room: number): string {
  let line = cells[0] ?? '';
  for (const cell of cells.slice(1)) {
    if (width(line) + 3 + width(cell) > room) break;
    line += `   ${cell}`;
  }
  return clip(line, room);
}
