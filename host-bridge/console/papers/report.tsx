/** One account: every stroke with its finished page, or why there is none. What fits is judged by the desk against the unit's photo. */
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, take, upload, type DocumentCard, type Me, type Report, type Use } from '../api/client';
import { applicationUses, reports } from '../api/queries';
import { useChange } from '../parts/change';
import { Chip, Facts, type Tone } from '../parts/facts';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { useNames } from '../parts/names';
import { DocumentPage, Picture } from '../parts/picture';
import { useWords } from '../parts/when';
import { ReportChip } from './papers';

const TONES: Record<Report['papers'][number]['verdict'], Tone> = { same: 'good', different: 'bad', unreadable: 'wait', 'not-compared': 'still' };

export function ReportPage({ id, me }: { id: string; me: Me }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('papers.one')}</h1>
      <Loaded query={reports()}>
        {(found) => {
          const one = found.find(({ application }) => application === id);
          return one === undefined ? <p>{t('papers.nothing')}</p> : <Body report={one} mine={one.applicant === me.id} />;
        }}
      </Loaded>
    </>
  );
}

function Body({ report: r, mine }: { report: Report; mine: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  return (
    <>
      <section className="card">
        <div className="card-head"><h2>{r.purpose}</h2><ReportChip report={r} /></div>
        <p className="next">{t(`reportHelp.${r.kind}`)}</p>
        <Facts rows={[
          [t('papers.kind'), t(`reportKinds.${r.kind}`)], [t('asked.who'), names.person(r.applicant)], [t('asked.seal'), names.seal(r.seal)], [t('papers.until'), r.due === null ? t('papers.notYet') : words.time(r.due)],
          [t('papers.made'), r.made === null ? undefined : words.time(r.made)], [t('papers.used'), r.used ?? undefined], [t('papers.unused'), r.unused ?? undefined], [t('papers.note'), r.note ?? undefined], [t('use.application'), <Link key="a" href={`/applications/${r.application}`}>{r.application}</Link>],
        ]} />
      </section>
      {r.papers.length > 0 && <section className="card"><h2>{t('papers.pages')}</h2>{r.papers.map((one) => <PaperLine key={`${one.device}/${one.intent}`} paper={one} application={r.application} />)}</section>}
      {mine && r.made === null && r.state === 'owed' && <Loaded query={applicationUses(r.application)}>{(uses) => <Account report={r} uses={uses.filter(({ result }) => result !== 'failed').sort((a, b) => a.intent - b.intent)} />}</Loaded>}
    </>
  );
}

function PaperLine({ paper: p, application }: { paper: Report['papers'][number]; application: string }) {
  const { t } = useTranslation();
  return (
    <div className="stroke">
      <div className="card-head"><strong>{t('papers.stroke', { number: p.intent })}</strong><Chip tone={TONES[p.verdict]}>{t(`paperVerdicts.${p.verdict}`)}</Chip></div>
      {p.note !== null && <p>{p.note}</p>}
      <div className="photos">
        {p.document !== null && p.page !== null && <figure><DocumentPage sha256={p.document} page={p.page} name={t('papers.handedIn', { page: p.page })} /><figcaption>{t('papers.handedIn', { page: p.page })}</figcaption></figure>}
        {p.photo !== null && <figure><Picture className="photo" src={`/v1/applications/${application}/photos/${p.photo}`} name={t('photo.after')} /><figcaption>{t('photo.after')}</figcaption></figure>}
      </div>
    </div>
  );
}

interface Said {
  document?: DocumentCard;
  page: string;
  note: string;
}

function Account({ report, uses }: { report: Report; uses: readonly Use[] }) {
  const { t } = useTranslation();
  const [said, setSaid] = useState<Record<string, Said>>({});
  const [note, setNote] = useState('');
  const send = useChange(() => take(api.POST('/v1/applications/{id}/report', { params: { path: { id: report.application } }, body: {
    papers: uses.map((use) => {
      const one = said[String(use.intent)];
      return { device: use.device, intent: use.intent, ...(one?.document === undefined ? {} : { document: one.document.sha256, page: Number(one.page) }), ...(one === undefined || one.note.trim() === '' ? {} : { note: one.note.trim() }) };
    }),
    ...(note.trim() === '' ? {} : { note: note.trim() }),
  } })));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send.mutate(undefined);
  };
  return (
    <form className="card" onSubmit={submit}>
      <h2>{t('papers.account')}</h2>
      <p className="small">{t('papers.accountWhat')}</p>
      {uses.length === 0 && <p>{t('papers.noStroke')}</p>}
      {uses.map((use) => <StrokeFields key={use.intent} use={use} said={said[String(use.intent)] ?? { page: '1', note: '' }} change={(next) => setSaid((all) => ({ ...all, [String(use.intent)]: next }))} />)}
      <label>{t('papers.noteField')}<textarea name="account-note" rows={2} maxLength={1000} value={note} onChange={(e) => setNote(e.target.value)} /></label>
      <FailureNote error={send.error} changing />
      <div className="actions"><button type="submit" className="main" disabled={send.isPending}>{send.isPending ? t('sending') : t('papers.send')}</button></div>
    </form>
  );
}

function StrokeFields({ use, said, change }: { use: Use; said: Said; change: (said: Said) => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const sending = useMutation({ mutationFn: (file: File) => upload(file), onSuccess: (document) => change({ ...said, document, page: '1' }) });
  const name = t('papers.stroke', { number: use.intent });
  return (
    <fieldset className="stroke">
      <legend>{name} · {words.time(use.time)}</legend>
      <label className="button file">{said.document === undefined ? t('papers.choosePage') : said.document.name}
        <input className="visually-hidden" type="file" name={`paper-${use.intent}`} accept=".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg" onChange={(e) => { const file = e.target.files?.[0]; if (file !== undefined) sending.mutate(file); }} />
      </label>
      {sending.isPending && <p className="waiting" role="status">{t('document.reading')}</p>}
      <FailureNote error={sending.error} />
      <div className="pair">
        {said.document !== undefined && said.document.pages > 1 && <label>{t('papers.whichPage')}<input type="number" min={1} max={said.document.pages} required value={said.page} onChange={(e) => change({ ...said, page: e.target.value })} /></label>}
        <label>{t('papers.spoiled')}<input name={`note-${use.intent}`} maxLength={1000} required={said.document === undefined} value={said.note} onChange={(e) => change({ ...said, note: e.target.value })} /></label>
      </div>
    </fieldset>
  );
}
