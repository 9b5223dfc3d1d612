/** The permit keys of devices, wherever their root is kept: in the key file (here), or on a PKCS#11 token (token.ts). */
import { createHmac } from 'node:crypto';

export interface PermitKeys {
  /** HMAC-SHA-256 of `data` under the permit key of a device (8 bytes). @throws TOKEN_AWAY, TOKEN_PIN, TOKEN_KEY where they are on a token */
  mac(device: Buffer, data: Buffer): Buffer;
  /** That key itself, 32 bytes, for the provisioning of the unit alone. @throws as `mac` */
  permitKey(device: Buffer): Buffer;
  close(): void;
}

/** What the root is asked for, to have the permit key of a device. */
export function permitLabel(device: Buffer): Buffer {
  return Buffer.concat([Buffer.from('smartseal/permit/', 'latin1'), device]);
}

export function keptPermitKeys(root: Buffer): PermitKeys {
  const permitKey = (device: Buffer): Buffer => createHmac('sha256', root).update(permitLabel(device)).digest();
  return { permitKey, mac: (device, data) => createHmac('sha256', permitKey(device)).update(data).digest(), close: () => undefined };
}
