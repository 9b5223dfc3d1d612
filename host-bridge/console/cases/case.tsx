/** One case: what was found, and its end: closed with a reason, or an alarm cleared at the device. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, take, type Case, type Me } from '../api/client';
import { cases, deviceState } from '../api/queries';
import { may } from '../frame/places';
import { language } from '../i18n';
import { useChange } from '../parts/change';
import { Facts } from '../parts/facts';
import { Loaded } from '../parts/loaded';
import { REGISTER, useNames } from '../parts/names';
import { ReasonDialog } from '../parts/reason-dialog';
import { useWords } from '../parts/when';
import { alarmStory, alarmText } from './words';

export function CasePage({ id, me }: { id: string; me: Me }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('case.title')}</h1>
      <Loaded query={cases(false)}>
        {(found) => {
          const one = found.find((each) => each.id === id);
          return one === undefined ? <p>{t('case.none')}</p> : <Body case={one} me={me} />;
        }}
      </Loaded>
    </>
  );
}

function Body({ case: one, me }: { case: Case; me: Me }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const [asking, setAsking] = useState<'close' | 'clear'>();
  const path = { params: { path: { id: one.id } } };
  const done = (): void => setAsking(undefined);
  const close = useChange((reason: string) => take(api.POST('/v1/cases/{id}/close', { ...path, body: { reason } })), done);
  const clear = useChange((reason: string) => take(api.POST('/v1/cases/{id}/clear', { ...path, body: { reason } })), done);
  const alarm = one.kind === 'alarm';
  // Who closed it has taken it, so the bar over the pages is gone; that the unit is locked all the same is said here and on its own page.
  const condition = Number(one.detail['condition']);
  const locked = useQuery({ ...deviceState(one.device), enabled: alarm && one.closed !== null }).data?.alarms.includes(condition) === true;
  const intent = one.detail['intent'];
  const detail = Object.entries(one.detail).filter(([name, value]) => name !== 'condition' && name !== 'reasons' && !(name === 'detail' && value === 0)).map(([name, value]): [string, React.ReactNode] => [t(`caseDetail.${name as 'permit'}`, { defaultValue: name }), name === 'found' ? t(`impressionGrades.${value as 'none'}`) : typeof value === 'string' && value.length > 20 ? <code className="digest">{value}</code> : value]);
  return (
    <section className="card">
      <h2>{alarm ? alarmText(one, language()) : t(`caseKinds.${one.kind}`)}</h2>
      <p>{alarm ? alarmStory(one, language()) : t(`caseHelp.${one.kind}`)}</p>
      <Facts rows={[[t('case.unit'), one.device === REGISTER ? names.unit(one.device) : <Link key="unit" href={`/units/${one.device}`}>{names.unit(one.device)}</Link>], [t('case.opened'), words.time(one.opened)], [t('case.record'), one.seq], ...detail]} />
      {typeof intent === 'number' && may(me, 'register.read') && <p><Link href={`/register/${one.device}/${intent}`}>{t('case.toUse')}</Link></p>}
      {one.closed !== null ? <div className="note" role="status"><p>{t('case.closedBy', { who: names.person(one.closed.person), when: words.time(one.closed.at) })}</p><p>{one.closed.reason}</p></div> : may(me, 'cases.close') ? (
        <div className="actions">
          {alarm && <button type="button" className="main" onClick={() => setAsking('clear')}>{t('case.clear')}</button>}
          <button type="button" className={alarm ? '' : 'main'} onClick={() => setAsking('close')}>{t('case.close')}</button>
        </div>
      ) : <p className="small">{t('case.notYours')}</p>}
      {one.closed !== null && locked && (
        <div className="note bad" role="status">
          <p>{t('case.stillLocked')}</p>
          {may(me, 'cases.close') && <div className="actions"><button type="button" className="main" onClick={() => setAsking('clear')}>{t('case.clear')}</button></div>}
        </div>
      )}
      <ReasonDialog open={asking === 'close'} close={done} title={t('case.close')} text={t('case.closeWhat')} act={t('case.close')} change={close} />
      <ReasonDialog open={asking === 'clear'} close={done} title={t('case.clear')} text={t('case.clearWhat')} act={t('case.clear')} change={clear} />
    </section>
  );
}
