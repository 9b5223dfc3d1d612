/**
 * What is wrong with a unit, what that means for the paper and the records, and what helps: told from the truth of the
 * simulated parts and from what the unit has recorded, in words for somebody who sees it for the first time.
 */
import { ALARM_TABLE } from '../../protocol';
import { words, type Words } from '../cli/texts';
import type { Bench } from './bench';
import { latchedIn } from './journal';
import { ALARM_NAMES, alarmText, type StateName } from './names';
import { stateOf, usable } from './observe';

export interface Finding {
  /** Alarm's name, or what is in the way: stable. */
  code: string;
  wrong: boolean;
  what: Words;
  /** What to do about it, commands in quotes. */
  help: Words;
}

/** Below this the alarm BATTERY comes, mV. */
const CRITICAL_MV = 3300;

/** Where no part is broken, but somebody has to look first. */
const PERSON_DECIDES: Readonly<Record<string, Words>> = {
  FINGER: words('先查明是谁', 'find out who it was'),
  UNKNOWN: words('先看纸面或照片（“真相”“托盘”）', 'look at the page or its photos first ("truth", "tray")'),
  TILT: words('先看纸面和照片', 'look at the page and its photos first'),
  DROP: words('先检查机器有没有摔坏', 'see first whether the unit has taken harm'),
  FENCE: words('先查明是谁带走的', 'find out who carried it off'),
  MOVED: words('先查明是谁搬走的', 'find out who carried it off'),
  BLIND: words('先看镜头和托盘灯；已盖的那一页看纸面', 'look at the lens and the tray light; at the paper itself where it was stamped'),
  CASE: words('先查明谁拆过、有没有动过里面', 'find out who did it, and whether anything inside was touched'),
  CODE: words('先查明是谁', 'find out who it was'),
  READER: words('先查明是谁换的，再重新配对', 'find out who changed it, then pair it anew'),
  LINK: words('先查明机器在谁手里', 'find out who has the unit'),
  OVERDUE: words('“办理 归还 见证=…”或者延长外带', '"ceremony return before=...", or more time by "ceremony take-out"'),
  CLOCK: words('先查明谁的时间不对', 'find out whose time is wrong'),
  UPDATE: words('先请厂家查明原因', 'let the maker find out why'),
};

/** Everything that stands in the way, the worst first; last, what the unit waits for. */
export function findings(bench: Bench): Finding[] {
  const { unit } = bench;
  const found: Finding[] = [];
  if (!unit.truth.powered) {
    const empty = !unit.parts.battery.alive();
    return [{ code: 'POWER', wrong: true, what: unit.truth.boltOpen
      ? words('没有电：印章停在行程中，挡住了锁销；来电后先回原位再锁上', 'No power: the die stopped on its way and keeps the bolt from closing; with the power back it goes home first, then the bolt locks')
      : words('没有电：锁销由弹簧锁住，什么都不会动', 'No power: its spring holds the bolt shut, nothing moves'), help: empty ? words('“电池 80”或“插线”，然后“电源 上”', '"battery 80" or "plug", then "power on"') : words('“电源 上”', '"power on"') }];
  }
  for (const { condition } of latchedIn(bench.journal)) found.push(alarm(bench, condition));
  if (unit.truth.exceptions.length > 0) found.push({ code: 'EXCEPTION', wrong: true, what: words('固件抛出了异常', 'The firmware threw an exception'), help: words('“真相”查看详情', '"truth" shows it') });
  if (found.length === 0) found.push(next(bench, stateOf(bench)));
  return found;
}

function alarm(bench: Bench, condition: string): Finding {
  const text = alarmText(ALARM_NAMES.indexOf(condition));
  const said = ALARM_TABLE[ALARM_NAMES.indexOf(condition)]?.raised ?? text;
  const causes = causesOf(bench, condition);
  const clear = bench.office === undefined ? words('由审批台解除报警', 'the desk clears the alarm') : words('“解除”', '"clear"');
  const because = causes.length === 0 ? words('', '') : words(`原因还在：${causes.map(({ what }) => what.zh).join('，')}。`, `The cause is still there: ${causes.map(({ what }) => what.en).join(', ')}. `);
  const judged = PERSON_DECIDES[condition];
  const help = causes.length > 0 ? words(`${causes.map(({ off }) => off.zh).join('，')}，然后${clear.zh}`, `${causes.map(({ off }) => off.en).join(', ')}, then ${clear.en}`)
    : judged !== undefined ? words(`${judged.zh}，然后${clear.zh}`, `${judged.en}, then ${clear.en}`) : words(`原因已排除：${clear.zh}`, `the cause is gone: ${clear.en}`);
  const ink = inkAfter(bench, condition);
  return { code: condition, wrong: true, what: words(`${condition} ${text.zh}：${said.zh}。${because.zh}${ink.zh}设备锁定，直到授权方解除。`, `${condition} ${text.en}: ${said.en}. ${because.en}${ink.en}The unit stays locked until the authority clears it.`), help };
}

