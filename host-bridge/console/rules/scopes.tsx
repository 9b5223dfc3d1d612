/** What each kind of seal is used for. */
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take } from '../api/client';
import { scopes } from '../api/queries';
import { useChange } from '../parts/change';
import { Dialog } from '../parts/dialog';
import { FailureNote } from '../parts/failure-note';
import { Loaded } from '../parts/loaded';
import { useWords } from '../parts/when';
import { CATEGORIES } from './preview';

interface Scope {
  kind: 'company' | 'department' | 'contract' | 'finance' | 'legal-representative';
  categories: (typeof CATEGORIES)[number][];
  usual: boolean;
}

export function Scopes({ manages }: { manages: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const [editing, setEditing] = useState<Scope>();
  return (
    <section className="card">
      <h2>{t('scopes.title')}</h2>
      <p className="small">{t('scopes.what')}</p>
      <Loaded query={scopes()}>
        {(found) => (
          <ul className="lines">
            {found.map((one) => (
              <li key={one.kind}>
                <div><strong>{t(`sealKinds.${one.kind}`)}</strong><span className="small">{words.list(one.categories.map((category) => t(`categories.${category}`)))}{one.usual && ` · ${t('scopes.usual')}`}</span></div>
                {manages && <button type="button" onClick={() => setEditing(one)} aria-label={t('scopes.editOf', { kind: t(`sealKinds.${one.kind}`) })}>{t('edit')}</button>}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {editing !== undefined && <Edit scope={editing} close={() => setEditing(undefined)} />}
    </section>
  );
}

function Edit({ scope, close }: { scope: Scope; close: () => void }) {
  const { t } = useTranslation();
  const [categories, setCategories] = useState(scope.categories);
  const [reason, setReason] = useState('');
  const save = useChange(() => take(api.PUT('/v1/scopes/{kind}', { params: { path: { kind: scope.kind } }, body: { categories, reason } })), close);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <Dialog title={t('scopes.editOf', { kind: t(`sealKinds.${scope.kind}`) })} open close={close}>
      <form onSubmit={submit}>
        <p className="small">{t('scopes.order')}</p>
        <div className="choices">
          {CATEGORIES.map((one) => (
            <label key={one} className="choice"><input type="checkbox" name="category" value={one} checked={categories.includes(one)} onChange={(e) => setCategories(e.target.checked ? [...categories, one] : categories.filter((each) => each !== one))} /><span>{t(`categories.${one}`)}{categories[0] === one && <span className="small">{t('scopes.first')}</span>}</span></label>
          ))}
        </div>
        <label>{t('reason.required')}<textarea name="reason" required maxLength={1000} rows={2} value={reason} onChange={(e) => setReason(e.target.value)} /></label>
        <FailureNote error={save.error} changing />
        <div className="actions"><button type="submit" className="main" disabled={save.isPending || categories.length === 0}>{save.isPending ? t('sending') : t('save')}</button><button type="button" onClick={close}>{t('cancel')}</button></div>
      </form>
    </Dialog>
  );
}
