/** A field for a password, whose text can be shown to who types it. */
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  label: string;
  name: string;
  value: string;
  change: (value: string) => void;
  autoComplete: 'current-password' | 'new-password';
  minLength?: number;
  children?: ReactNode;
}

export function SecretField({ label, name, value, change, autoComplete, minLength, children }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="secret-field">
        <input id={id} name={name} type={shown ? 'text' : 'password'} autoComplete={autoComplete} autoCapitalize="none" spellCheck={false} required minLength={minLength} maxLength={128} value={value} onChange={(e) => change(e.target.value)} />
        <button type="button" aria-pressed={shown} aria-controls={id} onClick={() => setShown(!shown)}>{t(shown ? 'password.hide' : 'password.show')}</button>
      </div>
      {children}
    </div>
  );
}