/** What in the simulated parts still brings the alarm about, and the command that ends it. */
function causesOf({ unit }: Bench, condition: string): { what: Words; off: Words }[] {
  const { parts, truth } = unit;
  const { faults } = parts.actuator;
  const { contact } = parts.switches;
  const all: (readonly [boolean, readonly string[], Words, Words])[] = [
    [!truth.lidClosed, ['LID'], words('盖子还开着', 'the lid is open'), words('“盖 合”', '"lid close"')],
    [!truth.caseClosed, ['CASE'], words('外壳还开着', 'the case is open'), words('“外壳 合”', '"case close"')],
    [parts.holders.dies.every((one) => one === undefined), ['DIE'], words('印章不在机内', 'no die is in the holder'), words('“印章 装入”', '"die in"')],
    [faults.jamAt !== undefined, ['STALL'], words(`执行机构会卡在 ${String(faults.jamAt)} 毫米处`, `the actuator jams at ${String(faults.jamAt)} mm`), words('“卡住 关”', '"jam off"')],
    [faults.jamHomeAt !== undefined, ['STALL', 'BOLT'], words(`执行机构回程会卡在 ${String(faults.jamHomeAt)} 毫米处`, `the actuator jams at ${String(faults.jamHomeAt)} mm on its way home`), words('“卡住 关”', '"jam off"')],
    [faults.strength < 1 || faults.welded, ['STALL', 'CONTACT', 'BOLT'], words('电机不正常', 'the motor is not in order'), words('“电机 正常”', '"motor ok"')],
    [contact.fault === 'stuck open', ['STALL'], words('压力触点失灵，压到纸也不知道', 'the contact switch is dead: the unit cannot feel the paper'), words('“触点 正常”', '"contact ok"')],
    [contact.fault === 'stuck closed', ['STALL', 'CONTACT'], words('压力触点粘连', 'the contact switch is stuck closed'), words('“触点 正常”', '"contact ok"')],
    [parts.bolt.fault !== 'none', ['BOLT'], words('锁销卡住', 'the bolt is jammed'), words('“锁销 正常”', '"bolt ok"')],
    [!parts.battery.usb && parts.battery.millivolts() < CRITICAL_MV, ['BATTERY'], words('电池将尽', 'the battery is nearly empty'), words('“插线”', '"plug"')],
    [parts.camera.fault !== 'none' || parts.camera.slowMs > 0, ['CAMERA'], words('摄像头有故障', 'the camera is broken'), words('“摄像头 正常”', '"camera ok"')],
    [parts.camera.covered, ['BLIND'], words('镜头被遮住', 'the lens is covered'), words('“摄像头 露出”', '"camera clear"')],
    [parts.expander.silent, ['SENSORS'], words('开关没有应答', 'the switches do not answer'), words('“开关 正常”', '"switches ok"')],
    [unit.flash.onOp !== undefined, ['JOURNAL'], words('闪存写不进', 'the flash does not take what is written'), words('“闪存 正常”', '"flash ok"')],
  ];
  return all.filter(([is, conditions]) => is && conditions.includes(condition)).map(([, , what, off]) => ({ what, off }));
}

