/** Reads that are asked for before there is anything to show them; each answer is taken once, and what comes later asks anew. */
const asked = new Map<string, Promise<Response | undefined>>();

export function askEarly(path: string): void {
  // No answer is no loss: who wants it asks as if nothing had been asked.
  asked.set(path, fetch(path).catch(() => undefined));
}

/** The answer to what was asked early, once; undefined: nothing was. */
export function takeEarly({ method, url }: Request): Promise<Response | undefined> | undefined {
  const { pathname, search } = new URL(url);
  const answer = method === 'GET' ? asked.get(`${pathname}${search}`) : undefined;
  if (answer !== undefined) asked.delete(`${pathname}${search}`);
  return answer;
}
