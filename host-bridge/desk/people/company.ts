/**
 * Sign-in by the company's own identity provider: OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636), state and
 * nonce. The provider says who it is, by a claim; the desk knows a person by the same text as their login, and no other.
 */
import type { Configuration } from 'openid-client';
import { COMMON, Problem } from '../../common/errors';
import type { Store } from '../../common/database';
import { DESK } from '../errors';
import type { Tables } from '../tables';
import { loginText } from './people';
import type { Client, Opened, Sessions } from './sessions';
import type { Steps } from './steps';

export interface Provider {
  issuer: string;
  clientId: string;
  /** Absent: a public client, for which PKCE alone must do. */
  clientSecret?: string | undefined;
  /** The claim that says who it is, a text. Of "email" only one that the provider has verified is taken. */
  claim: string;
  /** Asked for; "openid" is among them. */
  scope: string;
  fetch: typeof fetch;
}

export interface CompanyOptions {
  store: Store<Tables>;
  steps: Steps;
  sessions: Sessions;
  origin: string;
  provider: Provider;
}

export const CALLBACK = '/v1/sign-in/company/callback';
/** Seconds for one answer of the provider. */
const WITHIN = 10;
/** Seconds after a failed discovery before the next. */
const AGAIN = 5;

type Library = typeof import('openid-client');
const library = (): Library => require('openid-client') as Library;

export class Company {
  private known: Promise<Configuration> | undefined;
  private failedAt = -Infinity;

  constructor(private readonly o: CompanyOptions) {}

  private async provider(): Promise<Configuration> {
    const { issuer, clientId, clientSecret, fetch } = this.o.provider;
    if (this.o.steps.seconds() - this.failedAt < AGAIN) throw unreachable(undefined);
    const oidc = library();
    // Plain HTTP stays on this machine: the configuration takes no other.
    // The id token's signature is checked as well, not the provider's TLS certificate alone (Core section 3.1.3.7 would leave it out).
    const execute = [oidc.enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [])];
    this.known ??= oidc.discovery(
      new URL(issuer), clientId, undefined, clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret),
      { execute, timeout: WITHIN, [oidc.customFetch]: (url, options) => fetch(url, options as RequestInit) },
    );
    try {
      return await this.known;
    } catch (error) {
      this.known = undefined;
      this.failedAt = this.o.steps.seconds();
      throw unreachable(error);
    }
  }

  /** Where to send the browser, and what it must bring back. Throws IDENTITY_UNREACHABLE. */
  async begin(): Promise<{ url: string; step: string }> {
    const configuration = await this.provider();
    const oidc = library();
    const verifier = oidc.randomPKCECodeVerifier();
    const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: `${this.o.origin}${CALLBACK}`, response_type: 'code', scope: this.o.provider.scope, state, nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    });
    return { url: url.href, step: this.o.steps.begin('company', 0, { verifier, state, nonce }) };
  }

  /** @param query of the address that the provider has sent the browser to. Throws STEP_OVER, IDENTITY_UNREACHABLE, and for all else SIGN_IN_FAILED. */
  async finish(step: string, query: string, client: Client): Promise<Opened> {
    const { store, steps, sessions, origin, provider: { claim } } = this.o;
    const { verifier = '', state = '', nonce = '' } = steps.read('company', 0, step);
    const configuration = await this.provider();
    await store.commit((trx) => steps.use(trx, step));
    const claims = await this.claims(configuration, new URL(`${origin}${CALLBACK}?${query}`), { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce });
    const text = claims[claim];
    if (typeof text !== 'string' || text === '' || (claim === 'email' && claims['email_verified'] !== true)) throw new Problem(DESK.SIGN_IN_FAILED);
    return store.commit(async (trx) => {
      const person = await trx.selectFrom('person').select('id').where('login', '=', loginText(text)).executeTakeFirst();
      if (person === undefined) throw new Problem(DESK.SIGN_IN_FAILED);
      return sessions.open(trx, Number(person.id), 'company', client);
    });
  }

  private async claims(configuration: Configuration, url: URL, checks: { pkceCodeVerifier: string; expectedState: string; expectedNonce: string }): Promise<Record<string, unknown>> {
    const oidc = library();
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, url, { ...checks, idTokenExpected: true });
      return { ...tokens.claims() };
    } catch (error) {
      // Signatures, times, state, nonce and what the provider itself refuses: one answer. That it did not answer is another.
      const { name, code, cause } = error as { name?: string; code?: string; cause?: { name?: string } };
      const silent = name === 'TimeoutError' || code === 'OAUTH_TIMEOUT' || (name === 'TypeError' && code === undefined) || cause?.name === 'TimeoutError';
      throw silent ? unreachable(error) : new Problem(DESK.SIGN_IN_FAILED, { cause: error });
    }
  }
}

function unreachable(cause: unknown): Problem {
  return new Problem(COMMON.IDENTITY_UNREACHABLE, { retryAfter: 10, cause });
}
