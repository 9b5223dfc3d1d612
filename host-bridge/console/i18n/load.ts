/** The catalogues, of which only the one in use is loaded; Chinese where the browser asks for neither. */
export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const LOAD: Record<Language, () => Promise<{ default: object }>> = { zh: () => import('./zh.json'), en: () => import('./en.json') };

/** @param preferred of the browser, best first; @param chosen by the person before, null: never */
export function wordsFor(preferred: readonly string[], chosen: string | null): { language: Language; words: Promise<{ default: object }> } {
  const wanted = [...(chosen === null ? [] : [chosen]), ...preferred].map((tag) => tag.split('-')[0]);
  const language = wanted.find((tag): tag is Language => (LANGUAGES as readonly (string | undefined)[]).includes(tag)) ?? 'zh';
  return { language, words: LOAD[language]() };
}
