/** What went wrong with a call: the desk's problem document (RFC 9457), or no answer at all. */

export class Failure extends Error {
  constructor(
    /** Stable code of the desk's catalogue; UNREACHABLE where nothing came back, UNREADABLE where it was not the desk that answered. */
    readonly code: string,
    /** HTTP status; 0 where nothing came back. */
    readonly status: number,
    /** In words, in the language that was asked for; '' where the console has the words. */
    readonly title: string,
    readonly detail: string,
    /** Seconds after which it may be tried again. */
    readonly after: number | undefined,
  ) {
    super(code);
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 1000) : '');

export async function failureOf(response: Response): Promise<Failure> {
  let document: Record<string, unknown> = {};
  try {
    const parsed: unknown = await response.json();
    if (typeof parsed === 'object' && parsed !== null) document = parsed as Record<string, unknown>;
  } catch {
    // A proxy in between answers in its own way.
  }
  const code = text(document['code']);
  const after = Number(response.headers.get('retry-after') ?? 'x');
  return new Failure(code === '' ? 'UNREADABLE' : code, response.status, text(document['title']), text(document['detail']), Number.isFinite(after) ? after : undefined);
}

/** Worth asking again by itself, where only something is read: nothing came back, or the desk is busy. */
export function passes(failure: unknown): boolean {
  return failure instanceof Failure && (failure.status === 0 || [429, 502, 503, 504].includes(failure.status));
}
