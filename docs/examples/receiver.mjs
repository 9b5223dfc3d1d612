// A receiver of webhooks in forty lines, without a library: node receiver.mjs PORT SECRET_FILE
// Prints each message that is really the bridge's, once.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, secretFile] = process.argv.slice(2);
const seen = new Set(); // in a real system: a column of your database

function signed(headers, body) {
  const [id, time, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name] ?? '');
  if (Math.abs(Date.now() / 1000 - Number(time)) > 300) return false; // an old one, caught on the way
  const key = Buffer.from(readFileSync(secretFile, 'utf8').trim().replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest();
  return signatures.split(' ').some((one) => {
    const given = Buffer.from(one.replace('v1,', ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk) => {
    body += chunk;
    if (body.length > 1e6) request.destroy();
  });
  request.on('end', () => {
    if (!signed(request.headers, body)) return response.writeHead(401).end();
    const id = request.headers['webhook-id'];
    if (!seen.has(id)) console.log(body); // it comes at least once
    seen.add(id);
    response.writeHead(204).end(); // only now: what was not answered comes again
  });
}).listen(Number(port), '127.0.0.1', () => console.error(`receiver at 127.0.0.1:${port}`));
