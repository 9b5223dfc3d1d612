/** Headers of every answer, whatever it is: a browser guesses no type and tells nobody where it was; with TLS it comes back by TLS alone. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openOffice, testFolder } from './support';

const ANSWERS = [['GET', '/healthz'], ['GET', '/v1/me'], ['GET', '/v1/nothing'], ['GET', '/v1/register/key'], ['POST', '/v1/sign-in/password'], ['GET', '/r/none'], ['DELETE', '/v1/people']] as const;

test('no answer without nosniff and no-referrer; without TLS no HSTS', async () => {
  const office = await openOffice();
  for (const [method, url] of ANSWERS) {
    const { headers } = await office.desk.app.inject({ method, url });
    expect([url, headers['x-content-type-options'], headers['referrer-policy'], headers['strict-transport-security'], headers['server'], headers['x-powered-by']]).toEqual([url, 'nosniff', 'no-referrer', undefined, undefined, undefined]);
  }
  await office.close();
});

const openssl = spawnSync('openssl', ['version']).status === 0;
if (!openssl) console.warn('not run, because there is no openssl on this machine: HSTS of a desk with TLS');
if (openssl) test('with TLS of its own the desk says that browsers come back by TLS alone', async () => {
  const folder = testFolder();
  const [cert, key] = [path.join(folder, 'c.pem'), path.join(folder, 'k.pem')];
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-keyout', key, '-out', cert, '-subj', '/CN=localhost']);
  expect(made.status).toBe(0);
  const office = await openOffice({ http: { tls: { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') } } });
  for (const [method, url] of ANSWERS) expect([url, (await office.desk.app.inject({ method, url })).headers['strict-transport-security']]).toEqual([url, 'max-age=31536000']);
  await office.close();
});
