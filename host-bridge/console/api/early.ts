/** Reads that are asked for before there is anything to show them; each answer is taken once, and what comes later asks anew. */
import { pageSet, SIZES } from './page-address';

const asked = new Map<string, Promise<Response | undefined>>();

export function askEarly(path: string): Promise<Response | undefined> {
  // No answer is no loss: who wants it asks as if nothing had been asked.
  const answer = fetch(path).catch(() => undefined);
  asked.set(path, answer);
  return answer;
}

/** Has the picture of the first page of an application's document come before there is anything to show it. */
export async function showEarly(application: Promise<Response | undefined>): Promise<void> {
  const answer = await application;
  // Of a copy: the answer itself is taken by who shows it.
  const { document: sha256 } = answer?.ok ? ((await answer.clone().json()) as { document?: unknown }) : {};
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return;
  const link = Object.assign(document.createElement('link'), { rel: 'preload', as: 'image', imageSrcset: pageSet(sha256, 1), imageSizes: SIZES.large, fetchPriority: 'high' });
  document.head.append(link);
}

/** The answer to what was asked early, once; undefined: nothing was. */
export function takeEarly({ method, url }: Request): Promise<Response | undefined> | undefined {
  const { pathname, search } = new URL(url);
  const answer = method === 'GET' ? asked.get(`${pathname}${search}`) : undefined;
  if (answer !== undefined) asked.delete(`${pathname}${search}`);
  return answer;
}
