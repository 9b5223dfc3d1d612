/** Checks a webhook's message as a receiver must before it believes it ("Standard Webhooks" 1.0). */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface WebhookMessage {
  /** Id of the event; the same in the stream of events. */
  id: number;
  type: string;
  /** ISO 8601. */
  timestamp: string;
  /** '' where it concerns no device. */
  device: string;
  data: Record<string, unknown>;
}

/** Seconds that an attempt may be old. */
const TOLERANCE = 300;

/**
 * The message, or undefined when it is not the bridge's or is old. Drop one whose header webhook-id you have seen: it comes
 * at least once.
 * @param secret whsec_… @param body the bytes as they came, before any parser @param now Unix seconds
 */
export function checkWebhook(secret: string, headers: Readonly<Record<string, string | string[] | undefined>>, body: string, now: number): WebhookMessage | undefined {
  const [id, time, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name]);
  if (typeof id !== 'string' || typeof time !== 'string' || typeof signatures !== 'string' || !/^\d{1,12}$/.test(time)) return undefined;
  if (Math.abs(now - Number(time)) > TOLERANCE) return undefined;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${time}.${body}`, 'utf8').digest();
  const good = signatures.split(' ').some((one) => {
    const given = one.startsWith('v1,') ? Buffer.from(one.slice(3), 'base64') : Buffer.alloc(0);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return good ? (JSON.parse(body) as WebhookMessage) : undefined;
}
