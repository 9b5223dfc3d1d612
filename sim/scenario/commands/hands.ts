/** What hands do with a unit: page, finger, lid, die, power, cable. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryFile } from '../../cli/places';
import { SimError, words } from '../../cli/texts';
import { Page } from '../../paper';
import type { Bench } from '../bench';
import { NONE, numberIn, OFF, ON, pick, wholeIn, type Command } from './command';

const OUT = ['out', '取出', '出'];
const IN = ['in', '装入', '入'];
const FOREIGN = ['foreign', '外来'];
const BETWEEN = ['between', '之间'];
const BLANK = ['blank', '空白'];
const FAN = ['fan', '错开'];
const YANK = ['yank', '抽'];
const SAVE = ['save', '保存'];
/** What "paper" takes without anything behind it. */
const ALONE = [...OUT, ...YANK, ...BLANK];
const OPENING: [readonly string[], boolean][] = [[['open', '开'], true], [['close', 'closed', '合', '关'], false]];
/** A pile of sheets: how long each may lie there unstamped, what passes before it is taken out and before the next one, and between two looks, ms. */
const STAMPED_MS = 20_000;
const REST_MS = 1500;
const LOOK_MS = 100;
const PILE = 2000;
/** Longest wait, s: thirty days. */
const LONGEST_S = 2_592_000;

/** A file's path, or the name of a document that comes with the simulator: contract-zh, contract-en. */
export function documentFile(given: string): string {
  return (/^[\w-]+$/.test(given) ? repositoryFile('sim', 'assets', `${given}.pdf`) : undefined) ?? given;
}

/** @throws SimError FILE */
export function writeFile(file: string, bytes: Buffer | string): void {
  try {
    writeFileSync(file, bytes);
  } catch (error) {
    throw new SimError('FILE', `${file} ${(error as NodeJS.ErrnoException).code ?? ''}`);
  }
}

/** Puts a whole file in the place of another, so that whatever happens in between, one of the two is there. @throws SimError FILE */
export function replaceFile(file: string, text: string): void {
  const fresh = `${file}.new`;
  try {
    writeFileSync(fresh, text);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw new SimError('FILE', `${file} ${(error as NodeJS.ErrnoException).code ?? ''}`);
  }
}

async function paper(bench: Bench, given: string[]): Promise<void> {
  const { unit } = bench;
  const [first, second] = given;
  if (first === undefined || (second !== undefined && ALONE.includes(first))) throw new SimError('USAGE');
  if (OUT.includes(first)) {
    unit.hand.removePaper();
    bench.tell('paper', words('取出纸张', 'The sheet is taken out'), { there: false });
  } else if (YANK.includes(first)) {
    unit.hand.yankPaper();
    bench.tell('paper', words('不开盖把纸抽走', 'The sheet is pulled away through the slit'), { there: false });
  } else if (SAVE.includes(first)) await savePaper(bench, second);
  else await layPaper(bench, first, second);
}

async function savePaper(bench: Bench, file: string | undefined): Promise<void> {
  const { page } = bench.unit.truth;
  if (!page) throw new SimError('TRAY_EMPTY');
  if (file === undefined) throw new SimError('USAGE');
  writeFile(file, await bench.io(page.toPng()));
  bench.tell('file', words(`已写入 ${file}`, `Written: ${file}`), { file });
}

async function layPaper(bench: Bench, file: string, number: string | undefined): Promise<void> {
  const { unit } = bench;
  if (unit.truth.page) throw new SimError('TRAY_OCCUPIED');
  if (number !== undefined && !/^\d{1,4}$/.test(number)) throw new SimError('USAGE');
  const sheet = FAN.includes(file) ? Page.fan(`fan ${bench.laid + 1}`, wholeIn(number, 2, 12)) : BLANK.includes(file) ? Page.white(`blank ${bench.laid + 1}`) : Page.print(documentFile(file), { page: Number(number ?? 1) });
  const [page] = await bench.io(Promise.all([sheet, bench.loadRelief()]));
  bench.lay(page);
  const size = `${Math.round(page.widthMm)} × ${Math.round(page.heightMm)} mm`;
  bench.tell('paper', words(`放入纸张：${path.basename(page.id)}，${size}`, `A sheet is laid in: ${path.basename(page.id)}, ${size}`), { there: true, page: page.id });
}

/** Blank sheets, one after another, each lying there until it was stamped: as whoever stamps a pile does. The first that is not stays in the tray. */
async function feed(bench: Bench, sheets: number): Promise<void> {
  const { unit } = bench;
  const { truth, parts } = unit;
  if (truth.page) throw new SimError('TRAY_OCCUPIED');
  await bench.io(bench.loadRelief());
  for (let sheet = 1; sheet <= sheets; sheet++) {
    const strokes = truth.strokeCount;
    bench.lay(bench.photographs ? Page.white(`pile ${bench.laid + 1}`) : Page.plain(`pile ${bench.laid + 1}`));
    for (let waited = 0; truth.strokeCount === strokes && waited < STAMPED_MS; waited += LOOK_MS) await bench.wait(LOOK_MS);
    if (truth.strokeCount === strokes) return bench.tell('feed', words(`第 ${sheet} 张没有盖，留在托盘里`, `Sheet ${sheet} is not stamped, and stays in the tray`), { stamped: sheet - 1 });
    while (truth.boltOpen || parts.actuator.moving) await bench.wait(LOOK_MS);
    await bench.wait(REST_MS);
    unit.hand.removePaper();
    await bench.wait(REST_MS);
  }
  bench.tell('feed', words(`${sheets} 张都已盖章`, `All ${sheets} sheets are stamped`), { stamped: sheets });
}

