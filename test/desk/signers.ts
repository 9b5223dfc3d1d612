/** People of an office with a passkey each. */
import { Authenticator } from './authenticator';
import { Browser, ORIGIN } from './browser';
import type { Office, Who } from './support';

/** Each makes a passkey in a browser of their own. */
export async function signersOf<W extends Who>(office: Office, who: readonly W[]): Promise<Record<W, Authenticator>> {
  const keys = {} as Record<W, Authenticator>;
  for (const one of who) {
    const at = new Browser(office);
    await at.invited(office.ids[one]);
    const key = (keys[one] = new Authenticator(ORIGIN));
    const { body } = await at.ask('POST', '/v1/me/passkeys/options');
    expect((await at.ask('POST', '/v1/me/passkeys', { step: body.step, name: 'key', response: key.create(body.options) })).status).toBe(201);
  }
  return keys;
}
