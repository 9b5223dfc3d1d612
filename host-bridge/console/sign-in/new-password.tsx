/** Sets a password together with an authenticator: the password, then the code that the authenticator shows for it. */
import { useMutation, useQuery } from '@tanstack/react-query';
import qrcode from 'qrcode-generator';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take } from '../api/client';
import { hasPassword } from '../api/queries';
import { FailureNote } from '../parts/failure-note';
import { SecretField } from '../parts/secret-field';
import { Strength } from './strength';

/** @param own words that are no part of a good one @param old whether the present one is asked: an invitation stands in for it */
export function NewPassword({ done, own = [], old = false }: { done: () => void; own?: readonly string[]; old?: boolean }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [present, setPresent] = useState('');
  const has = useQuery({ ...hasPassword(), enabled: old }).data === true;
  const [code, setCode] = useState('');
  const begin = useMutation({ mutationFn: () => take(api.POST('/v1/me/password', { body: { password, ...(has ? { old: present } : {}) } })) });
  const confirm = useMutation({ mutationFn: (step: string) => take(api.POST('/v1/me/password/confirm', { body: { step, code: code.replaceAll(' ', '') } })) });
  const first = (event: FormEvent): void => {
    event.preventDefault();
    if (password === again) begin.mutate();
  };
  const codes = confirm.data?.recoveryCodes;
  if (codes !== undefined) {
    return (
      <section className="card">
        <h2>{t('password.codes')}</h2>
        <p>{t('password.codesWhat')}</p>
        <ul className="codes">{codes.map((one) => <li key={one}><code>{one}</code></li>)}</ul>
        <button type="button" className="main" onClick={done}>{t('password.kept')}</button>
      </section>
    );
  }
  const begun = begin.data;
  if (begun === undefined) {
    return (
      <form className="card" onSubmit={first}>
        <h2>{t('password.title')}</h2>
        {has && <SecretField label={t('password.present')} name="old-password" autoComplete="current-password" value={present} change={setPresent} />}
        <SecretField label={t('password.new')} name="new-password" autoComplete="new-password" minLength={12} value={password} change={setPassword}><Strength password={password} own={own} /></SecretField>
        <SecretField label={t('password.again')} name="again" autoComplete="new-password" value={again} change={setAgain} />
        {again !== '' && again !== password && <p className="small bad-text" role="alert">{t('password.differ')}</p>}
        <p className="small">{t('password.what')}</p>
        <button type="submit" disabled={begin.isPending || password !== again}>{t('onward')}</button>
        <FailureNote error={begin.error} />
      </form>
    );
  }
  const second = (event: FormEvent): void => {
    event.preventDefault();
    confirm.mutate(begun.step);
  };
  return (
    <form className="card" onSubmit={second}>
      <h2>{t('password.authenticator')}</h2>
      <p>{t('password.scan')}</p>
      <QrCode text={begun.uri} name={t('password.qr')} />
      <details><summary>{t('password.byHand')}</summary><code className="secret">{begun.secret}</code></details>
      <label>{t('password.code')}<input name="code" inputMode="numeric" autoComplete="one-time-code" required pattern="[0-9 ]{6,7}" value={code} onChange={(e) => setCode(e.target.value)} /></label>
      <button type="submit" className="main" disabled={confirm.isPending}>{t('password.set')}</button>
      <FailureNote error={confirm.error} />
    </form>
  );
}

function QrCode({ text, name }: { text: string; name: string }) {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const cells: string[] = [];
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) if (code.isDark(y, x)) cells.push(`M${x + 4} ${y + 4}h1v1h-1z`);
  return <svg className="qr" role="img" aria-label={name} viewBox={`0 0 ${size + 8} ${size + 8}`} shapeRendering="crispEdges"><rect width="100%" height="100%" fill="#fff" /><path d={cells.join('')} /></svg>;
}
