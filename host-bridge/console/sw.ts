/**
 * Service worker: keeps the shell (the page and its hashed scripts and styles) so that the console opens on a weak network. Nothing
 * below /v1 is ever kept: what people see is what the desk says now, or an error.
 */
interface Worker {
  addEventListener(type: string, listener: (event: WorkerEvent) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  location: { origin: string };
}
interface WorkerEvent {
  request: Request;
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
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

export {};
