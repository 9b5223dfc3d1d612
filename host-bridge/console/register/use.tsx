/** One stroke in the register: its page before and after, what the device wrote, and a receipt for whoever has the paper. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, take, type Use } from '../api/client';
import { document } from '../api/queries';
import { ApplicationSignatures } from '../apply/signatures';
import { useChange } from '../parts/change';
import { Facts } from '../parts/facts';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { Pages } from '../parts/picture';
import { useWords } from '../parts/when';
import { BeforeCard, ImpressionCard } from './impression';
import { SheetsCard } from './sheets';
import { Photos, ResultChip } from './stroke';

/** Records from the intent on that are looked through for the outcome. */
const NEAR = 20;

const useOf = (device: string, intent: number) => queryOptions({ queryKey: ['uses', device, intent], queryFn: async ({ signal }) => (await take(api.GET('/v1/register/uses', { params: { query: { device, intent } }, signal }))).uses[0] ?? null });
const recordsOf = (device: string, from: number) => queryOptions({ queryKey: ['records', device, from], queryFn: async ({ signal }) => (await take(api.GET('/v1/register/records/{device}', { params: { path: { device }, query: { from, limit: NEAR } }, signal }))).records });
const inclusionOf = (entry: number | undefined) => queryOptions({ queryKey: ['inclusion', entry], enabled: entry !== undefined, queryFn: ({ signal }) => take(api.GET('/v1/register/inclusion', { params: { query: { entry: entry! } }, signal })) });

export function UsePage({ device, intent }: { device: string; intent: number }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('use.title')}</h1>
      <Loaded query={useOf(device, intent)}>{(found) => (found === null ? <p>{t('use.none')}</p> : <Body use={found} />)}</Loaded>
    </>
  );
}

function Body({ use }: { use: Use }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  return (
    <div className="two">
      <div>
        <section className="card">
          <div className="card-head"><h2>{use.purpose ?? t('register.noPurpose')}</h2><ResultChip result={use.result} /></div>
          <Facts rows={[
            [t('register.time'), words.time(use.time)],
            [t('register.seal'), names.seal(use.seal)],
            [t('register.who'), names.person(use.applicant)],
            [t('register.unit'), names.unit(use.device)],
            [t('use.charged'), use.charged],
            [t('use.application'), use.application === null ? undefined : <Link href={`/applications/${use.application}`}>{use.application}</Link>],
          ]} />
        </section>
        <section className="card"><h2>{t('use.photos')}</h2><Photos use={use} photo={(digest) => `/v1/photos/${digest}`} /></section>
        {use.impression !== null && <ImpressionCard use={use} impression={use.impression} />}
        {use.crossPage && use.application !== null && <SheetsCard use={use} />}
        {use.beforeStored && !use.crossPage && use.application !== null && <BeforeCard use={use} />}
        {use.application !== null && <ApplicationSignatures application={use.application} />}
        <Receipt use={use} />
        <Proofs use={use} />
      </div>
      {use.document !== null && (
        <section className="card">
          <h2>{t('use.document')}</h2>
          <Loaded query={document(use.document)}>{(card) => <><p>{card.name} · {t('document.pages', { count: card.pages })}</p><Pages sha256={card.sha256} pages={card.pages} /></>}</Loaded>
        </section>
      )}
    </div>
  );
}

function Receipt({ use }: { use: Use }) {
  const { t } = useTranslation();
  const give = useChange(() => take(api.POST('/v1/register/uses/{device}/{intent}/receipt', { params: { path: { device: use.device, intent: use.intent } } })));
  const made = give.data;
  return (
    <section className="card">
      <h2>{t('receipt.title')}</h2>
      <p className="small">{t('receipt.what')}</p>
      {made === undefined ? <div className="actions"><button type="button" disabled={give.isPending || use.result === 'pending'} onClick={() => give.mutate(undefined)}>{t('receipt.give')}</button></div> : (
        <div className="receipt">
          {made.url !== null && <img className="qr" src={`/v1/receipts/${made.id}/qr.svg`} alt={t('receipt.qr')} />}
          <p><a href={`/r/${made.id}`} target="_blank" rel="noreferrer">{t('receipt.open')}</a><br /><a href={`/v1/receipts/${made.id}`} download="receipt.json">{t('receipt.download')}</a></p>
        </div>
      )}
      <FailureNote error={give.error} changing />
    </section>
  );
}

function Proofs({ use }: { use: Use }) {
  const { t } = useTranslation();
  const words = useWords();
  const records = useQuery(recordsOf(use.device, use.intent)).data ?? [];
  const shown = records.filter(({ seq }) => seq === use.intent || seq === use.outcome);
  const inclusion = useQuery(inclusionOf(shown[0]?.entry)).data;
  return (
    <section className="card">
      <h2>{t('proof.title')}</h2>
      <p className="small">{t('proof.what')}</p>
      <ul className="lines">
        {shown.map((record) => (
          <li key={record.seq}><div><strong>{t(record.seq === use.intent ? 'proof.intent' : 'proof.outcome', { seq: record.seq })}</strong><span className="small">{words.time(record.time)} · {t('proof.entry', { entry: record.entry })}</span><code className="digest">{record.sha256}</code></div></li>
        ))}
      </ul>
      {inclusion !== undefined && <p className="small">{t('proof.tree', { size: inclusion.size, hashes: inclusion.path.length })}</p>}
      <Facts rows={[[t('proof.permit'), <code key="p" className="digest">{use.permit}</code>], [t('proof.before'), use.before === null ? undefined : <code key="b" className="digest">{use.before}</code>], [t('proof.after'), use.after === null ? undefined : <code key="a" className="digest">{use.after}</code>]]} />
    </section>
  );
}
