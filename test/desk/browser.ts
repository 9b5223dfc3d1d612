/** A browser at the desk: keeps cookies, says where its requests come from. */
import type { Office } from './support';
import type { Json } from './support';

export const ORIGIN = 'https://desk.example.com';
export const SIGN_IN = { origin: ORIGIN, idle: 1800, life: 43_200, passwords: true };

export interface Page {
  status: number;
  body: Json;
  headers: Record<string, string | string[] | undefined>;
}

export class Browser {
  readonly cookies = new Map<string, string>();
  /** Headers by which a browser tells where a request comes from; undefined takes one away. */
  from: Record<string, string | undefined> = { origin: ORIGIN, 'sec-fetch-site': 'same-origin' };
  address = '192.0.2.1';

  constructor(private readonly office: Office) {}

  async ask(method: string, url: string, body?: unknown, more: Record<string, string> = {}): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = Object.fromEntries(Object.entries({ ...this.from, ...(cookie === '' ? {} : { cookie }), 'user-agent': 'Test/1', ...more }).filter(([, value]) => value !== undefined)) as Record<string, string>;
    const response = await this.office.desk.app.inject({ method: method as 'GET', url, headers, remoteAddress: this.address, ...(body === undefined ? {} : { payload: body as object }) });
    for (const line of [response.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return { status: response.statusCode, body: /json/.test(String(response.headers['content-type'])) ? response.json() : response.payload, headers: response.headers as Page['headers'] };
  }

  /** Comes in by an invitation of this person. */
  async invited(person: number): Promise<void> {
    const { body } = await this.office.call(this.office.tokens.admin, 'POST', `/v1/people/${person}/invitation`, {});
    const page = await this.ask('POST', '/v1/sign-in/invitation', { token: body.token });
    if (page.status !== 200) throw new Error(JSON.stringify(page.body));
  }
}
