/** What a technician can type: each command acts as a hand on the unit would, or shows what is inside. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Page } from '../index';
import type { Session } from './session';
import type { Language, Words } from './texts';
import { SimError, words } from './texts';

interface Command {
  /** English name, then Chinese ones. */
  names: readonly string[];
  /** What follows the name, as help shows it. */
  form: Words;
  /** Most words that may follow; 1 where a form is given, else 0. */
  most?: number;
  help: Words;
  /** Words that may follow, for completion. */
  options?: readonly string[];
  run(session: Session, given: string[], rest: string): void | Promise<void>;
}

const none = words('', '');
const ON = ['on', '开', '上'];
const OFF = ['off', '关', '断'];
const OUT = ['out', '取出', '出'];
const IN = ['in', '装入', '入'];
/** What "paper" takes without anything behind it. */
const ALONE = [...OUT, 'yank', '抽', 'blank', '空白'];

function pick<T>(given: string | undefined, choices: readonly (readonly [readonly string[], T])[], usage: string): T {
  for (const [names, value] of choices) if (given !== undefined && names.includes(given)) return value;
  throw new SimError('USAGE', usage);
}

function writeFile(file: string, bytes: Buffer): void {
  try {
    writeFileSync(file, bytes);
  } catch (error) {
    throw new SimError('FILE', `${file} ${(error as NodeJS.ErrnoException).code ?? ''}`);
  }
}

async function paper(session: Session, given: string[]): Promise<void> {
  const { unit } = session;
  const [first, number] = given;
  if (first === undefined || (number !== undefined && ALONE.includes(first))) throw new SimError('USAGE', 'paper FILE [PAGE] | blank | out | yank | save FILE.png');
  if (OUT.includes(first)) {
    unit.hand.removePaper();
    session.tell('paper', words('取出纸张', 'The sheet is taken out'), { there: false });
    return;
  }
  if (first === 'yank' || first === '抽') {
    unit.hand.yankPaper();
    session.tell('paper', words('不开盖把纸抽走', 'The sheet is pulled away through the slit'), { there: false });
    return;
  }
  if (first === 'save' || first === '保存') {
    const { page } = unit.truth;
    if (!page) throw new SimError('TRAY_EMPTY');
    if (number === undefined) throw new SimError('USAGE', 'paper save FILE.png');
    writeFile(number, await page.toPng());
    session.tell('file', words(`已写入 ${number}`, `Written: ${number}`), { file: number });
    return;
  }
  if (unit.truth.page) throw new SimError('TRAY_OCCUPIED');
  if (number !== undefined && !/^\d{1,4}$/.test(number)) throw new SimError('USAGE', 'paper FILE [PAGE]');
  const sheet = first === 'blank' || first === '空白' ? Page.white('blank') : Page.print(first, { page: Number(number ?? 1) });
  const [page] = await Promise.all([sheet, session.loadRelief()]);
  unit.hand.insertPaper(page);
  session.laid++;
  const size = `${Math.round(page.widthMm)} × ${Math.round(page.heightMm)} mm`;
  session.tell('paper', words(`放入纸张：${path.basename(page.id)}，${size}`, `A sheet is laid in: ${path.basename(page.id)}, ${size}`), { there: true, page: page.id });
}

function finger(session: Session, rest: string): void {
  const { people } = session.options.described;
  const wanted = rest.toLowerCase();
  const found = people.find((one) => one.name.toLowerCase() === wanted || String(one.person) === wanted);
  const all = people.map((one) => one.name).join(', ');
  if (rest === '' && people.length !== 1) throw new SimError('USAGE', `finger NAME  (${all})`);
  const who = rest === '' ? people[0] : found;
  if (!who) throw new SimError('WHO', `${rest} (${all})`);
  session.unit.hand.finger(who.person);
  session.tell('finger', words(`${who.name} 按下手指`, `${who.name} lays a finger on the reader`), { person: who.person, name: who.name });
}

function die(session: Session, given: string | undefined): void {
  const { hand } = session.unit;
  if (pick(given, [[OUT, false], [IN, true]], 'die out | in')) {
    const next = session.outside.pop();
    if (!next) throw new SimError(session.unit.truth.die ? 'HOLDER_OCCUPIED' : 'NO_DIE_OUTSIDE');
    hand.fitDie(next);
    session.tell('die', words('装入印章', 'The die is fitted'), { there: true, die: next.rom });
  } else {
    session.outside.push(hand.removeDie());
    session.tell('die', words('取下印章', 'The die is taken out'), { there: false });
  }
}

