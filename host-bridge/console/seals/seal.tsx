/** One seal: its register card, who approves, and its life as a line in time with the notice of each step. */
import { useTranslation } from 'react-i18next';
import { useState } from 'react';
import type { Me, Seal } from '../api/client';
import { SealSignatures } from '../apply/signatures';
import { may } from '../frame/places';
import { sealHistory, seals } from '../api/queries';
import { language } from '../i18n';
import { Facts } from '../parts/facts';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { Picture } from '../parts/picture';
import { useWords } from '../parts/when';
import { SealChip } from './seals';
import { StepDialog } from './step';

export function SealPage({ id, me }: { id: string; me: Me }) {
  const { t } = useTranslation();
  return (
    <Loaded query={seals()}>
      {(found) => {
        const one = found.find((each) => each.id === id);
        return one === undefined ? <p>{t('seals.none')}</p> : <Body seal={one} me={me} />;
      }}
    </Loaded>
  );
}

function Body({ seal, me }: { seal: Seal; me: Me }) {
  const [noting, setNoting] = useState(false);
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  return (
    <>
      <h1>{seal.name}</h1>
      {may(me, 'cards.manage') && <div className="actions"><button type="button" onClick={() => setNoting(true)}>{t('seal.ask')}</button></div>}
      <div className="two">
        <section className="card">
          <div className="card-head"><h2>{t('seal.card')}</h2><SealChip state={seal.state} /></div>
          <Facts rows={[
            [t('seal.kind'), t(`sealKinds.${seal.kind}`)], [t('seal.keeper'), names.person(seal.custodian)], [t('seal.unit'), names.unit(seal.device)], [t('seal.die'), <code key="die">{seal.die}</code>],
            [t('seal.size'), seal.width === null || seal.height === null ? undefined : `${seal.width} × ${seal.height} mm`], [t('seal.pieces'), seal.pieces], [t('seal.issuedBy'), seal.issuedBy === '' ? undefined : seal.issuedBy], [t('seal.recipient'), seal.recipient === '' ? undefined : seal.recipient], [t('seal.deputy'), seal.deputy === null ? undefined : t('seal.deputyUntil', { name: names.person(seal.deputy), time: words.time(seal.deputyUntil) })], [t('seal.received'), seal.received === null ? undefined : words.day(seal.received)],
          ]} />
          <h3>{t('seal.approvers')}</h3>
          <ol className="chain">{seal.approvers.map((step, index) => <li key={index} className="later"><strong>{words.either(step.map((person) => names.person(person)))}</strong></li>)}</ol>
          {seal.sample !== null && <><h3>{t('seal.sample')}</h3><Picture className="photo" src={`/v1/seals/${seal.id}/sample`} name={t('seal.sample')} /></>}
        </section>
        <section className="card">
          <h2>{t('seal.life')}</h2>
          <Loaded query={sealHistory(seal.id)}>
            {(events) => events.length === 0 ? <p>{t('seal.noLife')}</p> : (
              <ol className="time-line">
                {events.map((event) => (
                  <li key={event.entry}>
                    <strong>{t(`steps.${event.what as 'activate'}`, { defaultValue: event.what })}</strong>
                    <span className="small">{words.time(event.at)} · {names.person(event.by)}{event.reason === null ? '' : ` · ${event.reason}`}</span>
                    <a className="small" href={`/v1/seals/${seal.id}/history/${event.entry}/notice.pdf?lang=${language()}`} download>{t('seal.notice')}</a>
                  </li>
                ))}
              </ol>
            )}
          </Loaded>
        </section>
      </div>
      {may(me, 'custody.read') && <SealSignatures seal={seal.id} />}
      {noting && <StepDialog seal={seal} close={() => setNoting(false)} />}
    </>
  );
}
