/** Names for the numbers of the protocol, as scenarios, JSON and people use them. Texts stand in protocol/texts. */
import { ACTIONS, ALARMS, GRADES, OUTCOMES, RECORDS, REFUSALS, STATES, textOf, type Texts } from '../../protocol';
import { words, type Language, type Words } from '../cli/texts';

/** Index: number of UseState. */
export const STATE_NAMES = ['', 'idle', 'opening', 'open', 'looking', 'waiting_grant', 'stroking', 'looking_after', 'alarmed'] as const;
/** What a unit can be doing, seen from outside. 'off': without power or not running. */
export const STATES_SEEN = ['idle', 'opening', 'open', 'looking', 'waiting_grant', 'stroking', 'looking_after', 'alarmed', 'off'] as const;
export type StateName = (typeof STATES_SEEN)[number];

export { ALARM_NAMES } from '../../protocol';

/** Index: RefusalCode. */
export const REFUSAL_NAMES = [
  '', 'MALFORMED', 'UNKNOWN_MESSAGE', 'NOT_AUTHENTIC', 'WRONG_DEVICE', 'WRONG_DIE', 'TOO_EARLY', 'EXPIRED', 'TIME_UNKNOWN', 'REVOKED', 'REPLAYED', 'USED_UP',
  'UNSUPPORTED', 'STORE_FULL', 'LOG_FULL', 'ALARM_ACTIVE', 'UNKNOWN_PERMIT', 'UNKNOWN_PERSON', 'STALE', 'BUSY', 'NOT_FOUND', 'CLOCK_BACKWARDS', 'BATTERY_LOW',
  'HARDWARE', 'SAME_PERSON', 'OUTSIDE', 'NO_FIX', 'MOVED', 'NOT_DOCKED', 'DIE_TWICE', 'IMAGE_OLD', 'IMAGE_WRONG', 'NO_UPDATE', 'IMAGE_OFFSET', 'TURN_DIE',
  'WRONG_CODE', 'CODE_LOCKED', 'WAIT', 'WRONG_MEANS', 'SUSPENDED', 'WEAK_CODE', 'READER', 'WRONG_ANSWER', 'OFFLINE_LOCKED', 'CODE_SPENT', 'MISTYPED', 'NO_PHOTO', '', 'DIE_FITTED', 'NOT_MAINTAINED',
] as const;

/** Index: RecordKind. */
export const RECORD_NAMES = [
  '', 'boot', 'permit', 'opened', 'photo', 'intent', 'outcome', 'closed', 'refused', 'alarm', 'cleared', 'clock', 'revoked', 'granted', 'recycled', 'ceremony', 'maintenance', 'place', 'code', 'challenge', 'updated', 'topped_up',
] as const;

/** Index: action of a ceremony. */
export const ACTION_NAMES = ['', 'finger', 'passcode', 'remove', 'reader', 'handover', 'suspend', 'resume', 'destroy', 'die-out', 'die-in', 'tune', 'inked', 'maintain', 'take-out', 'return'] as const;

/** Index: what was done in maintenance (MAINTENANCE, key 1). */
export const MAINTAIN_NAMES = ['begin', 'selftest', 'jog', 'calibrate', '', 'end'] as const;
const MAINTAINED: Texts = { 0: words('开始', 'begun'), 1: words('自检', 'self-test'), 2: words('点动', 'jog'), 3: words('校准', 'calibration'), 5: words('结束', 'ended') };

/** Index: Outcome. */
export const OUTCOME_NAMES = ['', 'stamped', 'failed', 'unknown'] as const;

/** Index: Grade. */
export const GRADE_NAMES = ['', 'good', 'light', 'heavy'] as const;

/** Index: why a use closed (CLOSED, key 2). */
export const CLOSE_NAMES = ['', 'used_up', 'finished', 'idle', 'expired', 'alarm', 'revoked', 'refused', 'restart', 'page', 'aside'] as const;
const CLOSES: Texts = {
  1: words('次数用完', 'used up'), 2: words('主动结束', 'finished'), 3: words('闲置超时', 'idle too long'), 4: words('授权到期', 'time over'), 5: words('报警', 'alarm'),
  6: words('被撤销', 'revoked'), 7: words('被拒绝', 'refused'), 8: words('重新启动', 'restart'), 9: words('本页不符', 'page rejected'),
};

/** Index: what became of an image (UPDATED, key 4). */
export const UPDATED_NAMES = ['', 'chosen', 'passed', 'rolled_back'] as const;
const UPDATES: Texts = { 1: words('已选定，重启后试运行', 'chosen, on trial from the next start'), 2: words('已通过自检', 'has passed its self-test'), 3: words('已退回', 'rolled back') };

/** The name at a number, or the number where it has none. */
export function nameOf(names: readonly string[], number: number): string {
  return names[number] || String(number);
}

const both = (table: Texts, number: number): Words => words(textOf(table, number, 'zh'), textOf(table, number, 'en'));
export const alarmText = (condition: number): Words => both(ALARMS, condition);
export const refusalText = (code: number): Words => both(REFUSALS, code);
export const recordText = (kind: number): Words => both(RECORDS, kind);
export const outcomeText = (result: number): Words => both(OUTCOMES, result);
export const gradeText = (grade: number): Words => both(GRADES, grade);
export const actionText = (action: number): Words => both(ACTIONS, action);
export const updatedText = (what: number): Words => both(UPDATES, what);
export const maintainedText = (what: number): Words => both(MAINTAINED, what);
export const closeText = (reason: number): Words => both(CLOSES, reason);
export const stateText = (name: StateName): Words => (name === 'off' ? words('没有运行', 'Not running') : both(STATES, STATE_NAMES.indexOf(name)));

/** Joins what a person reads as a list. */
export const listed = (items: readonly string[], language: Language): string => items.join(language === 'zh' ? '、' : ', ');
