/** What can be broken on a bench, each at the level of the part itself. */
import { JOURNAL } from '../../../firmware/board/files';
import { SimError, words, type Words } from '../../cli/texts';
import { EXTERNAL } from '../../board/espruino';
import { FileArea } from '../../board/storage';
import type { CutMoment } from '../../parts/nor';
import type { Bench } from '../bench';
import { numberIn, OFF, ON, pick, wholeIn, type Command } from './command';

const OK = ['ok', '正常', ...OFF];
const JAM_MM = 10;
const SLOW_MS = 4000;
/** Inner resistance of a good and of a worn cell. */
/** Inner resistance of a cell. */
const OHM = { good: 0.15, old: 0.6, weak: 2 } as const;

interface Choice {
  words: readonly [string, string];
  text: Words;
  act(bench: Bench): void;
}

/** A command that puts one part into one of several conditions. */
function part(names: readonly [string, string], help: Words, choices: readonly Choice[]): Command {
  const all = (i: 0 | 1): string => choices.map((one) => one.words[i]).join(' | ');
  return {
    names, group: 'faults', form: words(all(1), all(0)), help, options: choices.map((one) => one.words),
    run(bench, [given]) {
      const choice = pick(given, choices.map((one) => [one.words[0] === 'ok' ? OK : one.words, one] as const));
      choice.act(bench);
      bench.tell(names[0], choice.text, { is: choice.words[0] });
    },
  };
}

const CAMERA: readonly (readonly [string, string, 'silent' | 'stuck' | 'blind' | 'truncated' | 'lying length', string, string])[] = [
  ['silent', '无应答', 'silent', '摄像头不再应答', 'The camera does not answer any more'],
  ['stuck', '卡死', 'stuck', '摄像头拍不完', 'The camera never finishes a capture'],
  ['blind', '无图像', 'blind', '摄像头给不出图像', 'The camera delivers no picture'],
  ['truncated', '截断', 'truncated', '照片中途断掉', 'Photos end before their end'],
  ['babbling', '乱报', 'lying length', '摄像头谎报照片大小', 'The camera lies about the size of its photos'],
];
const READER: readonly (readonly [string, string, 'silent' | 'bad checksum' | 'babbling' | 'messy image', string, string])[] = [
  ['silent', '无应答', 'silent', '指纹头不再应答', 'The fingerprint reader does not answer any more'],
  ['babbling', '乱报', 'babbling', '指纹头不停乱发', 'The fingerprint reader babbles'],
  ['checksum', '校验错', 'bad checksum', '指纹头的校验和都是错的', 'Every checksum of the fingerprint reader is wrong'],
  ['messy', '脏', 'messy image', '指纹头脏了，看不清', 'The fingerprint reader is dirty'],
];

function cut(bench: Bench, given: string[]): void {
  const n = wholeIn(given[0], 1, 1_000_000);
  const moment = given[1] === undefined ? 'torn' : pick<CutMoment>(given[1], [[['before', '之前'], 'before'], [['torn', '写到一半'], 'torn'], [['after', '之后'], 'after']]);
  bench.unit.power.cutAtFlashOp(n, moment);
  bench.tell('cut-planned', words(`将在第 ${n} 次闪存操作时断电`, `Power will go at flash operation ${n} from now`), { n, moment });
}

/** One bit of what is written to the journal next does not take. */
function breakFlash(bench: Bench): void {
  const { flash } = bench.unit;
  const file = new FileArea(flash, EXTERNAL.base, EXTERNAL.size).find(JOURNAL.name);
  bench.unit.flash.onOp = ({ kind, address, length }) => {
    if (file === undefined || kind !== 'write' || address < file.data || address >= file.data + file.size || length < 8) return;
    flash.stick(address + 4, 0xff, 0xff);
  };
}

