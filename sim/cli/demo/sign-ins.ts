/** People of the demo who can sign in with a browser: each by their invitation, as a person would, with a password and an authenticator. */
import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { systemClock } from '../../../host-bridge/cli/system';
import type { Http } from './http';

export interface SignIn {
  name: string;
  login: string;
  password: string;
  /** Each once in place of a code of the authenticator. */
  recoveryCodes: string[];
  /** Of the authenticator, base32. */
  secret: string;
}

/** @param desk as administrator; @param url where this process reaches the desk; @param origin where browsers do */
export async function signUp(desk: Http, url: string, origin: string, person: { id: number; name: string }, login: string, title = ''): Promise<SignIn> {
  await desk.json('PUT', `/v1/people/${person.id}`, { name: person.name, login, department: null, title });
  const { token } = await desk.json<{ token: string }>('POST', `/v1/people/${person.id}/invitation`, {});
  let cookie = '';
  const post = async <T>(path: string, body: object): Promise<T> => {
    const response = await fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json', origin, ...(cookie === '' ? {} : { cookie }) }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    cookie = response.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ') || cookie;
    return (await response.json()) as T;
  };
  await post('/v1/sign-in/invitation', { token });
  const password = randomBytes(9).toString('base64url');
  const { step, secret } = await post<{ step: string; secret: string }>('/v1/me/password', { password });
  const { recoveryCodes } = await post<{ recoveryCodes: string[] }>('/v1/me/password/confirm', { step, code: codeOf(secret) });
  return { name: person.name, login, password, recoveryCodes, secret };
}

/** What the authenticator shows now, or so many seconds from now: a step that was used is not taken again, and the next one is. */
export function codeOf(secret: string, later = 0): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return totp.generate({ timestamp: systemClock().wall() + later * 1000 });
}
