/** Alarms by the protocol's own table, in words. */
import { ALARM_TABLE } from '../../../protocol/alarms';
import type { Case } from '../api/client';

export function conditionText(condition: number, language: 'zh' | 'en'): string {
  return ALARM_TABLE[condition]?.text[language] ?? String(condition);
}

export function alarmText({ detail }: Case, language: 'zh' | 'en'): string {
  return conditionText(Number(detail['condition']), language);
}

/** What has happened, for somebody who meets it for the first time. */
export function alarmStory({ detail }: Case, language: 'zh' | 'en'): string {
  return ALARM_TABLE[Number(detail['condition'])]?.raised[language] ?? '';
}
