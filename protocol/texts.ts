/** What people read, in Chinese and English, for every number the protocol carries. Host side only. */
import { ALARM_TABLE } from './alarms';

export type Lang = 'zh' | 'en';
export type Text = { readonly [L in Lang]: string };
export type Texts = { readonly [code: number]: Text };

const t = (zh: string, en: string): Text => ({ zh, en });

/** RefusalCode. */
export const REFUSALS: Texts = {
  1: t('消息或授权格式错误', 'The message or the grant in it does not parse'),
  2: t('设备不认识此消息', 'The device does not know this message'),
  3: t('授权未通过认证', 'The grant is not authentic'),
  4: t('授权属于另一台设备', 'The grant is made out to another device'),
  5: t('装入的印章与授权不符', 'The die fitted is not the die permitted'),
  6: t('未到用印时间', 'The permit is not valid yet'),
  7: t('用印时间已过', 'The permit has expired'),
  8: t('设备没有可信时间', 'The device has no trusted time'),
  9: t('授权已被撤销', 'The permit has been revoked'),
  10: t('授权已使用过，不能重放', 'The permit was loaded before and cannot be loaded again'),
  11: t('用印次数已用完', 'No use is left'),
  12: t('固件不支持授权中的条款', 'The grant asks for something this firmware does not know'),
  13: t('设备无法再存放授权', 'No room for another permit'),
  14: t('记录或照片存储已满', 'The journal or the photo store is full'),
  15: t('有未解除的报警', 'An alarm has not been cleared'),
  16: t('设备上没有此授权', 'No such permit on this device'),
  17: t('人员未登记或未被授权', 'The person is not known, or not named in a permit'),
  18: t('所针对的状态已过期', 'Bound to something that is no longer current'),
  19: t('盖章进行中', 'Not while a stroke is under way'),
  20: t('没有此记录或照片', 'No such record or photo'),
  21: t('时间不能倒退', 'The time lies before what the device knows to be past'),
  22: t('电量不足以安全完成盖章', 'Too little charge to finish a stroke safely'),
  23: t('部件无响应或自相矛盾', 'A part does not answer or contradicts itself'),
  24: t('需要两人，不能由同一人完成', 'Two persons are needed, not one twice'),
  25: t('不能确定在允许的地点范围内', 'Not certainly inside the permitted place'),
  26: t('没有足够新、足够准的定位', 'No fix that is young and accurate enough'),
  27: t('拍照与盖章之间被移动，或未放平', 'Moved between the photo and the stroke, or not upright'),
  28: t('仅限在底座上用印：未接底座或已被搬动', 'For the dock only: not docked, or carried since'),
  29: t('机内已有同号印章，无法区分', 'A die of this number is in the unit already, two could not be told apart'),
  30: t('固件版本不高于现有版本，不能降级', 'The image is not newer than what the device has had'),
  31: t('固件镜像不是所授权的镜像，或未通过验证', 'The image is not the one granted, or does not verify'),
  32: t('没有进行中的固件更新', 'No update is under way'),
  33: t('固件数据偏移不连续', 'Not the offset at which the device stands'),
  34: t('请转到授权的印章', 'Turn to the die of the permit'),
  35: t('口令错误', 'The passcode is wrong'),
  36: t('口令已锁定，须两人到场重设', 'The passcode is locked: two persons must be there to set a new one'),
  37: t('请稍候再试', 'Wait before the next try'),
  38: t('授权要求另一种验证方式', 'The permit asks for the other means: finger or passcode'),
  39: t('印章已停用', 'The seal is out of service'),
  40: t('新口令过短、过于简单或两次不一致', 'The new passcode is too short, too plain, or was not typed twice alike'),
  41: t('指纹仪未完成操作', 'The fingerprint reader did not carry it out'),
  42: t('应答码或外出码错误', 'The answer or the trip code is wrong'),
  43: t('离线用印已锁定，须由办公室解除报警', 'Locked after wrong codes, until the office clears the alarm'),
  44: t('外出码已用过或已失效', 'The trip code was used, or a later one was'),
  45: t('输入有误，请核对后再输', 'Mistyped: look, and type it again'),
  46: t('主机没有及时送来照片', 'No photo came from the host in time'),
  48: t('设备内有印章，须先取出', 'A die is in the unit: take it out first'),
  49: t('设备不在维护模式', 'The unit is not in maintenance'),
};

/** Alarm conditions: number n is bit n of an `alarms` field. */
export const ALARMS: Texts = Object.fromEntries(Object.entries(ALARM_TABLE).map(([condition, { text }]) => [condition, text]));

