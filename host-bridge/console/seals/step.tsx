/** Notes a step in the life of a seal in which nothing moves at a unit. What is possible is judged by the desk; here stand only the fields. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type Seal } from '../api/client';
import { scopes } from '../api/queries';
import { useChange } from '../parts/change';
import { Dialog } from '../parts/dialog';
import { FailureNote } from '../parts/failure-note';
import { PersonSelect } from '../parts/people-field';
import { SignChoice } from '../parts/sign-choice';
import { useSigner } from '../parts/sign';
import { localSeconds } from '../parts/when';

const STEPS = ['engrave', 'activate', 'change', 'deputy', 'archive', 'destroy'] as const;
type What = (typeof STEPS)[number];
interface Fields {
  unit: string;
  number: string;
  day: string;
  terms: string;
  scope: readonly string[];
  deputy: number | null;
  until: string;
  card: Card;
}
/** As they stand in the fields of the form. */
interface Card {
  name: string;
  issuedBy: string;
  recipient: string;
  width: string;
  height: string;
  pieces: string;
}
const asCard = (seal: Seal): Card => ({ name: seal.name, issuedBy: seal.issuedBy, recipient: seal.recipient, width: String(seal.width ?? ''), height: String(seal.height ?? ''), pieces: String(seal.pieces) });

/** What differs from the card as it is. */
function changesOf(card: Card, seal: Seal): object {
  const was = asCard(seal);
  const number = (text: string): number | null => (text === '' ? null : Number(text));
  const value = (name: keyof Card): string | number | null => (name === 'width' || name === 'height' ? number(card[name]) : name === 'pieces' ? Number(card[name]) : card[name].trim());
  return Object.fromEntries((Object.keys(was) as (keyof Card)[]).filter((name) => card[name].trim() !== was[name]).map((name) => [name, value(name)]));
}

/** What is said with a step, as the desk takes it. */
function saidOf(what: What, f: Fields, seal: Seal): object {
  const from = localSeconds(f.day);
  switch (what) {
    case 'engrave':
      return { unit: f.unit, from, ...(f.number.trim() === '' ? {} : { scope: f.number.trim() }) };
    case 'activate':
      return { unit: f.unit, scope: f.scope.join(','), ...(f.terms.trim() === '' ? {} : { terms: f.terms.trim() }), ...(from === undefined ? {} : { from }) };
    case 'change':
      return { card: changesOf(f.card, seal) };
    case 'deputy':
      return { deputy: f.deputy === null ? null : { person: f.deputy, until: localSeconds(f.until) } };
    default:
      return {};
  }
}

export function StepDialog({ seal, close }: { seal: Seal; close: () => void }) {
  const { t } = useTranslation();
  const [what, setWhat] = useState<What>(seal.state === 'received' ? 'engrave' : 'deputy');
  const [reason, setReason] = useState('');
  const [fields, setFields] = useState<Fields>({ unit: '', number: '', day: '', terms: '', scope: [], deputy: null, until: '', card: asCard(seal) });
  const signer = useSigner('custody');
  const note = useChange(async () => {
    const path = { params: { path: { id: seal.id } } };
    const said = { reason: reason.trim(), ...saidOf(what, fields, seal) };
    const signed = await signer.signed(() => take(api.POST('/v1/seals/{id}/steps/options', { ...path, body: { what, ...said } as never })));
    const body = { ...said, ...signed } as never;
    return take<unknown>(what === 'deputy' ? api.PUT('/v1/seals/{id}/deputy', { ...path, body }) : api.POST(`/v1/seals/{id}/${what}`, { ...path, body }));
  }, close);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    note.mutate(undefined);
  };
  const nothing = what === 'change' && Object.keys(changesOf(fields.card, seal)).length === 0;
  return (
    <Dialog title={t('seal.ask')} open close={close}>
      <form onSubmit={submit}>
        <p className="small">{t('seal.askWhat')}</p>
        <label>{t('seal.step')}<select name="what" value={what} onChange={(e) => setWhat(e.target.value as What)}>{STEPS.map((one) => <option key={one} value={one}>{t(`steps.${one}`)}</option>)}</select></label>
        <p className="small">{t(`stepHelp.${what}`)}</p>
        <StepFields what={what} kind={seal.kind} fields={fields} change={(more) => setFields({ ...fields, ...more })} />
        <label>{t('reason.required')}<textarea name="reason" required maxLength={1000} rows={2} value={reason} onChange={(e) => setReason(e.target.value)} /></label>
        {nothing && <p className="small" role="status">{t('stepFields.nothing')}</p>}
        <SignChoice {...signer.choice} />
        <FailureNote error={note.error} changing />
        <div className="actions"><button type="submit" className="main" disabled={note.isPending || nothing}>{note.isPending ? t('sending') : t('seal.steps')}</button><button type="button" onClick={close}>{t('cancel')}</button></div>
      </form>
    </Dialog>
  );
}

