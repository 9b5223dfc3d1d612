/** Where the unit is, who moves it, and what the receiver of positions makes of that. */
import { SimError, words } from '../../cli/texts';
import { beside, type Spot } from '../../unit/whereabouts';
import type { Bench } from '../bench';
import { numberIn, OFF, pick, type Command } from './command';

/** A step from one corner of the room to the other takes so long, ms. */
const LIFT_MS = 1500;
const DEFAULT_TILT = 60;
const JUMP_M = 2000;
/** A made-up place: elsewhere in the world. */
const ELSEWHERE: Spot = { latitude: -1.8, longitude: -78.5 };
const FIRST_FIX_S = 8;

const e7 = (degrees: number): number => Math.round(degrees * 1e7);

/** A circle around a spot, as a permit has it. */
export function circleOf({ latitude, longitude }: Spot, metres: number): number[] {
  return [e7(latitude), e7(longitude), metres];
}

/** LAT,LON,RADIUS, or three to eight corners LAT,LON,LAT,LON,… @throws SimError USAGE */
export function polygonOf(text: string): number[] {
  const numbers = text.split(/[,，]/).map(Number);
  if (numbers.some((one) => !Number.isFinite(one)) || (numbers.length !== 3 && (numbers.length < 6 || numbers.length > 16 || numbers.length % 2 !== 0))) throw new SimError('USAGE');
  return numbers.map((one, i) => (numbers.length === 3 && i === 2 ? one : e7(one)));
}

function place(bench: Bench, [north, east, within]: string[]): void {
  const { hand, truth } = bench.unit;
  const spot = { latitude: numberIn(north, -90, 90), longitude: numberIn(east, -180, 180) };
  const seconds = within === undefined ? 0 : numberIn(within, 0, 86_400);
  if (seconds === 0) truth.where.put(spot);
  else hand.carry(spot, seconds * 1000);
  bench.tell('place', words(`设备${seconds === 0 ? '' : `在 ${seconds} 秒内`}到 ${spot.latitude.toFixed(5)}, ${spot.longitude.toFixed(5)}`, `The unit is ${seconds === 0 ? '' : `carried, in ${seconds} s, `}to ${spot.latitude.toFixed(5)}, ${spot.longitude.toFixed(5)}`), { ...spot, seconds });
}

function carry(bench: Bench, [metres, within]: string[]): void {
  const far = numberIn(metres, -100_000, 100_000);
  const seconds = within === undefined ? Math.max(5, Math.abs(far) / 20) : numberIn(within, 1, 86_400);
  bench.unit.hand.carry(beside(bench.unit.truth.where.spot(), far, 0), seconds * 1000);
  bench.tell('place', words(`设备被向北搬 ${far} 米，用 ${Math.round(seconds)} 秒`, `The unit is carried ${far} m to the north, in ${Math.round(seconds)} s`), { metres: far, seconds });
}

const FIX: readonly (readonly [string, string, 'none' | 'silent' | 'outage' | 'poor' | 'stuck' | 'bad checksum' | 'slow', string, string])[] = [
  ['ok', '正常', 'none', '定位正常', 'The position receiver is in order'],
  ['lost', '无信号', 'outage', '收不到卫星', 'The receiver sees no satellites'],
  ['poor', '不准', 'poor', '定位很不准', 'The fix is poor'],
  ['stuck', '卡死', 'stuck', '定位停在上一秒', 'The receiver repeats its last second'],
  ['silent', '无应答', 'silent', '定位模块不再应答', 'The position receiver does not answer any more'],
  ['checksum', '校验错', 'bad checksum', '定位语句的校验都是错的', 'Every checksum of the receiver is wrong'],
  ['slow', '迟到', 'slow', '定位迟到五秒', 'The receiver is five seconds late'],
];

