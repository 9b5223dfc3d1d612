/** Asks a bridge or a desk over HTTP, for the commands that only look or pass on. */
import { faults, Problem, type Fault, type Language } from '../common/errors';

const CLIENT = faults({
  BRIDGE_UNREACHABLE: [503, 'The bridge does not answer', '网桥没有响应'],
  NOT_A_BRIDGE: [502, 'What answers there is not a bridge', '该地址的服务不是网桥'],
  DESK_UNREACHABLE: [503, 'The desk does not answer', '审批台没有响应'],
  NOT_A_DESK: [502, 'What answers there is not a desk', '该地址的服务不是审批台'],
  SERVER_URL: [400, '--url is no address: http://HOST:PORT', '--url 不是网址，应为 http://主机:端口'],
  NO_TOKEN: [401, 'No token: use --token or SMARTSEAL_TOKEN', '缺少令牌：请使用 --token 或 SMARTSEAL_TOKEN'],
});

export interface Server {
  unreachable: Fault;
  stranger: Fault;
}

export const BRIDGE: Server = { unreachable: CLIENT.BRIDGE_UNREACHABLE, stranger: CLIENT.NOT_A_BRIDGE };
export const DESK: Server = { unreachable: CLIENT.DESK_UNREACHABLE, stranger: CLIENT.NOT_A_DESK };

export interface Access {
  url: string;
  token?: string;
  /** Number of one's lease of the device (`device lease`). */
  lease?: string;
}

/** What these commands have in common. */
export interface Options extends Access {
  json?: boolean;
  lang?: string;
}

/** Asks. Problem documents come back as Problem with the same code; what does not fit is no answer of that server. A `body` is posted. */
export async function ask<T extends object>(server: Server, access: Access, path: string, language: Language, fits: (answer: T) => boolean, body?: object, method?: 'DELETE'): Promise<T> {
  const response = await call(server, access, path, language, body, method);
  return understood(server, access, response, fits);
}

/** Fetches a file of this type: a JPEG, unless told otherwise. */
export async function picture(server: Server, access: Access, path: string, language: Language, type = 'image/jpeg'): Promise<Buffer> {
  const response = await call(server, access, path, language);
  if (response.ok && response.headers.get('content-type') === type) return Buffer.from(await response.arrayBuffer());
  return understood<Buffer>(server, access, response, () => false);
}

function call(server: Server, access: Access, path: string, language: Language, body?: object, method?: 'DELETE'): Promise<Response> {
  return send(server, access, { path, method: method ?? (body === undefined ? 'GET' : 'POST'), ...(body === undefined ? {} : { body: JSON.stringify(body), type: 'application/json' }) }, language);
}

export interface Request {
  method: string;
  path: string;
  body?: string | FormData;
  /** Content type of a text. */
  type?: string;
}

/** Sends one request as it is; what is answered, a problem document too, is the caller's to understand. Throws NO_TOKEN, and that nothing answers. */
export async function send(server: Server, access: Access, { method, path, body, type }: Request, language: Language): Promise<Response> {
  if (!/^https?:\/\//i.test(access.url) || !URL.canParse(access.url)) throw new Problem(CLIENT.SERVER_URL, access.url);
  const token = access.token ?? process.env.SMARTSEAL_TOKEN;
  if (token === undefined || token === '') throw new Problem(CLIENT.NO_TOKEN);
  try {
    return await fetch(new URL(path, access.url), {
      method, headers: { authorization: `Bearer ${token}`, 'accept-language': language, ...(access.lease === undefined ? {} : { 'lease-fence': access.lease }), ...(type === undefined ? {} : { 'content-type': type }) }, signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    throw new Problem(server.unreachable, { detail: access.url, cause: error });
  }
}

/** An answer that fits. Throws the problem that was answered, or that what answers is a stranger. */
export async function understood<T extends object>(server: Server, access: Access, response: Response, fits: (answer: T) => boolean): Promise<T> {
  const answer = (await response.json().catch(() => undefined)) as (T & { code?: unknown; title?: unknown; detail?: unknown }) | null | undefined;
  const stranger = new Problem(server.stranger, `${access.url} (HTTP ${response.status})`);
  if (typeof answer !== 'object' || answer === null) throw stranger;
  if (response.ok) {
    if (fits(answer)) return answer;
    throw stranger;
  }
  const { code, title, detail } = answer;
  if (typeof code !== 'string' || typeof title !== 'string') throw stranger;
  throw new Problem({ code, status: response.status, title: { en: title, zh: title } }, typeof detail === 'string' ? detail : {});
}
