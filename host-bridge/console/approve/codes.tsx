/** Codes for a unit without a network: whoever approves gives them on the phone. All that a code is for is asked for once more before the code is shown. */
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type Application, type Code, type Me } from '../api/client';
import { may } from '../frame/places';
import { useChange } from '../parts/change';
import { documentCode, grouped } from '../parts/digits';
import { FailureNote } from '../parts/failure-note';
import { useNames } from '../parts/names';
import { SignChoice } from '../parts/sign-choice';
import { useSigner } from '../parts/sign';

/** The answer to a challenge, or a trip code. */
type How = 'answer' | 'trip';

/** The most strokes that a code is for. */
const MOST = 9;
/** Of the numbers that a display shows. */
const SHOWN_NUMBERS = 10_000;

const digitsOf = (typed: string): string => typed.replace(/\D/g, '');

export function Codes({ application: a, me }: { application: Application; me: Me }) {
  const { t } = useTranslation();
  const [how, setHow] = useState<How>();
  const [given, setGiven] = useState<Code>();
  const theirs = a.state === 'approved' && may(me, 'uses.grant') && a.chain.some((step) => step.includes(me.id));
  // What is being read out stays, whatever becomes of the application meanwhile.
  if (!theirs && given === undefined) return null;
  const close = (): void => {
    setGiven(undefined);
    setHow(undefined);
  };
  return (
    <section className="card" id="codes">
      <h2>{t('codes.title')}</h2>
      {how === undefined ? (
        <>
          <p className="small">{t('codes.what')}</p>
          <div className="actions">
            <button type="button" onClick={() => setHow('answer')}>{t('codes.answer')}</button>
            <button type="button" onClick={() => setHow('trip')}>{t('codes.trip')}</button>
          </div>
        </>
      ) : given === undefined ? <Ask key={how} application={a} how={how} give={setGiven} close={close} /> : <Given key={given.id} code={given} purpose={a.purpose} how={how} close={close} />}
    </section>
  );
}

function Ask({ application: a, how, give, close }: { application: Application; how: How; give: (code: Code) => void; close: () => void }) {
  const { t } = useTranslation();
  const most = Math.min(a.granted.count, MOST);
  const [challenge, setChallenge] = useState('');
  const [number, setNumber] = useState('');
  const [count, setCount] = useState(String(most));
  const [reason, setReason] = useState('');
  const signer = useSigner('strokes');
  const ask = useChange(async () => {
    const path = { params: { path: { id: a.id } } };
    const wanted = { count: Number(count), ...(reason.trim() === '' ? {} : { reason: reason.trim() }) };
    const call = { challenge: digitsOf(challenge), number: digitsOf(number).replace(/^\d{4}/, '$&-') };
    const signed = await signer.signed(() => take(api.POST('/v1/applications/{id}/codes/options', { ...path, body: how === 'answer' ? { ...call, ...wanted } : wanted })));
    return how === 'answer'
      ? take(api.POST('/v1/applications/{id}/answers', { ...path, body: { ...call, ...wanted, ...signed } }))
      : take(api.POST('/v1/applications/{id}/trip-codes', { ...path, body: { ...wanted, ...signed } }));
  }, give);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    ask.mutate(undefined);
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <h3>{how === 'answer' ? t('codes.answer') : t('codes.trip')}</h3>
      <p className="small">{how === 'answer' ? t('codes.answerWhat', { code: grouped(documentCode(a.document)) }) : t('codes.tripWhat')}</p>
      {how === 'answer' && (
        <>
          <label>{t('codes.challenge')}<input name="challenge" inputMode="numeric" pattern="\s*[0-9]{4}\s?[0-9]{4}\s*" title={t('codes.challengeHelp')} required value={challenge} onChange={(e) => setChallenge(e.target.value)} /></label>
          <label>{t('codes.number')}<input name="number" inputMode="numeric" pattern="\s*[0-9]{4}[\-\s]?[0-9]{2}\s*" title={t('codes.numberHelp')} required value={number} onChange={(e) => setNumber(e.target.value)} /></label>
        </>
      )}
      <label>{t('codes.count')}<input name="count" type="number" required min={1} max={most} value={count} onChange={(e) => setCount(e.target.value)} /></label>
      <label>{t('codes.reason')}<textarea name="reason" rows={2} maxLength={1000} value={reason} onChange={(e) => setReason(e.target.value)} /></label>
      <div className="note"><p>{t('codes.takenBack')}</p></div>
      <SignChoice {...signer.choice} />
      <FailureNote error={ask.error} changing />
      <div className="actions">
        <button type="submit" className="main" disabled={ask.isPending || !signer.known}>{ask.isPending ? t('sending') : t('codes.ask')}</button>
        <button type="button" onClick={close}>{t('cancel')}</button>
      </div>
    </form>
  );
}

/** Moves the keyboard and what is read out to where it goes on. */
function Heading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return <h3 ref={heading} tabIndex={-1}>{children}</h3>;
}

/** What the desk said that the code is for; then the code, once that was confirmed. */
function Given({ code, purpose, how, close }: { code: Code; purpose: string; how: How; close: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const [found, setFound] = useState<'right' | 'wrong'>();
  if (found === 'wrong') {
    return (
      <>
        <Heading>{t('codes.notGiven')}</Heading>
        <div className="note bad" role="alert"><p>{t('codes.notGivenWhat')}</p></div>
        <div className="actions"><button type="button" onClick={close}>{t('close')}</button></div>
      </>
    );
  }
  if (found === 'right') {
    return (
      <>
        <Heading>{how === 'answer' ? t('codes.answerIs') : t('codes.tripIs')}</Heading>
        <p className="said-code">{grouped(code.code)}</p>
        <p>{how === 'answer' ? t('codes.say') : t('codes.sayTrip')}</p>
        <div className="actions"><button type="button" className="main" onClick={close}>{t('codes.done')}</button></div>
      </>
    );
  }
  const answer = how === 'answer';
  const rows: [name: string, question: string, value: string][] = [
    [t('codes.person'), t('codes.personAsk'), code.name],
    [t('codes.unit'), t('codes.unitAsk'), names.unit(code.device)],
    [t('codes.seal'), t('codes.sealAsk'), code.seal],
    [t('codes.strokes'), t('codes.strokesAsk'), String(code.count)],
    [t('codes.document'), answer ? t('codes.documentAsk') : t('codes.documentTrip'), answer ? grouped(code.documentCode) : `${grouped(code.documentCode)} · ${purpose}`],
    answer ? [t('codes.call'), t('codes.callAsk'), String(code.number % SHOWN_NUMBERS).padStart(4, '0')] : [t('codes.serial'), t('codes.serialWhat'), String(code.number)],
  ];
  return (
    <>
      <Heading>{t('codes.readBack')}</Heading>
      <p>{t('codes.readBackWhat')}</p>
      <dl className="read-back">{rows.map(([name, question, value]) => <div key={name}><dt>{name}<span className="small">{question}</span></dt><dd>{value}</dd></div>)}</dl>
      <div className="actions">
        <button type="button" className="main" onClick={() => setFound('right')}>{t('codes.right')}</button>
        <button type="button" className="danger" onClick={() => setFound('wrong')}>{t('codes.wrong')}</button>
      </div>
    </>
  );
}
