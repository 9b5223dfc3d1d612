/** Asks for a ceremony. What each needs is told, and judged, by the desk. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take, type Ceremony } from '../api/client';
import { actions, devices, directory, seals } from '../api/queries';
import { useChange } from '../parts/change';
import { Dialog } from '../parts/dialog';
import { FailureNote } from '../parts/failure-note';
import { Waiting } from '../parts/loaded';
import { SignChoice } from '../parts/sign-choice';
import { useSigner } from '../parts/sign';
import { localSeconds } from '../parts/when';

const ACTIONS: readonly Ceremony['action'][] = ['suspend', 'resume', 'take-out', 'return', 'handover', 'finger', 'passcode', 'remove', 'die-out', 'die-in', 'inked', 'maintain', 'pair-reader', 'destroy'];
/** Who must be there for a handover, in this order. */
const HANDOVER = ['giver', 'receiver', 'witness'] as const;

export function Order({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const units = useQuery(devices()).data ?? [];
  const people = useQuery(directory()).data ?? [];
  const cards = useQuery(seals()).data ?? [];
  const [device, setDevice] = useState(units.length === 1 ? units[0]!.id : '');
  const [action, setAction] = useState<Ceremony['action']>('suspend');
  const [present, setPresent] = useState<string[]>([]);
  const rule = useQuery(actions()).data?.find(({ name }) => name === action);
  const asks = (what: 'person' | 'until' | 'die'): boolean => rule?.needs.includes(what) === true || (what !== 'person' && rule?.takes.includes(what) === true);
  const [person, setPerson] = useState('');
  const [until, setUntil] = useState('');
  const [die, setDie] = useState('');
  const [reason, setReason] = useState('');
  const signer = useSigner('custody');
  const ask = useChange(async () => {
    const end = localSeconds(until);
    const path = { params: { path: { id: device } } };
    const body = { action, reason, present: present.slice(0, rule?.most).filter((one) => one !== '').map(Number), ...(person === '' || !asks('person') ? {} : { person: Number(person) }), ...(end === undefined || !asks('until') ? {} : { until: end }), ...(die === '' || !asks('die') ? {} : { die }) };
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
        {rule === undefined ? <Waiting /> : (
          <>
            <fieldset><legend>{t('ceremony.present')}</legend><p className="small">{t('ceremony.presentHelp')}</p>
              <div className="pair">
                {Array.from({ length: Math.min(rule.most, Math.max(rule.least, present.filter((one) => one !== '').length + 1)) }, (_, index) => (
                  <label key={index} className="present">{action === 'handover' ? t(`ceremony.roles.${HANDOVER[index] ?? 'witness'}`) : t('ceremony.presentNumber', { number: index + 1 })}
                    <select required={index < rule.least} value={present[index] ?? ''} onChange={(e) => setPresent(Array.from({ length: Math.max(present.length, index + 1) }, (_one, at) => (at === index ? e.target.value : present[at] ?? '')))}>{names}</select>
                  </label>
                ))}
              </div>
            </fieldset>
            <div className="pair">
              {asks('person') && <label>{t('ceremony.aboutWhom')}<select name="person" required value={person} onChange={(e) => setPerson(e.target.value)}>{names}</select></label>}
              {asks('until') && <label>{t('ceremony.until')}<input name="until" type="datetime-local" required={rule.needs.includes('until')} value={until} onChange={(e) => setUntil(e.target.value)} /></label>}
              {asks('die') && <label>{t('ceremony.seal')}<select name="die" required={rule.needs.includes('die')} value={die} onChange={(e) => setDie(e.target.value)}><option value="">—</option>{cards.filter((card) => card.device === device).map((card) => <option key={card.id} value={card.die}>{card.name}</option>)}</select></label>}
            </div>
            {rule.approved && <p className="small">{t('ceremony.approved')}</p>}
          </>
        )}
        <label>{t('reason.required')}<textarea name="reason" required maxLength={1000} rows={2} value={reason} onChange={(e) => setReason(e.target.value)} /></label>
        <SignChoice {...signer.choice} />
        <FailureNote error={ask.error} changing />
        <div className="actions"><button type="submit" className="main" disabled={ask.isPending}>{t('ceremonies.askAct')}</button><button type="button" onClick={close}>{t('cancel')}</button></div>
      </form>
    </Dialog>
  );
}
