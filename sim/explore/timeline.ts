/** What happened in a world, as lines that a person can read. */
import { ACTIONS, ALARMS, OUTCOMES, RECORDS, REFUSALS, textOf, type Lang } from '../../protocol';
import { FAULTS } from '../faults';
import type { Fact, Statement } from '../oracle';
import { tellDeed, type Step } from './plan';

export interface Line {
  /** Virtual ms. */
  at: number;
  unit: number;
  text: string;
}

type Two = readonly [string, string];

function statement(one: Statement): Two {
  switch (one.kind) {
    case 'permit': return [`授权 ${one.claims.counter}：${one.claims.count} 次，人员 ${one.claims.persons.join('、')}`, `permit ${one.claims.counter}: ${one.claims.count} strokes by ${one.claims.persons.join(' and ')}`];
    case 'time': return [`时间 ${one.time}`, `time ${one.time}`];
    case 'reject': return [`本页不符（照片记录 ${one.seq}）`, `rejection of the page of record ${one.seq}`];
    case 'update': return [`固件 ${one.version} 的同意`, `consent to image ${one.version}`];
    case 'top-up': return [`加次到 ${one.count} 次`, `top-up to ${one.count} strokes`];
    case 'stroke': return [`单次盖章许可（照片记录 ${one.seq}）`, `stroke grant for the photo of record ${one.seq}`];
    case 'clear': return [`解除报警 ${one.condition}（记录 ${one.seq}）`, `clearing of alarm ${one.condition} of record ${one.seq}`];
    case 'revoke': return [`撤销授权 ${one.counter}`, `revocation of permit ${one.counter}`];
    case 'epoch': return [`作废 ${one.epoch} 期以前的授权`, `revocation of all permits before epoch ${one.epoch}`];
    case 'ceremony': return [`现场办理 ${one.order.counter}：${textOf(ACTIONS, one.order.action, 'zh')}${one.order.subject === undefined ? '' : ` ${one.order.subject}`}`, `ceremony ${one.order.counter}: ${textOf(ACTIONS, one.order.action, 'en')}${one.order.subject === undefined ? '' : ` ${one.order.subject}`}`];
    case 'ack': return [`归档确认至 ${one.through}`, `acknowledgement below ${one.through}`];
  }
}

function record(fact: Extract<Fact, { what: 'record' }>, lang: Lang): string {
  const { kind, seq, data } = fact.record;
  const name = textOf(RECORDS, kind, lang);
  const number = (key: number): number => data.get(key) as number;
  const more = kind === 6 ? textOf(OUTCOMES, number(3), lang) : kind === 8 ? textOf(REFUSALS, number(1), lang) : kind === 9 ? textOf(ALARMS, number(1), lang) : kind === 10 ? textOf(ALARMS, number(1), lang) : '';
  return lang === 'zh' ? `记录 ${seq}：${name}${more === '' ? '' : `，${more}`}` : `record ${seq}: ${name}${more === '' ? '' : ` · ${more}`}`;
}

