/** Electronic signatures as evidence: who, of what, by which passkey, and where the register has it. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Signature } from '../api/client';
import { ceremonySignatures, sealSignatures, signatures } from '../api/queries';
import { useNames } from '../parts/names';
import { useWords } from '../parts/when';

/** Of an application, the decisions on it, its top-ups and single strokes. */
export function ApplicationSignatures({ application }: { application: string }) {
  return <Signatures found={useQuery(signatures(application)).data ?? []} />;
}

export function CeremonySignatures({ ceremony }: { ceremony: string }) {
  return <Signatures found={useQuery(ceremonySignatures(ceremony)).data ?? []} />;
}

export function SealSignatures({ seal }: { seal: string }) {
  return <Signatures found={useQuery(sealSignatures(seal)).data ?? []} />;
}

function Signatures({ found }: { found: readonly Signature[] }) {
  const { t } = useTranslation();
  if (found.length === 0) return null;
  return (
    <section className="card">
      <h2>{t('signatures.title')}</h2>
      <p className="small">{t('signatures.what')}</p>
      <ul className="lines">{found.map((one) => <li key={one.entry}><One signature={one} /></li>)}</ul>
    </section>
  );
}

function One({ signature: s }: { signature: Signature }) {
  const { t } = useTranslation();
  const words = useWords();
  const names = useNames();
  return (
    <div>
      <strong>{names.person(s.person)} · {s.matter === 'code' ? t('signed.code') : t(`signed.${s.decision}`)}</strong>
      <span className="small">{words.time(s.at)} · {t('proof.entry', { entry: s.entry })}</span>
      <details>
        <summary>{t('signatures.evidence')}</summary>
        <dl className="facts">{([['form', s.form], ['key', s.key], ['authenticatorData', s.authenticatorData], ['clientData', s.clientData], ['signature', s.signature]] as const).map(([name, value]) => <div key={name}><dt>{t(`signatures.${name}`)}</dt><dd><code className="digest">{value}</code></dd></div>)}</dl>
      </details>
    </div>
  );
}