function state(session: Session): void {
  const { unit, options, screen } = session;
  const { truth, parts } = unit;
  const zh = screen.language === 'zh';
  const yes = (value: boolean, a: Words, b: Words): string => (value ? a : b)[screen.language];
  const row = (label: Words, value: string): string => `  ${label[screen.language]}${zh ? '：' : ': '}${value}`;
  const comma = zh ? '，' : ', ';
  const lit = Object.entries(truth.lamps).filter(([, on]) => on).map(([name]) => name).join(' ') || '-';
  const data = {
    device: options.described.deviceId, powered: truth.powered, usb: unit.port.connected, boltOpen: truth.boltOpen, lidClosed: truth.lidClosed, page: truth.page?.id ?? null,
    impressions: truth.page?.impressions.length ?? 0, die: truth.die?.rom ?? null, carrierMm: Number(truth.carrierMm.toFixed(2)), lamps: truth.lamps,
    batteryMv: Math.round(parts.battery.millivolts()), strokes: truth.strokeCount, photos: session.scene.photos, flashOperations: unit.flash.ops,
    toDevice: unit.cable.counters.toDevice, toHost: unit.cable.counters.toHost, pty: session.pty?.path ?? null, tcp: session.tcp ? `${session.tcp.host}:${session.tcp.port}` : null,
  };
  screen.answer('state', [
    row(words('设备', 'device'), options.described.deviceId),
    row(words('电源', 'power'), `${yes(data.powered, words('开', 'on'), words('关', 'off'))}${comma}${data.batteryMv} mV${comma}USB ${yes(data.usb, words('接通', 'up'), words('断开', 'down'))}`),
    row(words('锁销', 'bolt'), yes(data.boltOpen, words('打开', 'OPEN'), words('锁上', 'locked'))),
    row(words('执行机构', 'actuator'), data.carrierMm < 0.1 ? yes(true, words('在原位', 'at home'), none) : `${data.carrierMm} mm`),
    row(words('盖', 'lid'), yes(data.lidClosed, words('合上', 'closed'), words('打开', 'open'))),
    row(words('纸', 'paper'), truth.page ? `${path.basename(truth.page.id)} (${zh ? '印迹' : 'impressions'} ${data.impressions})` : '-'),
    row(words('印章', 'die'), data.die ?? '-'),
    row(words('灯', 'lamps'), lit),
    row(words('盖章次数', 'strokes'), `${data.strokes}${comma}${zh ? '照片' : 'photos'} ${data.photos}`),
    row(words('连接', 'link'), [data.pty, data.tcp, `${zh ? '收' : 'in'} ${data.toDevice} B${comma}${zh ? '发' : 'out'} ${data.toHost} B`].filter((one) => one !== null).join('  ')),
    row(words('闪存操作', 'flash operations'), String(data.flashOperations)),
  ], data);
}

function truthOf(session: Session): void {
  const { truth } = session.unit;
  const seconds = (ms: number): string => (ms / 1000).toFixed(3);
  const zh = session.screen.language === 'zh';
  const strokes = truth.strokes.map((one) => ({ at: Number(seconds(one.at)), page: one.page?.id ?? null, x: Number(one.x.toFixed(2)), y: Number(one.y.toFixed(2)), angle: Number(one.angle.toFixed(2)), force: Number(one.force.toFixed(2)), die: one.die.rom }));
  const bolt = truth.bolt.map(({ at, open }) => ({ at: Number(seconds(at)), open }));
  const lines = strokes.map((one) => `  ${one.at} s  ${zh ? '印章接触' : 'die on'} ${one.page === null ? (zh ? '空托盘' : 'bare tray') : path.basename(one.page)} (${one.x}, ${one.y}) mm, ${zh ? '力' : 'force'} ${one.force}`);
  const moves = bolt.slice(-10).map(({ at, open }) => `  ${at} s  ${zh ? (open ? '锁销打开' : '锁销锁上') : open ? 'bolt open' : 'bolt locked'}`);
  session.screen.answer('truth', [zh ? `真实发生的盖章：${strokes.length} 次` : `Strokes that really happened: ${strokes.length}`, ...lines, ...moves], {
    strokes, bolt, runs: truth.runs.map(({ at, what }) => ({ at: Number(seconds(at)), what })), exceptions: truth.exceptions.map(({ at, error }) => ({ at: Number(seconds(at)), error: String(error) })), consoleBytes: truth.consoleBytes,
  });
}

