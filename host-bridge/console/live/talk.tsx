/** What who is at the unit and who grants its strokes say to each other; kept with the use. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type Me } from '../api/client';
import { messages } from '../api/queries';
import { useChange } from '../parts/change';
import { FailureNote } from '../parts/failure-note';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';

export function Talk({ id, me, talks, often }: { id: string; me: Me; talks: boolean; often: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const [text, setText] = useState('');
  const { data: said = [], error } = useQuery(messages(id, often));
  const end = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (end.current !== null) end.current.scrollTop = end.current.scrollHeight;
  }, [said.length]);
  const say = useChange((line: string) => take(api.POST('/v1/applications/{id}/messages', { params: { path: { id } }, body: { text: line } })), () => setText(''));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') say.mutate(text.trim());
  };
  return (
    <section className="card">
      <h2>{t('talk.title')}</h2>
      <p className="small">{t('talk.what')}</p>
      <FailureNote error={error} />
      {said.length === 0 ? <p>{t('talk.none')}</p> : (
        <ol className="talk" ref={end} aria-live="polite" tabIndex={0} aria-label={t('talk.title')}>
          {said.map((one) => (
            <li key={one.id} className={one.person === me.id ? 'mine' : ''}>
              <span className="small">{names.person(one.person)} · {words.clock(one.at)}</span>
              <p>{one.text}</p>
            </li>
          ))}
        </ol>
      )}
      {talks && (
        <form className="say" onSubmit={submit}>
          <label className="grow"><span className="visually-hidden">{t('talk.text')}</span><input name="say" maxLength={500} autoComplete="off" placeholder={t('talk.text')} value={text} onChange={(e) => setText(e.target.value)} /></label>
          <button type="submit" disabled={say.isPending || text.trim() === ''}>{t('talk.send')}</button>
        </form>
      )}
      <FailureNote error={say.error} changing />
    </section>
  );
}
