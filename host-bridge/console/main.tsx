/** The console's beginning: the only place that reads the clock, and where the page takes root. */
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueries, me } from './api/queries';
import { ClockContext } from './frame/clock';
import { App } from './frame/app';
import { startWords } from './i18n';
import { registerWorker } from './frame/worker';
import './frame/style.css';
import './frame/pages.css';

const clock = {
  seconds: () => Math.floor(Date.now() / 1000),
  every: (ms: number, call: () => void) => {
    const timer = setInterval(call, ms);
    return () => clearInterval(timer);
  },
};

async function start(): Promise<void> {
  const queries = makeQueries();
  // Who is here is asked while the words still come: on a phone's network each turn counts.
  void queries.prefetchQuery(me());
  await startWords(navigator.languages, localStorage.getItem('language'));
  createRoot(document.getElementById('console')!).render(
    <StrictMode>
      <ClockContext.Provider value={clock}>
        <QueryClientProvider client={queries}>
          <App />
        </QueryClientProvider>
      </ClockContext.Provider>
    </StrictMode>,
  );
  registerWorker();
}

void start();