function StepFields({ what, kind, fields: f, change }: { what: What; kind: Seal['kind']; fields: Fields; change: (more: Partial<Fields>) => void }) {
  const { t } = useTranslation();
  const known = useQuery(scopes()).data?.find((one) => one.kind === kind)?.categories ?? [];
  const text = (name: 'unit' | 'number' | 'terms', label: string, required: boolean) => <label>{label}<input name={name} required={required} maxLength={name === 'unit' ? 200 : 1000} value={f[name]} onChange={(e) => change({ [name]: e.target.value })} /></label>;
  if (what === 'engrave') {
    return (
      <>
        {text('unit', t('stepFields.approvedBy'), true)}
        {text('number', t('stepFields.number'), false)}
        <label>{t('stepFields.when')}<input name="day" type="date" required value={f.day} onChange={(e) => change({ day: e.target.value })} /></label>
      </>
    );
  }
  if (what === 'activate') {
    return (
      <>
        {text('unit', t('stepFields.unit'), true)}
        <fieldset><legend>{t('stepFields.scope')}</legend><p className="small">{t('stepFields.scopeHelp')}</p>
          {known.map((one) => <label key={one} className="choice"><input type="checkbox" name={`scope-${one}`} checked={f.scope.includes(one)} onChange={(e) => change({ scope: e.target.checked ? [...f.scope, one] : f.scope.filter((other) => other !== one) })} /><span>{t(`categories.${one}`)}</span></label>)}
        </fieldset>
        {text('terms', t('stepFields.terms'), false)}
        <label>{t('stepFields.from')}<input name="day" type="date" value={f.day} onChange={(e) => change({ day: e.target.value })} /></label>
      </>
    );
  }
  if (what === 'change') return <CardFields card={f.card} change={(more) => change({ card: { ...f.card, ...more } })} />;
  if (what === 'deputy') {
    return (
      <div className="pair">
        <PersonSelect label={t('stepFields.person')} name="deputy" value={f.deputy} none={t('stepFields.nobody')} change={(deputy) => change({ deputy })} />
        {f.deputy !== null && <label>{t('stepFields.until')}<input name="until" type="datetime-local" required value={f.until} onChange={(e) => change({ until: e.target.value })} /></label>}
      </div>
    );
  }
  return null;
}

function CardFields({ card, change }: { card: Card; change: (more: Partial<Card>) => void }) {
  const { t } = useTranslation();
  const size = (name: 'width' | 'height' | 'pieces', label: string, least: number, most: number) => <label>{label}<input name={name} type="number" min={least} max={most} value={card[name]} required={name === 'pieces'} onChange={(e) => change({ [name]: e.target.value })} /></label>;
  return (
    <>
      <p className="small">{t('stepFields.changeHelp')}</p>
      <label>{t('stepFields.name')}<input name="name" required maxLength={200} value={card.name} onChange={(e) => change({ name: e.target.value })} /></label>
      <div className="pair">
        <label>{t('seal.issuedBy')}<input name="issuedBy" maxLength={200} value={card.issuedBy} onChange={(e) => change({ issuedBy: e.target.value })} /></label>
        <label>{t('seal.recipient')}<input name="recipient" maxLength={200} value={card.recipient} onChange={(e) => change({ recipient: e.target.value })} /></label>
      </div>
      <div className="pair">{size('width', t('stepFields.width'), 5, 200)}{size('height', t('stepFields.height'), 5, 200)}{size('pieces', t('seal.pieces'), 1, 100)}</div>
    </>
  );
}
