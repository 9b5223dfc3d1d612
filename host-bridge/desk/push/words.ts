/** What a push message says: the kind of case and the unit. Everything else is looked up by who opens it, and may. */
import { ALARM_TABLE } from '../../../protocol/alarms';
import type { Case } from '../follow/cases';

export type PushLanguage = 'zh' | 'en';
const WORDS = {
  zh: { alarm: '印章报警', other: '印章事项待处理', open: '请打开审批台查看。' },
  en: { alarm: 'Seal alarm', other: 'A seal needs attention', open: 'Open the desk to see it.' },
} as const;
/** Characters of a unit's name. */
const NAME = 80;

export function textOf({ kind, detail }: Pick<Case, 'kind' | 'detail'>, unit: string, language: PushLanguage): { title: string; body: string } {
  const words = WORDS[language];
  const name = unit.slice(0, NAME);
  if (kind !== 'alarm') return { title: words.other, body: language === 'zh' ? `${name}：${words.open}` : `${name}: ${words.open}` };
  const what = ALARM_TABLE[Number(detail['condition'])]?.text[language] ?? '';
  return { title: words.alarm, body: language === 'zh' ? `${name}：${what}` : `${name}: ${what}` };
}