async function photo(session: Session, file: string | undefined): Promise<void> {
  if (file === undefined) throw new SimError('USAGE', 'photo FILE.jpg');
  const { truth } = session.unit;
  // The unit's own photos count from 1; these have numbers that it never reaches.
  const jpeg = await session.picture({ page: truth.page, width: 1600, height: 1200, covered: session.unit.parts.camera.covered });
  writeFile(file, jpeg);
  session.tell('file', words(`已写入 ${file}，${jpeg.length} 字节`, `Written: ${file}, ${jpeg.length} bytes`), { file, bytes: jpeg.length });
}

/** Every command, in the order of help. */
export const COMMANDS: readonly Command[] = [
  { names: ['help', '帮助', '?'], form: none, help: words('显示本说明', 'this list'), run: (session) => help(session) },
  { names: ['paper', '纸'], form: words('文件 [页] | 空白 | 取出 | 抽 | 保存 文件.png', 'FILE [PAGE] | blank | out | yank | save FILE.png'), help: words('放纸（PDF 或图片）、取纸、不开盖抽走、把纸面存成图片', 'lay in a page (PDF or image), take it out, pull it away with the lid shut, save the sheet as a picture'), options: ['blank', 'out', 'yank', 'save'], most: 2, run: (session, given) => paper(session, given) },
  { names: ['finger', '手指'], form: words('姓名或编号', 'NAME'), help: words('此人按指纹', 'this person lays a finger on the reader'), most: Infinity, run: (session, _given, rest) => finger(session, rest) },
  { names: ['wrong-finger', '陌生手指'], form: none, help: words('未登记的手指', 'a finger that is not enrolled'), run: (session) => {
    session.unit.hand.wrongFinger();
    session.tell('finger', words('陌生人按下手指', 'A stranger lays a finger on the reader'), { person: null });
  } },
  { names: ['lid', '盖'], form: words('开 | 合', 'open | close'), help: words('开盖、合盖', 'open or close the lid'), options: ['open', 'close'], run: (session, [what]) => {
    const open = pick(what, [[['open', '开'], true], [['close', 'closed', '合', '关'], false]], 'lid open | close');
    if (open) session.unit.hand.openLid();
    else session.unit.hand.closeLid();
    session.tell('lid', open ? words('开盖', 'The lid is opened') : words('合盖', 'The lid is closed'), { open });
  } },
  { names: ['die', '印章'], form: words('取出 | 装入', 'out | in'), help: words('取下或装上印章', 'take the seal die out or fit it again'), options: ['out', 'in'], run: (session, [what]) => die(session, what) },
  { names: ['power', '电源'], form: words('断 | 上', 'off | on'), help: words('断电、上电', 'cut the power, switch it on'), options: ['off', 'on'], run: (session, [what]) => {
    if (pick(what, [[ON, true], [OFF, false]], 'power off | on')) session.unit.power.on();
    else session.unit.power.cut();
  } },
  { names: ['unplug', '拔线'], form: none, help: words('拔掉 USB 线', 'pull the USB cable'), run: (session) => session.unit.port.unplug() },
  { names: ['plug', '插线'], form: none, help: words('插上 USB 线', 'plug the USB cable in'), run: (session) => session.unit.port.plug() },
  { names: ['jam', '卡住'], form: words('[关]', '[off]'), help: words('执行机构在半途卡住；关：排除', 'the actuator jams half-way; off: repaired'), options: ['off'], run: (session, [what]) => {
    const off = what !== undefined && pick(what, [[OFF, true], [ON, false]], 'jam [off]');
    session.unit.parts.actuator.faults.jamAt = off ? undefined : 10;
    session.unit.parts.actuator.refresh();
    session.tell('jam', off ? words('执行机构已修好', 'The actuator is repaired') : words('执行机构下次会在 10 毫米处卡住', 'The actuator will jam at 10 mm'), { on: !off });
  } },
  { names: ['cover', '遮住'], form: words('[关]', '[off]'), help: words('遮住镜头；关：拿开', 'cover the lens; off: uncover it'), options: ['off'], run: (session, [what]) => {
    const on = what === undefined || pick(what, [[OFF, false], [ON, true]], 'cover [off]');
    session.unit.parts.camera.covered = on;
    session.tell('cover', on ? words('镜头被遮住', 'The lens is covered') : words('镜头露出', 'The lens is free'), { on });
  } },
  { names: ['battery', '电池'], form: words('百分比', 'PERCENT'), help: words('电池电量', 'set the charge of the battery'), run: (session, [share]) => {
    const percent = Number(share);
    if (share === undefined || !(percent >= 0 && percent <= 100)) throw new SimError('USAGE', 'battery 0..100');
    session.unit.parts.battery.charge = percent / 100;
    session.tell('battery', words(`电池 ${percent} %`, `Battery at ${percent} %`), { percent });
  } },
  { names: ['state', '状态'], form: none, help: words('设备现在的样子', 'how the unit stands now'), run: (session) => state(session) },
  { names: ['truth', '真相'], form: none, help: words('真实发生的盖章与锁销动作（不经固件）', 'what really happened to paper and bolt, whatever the firmware says'), run: (session) => truthOf(session) },
  { names: ['photo', '照片'], form: words('文件.jpg', 'FILE.jpg'), help: words('把摄像头现在看到的存成文件', 'write what the camera sees now to a file'), run: (session, [file]) => photo(session, file) },
  { names: ['wait', '等待'], form: words('秒', 'SECONDS'), help: words('等待（写脚本用）', 'wait, for scripts'), run: (session, [given]) => {
    const seconds = Number(given);
    if (given === undefined || !(seconds >= 0 && seconds <= 3600)) throw new SimError('USAGE', 'wait 0..3600');
    return session.pause(seconds * 1000);
  } },
  { names: ['quit', '退出', 'exit'], form: none, help: words('结束模拟器（等于断电）', 'end the simulator, as a power cut does'), run: (session) => session.stop() },
];

