/** A small provider of the company's sign-on, that checks what it is told and can be made to lie. */
import { createHash } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

export const ISSUER = 'https://id.example.com';

/** OpenID Connect Core 1.0: discovery, keys, codes bound to a challenge (RFC 7636), each once. */
export class TestProvider {
  down = false;

  /** @param origin where the desk is */
  constructor(private readonly origin: string) {}

  claims: JWTPayload = { preferred_username: 'Wang.Wei' };
  /** Changes the claims of the next id tokens. */
  change: (claims: JWTPayload) => JWTPayload = (claims) => claims;
  signWith: CryptoKey | undefined;
  asked: string[] = [];
  private codes = new Map<string, { challenge: string; nonce: string; redirect: string }>();
  private keys = generateKeyPair('RS256');

  /** The person agrees: where the browser is sent back to. */
  agree(address: string, code = `code-${this.codes.size}`): URL {
    const { searchParams: asked } = new URL(address);
    expect(Object.fromEntries(asked)).toMatchObject({ client_id: 'desk', response_type: 'code', code_challenge_method: 'S256', scope: 'openid profile', redirect_uri: `${this.origin}/v1/sign-in/company/callback` });
    this.codes.set(code, { challenge: asked.get('code_challenge') ?? '', nonce: asked.get('nonce') ?? '', redirect: asked.get('redirect_uri') ?? '' });
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.search = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString();
    return back;
  }

  readonly fetch = (async (input: unknown, init: RequestInit = {}) => {
    const url = new URL(String(input));
    this.asked.push(url.pathname);
    if (this.down) throw new TypeError('fetch failed');
    const json = (body: object, status = 200): Response => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
    const keys = await this.keys;
    if (url.pathname === '/.well-known/openid-configuration') {
      return json({
        issuer: ISSUER, authorization_endpoint: `${ISSUER}/authorize`, token_endpoint: `${ISSUER}/token`, jwks_uri: `${ISSUER}/keys`, response_types_supported: ['code'],
        subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'], code_challenge_methods_supported: ['S256'],
      });
    }
    if (url.pathname === '/keys') return json({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: '1', alg: 'RS256', use: 'sig' }] });
    const form = new URLSearchParams(String(init.body));
    if (new Headers(init.headers).get('authorization') !== `Basic ${Buffer.from('desk:geheim').toString('base64')}`) return json({ error: 'invalid_client' }, 401);
    const known = this.codes.get(form.get('code') ?? '');
    this.codes.delete(form.get('code') ?? '');
    const verifier = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (known === undefined || known.challenge !== verifier || known.redirect !== form.get('redirect_uri')) return json({ error: 'invalid_grant' }, 400);
    const now = Math.floor(Date.now() / 1000);
    const claims = this.change({ iss: ISSUER, aud: 'desk', sub: '4711', iat: now, exp: now + 300, nonce: known.nonce, ...this.claims });
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: '1' }).sign(this.signWith ?? keys.privateKey);
    return json({ access_token: 'x', token_type: 'Bearer', id_token: token });
  }) as typeof fetch;
}
