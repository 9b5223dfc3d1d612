/** Applying for a use of a seal: one page, from the seal to the holders. What is possible is judged by the desk, when it is handed in. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { api, take, type Application, type DocumentCard, type Me, type NewApplication, type Seal } from '../api/client';
import { directory, scopes, seals } from '../api/queries';
import { useClock } from '../frame/clock';
import { useChange } from '../parts/change';
import { FailureNote } from '../parts/failure-note';
import { Loaded, Waiting } from '../parts/loaded';
import { SignChoice } from '../parts/sign-choice';
import { ofApplication, useSigner } from '../parts/sign';
import { localSeconds, localText } from '../parts/when';
import { BlankFields, type BlankAsked } from './blank';
import { DocumentField } from './document-field';
import { Holders } from './holders';
import type { Mark } from '../parts/spots';
import { MarkField } from './marks';
import { may } from '../frame/places';

const PlaceField = lazy(async () => ({ default: (await import('./place-field')).PlaceField }));

const HOUR = 3600;
const WINDOW = 8 * HOUR;

type Category = NonNullable<NewApplication['category']>;

export function Apply({ me }: { me: Me }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('apply.title')}</h1>
      <Loaded query={seals()}>
        {(found) => {
          const usable = found.filter(({ state }) => state === 'active');
          return usable.length === 0 ? <p>{t('apply.noSeal')}</p> : <Form me={me} seals={usable} />;
        }}
      </Loaded>
    </>
  );
}

function Form({ me, seals: usable }: { me: Me; seals: Seal[] }) {
  const { t } = useTranslation();
  const clock = useClock();
  const [, go] = useLocation();
  const [seal, setSeal] = useState<Seal | undefined>(usable.length === 1 ? usable[0] : undefined);
  const [document, setDocument] = useState<DocumentCard>();
  const [purpose, setPurpose] = useState('');
  const [category, setCategory] = useState<Category>();
  const [amount, setAmount] = useState('');
  const [count, setCount] = useState('1');
  const [edges, setEdges] = useState('0');
  const [from, setFrom] = useState(() => localText(clock.seconds()));
  const [until, setUntil] = useState(() => localText(clock.seconds() + WINDOW));
  const [persons, setPersons] = useState<number[]>([me.id]);
  const [options, setOptions] = useState({ strokeGrants: true, dock: false, still: false });
  const [operator, setOperator] = useState('');
  const [place, setPlace] = useState<NonNullable<NewApplication['place']>>();
  const [marks, setMarks] = useState<Mark[]>([]);
  /** Whether the pages are there to be marked: they are not shown twice. */
  const [marking, setMarking] = useState(false);
  const operators = (useQuery(directory()).data ?? []).filter((one) => one.operator === true && one.id !== me.id);
  const [missing, setMissing] = useState<string>();
  const allowed = useQuery(scopes()).data?.find(({ kind }) => kind === seal?.kind)?.categories ?? [];
  const signer = useSigner('applicant');
  const [blank, setBlank] = useState<BlankAsked>();
  const send = useChange(async (body: NewApplication): Promise<Application> => {
    if (body.submit !== true || !signer.signs) return take(api.POST('/v1/applications', { body: body as never }));
    // What is signed has to stand first: a draft, which stays where it was not signed after all.
    const { id } = draft.current?.of === JSON.stringify(body) ? draft.current : await take(api.POST('/v1/applications', { body: { ...body, submit: false } as never }));
    draft.current = { id, of: JSON.stringify(body) };
    return take(api.POST('/v1/applications/{id}/submit', { params: { path: { id } }, body: await signer.signature(ofApplication(id, 'applied')) }));
  }, (made) => go(`/applications/${made.id}`));
  const draft = useRef<{ id: string; of: string }>(undefined);
  const sending = useMutation({ mutationFn: (submit: boolean) => send.mutateAsync(bodyOf(submit)) });

  const bodyOf = (submit: boolean): NewApplication => ({
    seal: seal!.id, document: document!.sha256, purpose, count: Number(count), crossPage: Number(edges), notBefore: localSeconds(from)!, notAfter: localSeconds(until)!, persons, submit,
    ...(category === undefined ? {} : { category }), ...(amount === '' ? {} : { amount: Math.round(Number(amount) * 100) }), ...options, ...(blank === undefined ? {} : { blank: true, reportBy: localSeconds(blank.reportBy)! }),
    ...(operator === '' || !options.strokeGrants ? {} : { operator: Number(operator) }), ...(place === undefined ? {} : { place }), ...(marks.length === 0 ? {} : { marks }),
  });
  const check = (): string | undefined =>
    seal === undefined ? t('apply.missing.seal') : document === undefined ? t('apply.missing.document') : localSeconds(from) === undefined || localSeconds(until) === undefined ? t('apply.missing.window') : persons.length === 0 ? t('apply.missing.holders') : undefined;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const found = check();
    setMissing(found);
    const draft = ((event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null)?.value === 'draft';
    if (found === undefined) sending.mutate(!draft);
  };
  return (
    <form className="apply" onSubmit={submit}>
      <fieldset className="card">
        <legend>{t('apply.seal')}</legend>
        <div className="choices">
          {usable.map((one) => (
            <label key={one.id} className="choice">
              <input type="radio" name="seal" checked={seal?.id === one.id} onChange={() => { setSeal(one); setCategory(undefined); }} />
              <span><strong>{one.name}</strong><span className="small">{t(`sealKinds.${one.kind}`)}</span></span>
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset className="card">
        <legend>{t('apply.document')}</legend>
        <DocumentField document={document} change={(next) => { setDocument(next); setMarks([]); setMarking(false); }} pages={!marking} />
        {document !== undefined && <details className="marking" open={marking} onToggle={(e) => setMarking(e.currentTarget.open)}><summary>{t('marks.act')}{marks.length > 0 && ` · ${t('marks.count', { count: marks.length })}`}</summary><MarkField sha256={document.sha256} pages={document.pages} marks={marks} change={setMarks} /></details>}
      </fieldset>
      <fieldset className="card">
        <legend>{t('apply.what')}</legend>
        <label>{t('apply.purpose')}<textarea name="purpose" required maxLength={1000} rows={2} placeholder={t('apply.purposeExample')} value={purpose} onChange={(e) => setPurpose(e.target.value)} /></label>
        <div className="pair">
          <label>{t('apply.category')}
            <select name="category" value={category ?? ''} onChange={(e) => setCategory(e.target.value === '' ? undefined : (e.target.value as Category))}>
              <option value="">{t('apply.usual')}</option>
              {allowed.map((one) => <option key={one} value={one}>{t(`categories.${one}`)}</option>)}
            </select>
          </label>
          <label>{t('apply.amount')}<input name="amount" inputMode="decimal" pattern="[0-9]{1,13}([.][0-9]{1,2})?" placeholder={t('apply.amountExample')} value={amount} onChange={(e) => setAmount(e.target.value)} /></label>
        </div>
        <p className="small">{t('apply.amountHelp')}</p>
      </fieldset>
      <fieldset className="card">
        <legend>{t('apply.howOften')}</legend>
        <div className="pair">
          <label>{t('apply.count')}<input name="count" type="number" inputMode="numeric" required min={1} max={65535} value={count} onChange={(e) => setCount(e.target.value)} /></label>
          <label>{t('apply.edges')}<input name="edges" type="number" inputMode="numeric" required min={0} max={65535} value={edges} onChange={(e) => setEdges(e.target.value)} /></label>
        </div>
        <div className="pair">
          <label>{t('apply.from')}<input name="from" type="datetime-local" required value={from} onChange={(e) => setFrom(e.target.value)} /></label>
          <label>{t('apply.until')}<input name="until" type="datetime-local" required value={until} onChange={(e) => setUntil(e.target.value)} /></label>
        </div>
      </fieldset>
      <fieldset className="card">
        <legend>{t('apply.holders')}</legend>
        {seal === undefined ? <p>{t('apply.holdersFirst')}</p> : <Holders device={seal.device} chosen={persons} change={setPersons} />}
      </fieldset>
      <fieldset className="card">
        <legend>{t('apply.conditions')}</legend>
        {(['strokeGrants', 'dock', 'still'] as const).map((name) => (
          <label key={name} className="choice">
            <input type="checkbox" name={name} checked={options[name]} onChange={(e) => setOptions({ ...options, [name]: e.target.checked })} />
            <span><strong>{t(`terms.${name}`)}</strong><span className="small">{t(`termsHelp.${name}`)}</span></span>
          </label>
        ))}
        {options.strokeGrants && operators.length > 0 && (
          <label>{t('apply.operator')}<select name="operator" value={operator} onChange={(e) => setOperator(e.target.value)}><option value="">{t('apply.noOperator')}</option>{operators.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
        )}
        {options.strokeGrants && operators.length > 0 && <p className="small">{t('apply.operatorHelp')}</p>}
        {seal !== undefined && <details><summary>{t('place.title')} · {t(place === undefined ? 'place.anywhere' : 'asked.inside')}</summary><Suspense fallback={<Waiting />}><PlaceField device={seal.device} mayState={may(me, 'cases.read')} place={place} change={setPlace} /></Suspense></details>}
      </fieldset>
      <BlankFields asked={blank} change={setBlank} until={until} />
      <SignChoice {...signer.choice} />
      {missing !== undefined && <div className="note bad" role="alert"><p>{missing}</p></div>}
      <FailureNote error={sending.error} changing />
      <div className="actions">
        <button type="submit" className="main" value="submit" disabled={sending.isPending}>{sending.isPending ? t('sending') : t('apply.submit')}</button>
        <button type="submit" value="draft" disabled={sending.isPending}>{t('apply.draft')}</button>
      </div>
    </form>
  );
}
