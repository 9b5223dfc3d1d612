/** Asks for a ceremony. What each needs is judged by the desk; here stand only the fields. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type Ceremony } from '../api/client';
import { devices, directory, seals } from '../api/queries';
import { useChange } from '../parts/change';
import { Dialog } from '../parts/dialog';
import { FailureNote } from '../parts/failure-note';
import { SignChoice } from '../parts/sign-choice';
import { useSigner } from '../parts/sign';
import { localSeconds } from '../parts/when';

const ACTIONS: readonly Ceremony['action'][] = ['suspend', 'resume', 'take-out', 'return', 'handover', 'finger', 'passcode', 'remove', 'die-out', 'die-in', 'inked', 'maintain', 'pair-reader', 'destroy'];
/** Persons in order: of a handover giver, receiver and witness. */
const PRESENT = 4;

export function Order({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const units = useQuery(devices()).data ?? [];
  const people = useQuery(directory()).data ?? [];
  const cards = useQuery(seals()).data ?? [];
  const [device, setDevice] = useState(units.length === 1 ? units[0]!.id : '');
  const [action, setAction] = useState<Ceremony['action']>('suspend');
  const [present, setPresent] = useState<string[]>(Array.from({ length: PRESENT }, () => ''));
  const [person, setPerson] = useState('');
  const [until, setUntil] = useState('');
  const [die, setDie] = useState('');
  const [reason, setReason] = useState('');
  const signer = useSigner('custody');
  const ask = useChange(async () => {
    const end = localSeconds(until);
    const path = { params: { path: { id: device } } };
    const body = { action, reason, present: present.filter((one) => one !== '').map(Number), ...(person === '' ? {} : { person: Number(person) }), ...(until === '' || end === undefined ? {} : { until: end }), ...(die === '' ? {} : { die }) };
    const signed = await signer.signed(() => take(api.POST('/v1/devices/{id}/ceremonies/options', { ...path, body: body as never })));
    return take(api.POST('/v1/devices/{id}/ceremonies', { ...path, body: { ...body, ...signed } as never }));
  }, close);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    ask.mutate(undefined);
  };
  const names = <><option value="">—</option>{people.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</>;
  return (
    <Dialog title={t('ceremonies.ask')} open close={close}>
      <form onSubmit={submit}>
        <div className="pair">
          <label>{t('ceremony.unit')}<select name="device" required value={device} onChange={(e) => setDevice(e.target.value)}><option value="">{t('choose')}</option>{units.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
          <label>{t('ceremony.action')}<select name="action" value={action} onChange={(e) => setAction(e.target.value as Ceremony['action'])}>{ACTIONS.map((one) => <option key={one} value={one}>{t(`actions.${one}`)}</option>)}</select></label>
        </div>
        <p className="small">{t(`actionHelp.${action as 'suspend'}`)}</p>
        <fieldset><legend>{t('ceremony.present')}</legend><p className="small">{t('ceremony.presentHelp')}</p>
          <div className="pair">{present.map((one, index) => <select key={index} aria-label={t('ceremony.presentNumber', { number: index + 1 })} value={one} onChange={(e) => setPresent(present.with(index, e.target.value))}>{names}</select>)}</div>
        </fieldset>
        <div className="pair">
          <label>{t('ceremony.about')}<select name="person" value={person} onChange={(e) => setPerson(e.target.value)}>{names}</select></label>
          <label>{t('ceremony.until')}<input name="until" type="datetime-local" value={until} onChange={(e) => setUntil(e.target.value)} /></label>
          <label>{t('ceremony.seal')}<select name="die" value={die} onChange={(e) => setDie(e.target.value)}><option value="">—</option>{cards.filter((card) => card.device === device).map((card) => <option key={card.id} value={card.die}>{card.name}</option>)}</select></label>
        </div>
        <label>{t('reason.required')}<textarea name="reason" required maxLength={1000} rows={2} value={reason} onChange={(e) => setReason(e.target.value)} /></label>
        <SignChoice {...signer.choice} />
        <FailureNote error={ask.error} changing />
        <div className="actions"><button type="submit" className="main" disabled={ask.isPending}>{t('ceremonies.askAct')}</button><button type="button" onClick={close}>{t('cancel')}</button></div>
      </form>
    </Dialog>
  );
}