function help(session: Session): void {
  const { language } = session.screen;
  const rows = COMMANDS.map(({ names, form, help: what }) => {
    const name = language === 'zh' ? `${names[1]!} / ${names[0]!}` : names[0]!;
    return { left: `${name} ${form[language]}`.trim(), right: what[language], names };
  });
  const people = session.options.described.people.map(({ name, person }) => (name === String(person) ? name : `${name} (${person})`)).join(', ') || '-';
  session.screen.answer('help', [
    ...rows.map(({ left, right }) => `  ${left}\n      ${right}`),
    language === 'zh' ? `  已登记的人：${people}` : `  People enrolled: ${people}`,
    ...(language === 'zh' ? ['  盖章须先有授权：由审批台批准、经网桥送达。'] : ['  A stroke needs a permit: granted at the desk, brought by the bridge.']),
  ], { commands: rows.map(({ left, right }) => ({ command: left, help: right })) });
}

/** Splits a line into words; quotes keep blanks together, and may stand within a word, as in a shell. */
export function split(line: string): string[] {
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|\S)+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, (_all, double?: string, single?: string) => double ?? single ?? ''));
}

/** A text as one word of a line: split() gives it back. It must not hold a line break. */
export function quoted(text: string): string {
  return `"${text.replaceAll('"', `"'"'"`)}"`;
}

/** How a command is used, in one line. */
function usage({ names, form }: Command, language: Language): string {
  return `${language === 'zh' ? names[1]! : names[0]!} ${form[language]}`.trim();
}

/** Carries out one line. Empty lines and lines that begin with # do nothing. @throws SimError and errors of the parts */
export async function carryOut(session: Session, line: string): Promise<void> {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return;
  const [name, ...given] = split(text);
  const command = COMMANDS.find(({ names }) => names.includes(name!.toLowerCase()));
  if (!command) throw new SimError('UNKNOWN_COMMAND', session.screen.language === 'zh' ? `${name}（输入“帮助”）` : `${name} (type help)`);
  if (given.length > (command.most ?? (command.form.en === '' ? 0 : 1))) throw new SimError('USAGE', usage(command, session.screen.language));
  await command.run(session, given, given.join(' '));
}

/** What a line could become: command names, then their words, people or files. */
export function complete(session: Session, line: string): string[] {
  const [name, ...given] = split(line);
  if (name === undefined || (given.length === 0 && !line.endsWith(' '))) return COMMANDS.flatMap(({ names }) => names).filter((one) => one.startsWith(name ?? ''));
  const command = COMMANDS.find(({ names }) => names.includes(name.toLowerCase()));
  const last = line.endsWith(' ') ? '' : (given.at(-1) ?? '');
  const people = command?.names[0] === 'finger' ? session.options.described.people.map((one) => one.name) : [];
  const files = command?.names[0] === 'paper' || command?.names[0] === 'photo' ? filesLike(last) : [];
  const head = line.slice(0, line.length - last.length);
  return [...(command?.options ?? []), ...people, ...files].filter((one) => one.startsWith(last)).map((one) => head + one);
}

function filesLike(start: string): string[] {
  const folder = start.endsWith('/') ? start : path.dirname(start);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .slice(0, 500)
    .map((entry) => (folder === '.' && !start.startsWith('./') ? '' : folder.endsWith('/') ? folder : `${folder}/`) + entry.name + (entry.isDirectory() ? '/' : ''));
}
