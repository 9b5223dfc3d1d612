/** Where somebody signed in: browser and system in words, and the User-Agent as it was sent for who wants to know. */
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

/** User-Agents are what the other side says: no more is looked at of one. */
export const LONGEST = 300;
// What knows browsers is loaded where one is to be named.
const Named = lazy(async () => ({ default: (await import('./agent-name')).AgentName }));

export function AgentName({ text }: { text: string }) {
  return <Suspense fallback="…"><Named text={text} /></Suspense>;
}

export function AgentSent({ text }: { text: string }) {
  const { t } = useTranslation();
  return text === '' ? null : <details className="agent"><summary className="small">{t('agent.asSent')}</summary><code>{text.slice(0, LONGEST)}</code></details>;
}
