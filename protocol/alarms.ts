/**
 * The alarm table: every condition that locks a device. Each locks it at once, leaves an ALARM record, shows on the display and burns the
 * red lamp until the authority clears it by a grant that names condition and record; nobody at the device can. SPEC.md section 9, the
 * simulator and the host's programs take name and texts from here, the firmware its numbers from firmware/core/alarms.ts; tests hold them
 * together.
 */
import type { Text } from './texts';

export interface AlarmRow {
  name: string;
  /** What it is called. */
  text: Text;
  /** What has happened, for somebody who meets it for the first time. */
  raised: Text;
  /** Cleared while its cause lasts it is raised again by itself, within seconds. */
  returns: boolean;
}

const row = (name: string, zh: string, en: string, raisedZh: string, raisedEn: string, returns = false): AlarmRow => ({ name, text: { zh, en }, raised: { zh: raisedZh, en: raisedEn }, returns });

/** By number: number n is bit n of an `alarms` field. */
export const ALARM_TABLE: { readonly [condition: number]: AlarmRow } = {
  1: row('LID', '盖章过程中开盖', 'Lid opened during a stroke', '盖章途中盖子被打开，机器立刻停下', 'the lid was opened during the stroke, and the unit stopped at once'),
  2: row('DIE', '印章缺失、不符或被更换', 'Die missing, foreign or changed', '印章被取下，或换成了另一枚', 'the die was taken out, or another one was fitted'),
  3: row('STALL', '执行机构堵转', 'Actuator stalled', '执行机构没有走完行程', 'the actuator did not complete its travel', true),
  4: row('CONTACT', '压力触点粘连', 'Contact switch stuck', '压力触点在没有盖章时闭合，或盖章后没有松开', 'the contact switch is closed without a stroke, or stayed closed after one', true),
  5: row('BOLT', '锁销未关闭', 'Bolt not closed', '锁销没有按要求打开或锁上', 'the bolt did not open, or did not close, when it had to', true),
  6: row('BATTERY', '电量严重不足', 'Battery critical', '没有 USB 供电，电池将尽', 'the battery is nearly empty and there is no USB power', true),
  7: row('JOURNAL', '记录存储故障', 'Journal fault', '写入闪存的内容读回不符', 'the flash did not hold what was written'),
  8: row('CAMERA', '摄像头故障', 'Camera fault', '连续三次拍照失败', 'three photos in a row failed'),
  9: row('FINGER', '指纹连续错误', 'Wrong finger too often', '连续五次按了陌生手指', 'five unknown fingers in a row'),
  10: row('PAPER', '拍照后纸张被抽出', 'Paper pulled away between the photo and the stroke', '拍照之后，纸在合着的盖子下被抽走', 'after its photo the page was pulled away under the closed lid'),
  11: row('SENSORS', '传感器无响应', 'Sensors silent', '开关与传感器没有应答', 'the switches do not answer', true),
  12: row('OVERCOUNT', '试图超次用印', 'Attempt to stamp beyond the count', '次数已用完的授权一分钟内连续五次要求用印', 'a permit without strokes left was asked for five times in a row within a minute'),
  13: row('UNKNOWN', '盖章途中断电，结果不明', 'Power was lost in a stroke, its outcome is unknown', '盖章途中断电，设备自己无法证明有没有盖上', 'power was lost during a stroke: the unit cannot prove whether it stamped'),
  14: row('INTERNAL', '用印时固件异常', 'An exception in the firmware during a use', '用印时固件出现异常', 'the firmware met an exception during a use'),
  15: row('TILT', '盖章过程中倾斜', 'Tilted during a stroke', '盖章时机器被抬斜', 'the unit was tilted during the stroke'),
  16: row('DROP', '设备跌落', 'Dropped', '机器跌落过', 'the unit was dropped'),
  17: row('FENCE', '离开允许的地点', 'Left the permitted place', '用印中或外带时，机器离开了允许的地点范围', 'in a use, or taken out, the unit left the place where it may be'),
  18: row('MOVED', '被搬离底座', 'Carried away from its dock', '机器被搬离了底座：授权只许在底座上用，或者没有办外带', 'the unit was carried off its dock: the permit is for the dock only, or nobody was allowed to take it out'),
  19: row('CODE', '口令连续错误', 'Wrong passcode too often', '连续五次输错口令或离线码', 'five wrong passcodes or codes in a row'),
  20: row('READER', '指纹仪被更换', 'Fingerprint reader replaced', '指纹仪换成了另一个', 'the fingerprint reader is another one', true),
  21: row('CASE', '外壳被打开', 'The case was opened', '机器的外壳被拆开', 'somebody has taken the case of the unit apart', true),
  22: row('BLIND', '摄像头被遮挡或看不清', 'Camera covered or blind', '照片上什么也看不见：镜头被遮住，或托盘里没有光', 'photos show nothing: the lens is covered, or the tray is dark'),
  23: row('LINK', '与办公室失联过久', 'Too long without the office', '太久没有收到授权方的时间', 'no time of the authority has come for longer than allowed', true),
  24: row('UPDATE', '新固件未通过自检，已退回', 'New firmware failed its self-test and was rolled back', '新固件三次启动都没有通过自检，设备已退回原来的固件', 'a new firmware did not pass its self-test in three starts, and the unit went back to the one before'),
  25: row('OVERDUE', '外带逾期未归还', 'Taken out and overdue', '外带的归还时间已过', 'it was taken out, and the time to be back is over', true),
  26: row('CLOCK', '时钟与授权方不符', "The clock differs from the authority's", '授权方的时间和机器的时钟相差太多', "the authority's time and the unit's clock are too far apart"),
};

/** Names by number; where there is none, empty. */
export const ALARM_NAMES: readonly string[] = Array.from({ length: 1 + Math.max(...Object.keys(ALARM_TABLE).map(Number)) }, (_, n) => ALARM_TABLE[n]?.name ?? '');
