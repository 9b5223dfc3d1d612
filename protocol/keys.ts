/** Keys of a device, each 32 bytes, derived by the authority from its root. SPEC.md, "Keys". */
import type { Pads } from './hash';
import { hmac, hmacKey } from './hash';
import type { Bytes, Natives } from './natives';

/** A device's key for 'link', 'permit' or 'evidence'. */
export function deviceKey(n: Natives, root: Pads, role: 'link' | 'permit' | 'evidence', deviceId: Bytes): Bytes {
  return hmac(n, root, 'smartseal/' + role + '/' + deviceId);
}

/** The key of acknowledgements, from the first evidence key K_0. */
export function ackKey(n: Natives, evidenceKey: Bytes): Bytes {
  return hmac(n, hmacKey(n, evidenceKey), 'smartseal/ack');
}
