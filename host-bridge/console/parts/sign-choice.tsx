/** Whether a decision is signed with a passkey: a choice, or a duty where the organisation has settled it so. */
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { SignChoiceProps } from './sign';

export function SignChoice({ can, must, chosen, change }: SignChoiceProps) {
  const { t } = useTranslation();
  if (!can) return must ? <div className="note bad" role="note"><p>{t('sign.needed')} <Link href="/account">{t('sign.make')}</Link></p></div> : null;
  return (
    <label className="choice">
      <input type="checkbox" name="sign" checked={must || chosen} disabled={must} onChange={(e) => change(e.target.checked)} />
      <span><strong>{t('sign.title')}</strong><span className="small">{t(must ? 'sign.must' : 'sign.what')}</span></span>
    </label>
  );
}
