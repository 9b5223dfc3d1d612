/** The few calls the demo makes of desk and bridge, as any client would. */

export class Http {
  constructor(private readonly url: string, private readonly token: string) {}

  as(token: string): Http {
    return new Http(this.url, token);
  }

  private send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const form = body instanceof FormData;
    return fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body === undefined || form ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
  }

  /** What came of it, also where that is a refusal. */
  async status(method: string, path: string, body?: unknown): Promise<{ status: number; code: string; detail: string }> {
    const response = await this.send(method, path, body);
    const { code = '', detail = '' } = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
    return { status: response.status, code, detail };
  }

  async raw(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response> {
    const response = await this.send(method, path, body, headers);
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as { code?: string; title?: string; detail?: string };
    throw new Error(`${method} ${path}: ${response.status} ${problem.code ?? ''} ${problem.title ?? ''} ${problem.detail ?? ''}`);
  }

  async json<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    return (await (await this.raw(method, path, body, headers)).json()) as T;
  }

  async bytes(method: string, path: string): Promise<Buffer> {
    return Buffer.from(await (await this.raw(method, path)).arrayBuffer());
  }
}

/** Milliseconds between two questions: short at first, and what takes long is not worth asking often. */
const AGAIN = { first: 20, growth: 1.2, most: 80 };

/** Milliseconds in which whatever the demo waits for has come, also on a machine with much else to do. */
export const PATIENCE = 240_000;

/** Asks again and again until the answer is there. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, ms = PATIENCE): Promise<T> {
  const end = Date.now() + ms;
  for (let pause = AGAIN.first; ; pause = Math.min(pause * AGAIN.growth, AGAIN.most)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`${what} did not come within ${ms / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
