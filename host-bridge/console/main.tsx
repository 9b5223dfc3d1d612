/** The console's beginning: the only place that reads the clock, and where the page takes root. */
import { askEarly, showEarly } from './api/early';
import { LOADERS } from './frame/loaders';
import { wordsFor } from './i18n/load';
import './frame/style.css';
import './frame/pages.css';

/** Pages that messages lead to, and what they read first: asked for while the scripts still come, because on a phone's network each turn counts. */
const DOORS: readonly [address: RegExp, loader: () => Promise<unknown>, reads: readonly string[]][] = [
  [/^\/console\/tasks\/(\w+)$/, LOADERS.Task, ['/v1/applications/$1', '/v1/tasks']],
  [/^\/console\/applications\/(\w+)$/, LOADERS.ApplicationPage, ['/v1/applications/$1']],
  [/^\/console\/live\/(\w+)$/, LOADERS.LivePage, ['/v1/applications/$1']],
  [/^\/console\/cases\/\w+$/, LOADERS.CasePage, []],
  [/^\/console\/?$/, LOADERS.Home, []],
];

const clock = {
  seconds: () => Math.floor(Date.now() / 1000),
  every: (ms: number, call: () => void) => {
    const timer = setInterval(call, ms);
    return () => clearInterval(timer);
  },
};
/** Milliseconds after which the page is taken to stand. */
const LATER = 3_000;

async function start(): Promise<void> {
  const app = import('./frame/root');
  const { language, words } = wordsFor(navigator.languages, localStorage.getItem('language'));
  if (location.pathname !== '/console/invitation') askEarly('/v1/me');
  for (const [address, loader, reads] of DOORS) {
    if (!address.test(location.pathname)) continue;
    const [first] = reads.map((read) => askEarly(location.pathname.replace(address, read)));
    if (loader === LOADERS.Task && first !== undefined) showEarly(first).catch(() => undefined);
    // Should it fail, it is loaded anew where it is shown, and told there.
    loader().catch(() => undefined);
  }
  const { show, prepare } = await app;
  await show(clock, language, (await words).default);
  setTimeout(prepare, LATER);
}

void start();
