/** Looking at a unit, and into it. */
import path from 'node:path';
import { SimError, words, type Words } from '../../cli/texts';
import { framed } from '../../cli/width';
import { blocks, picture } from '../../parts/glass';
import type { Bench } from '../bench';
import { findings } from '../explain';
import { describe, permitsIn } from '../journal';
import { CLOSE_NAMES, closeText, listed, stateText } from '../names';
import { observe } from '../observe';
import { NONE, wholeIn, type Command } from './command';
import { writeFile } from './hands';

const LAMPS = { green: words('绿', 'green'), red: words('红', 'red'), tray: words('托盘', 'tray'), buzzer: words('蜂鸣', 'buzzer') };
const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function state(bench: Bench): void {
  const { unit, language } = bench;
  const zh = language === 'zh';
  const seen = observe(bench);
  const row = (label: Words, value: string): string => `  ${label[language]}${zh ? '：' : ': '}${value}`;
  const comma = zh ? '，' : ', ';
  const yes = (value: boolean, a: Words, b: Words): string => (value ? a : b)[language];
  const lit = Object.entries(seen.lamps).filter(([, on]) => on).map(([name]) => LAMPS[name as keyof typeof LAMPS][language]).join(' ') || '-';
  const wires = bench.hooks.wires?.() ?? [];
  const { toDevice, toHost } = unit.cable.counters;
  bench.teller.answer('state', [
    row(words('设备', 'device'), bench.deviceId),
    row(words('正在', 'doing'), stateText(seen.state)[language]),
    row(words('电源', 'power'), `${yes(seen.powered, words('开', 'on'), words('关', 'off'))}${comma}${seen.batteryMv} mV${comma}USB ${yes(seen.usb, words('接通', 'up'), words('断开', 'down'))}`),
    row(words('锁销', 'bolt'), yes(seen.bolt === 'open', words('打开', 'OPEN'), words('锁上', 'locked'))),
    row(words('执行机构', 'actuator'), seen.carrierMm < 0.1 ? (zh ? '在原位' : 'at home') : `${seen.carrierMm} mm`),
    row(words('盖', 'lid'), yes(seen.lid === 'closed', words('合上', 'closed'), words('打开', 'open'))),
    row(words('纸', 'paper'), seen.page !== null ? `${path.basename(seen.page)} (${zh ? '印迹' : 'impressions'} ${seen.impressions})` : '-'),
    row(words('印章', 'die'), seen.dies.length === 1 ? seen.die ?? '-' : `${seen.die ?? '-'}  (${seen.dies.map((one) => one ?? '-').join(' ')})`),
    row(words('灯', 'lamps'), lit),
    row(words('盖章次数', 'strokes'), `${seen.strokes}${comma}${zh ? '照片' : 'photos'} ${bench.scene.photos}`),
    row(words('报警', 'alarms'), listed(seen.alarms, language) || '-'),
    row(words('连接', 'link'), [...wires, `${zh ? '收' : 'in'} ${toDevice} B${comma}${zh ? '发' : 'out'} ${toHost} B`].join('  ')),
    row(words('闪存操作', 'flash operations'), String(unit.flash.ops)),
  ], {
    device: bench.deviceId, state: seen.state, powered: seen.powered, usb: seen.usb, boltOpen: seen.bolt === 'open', lidClosed: seen.lid === 'closed', page: seen.page, impressions: seen.impressions, die: seen.die, dies: seen.dies,
    carrierMm: seen.carrierMm, lamps: seen.lamps, batteryMv: seen.batteryMv, strokes: seen.strokes, alarms: seen.alarms, photos: bench.scene.photos, flashOperations: unit.flash.ops, toDevice, toHost, wires,
  });
}

function truth(bench: Bench): void {
  const zh = bench.language === 'zh';
  const real = bench.unit.truth;
  const strokes = real.strokes.map((one) => ({ at: Number(seconds(one.at)), page: one.page?.id ?? null, x: Number(one.x.toFixed(2)), y: Number(one.y.toFixed(2)), angle: Number(one.angle.toFixed(2)), force: Number(one.force.toFixed(2)), die: one.die.rom }));
  const bolt = real.bolt.map(({ at, open }) => ({ at: Number(seconds(at)), open }));
  const lines = strokes.map((one) => `  ${one.at} s  ${zh ? '印章接触' : 'die on'} ${one.page === null ? (zh ? '空托盘' : 'bare tray') : path.basename(one.page)} (${one.x}, ${one.y}) mm, ${zh ? '力' : 'force'} ${one.force}`);
  const moves = bolt.slice(-10).map(({ at, open }) => `  ${at} s  ${zh ? (open ? '锁销打开' : '锁销锁上') : open ? 'bolt open' : 'bolt locked'}`);
  bench.teller.answer('truth', [zh ? `真实发生的盖章：${strokes.length} 次` : `Strokes that really happened: ${strokes.length}`, ...lines, ...moves], {
    strokes, bolt, runs: real.runs.map(({ at, what }) => ({ at: Number(seconds(at)), what })), exceptions: real.exceptions.map(({ at, error }) => ({ at: Number(seconds(at)), error: String(error) })), consoleBytes: real.consoleBytes,
  });
}