function fix(bench: Bench, [what]: string[]): void {
  const { gnss } = bench.unit.parts;
  const choice = pick(what, [
    ...FIX.map((one) => [[one[0], one[1]], one] as const),
    [['jump', '跳变'], ['jump', '跳变', 'none', `定位跳开 ${JUMP_M} 米`, `The position jumps by ${JUMP_M} m`] as const],
    [['spoofed', '欺骗'], ['spoofed', '欺骗', 'none', '有人伪造定位', 'Somebody makes up the position'] as const],
  ]);
  gnss.fault = choice[2];
  gnss.jump = choice[0] === 'jump' ? { north: JUMP_M, east: 0 } : undefined;
  gnss.spoofed = choice[0] === 'spoofed' ? ELSEWHERE : undefined;
  bench.tell('fix', words(choice[3], choice[4]), { is: choice[0] });
}

export const PLACE: readonly Command[] = [
  { names: ['place', '位置'], group: 'hands', form: words('纬度 经度 [秒]', 'LAT LON [SECONDS]'), most: 3, help: words('设备到了这个地方；给出秒数：一路搬过去', 'the unit is in this place; with seconds: it is carried there'), more: words(`有定位要求的授权到达后，模块要 ${FIRST_FIX_S} 秒左右才有定位。`, `Once a permit asks for a place, the receiver takes some ${FIRST_FIX_S} seconds to its first fix.`), run: (bench, given) => place(bench, given) },
  { names: ['carry', '搬'], group: 'hands', form: words('米 [秒]', 'METRES [SECONDS]'), most: 2, help: words('把设备向北搬这么多米（负数向南）', 'carry the unit so many metres to the north (negative: south)'), run: (bench, given) => carry(bench, given) },
  { names: ['lift', '抬起'], group: 'hands', form: words('[秒]', '[SECONDS]'), help: words('抬起设备再放回原处', 'pick the unit up and set it down where it was'), run: (bench, [seconds]) => {
    bench.unit.hand.lift(seconds === undefined ? LIFT_MS : numberIn(seconds, 0.1, 3600) * 1000);
    bench.tell('lift', words('设备被抬起又放下', 'The unit is picked up and set down'));
  } },
  { names: ['tilt', '倾斜'], group: 'hands', form: words('[度 | 关]', '[DEGREES | off]'), options: [['off', '关']], help: words('把设备斜过来；关：放正', 'lean the unit over; off: upright again'), run: (bench, [given]) => {
    const degrees = given === undefined ? DEFAULT_TILT : OFF.includes(given) ? 0 : numberIn(given, 0, 180);
    bench.unit.hand.tilt(degrees);
    bench.tell('tilt', degrees === 0 ? words('设备放正', 'The unit stands upright') : words(`设备倾斜 ${degrees} 度`, `The unit leans over by ${degrees} degrees`), { degrees });
  } },
  { names: ['drop', '跌落'], group: 'hands', form: words('', ''), help: words('设备从桌上掉下来', 'the unit falls off the table'), run: (bench) => {
    bench.unit.hand.drop();
    bench.tell('drop', words('设备跌落', 'The unit falls'));
  } },
  { names: ['fix', '定位'], group: 'faults', form: words([...FIX.map((one) => one[1]), '跳变', '欺骗'].join(' | '), [...FIX.map((one) => one[0]), 'jump', 'spoofed'].join(' | ')), options: [...FIX.map((one) => [one[0], one[1]] as const), ['jump', '跳变'], ['spoofed', '欺骗']], help: words('定位模块：无信号、不准、卡死、跳变、被欺骗、正常……', 'the position receiver: what is wrong with it'), run: (bench, given) => fix(bench, given) },
  { names: ['motion', '加速度计'], group: 'faults', form: words('无应答 | 卡死 | 正常', 'silent | stuck | ok'), options: [['silent', '无应答'], ['stuck', '卡死'], ['ok', '正常']], help: words('加速度计：无应答、卡死、正常', 'the accelerometer: silent, stuck, in order'), run: (bench, [what]) => {
    const fault = pick<'silent' | 'stuck' | 'none'>(what, [[['silent', '无应答'], 'silent'], [['stuck', '卡死'], 'stuck'], [['ok', '正常'], 'none']]);
    bench.unit.parts.accelerometer.fault = fault;
    bench.tell('motion', fault === 'none' ? words('加速度计正常', 'The accelerometer is in order') : fault === 'silent' ? words('加速度计不再应答', 'The accelerometer does not answer any more') : words('加速度计的数据不再变化', 'The accelerometer measures no more'), { is: fault });
  } },
];
