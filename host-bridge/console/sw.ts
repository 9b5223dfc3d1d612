/**
 * Service worker: keeps the shell (the page and its hashed scripts and styles) so that the console opens on a weak network. Nothing
 * below /v1 is ever kept: what people see is what the desk says now, or an error. Shows what the desk pushes: that there is an alarm, or what became of something.
 */
interface Worker {
  addEventListener(type: string, listener: (event: WorkerEvent) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void>; matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<{ url: string; focus(): Promise<unknown>; navigate(url: string): Promise<unknown> }[]>; openWindow(url: string): Promise<unknown> };
  registration: { showNotification(title: string, options: object): Promise<void> };
  location: { origin: string };
}
interface WorkerEvent {
  request: Request;
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
  data: { json(): unknown } | null;
  notification: { close(): void; data: unknown };
}

const worker = globalThis as unknown as Worker;
const SHELL = 'shell-1';
const PAGE = '/console/';
const LASTING = /^\/console\/assets\//;
/** Files of earlier versions that are kept at most. */
const MOST = 200;

async function keep(request: Request | string, response: Response): Promise<void> {
  const cache = await caches.open(SHELL);
  await cache.put(request, response);
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - MOST))) await cache.delete(old);
}

/** A file whose name changes with its content. */
async function lasting(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) await keep(request, response.clone());
  return response;
}

/** The page: the desk's own where it answers, else the one that is kept. */
async function page(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.ok) await keep(PAGE, response.clone());
    return response;
  } catch (error) {
    const kept = await caches.match(PAGE);
    if (kept !== undefined) return kept;
    throw error;
  }
}

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => {
  const clean = async (): Promise<void> => {
    for (const name of await caches.keys()) if (name !== SHELL) await caches.delete(name);
    await worker.clients.claim();
  };
  event.waitUntil(clean());
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (LASTING.test(url.pathname)) event.respondWith(lasting(request));
  else if (request.mode === 'navigate' && url.pathname.startsWith(PAGE)) event.respondWith(page(request));
});

/** What a message of the desk may say; whatever else comes is shown as an alarm without words of its own, for browsers want every push shown. */
function told(data: WorkerEvent['data']): { title: string; body: string; at: string } {
  let said: Record<string, unknown> = {};
  try {
    said = (data?.json() ?? {}) as Record<string, unknown>;
  } catch {
    // Not the desk's form.
  }
  const text = (name: string): string => (typeof said[name] === 'string' ? said[name].slice(0, 300) : '');
  // An address is made of the number of a case or an application alone: nobody is led elsewhere by a message.
  if (/^[0-9a-f]{16}$/.test(text('application'))) return { title: text('title'), body: text('body'), at: `${PAGE}tasks/${text('application')}` };
  return { title: text('title') || '印章报警 · Seal alarm', body: text('body'), at: text('notice') !== '' ? `${PAGE}account` : /^[0-9a-f]{24}$/.test(text('case')) ? `${PAGE}cases/${text('case')}` : `${PAGE}cases` };
}

worker.addEventListener('push', (event) => {
  const { title, body, at } = told(event.data);
  event.waitUntil(worker.registration.showNotification(title, { body, tag: at, data: at, requireInteraction: true, renotify: true, icon: '/console/icon-192.png' }));
});
worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const at = String(event.notification.data);
  const show = async (): Promise<void> => {
    const [open] = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
    if (open === undefined) await worker.clients.openWindow(at);
    else {
      await open.focus();
      await open.navigate(at);
    }
  };
  event.waitUntil(show());
});

export {};
