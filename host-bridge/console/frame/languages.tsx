import { changeLanguage, language } from '../i18n';

/** The other language, named in itself. */
export function Languages() {
  const other = language() === 'zh' ? 'en' : 'zh';
  return (
    <button type="button" className="plain language" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => void changeLanguage(other)}>
      {other === 'zh' ? '中文' : 'English'}
    </button>
  );
}
