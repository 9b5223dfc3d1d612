/** Where the page takes root. */
import { QueryClientProvider } from '@tanstack/react-query';
import { startTransition, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueries } from '../api/queries';
import { startWords } from '../i18n';
import type { Language } from '../i18n/load';
import { loadDialogs } from '../parts/dialog';
import { App } from './app';
import { ClockContext, type Clock } from './clock';
import { registerWorker } from './worker';

export async function show(clock: Clock, language: Language, words: object): Promise<void> {
  await startWords(language, words);
  const queries = makeQueries();
  const root = createRoot(document.getElementById('console')!);
  // In slices, so that a slow phone answers to a touch meanwhile.
  startTransition(() => root.render(
    <StrictMode>
      <ClockContext.Provider value={clock}>
        <QueryClientProvider client={queries}>
          <App />
        </QueryClientProvider>
      </ClockContext.Provider>
    </StrictMode>,
  ));
}

/** What is not needed yet is loaded, so that it is there when the network is not. */
export function prepare(): void {
  registerWorker();
  loadDialogs();
}
