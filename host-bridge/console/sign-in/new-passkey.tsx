import { startRegistration } from '@simplewebauthn/browser';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, take } from '../api/client';
import { PasskeyNote } from './passkey-note';

/** Makes a passkey on this device. @param done it is kept at the desk */
export function NewPasskey({ done }: { done: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const making = useMutation({
    mutationFn: async () => {
      const { step, options } = await take(api.POST('/v1/me/passkeys/options'));
      const response = await startRegistration({ optionsJSON: options as never });
      return take(api.POST('/v1/me/passkeys', { body: { step, name, response: response as never } }));
    },
    onSuccess: done,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    making.mutate();
  };
  return (
    <form className="card" onSubmit={submit}>
      <h2>{t('passkey.title')}</h2>
      <p>{t('passkey.what')}</p>
      <label>{t('passkey.name')}<input name="passkey" required maxLength={200} placeholder={t('passkey.example')} value={name} onChange={(e) => setName(e.target.value)} /></label>
      <button type="submit" className="main" disabled={making.isPending}>{t('passkey.make')}</button>
      <PasskeyNote error={making.error} />
    </form>
  );
}
