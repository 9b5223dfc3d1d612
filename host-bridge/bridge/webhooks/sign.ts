/** Signatures of webhooks as in "Standard Webhooks" 1.0 (standardwebhooks.com): libraries in many languages check them. */
import { createHmac } from 'node:crypto';

/** Bytes of a secret (24 to 64 by the standard). */
export const SECRET_BYTES = 32;
const PREFIX = 'whsec_';

/** A secret as it is shown, once. */
export function secretText(secret: Buffer): string {
  return PREFIX + secret.toString('base64');
}

/** Undefined: not a secret of 24 to 64 bytes. */
export function secretBytes(text: string): Buffer | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64');
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === text.slice(PREFIX.length) ? bytes : undefined;
}

/**
 * The headers of one attempt. The id is the same at each attempt, so that a receiver can drop what it has; the time is the
 * attempt's, so that an old one caught on the way is refused.
 * @param secrets the present one first; the one before as long as both are good @param seconds Unix time
 */
export function signedHeaders(id: string, seconds: number, body: string, secrets: readonly Buffer[]): Record<string, string> {
  const content = `${id}.${seconds}.${body}`;
  const signatures = secrets.map((secret) => `v1,${createHmac('sha256', secret).update(content, 'utf8').digest('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') };
}
