/** Approving less than was asked: fewer strokes, a shorter window, more people who must be there. The desk refuses anything wider. */
import type { UseMutationResult } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Application } from '../api/client';
import { Holders } from '../apply/holders';
import { Dialog } from '../parts/dialog';
import { FailureNote } from '../parts/failure-note';
import { useNames } from '../parts/names';
import { localSeconds, localText } from '../parts/when';

export interface Narrow {
  count?: number;
  notBefore?: number;
  notAfter?: number;
  crossPage?: number;
  persons?: number[];
}

export function NarrowDialog({ application: a, open, close, change }: { application: Application; open: boolean; close: () => void; change: UseMutationResult<unknown, Error, Narrow | undefined> }) {
  const { t } = useTranslation();
  const names = useNames();
  const { granted } = a;
  const [count, setCount] = useState(String(granted.count));
  const [edges, setEdges] = useState(String(granted.crossPage));
  const [from, setFrom] = useState(localText(granted.notBefore));
  const [until, setUntil] = useState(localText(granted.notAfter));
  const [persons, setPersons] = useState<number[]>(granted.persons);
  const device = names.sealCard(a.seal)?.device;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const [notBefore, notAfter] = [localSeconds(from), localSeconds(until)];
    // Only what was changed is said: the fields show minutes, and what is granted counts seconds.
    change.mutate({
      ...(Number(count) === granted.count ? {} : { count: Number(count) }),
      ...(Number(edges) === granted.crossPage ? {} : { crossPage: Number(edges) }),
      ...(from === localText(granted.notBefore) || notBefore === undefined ? {} : { notBefore }),
      ...(until === localText(granted.notAfter) || notAfter === undefined ? {} : { notAfter }),
      ...(persons.length === granted.persons.length ? {} : { persons }),
    });
  };
  return (
    <Dialog title={t('narrow.title')} open={open} close={close}>
      <form onSubmit={submit}>
        <p>{t('narrow.what')}</p>
        <div className="pair">
          <label>{t('apply.count')}<input name="count" type="number" inputMode="numeric" required min={1} max={granted.count} value={count} onChange={(e) => setCount(e.target.value)} /></label>
          {granted.crossPage > 0 && <label>{t('apply.edges')}<input name="edges" type="number" inputMode="numeric" required min={0} max={granted.crossPage} value={edges} onChange={(e) => setEdges(e.target.value)} /></label>}
        </div>
        <div className="pair">
          <label>{t('apply.from')}<input name="from" type="datetime-local" required value={from} onChange={(e) => setFrom(e.target.value)} /></label>
          <label>{t('apply.until')}<input name="until" type="datetime-local" required value={until} onChange={(e) => setUntil(e.target.value)} /></label>
        </div>
        {device !== undefined && <fieldset><legend>{t('narrow.holders')}</legend><Holders device={device} chosen={persons} change={setPersons} fixed={granted.persons} /></fieldset>}
        <FailureNote error={change.error} changing />
        <div className="actions"><button type="submit" className="main" disabled={change.isPending}>{change.isPending ? t('sending') : t('narrow.act')}</button><button type="button" onClick={close}>{t('cancel')}</button></div>
      </form>
    </Dialog>
  );
}
