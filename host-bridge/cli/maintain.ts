/** `smartseal device maintain`: a technician's commands to a device in maintenance, through the bridge. */
import type { Command } from 'commander';
import { sleep } from '../common/clock';
import { COMMON, Problem, type Language } from '../common/errors';
import { ask, BRIDGE, type Options } from './client';
import { systemClock } from './system';

type Run = (options: Options, work: (language: Language) => Promise<void>) => Promise<void>;

interface View {
  busy: boolean;
  done?: string;
  result: number;
  failed?: string[];
  travel?: { contactMs: number; homeMs: number; peakMa: number; leftMs: number };
  sensors: Record<string, boolean>;
  currentMa: number;
  batteryMv: number;
  dies: string[];
  fix?: { latitude: number; longitude: number; accuracy: number };
}

interface Given extends Options {
  watch?: boolean;
}

const WORDS: Record<string, readonly [zh: string, en: string]> = {
  display: ['显示屏', 'display'], reader: ['指纹仪', 'fingerprint reader'], camera: ['摄像头', 'camera'], motion: ['运动传感器', 'motion sensor'],
  position: ['定位', 'position receiver'], image: ['固件存储', 'firmware on flash'], switches: ['开关', 'switches'],
  lidClosed: ['盖合上', 'lid closed'], paper: ['有纸', 'paper'], diePresent: ['有印章', 'die'], boltClosed: ['锁销锁上', 'bolt closed'], home: ['在原位', 'home'],
  contact: ['压力触点', 'contact'], caseClosed: ['外壳合上', 'case closed'], silent: ['开关无响应', 'switches silent'], usb: ['USB', 'USB'],
};
const LOOK_MS = 500;
/** Results of a movement (protocol/SPEC.md): stalled, or the whole travel without contact. */
const STALL = 2;
const NO_CONTACT = 3;

const word = (name: string, language: Language): string => WORDS[name]?.[language === 'zh' ? 0 : 1] ?? name;

function line(view: View, language: Language): string {
  const on = Object.entries(view.sensors).filter(([, is]) => is).map(([name]) => word(name, language)).join(' · ') || '-';
  const fix = view.fix === undefined ? '' : `  ${view.fix.latitude.toFixed(5)}, ${view.fix.longitude.toFixed(5)} ± ${view.fix.accuracy} m`;
  return `${on}  ${view.currentMa} mA  ${view.batteryMv} mV  ${view.dies.join(' ') || '-'}${fix}`;
}

function outcome(view: View, language: Language): string {
  const zh = language === 'zh';
  if (view.failed !== undefined) return view.failed.length === 0 ? (zh ? '自检通过' : 'Self-test passed') : `${zh ? '未通过：' : 'Failed: '}${view.failed.map((name) => word(name, language)).join(zh ? '、' : ', ')}`;
  const travel = view.travel === undefined ? '' : zh
    ? `：离开原位 ${view.travel.leftMs} 毫秒，触点 ${view.travel.contactMs} 毫秒，回位 ${view.travel.homeMs} 毫秒，最大电流 ${view.travel.peakMa} 毫安`
    : `: off home ${view.travel.leftMs} ms, contact ${view.travel.contactMs} ms, home ${view.travel.homeMs} ms, peak ${view.travel.peakMa} mA`;
  // A whole press without a die ends at the stop, or nowhere: what it measured is for the technician to judge.
  const well = view.result === 0 || (view.done === 'calibrate' && (view.result === STALL || view.result === NO_CONTACT));
  return `${well ? (zh ? '完成' : 'Done') : `${zh ? '异常' : 'Not as it should be'} (${view.result})`}${travel}`;
}

async function maintain(options: Given, id: string, words: string[], language: Language): Promise<void> {
  const [what, part, ms] = words;
  const route = `/v1/devices/${encodeURIComponent(id)}/maintain`;
  const order = (body: object): Promise<View> => ask<View>(BRIDGE, options, route, language, (answer) => typeof answer.busy === 'boolean', body);
  const print = (view: View, text: string): void => void process.stdout.write(options.json === true ? `${JSON.stringify(view)}\n` : `${text}\n`);
  if (ms !== undefined && !/^[1-9]\d{0,3}$/.test(ms)) throw new Problem(COMMON.INVALID, ms);
  let view = await order({ what, ...(part === undefined ? {} : { part }), ...(ms === undefined ? {} : { ms: Number(ms) }) });
  const clock = systemClock();
  if (what === 'sensors') {
    for (;;) {
      print(view, line(view, language));
      if (options.watch !== true) return;
      await sleep(clock, LOOK_MS);
      view = await order({ what });
    }
  }
  while (view.busy) {
    await sleep(clock, LOOK_MS);
    view = await order({ what: 'sensors' });
  }
  print(view, what === 'end' ? (language === 'zh' ? '维护已结束' : 'Maintenance is over') : outcome(view, language));
}

interface Leasing extends Options {
  seconds: string;
  end?: boolean;
  force?: boolean;
}

/** The device to oneself, for as long as the work takes. */
async function lease(options: Leasing, id: string, language: Language): Promise<void> {
  const route = `/v1/devices/${encodeURIComponent(id)}/lease`;
  if (options.end === true) {
    const ended = await ask<{ ended: boolean }>(BRIDGE, options, `${route}?force=${options.force === true}`, language, (answer) => typeof answer.ended === 'boolean', undefined, 'DELETE');
    process.stdout.write(options.json === true ? `${JSON.stringify(ended)}\n` : `${language === 'zh' ? '占用已结束' : 'The lease is over'}\n`);
    return;
  }
  if (!/^[1-9]\d{1,4}$/.test(options.seconds)) throw new Problem(COMMON.INVALID, options.seconds);
  const taken = await ask<{ fence: number; until: number }>(BRIDGE, options, route, language, (answer) => typeof answer.fence === 'number', { seconds: Number(options.seconds) });
  const until = new Date(taken.until).toISOString();
  const text = language === 'zh' ? `占用编号 ${taken.fence}，至 ${until}；后续命令加 --lease ${taken.fence}` : `Lease ${taken.fence}, until ${until}; give --lease ${taken.fence} with what follows`;
  process.stdout.write(options.json === true ? `${JSON.stringify(taken)}\n` : `${text}\n`);
}

export function registerMaintain(device: Command, common: (command: Command) => Command, run: Run): void {
  common(device.command('maintain <id> <words...>').description('selftest · jog press|retract|bolt MS · calibrate · sensors · end, of a device in maintenance / 维护：自检、点动、校准、传感器、结束'))
    .option('--lease <n>', 'number of your lease / 占用编号')
    .option('--watch', 'sensors: again and again / 持续显示')
    .action((id: string, words: string[], options: Given) => run(options, (language) => maintain(options, id, words, language)));
  common(device.command('lease <id>').description('take a device for yourself, for maintenance or an update / 占用设备'))
    .option('--seconds <n>', 'for how long, 10 to 14400 / 秒数', '900')
    .option('--end', 'give it back / 结束占用')
    .option('--force', "with --end: another's too / 结束他人的占用")
    .action((id: string, options: Leasing) => run(options, (language) => lease(options, id, language)));
}
