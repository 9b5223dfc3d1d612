/** `smartseal grant ceremony`: what is done at the unit before the persons named: fingers, passcodes, dies, taking it out, maintenance. */
import { InvalidArgumentError, type Command } from 'commander';
import { randomBytes } from 'node:crypto';
import { Action, fenceBytes, GrantKind, type Grant } from '../../protocol';
import { bytes, give, guarded, hex, holder, keyed, keysOf, nextCounter, U32, whole, type Keyed } from './grant-keys';
import { systemClock } from './system';

const ACTIONS: Record<string, Action> = {
  finger: Action.FINGER_ADD, passcode: Action.CODE_SET, remove: Action.PERSON_REMOVE, 'pair-reader': Action.READER_PAIR, handover: Action.HANDOVER, suspend: Action.SUSPEND, resume: Action.RESUME, destroy: Action.DESTROY,
  'die-out': Action.DIE_OUT, 'die-in': Action.DIE_IN, press: Action.DIE_TUNE, inked: Action.DIE_INKED, maintain: Action.MAINTAIN, 'take-out': Action.TAKE_OUT, return: Action.RETURN,
};

interface Options extends Keyed {
  action: string;
  person: number[];
  subject?: number;
  until?: number;
  die?: string;
  press?: [number, number, number];
  circle: number[][];
  silence?: number;
  for: number;
  from?: number;
  id?: string;
  counter?: number;
  epoch: number;
}

const DEGREE = 1e7;

/** LATITUDE,LONGITUDE,METRES in degrees (WGS 84). */
function circle(text: string, before: number[][]): number[][] {
  const [latitude, longitude, metres, ...more] = text.split(',').map(Number);
  const good = more.length === 0 && Math.abs(latitude ?? NaN) <= 85 && Math.abs(longitude ?? NaN) <= 180 && Number.isInteger(metres) && (metres ?? 0) >= 1 && (metres ?? 0) <= 100_000;
  if (!good) throw new InvalidArgumentError('LATITUDE,LONGITUDE,METRES');
  return [...before, [Math.round(latitude! * DEGREE), Math.round(longitude! * DEGREE), metres!]];
}

function press(text: string): [number, number, number] {
  const match = /^(\d{2,4}),(\d{2,3}),(\d{1,5})$/.exec(text);
  if (!match) throw new InvalidArgumentError('DWELL_MS,DUTY_PERCENT,INK_LIFE');
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}

function action(text: string): string {
  if (!Object.hasOwn(ACTIONS, text)) throw new InvalidArgumentError(Object.keys(ACTIONS).join(' '));
  return text;
}

function make(o: Options): void {
  const keys = keysOf(o.key);
  const notBefore = o.from ?? Math.floor(systemClock().wall() / 1000) - 60;
  const id = o.id ?? randomBytes(16).toString('hex');
  const counter = o.counter ?? nextCounter(o.key);
  const [dwell, duty, life] = o.press ?? [];
  const grant: Grant = {
    kind: GrantKind.CEREMONY, notBefore, notAfter: Math.min(U32, notBefore + o.for), permit: bytes(id), counter, epoch: o.epoch, action: ACTIONS[o.action]!,
    ...(o.person.length === 0 ? {} : { persons: o.person }),
    ...(o.subject === undefined ? {} : { subject: o.subject }),
    ...(o.until === undefined ? {} : { until: o.until }),
    ...(o.die === undefined ? {} : { die: bytes(o.die) }),
    ...(dwell === undefined || duty === undefined || life === undefined ? {} : { dwell, duty, life }),
    ...(o.circle.length === 0 ? {} : { fences: fenceBytes(o.circle) }),
    ...(o.silence === undefined ? {} : { silence: o.silence }),
  };
  give(o, keys, grant, { ceremony: id, counter, action: o.action }, id);
}

/** Below `smartseal grant`. */
export function registerCeremony(grant: Command): void {
  keyed(grant.command('ceremony').description('what is done at the unit before persons: fingers, dies, taking it out, maintenance / 现场办理'))
    .requiredOption('--action <word>', `${Object.keys(ACTIONS).join(' ')} / 事项`, action)
    .option('--person <number[:means]>', 'who must be there, 1 to 4 / 在场人员', holder, [])
    .option('--subject <number>', 'the person it is about; of a take-out the borrower / 所涉人员、借用人', whole(0, U32))
    .option('--until <seconds>', 'Unix seconds: end of that person; when the unit is to be back / 截止时间', whole(1, U32))
    .option('--die <rom>', 'the die it is about / 印章', hex(8))
    .option('--press <dwell,duty,life>', 'how a die is pressed: ms, per cent, strokes until ink / 压印参数', press)
    .option('--circle <lat,lon,metres>', 'where the unit may be, once or more / 允许的范围', circle, [])
    .option('--silence <seconds>', 'it locks itself when it does not hear the time for so long / 失联秒数', whole(60, 2_678_400))
    .option('--from <seconds>', 'Unix seconds; a minute ago where absent / 开始时间', whole(0, U32))
    .option('--for <seconds>', 'how long it may be done / 有效秒数', whole(1, U32), 3600)
    .option('--id <id>', 'its id; made up where absent / 编号', hex(16))
    .option('--counter <n>', 'never the same twice for a unit; counted beside the keys where absent / 计数', whole(0, U32))
    .option('--epoch <n>', 'of the last revocation of everything / 撤销纪元', whole(0, U32), 0)
    .action(guarded(make));
}
