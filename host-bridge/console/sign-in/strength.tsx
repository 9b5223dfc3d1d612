/** How strong a password is, while it is typed. What judges is large and comes with the first letter, not with the page. The desk has its own rules and the last word. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

export function Strength({ password, own }: { password: string; own: readonly string[] }) {
  const { t } = useTranslation();
  const [score, setScore] = useState<number>();
  const words = own.join('\n');
  useEffect(() => {
    let over = false;
    if (password === '') setScore(undefined);
    else void import('./judge').then(({ scoreOf }) => { if (!over) setScore(scoreOf(password, words.split('\n'))); }, () => undefined); // without it the desk judges alone
    return () => { over = true; };
  }, [password, words]);
  if (score === undefined) return null;
  const word = t(`strength.${score as 0 | 1 | 2 | 3 | 4}`);
  return (
    <p className="small strength" role="status">
      <meter min={0} max={4} low={2} high={3} optimum={4} value={score} aria-label={t('strength.title')}>{word}</meter> {t('strength.title')}: {word}
    </p>
  );
}
