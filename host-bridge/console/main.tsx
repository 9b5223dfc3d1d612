/** The console's beginning: the only place that reads the clock, and where the page takes root. */
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueries } from './api/queries';
import { ClockContext } from './frame/clock';
import { App } from './frame/app';
import { startWords } from './i18n';
import { registerWorker } from './frame/worker';
import './frame/style.css';
import './frame/pages.css';

const clock = { seconds: () => Math.floor(Date.now() / 1000) };

async function start(): Promise<void> {
  await startWords(navigator.languages, localStorage.getItem('language'));
  createRoot(document.getElementById('console')!).render(
    <StrictMode>
      <ClockContext.Provider value={clock}>
        <QueryClientProvider client={makeQueries()}>
          <App />
        </QueryClientProvider>
      </ClockContext.Provider>
    </StrictMode>,
  );
  registerWorker();
}

void start();
