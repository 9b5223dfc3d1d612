/** What a technician has the unit do in maintenance, which a ceremony opens. */
import { MaintainPart, MaintainWhat, type Maintained } from '../../../protocol';
import { SimError, words, type Language } from '../../cli/texts';
import type { Bench } from '../bench';
import { listed, maintainedText } from '../names';
import { pick, wholeIn, type Command } from './command';

const WHAT: readonly (readonly [readonly string[], MaintainWhat])[] = [
  [['selftest', '自检'], MaintainWhat.SELF_TEST], [['jog', '点动'], MaintainWhat.JOG], [['calibrate', '校准'], MaintainWhat.CALIBRATE], [['sensors', '传感器'], MaintainWhat.SENSORS], [['end', '结束'], MaintainWhat.END],
];
const PARTS: readonly (readonly [readonly string[], MaintainPart])[] = [[['press', '压下'], MaintainPart.PRESS], [['retract', '退回'], MaintainPart.RETRACT], [['bolt', '锁销'], MaintainPart.BOLT]];
/** Bit n of a self-test. */
const TESTED = [words('显示屏', 'display'), words('指纹仪', 'reader'), words('摄像头', 'camera'), words('运动传感器', 'motion'), words('定位', 'position'), words('固件存储', 'image'), words('开关', 'switches')];
const SENSORS = [words('盖合上', 'lid closed'), words('有纸', 'paper'), words('有印章', 'die'), words('锁销锁上', 'bolt closed'), words('在原位', 'home'), words('触点', 'contact'), words('外壳合上', 'case closed'), words('开关无响应', 'silent'), words('USB', 'USB')];
const JOG_MS = 200;
/** What a whole press comes to without a die: it ends at the stop, or nowhere. */
const STALL = 2;
const NO_CONTACT = 3;

function told({ done, result, trace, sensors, currentMa, batteryMv }: Maintained, looked: boolean, language: Language): string {
  const zh = language === 'zh';
  const bits = (names: typeof TESTED, value: number): string => listed(names.filter((_, bit) => (value >>> bit) & 1).map((one) => one[language]), language) || '-';
  if (looked) return `${bits(SENSORS, sensors)}${zh ? '；' : '; '}${currentMa} mA, ${batteryMv} mV`;
  const what = maintainedText(done)[language];
  if (done === MaintainWhat.SELF_TEST) return result === 0 ? (zh ? '自检通过' : 'Self-test passed') : `${zh ? '自检未通过：' : 'Self-test failed: '}${bits(TESTED, result)}`;
  const proof = Buffer.from(trace, 'latin1');
  const travel = proof.length < 10 ? '' : zh
    ? `，离开原位 ${proof.readUInt16BE(8)} 毫秒，触点 ${proof.readUInt16BE(2)}，回位 ${proof.readUInt16BE(4)}，最大 ${proof.readUInt16BE(6)} 毫安`
    : `, off home ${proof.readUInt16BE(8)} ms, contact ${proof.readUInt16BE(2)}, home ${proof.readUInt16BE(4)}, peak ${proof.readUInt16BE(6)} mA`;
  return `${what}${zh ? '：' : ': '}${result === 0 || (done === MaintainWhat.CALIBRATE && (result === STALL || result === NO_CONTACT)) ? (zh ? '正常' : 'well') : result}${travel}`;
}

async function maintain(bench: Bench, [name, part, ms]: string[]): Promise<void> {
  if (bench.office === undefined) throw new SimError('NO_OFFICE');
  const what = pick(name, WHAT);
  const jog = what === MaintainWhat.JOG;
  if (!jog && part !== undefined) throw new SimError('USAGE');
  const order = { what, part: jog ? pick(part, PARTS) : 0, ms: jog ? (ms === undefined ? JOG_MS : wholeIn(ms, 1, 4_294_967_295)) : 0 };
  const view = await bench.office.maintain(order);
  if (what === MaintainWhat.END) return bench.tell('maintain', words('维护已结束', 'Maintenance is over'));
  const looked = what === MaintainWhat.SENSORS;
  const { done, result, sensors } = view;
  bench.tell('maintain', words(told(view, looked, 'zh'), told(view, looked, 'en')), { done, result, sensors });
}

export const MAINTAIN: readonly Command[] = [
  { names: ['maintain', '维护'], group: 'office', form: words('自检 | 点动 压下|退回|锁销 [毫秒] | 校准 | 传感器 | 结束', 'selftest | jog press|retract|bolt [MS] | calibrate | sensors | end'), help: words('技术员在维护模式下操作设备（先“办理 维护 见证=姓名”）', 'what a technician has the unit do in maintenance (first "ceremony maintain before=NAME")'),
    more: words('内有印章时一概不动。点动：压下、退回最多 500 毫秒，锁销最多 1000 毫秒。校准：一次完整的压下和退回。15 分钟无操作自动结束。', 'Nothing moves while a die is in. jog: press and retract for at most 500 ms, the bolt for 1000. calibrate: one whole press and back. It ends by itself after 15 minutes without a command.'), most: 3,
    options: [['selftest', '自检'], ['jog', '点动'], ['calibrate', '校准'], ['sensors', '传感器'], ['end', '结束'], ['press', '压下'], ['retract', '退回'], ['bolt', '锁销']], run: (bench, given) => maintain(bench, given) },
];