function line(bench: Bench, given: string[]): void {
  const faults = { lose: 0, double: 0, corrupt: 0 };
  if (given.length === 0) throw new SimError('USAGE');
  for (const one of given) {
    if (OK.includes(one)) continue;
    const [name, percent] = one.split(/[=＝]/);
    const which = pick(name, [[['lose', '丢'], 'lose'], [['double', '重'], 'double'], [['corrupt', '错'], 'corrupt']] as const);
    faults[which] = numberIn(percent, 0, 100) / 100;
  }
  Object.assign(bench.tap.faults, faults);
  const { lose, double, corrupt } = faults;
  const bad = lose + double + corrupt > 0;
  bench.tell('line', bad ? words(`线路：丢 ${lose * 100} %，重复 ${double * 100} %，损坏 ${corrupt * 100} %`, `The line loses ${lose * 100} %, doubles ${double * 100} %, damages ${corrupt * 100} % of the pieces`) : words('线路正常', 'The line is sound'), faults);
}

export const FAULTS: readonly Command[] = [
  { names: ['jam', '卡住'], group: 'faults', form: words('[回程 | 关]', '[home | off]'), help: words('执行机构下压时卡在半途；回程：回来时卡住；关：排除', 'the actuator jams half-way down; home: on its way back; off: repaired'),
    more: words('卡住后签发授权、按手指、放纸，就能看到设备怎样应对；看“说明”。', 'Then grant a permit, lay a finger and a page, and see what the unit makes of it; "explain" tells.'), options: [['home', '回程'], ['off', '关']], run: (bench, [what]) => {
      const { actuator } = bench.unit.parts;
      const where = what === undefined ? 'down' : pick(what, [[OFF, 'off'], [ON, 'down'], [['home', '回程'], 'home']] as const);
      actuator.faults.jamAt = where === 'down' ? JAM_MM : undefined;
      actuator.faults.jamHomeAt = where === 'home' ? JAM_MM : undefined;
      actuator.refresh();
      bench.tell('jam', where === 'off' ? words('执行机构已修好', 'The actuator is repaired') : where === 'home' ? words(`执行机构下次会在回程 ${JAM_MM} 毫米处卡住`, `The actuator will jam at ${JAM_MM} mm on its way home`) : words(`执行机构下次会在 ${JAM_MM} 毫米处卡住`, `The actuator will jam at ${JAM_MM} mm`), { on: where !== 'off' });
    } },
  part(['contact', '触点'], words('压力触点：从不闭合、粘连、时断时续、正常', 'the contact switch: never closes, stuck closed, opens now and then, in order'), [
    { words: ['chatters', '时断时续'], text: words('压力触点时断时续', 'The contact switch opens now and then'), act: ({ unit }) => (unit.parts.switches.contact.fault = 'chatters') },
    { words: ['dead', '失灵'], text: words('压力触点失灵：压到纸也不闭合', 'The contact switch is dead: it never closes'), act: ({ unit }) => (unit.parts.switches.contact.fault = 'stuck open') },
    { words: ['stuck', '粘连'], text: words('压力触点粘连：一直闭合', 'The contact switch is stuck closed'), act: ({ unit }) => (unit.parts.switches.contact.fault = 'stuck closed') },
    { words: ['ok', '正常'], text: words('压力触点正常', 'The contact switch is in order'), act: ({ unit }) => (unit.parts.switches.contact.fault = 'none') },
  ]),
  part(['motor', '电机'], words('电机：无力、停转、驱动短路、正常', 'the motor: weak, dead, driver welded on, in order'), [
    { words: ['weak', '无力'], text: words('电机只有五分之一的速度', 'The motor has a fifth of its speed'), act: ({ unit }) => setMotor(unit, 0.2, false) },
    { words: ['dead', '停转'], text: words('电机不转', 'The motor does not turn'), act: ({ unit }) => setMotor(unit, 0.001, false) },
    { words: ['welded', '短路'], text: words('驱动短路：有电就一直下压', 'The driver is welded: it presses while there is power'), act: ({ unit }) => setMotor(unit, 1, true) },
    { words: ['ok', '正常'], text: words('电机正常', 'The motor is in order'), act: ({ unit }) => setMotor(unit, 1, false) },
  ]),
  part(['pad', '压印垫'], words('压印垫：变硬、正常', 'the pad under the page: stiff, in order'), [
    { words: ['stiff', '变硬'], text: words('压印垫变硬，压力偏大', 'The pad is stiff and pushes back too hard'), act: ({ unit }) => (unit.parts.actuator.faults.stiffness = 2.5) },
    { words: ['ok', '正常'], text: words('压印垫正常', 'The pad is in order'), act: ({ unit }) => (unit.parts.actuator.faults.stiffness = 1) },
  ]),
  part(['interlock', '联锁'], words('转塔的联锁：磨损、正常', 'what keeps the revolver while the bolt is open: worn, in order'), [
    { words: ['worn', '磨损'], text: words('联锁磨损：锁销打开时转塔也能转动', 'The interlock is worn: the revolver turns although the bolt is open'), act: ({ unit }) => (unit.parts.holders.worn = true) },
    { words: ['ok', '正常'], text: words('联锁正常', 'The interlock is in order'), act: ({ unit }) => (unit.parts.holders.worn = false) },
  ]),
  part(['bolt', '锁销'], words('锁销：打不开、锁不上、正常', 'the bolt: jammed shut, jammed open, in order'), [
    { words: ['shut', '打不开'], text: words('锁销卡死，打不开', 'The bolt is jammed shut'), act: ({ unit }) => (unit.parts.bolt.fault = 'jammed closed') },
    { words: ['open', '锁不上'], text: words('锁销打开后会卡住，锁不上', 'The bolt will jam open'), act: ({ unit }) => (unit.parts.bolt.fault = 'jammed open') },
    { words: ['ok', '正常'], text: words('锁销正常', 'The bolt is in order'), act: ({ unit }) => {
      unit.parts.bolt.fault = 'none';
      unit.parts.bolt.carrierCameHome();
    } },
  ]),
  { names: ['cover', '遮住'], group: 'faults', form: words('[关]', '[off]'), help: words('遮住镜头；关：拿开', 'cover the lens; off: uncover it'), options: [['off', '关']], run: (bench, [what]) => {
    const on = what === undefined || pick(what, [[OFF, false], [ON, true]]);
    bench.unit.parts.camera.covered = on;
    bench.tell('cover', on ? words('镜头被遮住', 'The lens is covered') : words('镜头露出', 'The lens is free'), { on });
  } },
  part(['camera', '摄像头'], words('摄像头：无应答、慢、卡死、无图像、截断、乱报、正常；遮住、露出', 'the camera: what is wrong with it, or covered and clear again'), [
    ...CAMERA.map(([en, zh, fault, zhText, enText]): Choice => ({ words: [en, zh], text: words(zhText, enText), act: ({ unit }) => (unit.parts.camera.fault = fault) })),
    { words: ['slow', '慢'], text: words('摄像头每张慢四秒', 'Each capture takes four seconds more'), act: ({ unit }) => (unit.parts.camera.slowMs = SLOW_MS) },
    { words: ['covered', '遮住'], text: words('镜头被遮住', 'The lens is covered'), act: ({ unit }) => (unit.parts.camera.covered = true) },
    { words: ['clear', '露出'], text: words('镜头露出', 'The lens is free'), act: ({ unit }) => (unit.parts.camera.covered = false) },
    { words: ['ok', '正常'], text: words('摄像头正常', 'The camera is in order'), act: ({ unit }) => Object.assign(unit.parts.camera, { fault: 'none', slowMs: 0 }) },
  ]),
  part(['reader', '指纹头'], words('指纹头：无应答、慢、乱报、校验错、脏、更换、偷换、正常', 'the fingerprint reader: what is wrong with it; replaced: by one in which a stranger is enrolled, unseen: without its power going'), [
    ...READER.map(([en, zh, fault, zhText, enText]): Choice => ({ words: [en, zh], text: words(zhText, enText), act: ({ unit }) => (unit.parts.reader.fault = fault) })),
    { words: ['replaced', '更换'], text: words('指纹头换成了另一个，里面登记的是陌生人', 'Another fingerprint reader is in its place, in which a stranger is enrolled'), act: ({ unit }) => unit.parts.reader.swap('nobody', false) },
    { words: ['unseen', '偷换'], text: words('指纹头被瞬间换成另一个，没有掉电', 'Another fingerprint reader is in its place, and no power has gone'), act: ({ unit }) => unit.parts.reader.swap('nobody', true) },
    { words: ['slow', '慢'], text: words('指纹头每次应答慢四秒', 'Each answer of the reader takes four seconds more'), act: ({ unit }) => (unit.parts.reader.slowMs = SLOW_MS) },
    { words: ['ok', '正常'], text: words('指纹头正常', 'The fingerprint reader is in order'), act: ({ unit }) => {
      Object.assign(unit.parts.reader, { fault: 'none', slowMs: 0 });
      unit.parts.reader.swapBack();
    } },
  ]),
  part(['switches', '开关'], words('读开关的芯片：无应答、正常', 'the chip behind lid, paper and die switches'), [
    { words: ['silent', '无应答'], text: words('所有开关都读不到了', 'The switches do not answer any more'), act: ({ unit }) => (unit.parts.expander.silent = true) },
    { words: ['ok', '正常'], text: words('开关正常', 'The switches are in order'), act: ({ unit }) => (unit.parts.expander.silent = false) },
  ]),
  part(['flash', '闪存'], words('闪存：写不进、正常', 'the flash chip: bits of the journal do not take, in order'), [
    { words: ['bad', '坏'], text: words('记录区有写不进的位', 'Bits of the journal do not take'), act: breakFlash },
    { words: ['ok', '正常'], text: words('此后的闪存正常', 'The flash is in order from here on'), act: ({ unit }) => (unit.flash.onOp = undefined) },
  ]),
  { names: ['battery', '电池'], group: 'faults', form: words('百分比 [旧 | 老化]', 'PERCENT [old | weak]'), most: 2, options: [['old', '旧'], ['weak', '老化']], help: words('电池电量；旧：带不动电机；老化：一有负载就跌到断电', 'set the charge of the battery; old: it cannot bear the motor; weak: any load pulls it down for good'), run: (bench, [share, how]) => {
    const percent = numberIn(share, 0, 100);
    const cell: keyof typeof OHM = how === undefined ? 'good' : pick<keyof typeof OHM>(how, [[['weak', '老化'], 'weak'], [['old', '旧'], 'old']]);
    const { battery } = bench.unit.parts;
    battery.resistance = OHM[cell];
    battery.charge = percent / 100;
    bench.tell('battery', words(`电池 ${percent} %${{ good: '', old: '，旧', weak: '，已老化' }[cell]}`, `Battery at ${percent} %${{ good: '', old: ', old', weak: ', worn' }[cell]}`), { percent, cell });
  } },
  { names: ['cut', '断电于'], group: 'faults', form: words('第几次 [之前 | 写到一半 | 之后]', 'N [before | torn | after]'), help: words('在此后第 N 次闪存操作时断电', 'cut the power at the N-th flash operation from now'), most: 2, options: [['before', '之前'], ['torn', '写到一半'], ['after', '之后']], run: (bench, given) => cut(bench, given) },
  { names: ['line', '线路'], group: 'faults', form: words('[丢=百分比] [重=百分比] [错=百分比] | 正常', '[lose=PERCENT] [double=PERCENT] [corrupt=PERCENT] | ok'), help: words('线路丢失、重复、损坏数据', 'the line loses, doubles or damages what goes over it'), most: 3, options: [['lose=', '丢='], ['double=', '重='], ['corrupt=', '错='], ['ok', '正常']], run: (bench, given) => line(bench, given) },
];

function setMotor(unit: Bench['unit'], strength: number, welded: boolean): void {
  Object.assign(unit.parts.actuator.faults, { strength, welded });
  unit.parts.actuator.refresh();
}