/** RecordKind. */
export const RECORDS: Texts = {
  1: t('开机', 'Started'),
  2: t('装入授权', 'Permit loaded'),
  3: t('开启用印', 'Use opened'),
  4: t('拍照', 'Photo taken'),
  5: t('即将盖章', 'Stroke intended'),
  6: t('盖章结果', 'Stroke outcome'),
  7: t('结束用印', 'Use closed'),
  8: t('拒绝', 'Refused'),
  9: t('报警', 'Alarm'),
  10: t('报警解除', 'Alarm cleared'),
  11: t('校时', 'Clock set'),
  12: t('撤销', 'Revoked'),
  13: t('单次盖章许可', 'Stroke granted'),
  14: t('已归档记录被回收', 'Archived records recycled'),
  15: t('现场办理', 'Ceremony'),
  16: t('维护', 'Maintenance'),
  17: t('位置', 'Place'),
  18: t('离线码开启', 'Opened by a code'),
  19: t('离线询问', 'Challenge shown'),
  20: t('固件更新', 'Firmware updated'),
  21: t('增加次数', 'Topped up'),
};

/** UseState. */
export const STATES: Texts = {
  1: t('空闲（已锁）', 'Idle, locked'),
  2: t('等待其余人员', 'Waiting for the other persons'),
  3: t('已开启，等待放纸合盖', 'Open, waiting for paper and a closed lid'),
  4: t('盖章前拍照', 'Photographing before the stroke'),
  5: t('等待单次盖章许可', 'Waiting for a stroke grant'),
  6: t('正在盖章', 'Stroke under way'),
  7: t('盖章后拍照', 'Photographing after the stroke'),
  8: t('报警锁定', 'Locked by an alarm'),
};

/** Result of a stroke. */
export const OUTCOMES: Texts = {
  1: t('已盖章', 'Stamped'),
  2: t('未盖上', 'Failed'),
  3: t('结果不明', 'Unknown'),
};

/** Grade of a stroke that was stamped. */
export const GRADES: Texts = {
  1: t('清晰', 'good'),
  2: t('偏轻', 'light'),
  3: t('偏重', 'heavy'),
};

/** GrantKind. */
export const GRANTS: Texts = {
  1: t('用印授权', 'Permit'),
  2: t('校时', 'Time'),
  3: t('单次盖章许可', 'Stroke grant'),
  4: t('解除报警', 'Alarm clearing'),
  5: t('撤销', 'Revocation'),
  6: t('归档确认', 'Acknowledgement'),
  7: t('现场办理', 'Ceremony'),
  8: t('固件更新许可', 'Update grant'),
  9: t('增加次数', 'Top-up'),
  10: t('本页不符', 'Page rejected'),
};

/** Action of a ceremony. */
export const ACTIONS: Texts = {
  1: t('登记指纹', 'Finger enrolled'),
  2: t('设置口令', 'Passcode set'),
  3: t('注销人员', 'Person removed'),
  4: t('配对指纹仪', 'Fingerprint reader paired'),
  5: t('印章移交', 'Handed over'),
  6: t('停用', 'Suspended'),
  7: t('恢复使用', 'Returned to service'),
  8: t('销毁', 'Taken out of service for good'),
  9: t('取出印章', 'Die taken out'),
  10: t('装入印章', 'Die installed'),
  11: t('调整压印', 'Die tuned'),
  12: t('加印油', 'Die inked'),
  13: t('设备维护', 'Maintenance'),
  14: t('外带', 'Taken out'),
  15: t('归还', 'Returned'),
};

/** DownReason. */
export const DOWNS: Texts = {
  1: t('连接已关闭', 'Closed'),
  2: t('设备无应答', 'Nobody answered'),
  3: t('未知设备：没有其链路密钥', 'A device whose link key is not known here'),
  4: t('设备未能证明持有链路密钥', 'The device does not prove to have the link key'),
  5: t('协议版本不兼容', 'No common protocol version'),
  6: t('多次重发无确认', 'Retries went unanswered'),
  7: t('长时间没有数据', 'Nothing heard for too long'),
  8: t('收到过多不可信数据', "Too much that was not the peer's"),
  9: t('对端违反协议', 'The peer broke the rules'),
  10: t('被新会话取代', 'Replaced by a new session'),
  11: t('设备已重启', 'The device has restarted'),
  12: t('会话更新', 'Session renewed'),
};

/** The text for a number; for one that is not in the table, the number itself in words. */
export function textOf(table: Texts, code: number, lang: Lang): string {
  const text = table[code];
  return text ? text[lang] : lang === 'zh' ? `未知（${code}）` : `unknown (${code})`;
}
