/** Archives: the whole register with its evidence, made by the desk, taken along as one file, and verified by whoever has it. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure, failureOf } from '../api/failure';
import { registerKey } from '../api/queries';
import { useClock } from '../frame/clock';
import { language } from '../i18n';
import { Facts } from '../parts/facts';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { localText, useWords } from '../parts/when';

interface Made {
  name: string;
  size: number;
  sha256: string;
  url: string;
}

/** Makes it and takes it in piece by piece. @param got bytes so far */
async function fetchArchive(name: string, got: (bytes: number) => void): Promise<Made> {
  let response: Response;
  const parts: BlobPart[] = [];
  try {
    response = await fetch('/v1/archive', { method: 'POST', headers: { 'accept-language': language() } });
    if (!response.ok) throw await failureOf(response);
    let bytes = 0;
    for (const reader = response.body!.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      got((bytes += value.length));
    }
  } catch (error) {
    throw error instanceof Failure ? error : new Failure('UNREACHABLE', 0, '', '', undefined);
  }
  const blob = new Blob(parts, { type: 'application/x-tar' });
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return { name, size: blob.size, sha256: [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''), url: URL.createObjectURL(blob) };
}

export function Archives() {
  const { t } = useTranslation();
  const words = useWords();
  const clock = useClock();
  const [bytes, setBytes] = useState(0);
  const make = useMutation({ mutationFn: () => fetchArchive(`register-${localText(clock.seconds()).slice(0, 16).replace(/[T:]/g, '-')}.tar`, setBytes) });
  const size = (count: number): string => t('archives.megabytes', { count: words.number(Math.round(count / 100_000) / 10) });
  const made = make.data;
  return (
    <>
      <h1>{t('archives.title')}</h1>
      <p className="small">{t('archives.what')}</p>
      <section className="card">
        <h2>{t('archives.make')}</h2>
        <p>{t('archives.makeWhat')}</p>
        <FailureNote error={make.error} changing />
        {make.isPending && <p className="waiting" role="status">{t('archives.coming', { size: size(bytes) })}</p>}
        {made !== undefined && (
          <div role="status">
            <Facts rows={[[t('archives.file'), made.name], [t('archives.size'), size(made.size)], [t('archives.digest'), <code key="d" className="digest">{made.sha256}</code>]]} />
            <p><a className="button main" href={made.url} download={made.name}>{t('archives.save')}</a></p>
          </div>
        )}
        <div className="actions"><button type="button" className={made === undefined ? 'main' : ''} disabled={make.isPending} onClick={() => { setBytes(0); make.mutate(); }}>{t(made === undefined ? 'archives.make' : 'archives.again')}</button></div>
      </section>
      <section className="card">
        <h2>{t('archives.verify')}</h2>
        <p>{t('archives.verifyWhat')}</p>
        <Loaded query={registerKey()}>
          {(key) => (
            <>
              <p><code className="secret">{`smartseal verify ${made?.name ?? 'register.tar'} --key '${key.key}'`}</code></p>
              <Facts rows={[[t('archives.register'), key.name], [t('archives.key'), <code key="k" className="digest">{key.key}</code>]]} />
            </>
          )}
        </Loaded>
        <p className="small">{t('archives.keyWhat')}</p>
      </section>
    </>
  );
}
