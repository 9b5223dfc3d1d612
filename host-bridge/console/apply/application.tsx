/** One application, followed: what is asked, who has decided, how far the unit is, and what it has stamped. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, take, type Application, type Me } from '../api/client';
import { application, applicationUses, decisions, document, tasks } from '../api/queries';
import { may } from '../frame/places';
import { language } from '../i18n';
import { useChange } from '../parts/change';
import { documentCode, grouped } from '../parts/digits';
import { Chip, type Tone } from '../parts/facts';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { Pages } from '../parts/picture';
import { ReasonDialog } from '../parts/reason-dialog';
import { SignChoice } from '../parts/sign-choice';
import { ofApplication, useSigner } from '../parts/sign';
import { SheetsCard } from '../register/sheets';
import { StrokeLine } from '../register/stroke';
import { StateChip } from './applications';
import { Asked } from './asked';
import { Chain } from './chain';
import { ApplicationSignatures } from './signatures';
import { Codes } from '../approve/codes';
import { TopUps } from '../approve/top-ups';

/** States after which nothing more can come of an application; the desk judges the rest. */
const OVER: readonly Application['state'][] = ['refused', 'withdrawn', 'expired', 'used'];

const PERMIT_TONES: Readonly<Record<string, Tone>> = { issued: 'wait', queued: 'wait', delivered: 'good', refused: 'bad' };

export function ApplicationPage({ id, me }: { id: string; me: Me }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('application.title')}</h1>
      <Loaded query={application(id)}>{(found) => <Body application={found} me={me} />}</Loaded>
    </>
  );
}

function Sheet({ id }: { id: string }) {
  const { t } = useTranslation();
  return <a className="button" href={`/v1/applications/${id}/sheet.pdf?lang=${language()}`} download>{t('application.sheet')}</a>;
}

function Body({ application: a, me }: { application: Application; me: Me }) {
  const { t } = useTranslation();
  const names = useNames();
  const [withdrawing, setWithdrawing] = useState(false);
  const decided = useQuery(decisions(a.id)).data ?? [];
  const waiting = useQuery({ ...tasks(), enabled: may(me, 'applications.decide') }).data?.some(({ id }) => id === a.id) === true;
  const signer = useSigner('applicant');
  const submit = useChange(async () => take(api.POST('/v1/applications/{id}/submit', { params: { path: { id: a.id } }, body: await signer.signature(ofApplication(a.id, 'applied')) })));
  const withdraw = useChange((reason: string) => take(api.POST('/v1/applications/{id}/withdraw', { params: { path: { id: a.id } }, body: reason === '' ? {} : { reason } })), () => setWithdrawing(false));
  const own = a.applicant === me.id;
  return (
    <>
      {a.permits.length > 0 && <Link className="button wide" href={`/live/${a.id}`}>{t('live.follow')}</Link>}
      {waiting && <Link className="button main wide" href={`/tasks/${a.id}`}>{t('application.decide')}</Link>}
      <div className="two">
        <div>
          <section className="card">
            <div className="card-head"><h2>{t('application.asked')}</h2><StateChip state={a.state} /></div>
            <p className="next" role="status">{t(`next.${a.state}`)}</p>
            <Asked application={a} />
            {own && a.state === 'draft' && <SignChoice {...signer.choice} />}
            {own && (
              <div className="actions">
                {a.state === 'draft' && <button type="button" className="main" disabled={submit.isPending} onClick={() => submit.mutate(undefined)}>{t('application.submit')}</button>}
                {!OVER.includes(a.state) && <button type="button" onClick={() => setWithdrawing(true)}>{t('application.withdraw')}</button>}
                {a.state !== 'draft' && <Sheet id={a.id} />}
              </div>
            )}
            <FailureNote error={submit.error} changing />
            {!own && a.state !== 'draft' && <div className="actions"><Sheet id={a.id} /></div>}
          </section>
          {a.state !== 'draft' && <section className="card"><h2>{t('application.chain')}</h2><Chain application={a} decisions={decided} /></section>}
          <ApplicationSignatures application={a.id} />
          {a.permits.length > 0 && (
            <section className="card">
              <h2>{t('application.permits')}</h2>
              <ul className="lines">
                {a.permits.map((permit) => (
                  <li key={permit.id}>
                    <div>
                      <strong>{permit.crossPage ? t('permit.edges') : t('permit.strokes')} · {t('permit.used', { used: permit.used, count: permit.count })}</strong>
                      <span className="small">{names.unit(permit.device)}{permit.code !== null && ` · ${permit.code}`}</span>
                    </div>
                    <Chip tone={PERMIT_TONES[permit.state] ?? 'still'}>{t(`permitStates.${permit.state as 'delivered'}`, { defaultValue: permit.state })}</Chip>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <TopUps application={a} me={me} />
          <Codes application={a} me={me} />
          <Loaded query={applicationUses(a.id)}>
            {(uses) => uses.length === 0 ? null : (<>
              <section className="card">
                <h2>{t('application.uses')}</h2>
                {uses.map((use) => <StrokeLine key={`${use.device}/${use.intent}`} use={use} photo={(digest) => `/v1/applications/${a.id}/photos/${digest}`} />)}
              </section>
              {uses.filter(({ crossPage }) => crossPage).map((use) => <SheetsCard key={`${use.device}/${use.intent}`} use={use} found />)}
            </>)}
          </Loaded>
        </div>
        <section className="card">
          <h2>{t('application.document')}</h2>
          <Loaded query={document(a.document)}>{(card) => <><p>{card.name} · {t('document.pages', { count: card.pages })}</p>{a.state === 'approved' && <p className="small">{t('document.code', { code: grouped(documentCode(card.sha256)) })}</p>}<Pages sha256={card.sha256} pages={card.pages} marks={a.marks} /></>}</Loaded>
        </section>
      </div>
      <ReasonDialog open={withdrawing} close={() => setWithdrawing(false)} title={t('application.withdraw')} text={t('application.withdrawWhat')} act={t('application.withdraw')} change={withdraw} optional />
    </>
  );
}