/** The person of that name or number. @throws SimError WHO, USAGE where none is named and several could be meant */
export function personOf({ people }: Bench, name: string): Bench['people'][number] {
  const wanted = name.toLowerCase();
  const all = people.map((one) => one.name).join(', ');
  if (name === '' && people.length !== 1) throw new SimError('USAGE', all);
  const who = name === '' ? people[0] : people.find((one) => one.name.toLowerCase() === wanted || String(one.person) === wanted);
  if (!who) throw new SimError('WHO', `${name} (${all})`);
  return who;
}

function finger(bench: Bench, rest: string): void {
  const who = personOf(bench, rest);
  bench.unit.hand.finger(who.person);
  bench.tell('finger', words(`${who.name} 按下手指`, `${who.name} lays a finger on the reader`), { person: who.person, name: who.name });
}

async function type(bench: Bench, keys: string): Promise<void> {
  if (!/^[0-9A-Da-d*#_@ ]{1,64}$/.test(keys)) throw new SimError('USAGE', '0-9 A-D * # _ @');
  // What the office said last, by phone.
  keys = keys.replaceAll('@', bench.office?.codes.said ?? '');
  // What was typed may be a passcode: only how many keys is told.
  bench.tell('keys', words(`在键盘上按了 ${keys.replace(/[_ ]/g, '').length} 个键`, `${keys.replace(/[_ ]/g, '').length} keys are pressed`));
  for (const part of keys.toUpperCase().split(/(?=[_ ])|(?<=[_ ])/)) await bench.wait(part === '_' || part === ' ' ? 1000 : bench.unit.hand.type(part));
}

function die(bench: Bench, [given, number]: string[]): void {
  const { hand, parts } = bench.unit;
  const { holders } = parts;
  const what = pick(given, [[OUT, 'out'], [IN, 'in'], [FOREIGN, 'foreign']]);
  const place = number === undefined ? undefined : wholeIn(number, 1, holders.count) - 1;
  if (what === 'out') {
    bench.outside.push(hand.removeDie(place));
    bench.tell('die', words('取下印章', 'The die is taken out'), { there: false });
    return;
  }
  if (holders.dies[place ?? holders.place ?? 0]) throw new SimError('HOLDER_OCCUPIED');
  const own = bench.outside.filter((one) => bench.dies.includes(one));
  const next = what === 'foreign' ? bench.outside.find((one) => !bench.dies.includes(one)) : own.find((one) => one === bench.dies[place ?? 0]) ?? own[0];
  if (!next) throw new SimError('NO_DIE_OUTSIDE');
  hand.fitDie(next, place);
  bench.outside.splice(bench.outside.indexOf(next), 1);
  bench.tell('die', what === 'in' ? words('装入印章', 'The die is fitted') : words('装入另一枚印章', 'Another die is fitted'), { there: true, die: next.rom });
}

function turn(bench: Bench, given: string | undefined): void {
  const { hand, parts } = bench.unit;
  const between = given !== undefined && BETWEEN.includes(given);
  const place = between ? undefined : wholeIn(given, 1, parts.holders.count) - 1;
  if (!hand.turn(place)) throw new SimError('TURN_BLOCKED');
  bench.tell('turn', between ? words('转塔停在两枚印章之间', 'The revolver is left between two dies') : words(`转到第 ${place! + 1} 枚印章`, `The revolver is turned to holder ${place! + 1}`), { to: between ? null : place! + 1 });
}

export const HANDS: readonly Command[] = [
  { names: ['paper', '纸'], group: 'hands', form: words('文件 [页] | 空白 | 错开 张数 | 取出 | 抽 | 保存 文件.png', 'FILE [PAGE] | blank | fan SHEETS | out | yank | save FILE.png'), help: words('放纸（PDF 或图片）、取纸、不开盖抽走、把纸面存成图片', 'lay in a page (PDF or image), take it out, pull it away with the lid shut, save the sheet as a picture'),
    more: words('文件也可以是随模拟器附带的 contract-zh 或 contract-en。放入和取出时会自动开盖、再合盖。“抽”是作弊：盖子合着，从缝里抽走。', 'FILE may also be contract-zh or contract-en, which come with the simulator. Laying in and taking out opens the lid and closes it again. "yank" is the cheat: the lid stays shut, the sheet leaves through the slit.'), options: [['blank', '空白'], ['fan', '错开'], ['out', '取出'], ['yank', '抽'], ['save', '保存']], follows: 'files', most: 2, run: (bench, given) => paper(bench, given) },
  { names: ['feed', '连放'], group: 'hands', form: words('张数', 'SHEETS'), lasts: true, help: words('一张接一张放入白纸，盖好再换下一张；没有盖的那张留在托盘里', 'blank sheets one after another, each until it was stamped; the first that is not stays in the tray'), run: (bench, [sheets]) => feed(bench, wholeIn(sheets, 1, PILE)) },
  { names: ['finger', '手指'], group: 'hands', form: words('姓名或编号', 'NAME'), help: words('此人按指纹', 'this person lays a finger on the reader'), follows: 'people', most: Infinity, run: (bench, _given, rest) => finger(bench, rest) },
  { names: ['wrong-finger', '陌生手指'], group: 'hands', form: NONE, help: words('未登记的手指', 'a finger that is not enrolled'), run: (bench) => {
    bench.unit.hand.wrongFinger();
    bench.tell('finger', words('陌生人按下手指', 'A stranger lays a finger on the reader'), { person: null });
  } },
  { names: ['type', '按键'], group: 'hands', form: words('键…', 'KEYS'), help: words('在键盘上依次按键，如 1#481516#', 'press keys of the keypad in turn, as in 1#481516#'),
    more: words('编号、#、口令、#。* 退格或退出，D 结束用印，B 询问办公室，C 输入外出码（用印中：放在一旁，换下一份授权）；@ 是办公室最近说的码。键盘闲置时先按 *，等一秒，唤醒后再输入；“_”停一秒。', 'Number, #, passcode, #. * clears or leaves, D ends the use, B asks for a challenge, C for a trip code (in a use: puts its permit aside for the next one); @ is the code that the office said last. A keypad at rest is woken by a key: press *, wait a second ("_"), then type.'), run: (bench, _given, rest) => type(bench, rest) },
  { names: ['lid', '盖'], group: 'hands', form: words('开 | 合', 'open | close'), help: words('开盖、合盖', 'open or close the lid'), options: [['open', '开'], ['close', '合']], run: (bench, [what]) => {
    const open = pick(what, OPENING);
    if (open) bench.unit.hand.openLid();
    else bench.unit.hand.closeLid();
    bench.tell('lid', open ? words('开盖', 'The lid is opened') : words('合盖', 'The lid is closed'), { open });
  } },
  { names: ['case', '外壳'], group: 'hands', form: words('开 | 合', 'open | close'), help: words('拆开外壳、装回去', 'take the case apart, put it together again'), options: [['open', '开'], ['close', '合']], run: (bench, [what]) => {
    const open = pick(what, OPENING);
    if (open) bench.unit.hand.openCase();
    else bench.unit.hand.closeCase();
    bench.tell('case', open ? words('外壳被拆开', 'The case is taken apart') : words('外壳装好', 'The case is put together again'), { open });
  } },
  { names: ['die', '印章'], group: 'hands', form: words('取出 | 装入 | 外来 [第几枚]', 'out | in | foreign [HOLDER]'), help: words('取下印章、装回、装上别人的', 'take the seal die out, fit it again, fit somebody else\'s'), options: [['out', '取出'], ['in', '装入'], ['foreign', '外来']], most: 2, run: (bench, given) => die(bench, given) },
  { names: ['turn', '转'], group: 'hands', form: words('第几枚 | 之间', 'HOLDER | between'), help: words('把转塔转到第几枚印章（多枚印章的设备）', 'turn the revolver to that die, in a unit of several'), options: [['between', '之间']], run: (bench, [to]) => turn(bench, to) },
  { names: ['power', '电源'], group: 'hands', form: words('断 | 上', 'off | on'), help: words('断电、上电', 'cut the power, switch it on'), options: [['off', '断'], ['on', '上']], run: (bench, [what]) => {
    if (pick(what, [[ON, true], [OFF, false]])) bench.unit.power.on();
    else bench.unit.power.cut();
  } },
  { names: ['unplug', '拔线'], group: 'hands', form: words('[字节]', '[BYTES]'), help: words('拔掉 USB 线（断网，改用电池）；给出字节数：设备再发这么多字节之后拔', 'pull the USB cable: no link, and on battery; with a number: once the unit has sent so many more bytes'), run: (bench, [bytes]) => {
    if (bytes === undefined) bench.unit.port.unplug();
    else bench.tap.after(wholeIn(bytes, 1, 1e9), () => bench.unit.port.unplug());
  } },
  { names: ['plug', '插线'], group: 'hands', form: NONE, help: words('插上 USB 线', 'plug the USB cable in'), run: (bench) => bench.unit.port.plug() },
  { names: ['wait', '等待'], group: 'hands', form: words('秒', 'SECONDS'), lasts: true, help: words('等待（脚本与场景用）', 'wait, for scripts and scenarios'), run: (bench, [given]) => bench.wait(numberIn(given, 0, LONGEST_S) * 1000) },
];
