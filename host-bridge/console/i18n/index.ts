/** Words in two languages. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { LOAD, type Language } from './load';
import type zh from './zh.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof zh };
    returnNull: false;
  }
}

export { LANGUAGES, type Language } from './load';

export const language = (): Language => (i18next.language === 'en' ? 'en' : 'zh');

/** @param words of this language's catalogue */
export async function startWords(wanted: Language, words: object): Promise<void> {
  await i18next.use(initReactI18next).init({ lng: wanted, fallbackLng: false, interpolation: { escapeValue: false }, resources: { [wanted]: { translation: words } } });
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