function journal(bench: Bench, given: string | undefined): void {
  const count = given === undefined ? 20 : wholeIn(given, 1, 100_000);
  const entries = bench.journal.slice(-count);
  const known = bench.office?.register?.next;
  const at = (time: number | null, uptime: number): string => (time === null ? `+${seconds(uptime)} s` : new Date(time * 1000).toISOString().replace('T', ' ').slice(0, 19)).padStart(19);
  bench.teller.answer('journal', entries.length === 0 ? [bench.language === 'zh' ? '  没有记录' : '  no records'] : entries.map((entry) =>
    `  ${String(entry.seq).padStart(4)} ${known !== undefined && entry.seq < known ? '✓' : ' '} ${at(entry.time, entry.uptime)}  ${describe(entry, bench.language, bench.name)}`), { records: entries });
}

function counters(bench: Bench): void {
  const { unit, language } = bench;
  const zh = language === 'zh';
  const permits = [...permitsIn(bench.journal)].map(([id, { count, charged, closed }]) => ({ permit: id, count, charged, closed: closed ?? null }));
  const of = (kind: string): number => bench.journal.filter((entry) => entry.kind === kind).length;
  const outcome = (result: string): number => bench.journal.filter(({ kind, fields }) => kind === 'outcome' && fields['result'] === result).length;
  const data = {
    permits, intents: of('intent'), stamped: outcome('stamped'), failed: outcome('failed'), unknown: outcome('unknown'), strokes: unit.truth.strokeCount, boots: bench.journal.findLast(({ kind }) => kind === 'boot')?.boot ?? 0,
    alarms: of('alarm'), flashOperations: unit.flash.ops, pagesErased: unit.flash.erased.size,
  };
  bench.teller.answer('counters', [
    ...permits.map(({ permit, count, charged, closed }) => `  ${zh ? '授权' : 'permit'} ${permit.slice(0, 8)}: ${charged} / ${count}${closed === null ? '' : ` (${closeText(CLOSE_NAMES.indexOf(closed as 'alarm'))[language]})`}`),
    zh ? `  记录在案：意图 ${data.intents}，已盖 ${data.stamped}，未盖 ${data.failed}，不明 ${data.unknown}，报警 ${data.alarms}` : `  on record: intents ${data.intents}, stamped ${data.stamped}, failed ${data.failed}, unknown ${data.unknown}, alarms ${data.alarms}`,
    zh ? `  真实盖章 ${data.strokes} 次；开机 ${data.boots} 次；闪存操作 ${data.flashOperations} 次，擦过 ${data.pagesErased} 页` : `  real strokes ${data.strokes}; boots ${data.boots}; flash operations ${data.flashOperations}, ${data.pagesErased} pages erased`,
  ], data);
}

function wire(bench: Bench, given: string | undefined): void {
  const count = given === undefined ? 24 : wholeIn(given, 1, 400);
  const heard = bench.tap.heard.slice(-count);
  const names: Record<string, Words> = { frame: words('帧', 'frame'), message: words('明文', 'message'), noise: words('杂音', 'noise') };
  const fields = (one: Record<string, unknown>): string => Object.entries(one).map(([name, value]) => `${name}=${String(value)}`).join(' ');
  bench.teller.answer('wire', heard.length === 0 ? [bench.language === 'zh' ? '  线上还没有数据' : '  nothing on the wire yet'] : heard.map((one) =>
    `  ${seconds(one.at).padStart(9)} ${one.toDevice ? '→' : '←'} ${names[one.what]![bench.language]} ${one.name} ${fields(one.fields)}`.trimEnd()), { heard });
}