/** One line for a fact; undefined: it is not worth one. */
function tell(fact: Fact, lang: Lang): Two | string | undefined {
  switch (fact.what) {
    case 'stroke': return [`■ 印章落在${fact.stroke.page === undefined ? '空托盘' : `“${fact.stroke.page.id}”`}`, `■ the die touches ${fact.stroke.page === undefined ? 'the bare tray' : fact.stroke.page.id}`];
    case 'bolt': return fact.open ? ['锁销打开', 'the bolt opens'] : ['锁销锁上', 'the bolt locks'];
    case 'run': return { boot: ['固件启动', 'the firmware starts'], trial: ['试运行的固件启动', 'an image on trial starts, which never comes up'], cut: ['断电', 'the power is gone'], reset: ['复位', 'reset'], hang: ['固件停住', 'the firmware hangs'] }[fact.how] as unknown as Two;
    case 'exception': return [`固件异常：${String(fact.error)}`, `exception: ${String(fact.error)}`];
    case 'record': return record(fact, lang);
    case 'erased': return [`擦除记录 ${fact.seqs[0]}–${fact.seqs.at(-1)} 所在页`, `the page of records ${fact.seqs[0]} to ${fact.seqs.at(-1)} is erased`];
    case 'finger': return fact.person === undefined ? ['陌生人按手指', "a stranger's finger"] : [`${fact.person} 号按手指`, `person ${fact.person} lays a finger`];
    case 'typed': return fact.right ? [`${fact.person} 号输入口令`, `person ${fact.person} types the passcode`] : [`有人以 ${fact.person} 号试口令`, `somebody tries a passcode as person ${fact.person}`];
    case 'coded': return [`办公室答复 ${fact.claims.persons[0]} 号：${fact.claims.code!.digits}`, `the office gives person ${fact.claims.persons[0]} the code ${fact.claims.code!.digits}`];
    case 'dialled': return [`输入 ${fact.digits}`, `${fact.digits} is typed`];
    case 'lid': return fact.open ? ['开盖', 'the lid is opened'] : ['合盖', 'the lid is closed'];
    case 'case': return fact.open ? ['外壳被拆开', 'the case is taken apart'] : ['外壳装好', 'the case is put together again'];
    case 'paper': return fact.other !== undefined ? ['放入的不是批准的文件', 'a sheet of something else is laid in'] : fact.there ? ['放入纸张', 'a sheet is laid in'] : ['取走纸张', 'the sheet is taken'];
    case 'die': return fact.rom === undefined ? ['印章取出', 'the die is taken out'] : [`机内印章：${fact.rom}`, `in the unit now: die ${fact.rom}`];
    case 'turned': return fact.to === undefined ? ['转塔停在两枚之间', 'the revolver is left between two dies'] : [`转到第 ${fact.to + 1} 枚印章`, `the revolver is turned to holder ${fact.to + 1}`];
    case 'picture': return fact.dark ? ['拍照，一片黑', 'the camera takes a picture and sees nothing'] : ['拍照', 'the camera takes a picture'];
    case 'handed': return ['主机的相机拍照', "the host's camera takes a picture"];
    case 'said': {
      const [zh, en] = statement(fact.statement);
      return [`授权方：${zh}`, `authority: ${en}`];
    }
    case 'answered': {
      const [zh, en] = statement(fact.statement);
      return [`设备答复（${zh}）：${fact.code === 0 ? '完成' : textOf(REFUSALS, fact.code, 'zh')}`, `device on ${en}: ${fact.code === 0 ? 'done' : textOf(REFUSALS, fact.code, 'en')}`];
    }
    case 'session': return fact.up ? ['会话建立', 'session up'] : ['会话中断', 'session down'];
    case 'plugged': return fact.there ? ['插上线', 'the cable is plugged in'] : ['拔掉线', 'the cable is pulled'];
    case 'fault': {
      const { zh, en } = FAULTS.find(({ name }) => name === fact.name) ?? { zh: '线上另有他人发送', en: fact.name };
      return fact.on ? [`✗ ${zh}`, `✗ ${en}`] : [`✓ 故障结束：${zh}`, `✓ over: ${en}`];
    }
    case 'healed': return ['── 故障全部结束，此后须恢复正常 ──', '── all faults are over; from here on progress is due ──'];
    case 'photo': return fact.good ? undefined : [`记录 ${fact.seq} 的照片取不到`, `the photo of record ${fact.seq} is not to be had`];
    default: return undefined;
  }
}

export class Timeline {
  readonly lines: Line[] = [];

  constructor(private readonly lang: Lang) {}

  fact(at: number, unit: number, fact: Fact): void {
    const text = tell(fact, this.lang);
    if (text !== undefined) this.lines.push({ at, unit, text: typeof text === 'string' ? text : text[this.lang === 'zh' ? 0 : 1] });
  }

  step(at: number, step: Step): void {
    this.lines.push({ at, unit: step.unit, text: `▸ ${tellDeed(step)}` });
  }

  /** The last lines before and up to the end, or all. */
  text(last = Infinity): string {
    const several = this.lines.some((line) => line.unit > 0);
    const from = Math.max(0, this.lines.length - last);
    const head = from > 0 ? [this.lang === 'zh' ? `  …（此前 ${from} 行）` : `  … (${from} lines before)`] : [];
    return [...head, ...this.lines.slice(from).map(({ at, unit, text }) => `${(at / 1000).toFixed(3).padStart(10)} s  ${several ? `[${unit}] ` : ''}${text}`)].join('\n');
  }
}
