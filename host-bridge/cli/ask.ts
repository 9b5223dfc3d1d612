/** Asking the bridge's API from the command line. */
import { faults, Problem, type Language } from '../common/errors';

const CLIENT = faults({
  BRIDGE_UNREACHABLE: [503, 'The bridge does not answer', '网桥没有响应'],
  NOT_A_BRIDGE: [502, 'What answers there is not a bridge', '该地址的服务不是网桥'],
  NO_TOKEN: [401, 'No token: use --token or SMARTSEAL_TOKEN', '缺少令牌：请使用 --token 或 SMARTSEAL_TOKEN'],
});

export interface Options {
  url: string;
  token?: string;
  json?: boolean;
  lang?: string;
}

/** Asks the bridge. Its problem documents come back as Problem with the same code; what does not fit is no bridge's answer. */
export async function ask<T extends object>(options: Options, path: string, language: Language, fits: (answer: T) => boolean, payload?: object): Promise<T> {
  const token = options.token ?? process.env.SMARTSEAL_TOKEN;
  if (token === undefined || token === '') throw new Problem(CLIENT.NO_TOKEN);
  let response: Response;
  try {
    response = await fetch(new URL(path, options.url), {
      headers: { authorization: `Bearer ${token}`, 'accept-language': language, ...(payload === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(payload === undefined ? {} : { method: 'POST', body: JSON.stringify(payload) }),
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    throw new Problem(CLIENT.BRIDGE_UNREACHABLE, { detail: options.url, cause: error });
  }
  const body = (await response.json().catch(() => undefined)) as (T & { code?: unknown; title?: unknown; detail?: unknown }) | null | undefined;
  const stranger = new Problem(CLIENT.NOT_A_BRIDGE, `${options.url} (HTTP ${response.status})`);
  if (typeof body !== 'object' || body === null) throw stranger;
  if (response.ok) {
    if (fits(body)) return body;
    throw stranger;
  }
  const { code, title, detail } = body;
  if (typeof code !== 'string' || typeof title !== 'string') throw stranger;
  throw new Problem({ code, status: response.status, title: { en: title, zh: title } }, typeof detail === 'string' ? detail : {});
}