function explain(bench: Bench): void {
  const found = findings(bench);
  const zh = bench.language === 'zh';
  bench.teller.answer('explain', found.flatMap(({ what, help, wrong }) => [`${wrong ? '! ' : '  '}${what[bench.language]}`, `  ${zh ? '怎么办：' : 'What helps: '}${help[bench.language]}`]), {
    findings: found.map(({ code, wrong, what, help }) => ({ code, wrong, what: what[bench.language], help: help[bench.language] })),
  });
}

async function pngOf(jpeg: Buffer): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  return sharp(jpeg).png().toBuffer();
}

async function photo(bench: Bench, file: string | undefined): Promise<void> {
  if (file === undefined) throw new SimError('USAGE');
  const jpeg = await bench.picture();
  const picture = /\.png$/iu.test(file) ? await bench.io(pngOf(jpeg)) : jpeg;
  writeFile(file, picture);
  bench.tell('file', words(`已写入 ${file}，${picture.length} 字节`, `Written: ${file}, ${picture.length} bytes`), { file, bytes: picture.length });
}

/** Word that shows the display pixel by pixel. */
const PIXELS = ['pixels', '点阵'];

async function display(bench: Bench, given: string | undefined): Promise<void> {
  const part = bench.unit.parts.display;
  if (given !== undefined && !PIXELS.includes(given)) {
    const png = await bench.io(picture(part));
    writeFile(given, png);
    return bench.tell('file', words(`已写入 ${given}，${png.length} 字节`, `Written: ${given}, ${png.length} bytes`), { file: given, bytes: png.length });
  }
  const rows = [...bench.glass];
  const lines = given === undefined ? framed(rows).map((row) => `  ${row}`) : blocks(part);
  bench.teller.answer('display', part.lit ? lines : [bench.language === 'zh' ? '  显示屏是暗的' : '  The display is dark'], { lit: part.lit, rows });
}

async function tray(bench: Bench, file: string | undefined): Promise<void> {
  if (file !== undefined) return photo(bench, file);
  const shown = await bench.hooks.show?.(await bench.picture(800, 600));
  if (shown !== true) throw new SimError('TERMINAL', bench.language === 'zh' ? '托盘 文件.jpg' : 'tray FILE.jpg');
}

export const INSIDE: readonly Command[] = [
  { names: ['explain', '说明'], group: 'inside', looks: true, form: NONE, help: words('发生了什么、为什么锁住、怎么办', 'what happened, why it is locked, what helps'), run: (bench) => explain(bench) },
  { names: ['state', '状态'], group: 'inside', looks: true, form: NONE, help: words('设备现在的样子', 'how the unit stands now'), run: (bench) => state(bench) },
  { names: ['journal', '记录'], group: 'inside', looks: true, form: words('[条数]', '[COUNT]'), help: words('设备闪存里的记录（✓ 已归档）', 'the records on the unit\'s flash (✓: in the register)'), run: (bench, [count]) => journal(bench, count) },
  { names: ['counters', '计数'], group: 'inside', looks: true, form: NONE, help: words('授权与次数、开机、闪存操作', 'permits and uses, boots, flash operations'), run: (bench) => counters(bench) },
  { names: ['wire', '线上'], group: 'inside', looks: true, form: words('[条数]', '[COUNT]'), help: words('线上的帧；会话是自己的时也有明文', 'frames on the wire; messages in clear where the session is our own'), run: (bench, [count]) => wire(bench, count) },
  { names: ['truth', '真相'], group: 'inside', looks: true, form: NONE, help: words('真实发生的盖章与锁销动作（不经固件）', 'what really happened to paper and bolt, whatever the firmware says'), run: (bench) => truth(bench) },
  { names: ['display', '显示屏'], group: 'inside', looks: true, form: words('[点阵 | 文件.png]', '[pixels | FILE.png]'), follows: 'files', options: [['pixels', '点阵']], help: words('看显示屏：文字、点阵，或存成图片', 'the display: what it says, its pixels, or a picture to a file'), run: (bench, [given]) => display(bench, given) },
  { names: ['tray', '托盘'], group: 'inside', looks: true, form: words('[文件.jpg|.png]', '[FILE.jpg|.png]'), follows: 'files', help: words('看托盘：在终端里显示，或存成文件', 'a picture of the tray: in the terminal, or to a file'), run: (bench, [file]) => tray(bench, file) },
  { names: ['photo', '照片'], group: 'inside', looks: true, form: words('文件.jpg|.png', 'FILE.jpg|.png'), follows: 'files', help: words('把摄像头现在看到的存成文件', 'write what the camera sees now to a file'), run: (bench, [file]) => photo(bench, file) },
];
