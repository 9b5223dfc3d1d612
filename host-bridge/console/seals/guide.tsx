/** One ceremony, guided: what the desk has still to hear, and at the unit who does what, in the order in which its display asks for them. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Ceremony, Me } from '../api/client';
import { ceremonies, deviceState, myCeremonies } from '../api/queries';
import { CeremonySignatures } from '../apply/signatures';
import { may } from '../frame/places';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';
import { CeremonyCard } from './ceremonies';

export function CeremonyPage({ id, me }: { id: string; me: Me }) {
  const { t } = useTranslation();
  const mine = useQuery({ ...myCeremonies(), enabled: may(me, 'custody.decide') }).data ?? [];
  return (
    <>
      <p className="small"><Link href="/ceremonies">{t('ceremonies.title')}</Link></p>
      <h1>{t('guide.title')}</h1>
      <Loaded query={ceremonies()}>
        {(found) => {
          const one = found.find((each) => each.id === id);
          return one === undefined ? <p>{t('guide.none')}</p> : (
            <div className="two"><Guide ceremony={one} me={me} /><div><CeremonyCard ceremony={one} me={me} mine={mine.some((each) => each.id === id)} /><CeremonySignatures ceremony={id} /></div></div>
          );
        }}
      </Loaded>
    </>
  );
}

type Light = 'approved' | 'due' | 'later';

function Guide({ ceremony: c, me }: { ceremony: Ceremony; me: Me }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  const state = useQuery({ ...deviceState(c.device), enabled: may(me, 'cases.read') && c.state === 'ordered' }).data;
  const done = c.state === 'done';
  const ordered = c.state === 'ordered';
  const over = !done && !ordered && c.state !== 'asked';
  // Who has already shown a finger stands on the unit's display; the desk hears of it when all have.
  const waits = (state?.ceremony ?? 0) !== 0;
  const steps: { light: Light; title: string; text: string }[] = [
    ...c.chain.map((people, step) => ({ light: (done || ordered || c.step > step ? 'approved' : c.state === 'asked' && c.step === step ? 'due' : 'later') as Light, title: t('guide.approve', { who: words.either(people.map((id) => names.person(id))) }), text: t('guide.approveWhat') })),
    { light: done || waits ? 'approved' : ordered ? 'due' : 'later', title: t('guide.reach', { unit: names.unit(c.device) }), text: state === undefined ? t('guide.reachWhat') : waits ? t('guide.reached', { action: t(`actions.${c.action}`) }) : state.connected ? t('guide.onItsWay') : t('guide.away') },
    ...c.present.map((id, index) => ({
      light: (done ? 'approved' : ordered ? 'due' : 'later') as Light,
      title: c.action === 'handover' ? t(`guide.${(['giver', 'receiver', 'witness'] as const)[index] ?? 'person'}`, { who: names.person(id), number: index + 1 }) : t('guide.person', { who: names.person(id), number: index + 1 }),
      text: index === 0 ? t('guide.personFirst') : t('guide.personNext'),
    })),
    ...(c.action === 'finger' || c.action === 'passcode' ? [{ light: (done ? 'approved' : ordered ? 'due' : 'later') as Light, title: t(`guide.${c.action}`, { who: names.person(c.person) }), text: t(`guide.${c.action}What`) }] : []),
    { light: done ? 'approved' : 'later', title: t('guide.recorded'), text: done ? t('guide.recordedDone', { record: c.record }) : t('guide.recordedWhat') },
  ];
  return (
    <section className="card">
      <h2>{t(`actions.${c.action}`)}</h2>
      <p className="next" role="status">{t(`ceremonyNext.${c.state}`)}</p>
      {!over && <ol className="chain">{steps.map((step, index) => <li key={index} className={step.light} aria-current={step.light === 'due' ? 'step' : undefined}><strong>{step.title}</strong><span className="small">{step.text}</span></li>)}</ol>}
      {ordered && c.present.length > 0 && <p className="small">{t('guide.display')}</p>}
    </section>
  );
}
