/** Words in two languages. Only the catalogue in use is loaded; Chinese where the browser asks for neither. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type zh from './zh.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof zh };
    returnNull: false;
  }
}

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const LOAD: Record<Language, () => Promise<{ default: object }>> = { zh: () => import('./zh.json'), en: () => import('./en.json') };

export const language = (): Language => (i18next.language === 'en' ? 'en' : 'zh');

/** @param preferred of the browser, best first; @param chosen by the person before, null: never */
export async function startWords(preferred: readonly string[], chosen: string | null): Promise<void> {
  const wanted = [...(chosen === null ? [] : [chosen]), ...preferred].map((tag) => tag.split('-')[0]).find((tag): tag is Language => (LANGUAGES as readonly (string | undefined)[]).includes(tag)) ?? 'zh';
  await i18next.use(initReactI18next).init({ lng: wanted, fallbackLng: false, interpolation: { escapeValue: false }, resources: { [wanted]: { translation: (await LOAD[wanted]()).default } } });
  tell(wanted);
}

export async function changeLanguage(to: Language): Promise<void> {
  if (!i18next.hasResourceBundle(to, 'translation')) i18next.addResourceBundle(to, 'translation', (await LOAD[to]()).default);
  await i18next.changeLanguage(to);
  localStorage.setItem('language', to);
  tell(to);
}

function tell(now: Language): void {
  document.documentElement.lang = now === 'zh' ? 'zh-CN' : 'en';
  document.title = i18next.t('brand');
}
