/** Times, sums and digests as people read them. */
import { useTranslation } from 'react-i18next';

export function useWords() {
  const { t, i18n } = useTranslation();
  const tag = i18n.language === 'en' ? 'en-GB' : 'zh-CN';
  const format = (seconds: number, how: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(tag, how).format(new Date(seconds * 1000));
  return {
    t,
    /** Date and time to the minute. */
    time: (seconds: number | null | undefined): string => (seconds === null || seconds === undefined || seconds === 0 ? t('noTime') : format(seconds, { dateStyle: 'medium', timeStyle: 'short' })),
    day: (seconds: number): string => format(seconds, { dateStyle: 'medium' }),
    span: (from: number, until: number): string => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }).formatRange(new Date(from * 1000), new Date(until * 1000)),
    /** Time of day to the second. */
    clock: (seconds: number | null | undefined): string => (seconds === null || seconds === undefined || seconds === 0 ? t('noTime') : format(seconds, { timeStyle: 'medium' })),
    /** How long something lasts, in its two largest parts; what is less is a minute. @param seconds not negative */
    lasting: (seconds: number): string => {
      const parts = ([['day', Math.floor(seconds / 86_400)], ['hour', Math.floor(seconds / 3600) % 24], ['minute', Math.floor(seconds / 60) % 60]] as const).filter(([, value]) => value > 0).slice(0, 2);
      const named = (unit: string, value: number): string => new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
      return parts.length === 0 ? named('minute', 1) : parts.map(([unit, value]) => named(unit, value)).join(tag === 'zh-CN' ? '' : ' ');
    },
    /** @param fen hundredths of a yuan */
    sum: (fen: number): string => new Intl.NumberFormat(tag, { style: 'currency', currency: 'CNY' }).format(fen / 100),
    number: (value: number): string => new Intl.NumberFormat(tag).format(value),
    list: (items: readonly string[]): string => new Intl.ListFormat(tag, { type: 'conjunction' }).format(items),
    either: (items: readonly string[]): string => new Intl.ListFormat(tag, { type: 'disjunction' }).format(items),
  };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** For an input of type datetime-local. */
export function localText(seconds: number): string {
  const at = new Date(seconds * 1000);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Unix seconds of what stands in an input of type date or datetime-local; undefined where nothing usable does. */
export function localSeconds(text: string): number | undefined {
  const at = new Date(text.length === 10 ? `${text}T00:00` : text).getTime();
  return Number.isNaN(at) ? undefined : Math.floor(at / 1000);
}