/** What the last stroke left on the paper, and what was recorded of it. */
function inkAfter(bench: Bench, condition: string): Words {
  const intent = bench.journal.findLast(({ kind }) => kind === 'intent');
  const raised = bench.journal.findLast(({ kind, fields }) => kind === 'alarm' && fields['condition'] === condition);
  const outcome = bench.journal.findLast(({ kind }) => kind === 'outcome');
  // Only an alarm that came with a stroke says something about ink.
  if (intent === undefined || raised === undefined || outcome === undefined || outcome.seq < intent.seq || Math.abs(raised.seq - outcome.seq) > 2) return words('', '');
  const { truth } = bench.unit;
  const opened = truth.bolt.findLast(({ open }) => open)?.at ?? Infinity;
  const strokes = truth.strokes.filter(({ at }) => at >= opened);
  const place = truth.carrierMm > 0.3 ? words(`印章停在 ${truth.carrierMm.toFixed(1)} 毫米处，`, `The die stands at ${truth.carrierMm.toFixed(1)} mm. `) : words('', '');
  const ink = strokes.length === 0 ? words('这一次没有留下印迹。', 'This stroke left NO ink. ')
    : strokes.some(({ page }) => page !== undefined) ? words('这一次在纸上留下了印迹。', 'This stroke left INK on the paper. ') : words('印章落在空托盘上。', 'The die met the bare tray. ');
  const charged = Number(outcome.fields['charged'] ?? 0);
  const results: Record<string, Words> = {
    stamped: words('记录为“已盖章”', 'recorded as stamped'),
    failed: words('记录为“未盖上”，次数退还', 'recorded as failed, the use is given back'),
    unknown: words('传感器无法证明，记录为“结果不明”，次数照扣', 'the sensors can prove neither a stamp nor that there was none, so it is recorded as unknown and stays charged'),
  };
  const result = results[String(outcome.fields['result'])] ?? words('', '');
  return words(`${place.zh}${ink.zh}${result.zh}（记录 ${outcome.seq}，已计 ${charged}）。`, `${place.en}${ink.en}To the unit: ${result.en} (record ${outcome.seq}, charged ${charged}). `);
}

/** What the unit waits for. */
function next(bench: Bench, state: StateName): Finding {
  const step = (code: string, what: Words, help: Words): Finding => ({ code, wrong: false, what, help });
  const [permit] = usable(bench);
  const names = (persons: readonly number[]): string => persons.map(bench.name).join(' + ');
  const { truth } = bench.unit;
  if (state === 'idle') {
    if (permit !== undefined) return step('READY', words(`空闲并锁住；授权还剩 ${permit.count - permit.charged} 次`, `Idle and locked; a permit has ${permit.count - permit.charged} left`), words(`“手指 ${names(permit.persons) || '姓名'}”开启${truth.page ? '，并盖在托盘里这一页上' : '；“纸 空白”放纸'}`, `"finger ${names(permit.persons) || 'NAME'}" opens the use${truth.page ? ' and stamps the page in the tray' : '; "paper blank" lays a sheet in'}`));
    const one = bench.people[0]?.name ?? '…';
    return step('NO_PERMIT', words('空闲并锁住；没有可用的授权，盖不了章', 'Idle and locked; without a permit it cannot stamp'), bench.office === undefined ? words('由审批台批准，经网桥送达', 'the desk grants one, the bridge brings it') : words(`“授权 ${one}”由模拟办公室签发`, `"permit ${one}": the bench office grants one`));
  }
  if (state === 'opening') return step('PERSONS', words('需要多人：等待其余人员', 'It takes more than one: waiting for the other persons'), words('30 秒内“手指 姓名”', '"finger NAME" within 30 s'));
  if (state === 'waiting_grant') return step('GRANT', words('照片已送出，等待对这一页的单次许可', 'The photo is out; this page needs a grant of its own'), words('“许可”', '"grant"'));
  if (state === 'open') {
    if (!truth.page) return step('PAPER', words('已开启，托盘里没有纸', 'Open; there is no paper in the tray'), words('“纸 空白”或“纸 文件.pdf”', '"paper blank" or "paper FILE.pdf"'));
    if (!truth.lidClosed) return step('LID', words('已开启，盖子没合', 'Open; the lid is not closed'), words('“盖 合”', '"lid close"'));
    return step('NEXT_PAGE', words('已开启；这一页已盖，须换纸', 'Open; this page has its stamp, the next one is wanted'), words('“纸 取出”，再“纸 空白”；或“结束”', '"paper out" and "paper blank"; or "finish"'));
  }
  if (state === 'alarmed') return step('ALARMED', words('报警锁定', 'Locked by an alarm'), words('“解除”', '"clear"'));
  return step('BUSY', words('正在进行，无需操作', 'It is at work; nothing to do'), words('等待', 'wait'));
}
