/** What is used of http_ece (RFC 8188, RFC 8291), which brings no types. */
declare module 'http_ece' {
  import type { ECDH } from 'node:crypto';
  /** Keys in base64url. Throws where they are none. */
  export function encrypt(plain: Buffer, to: { version: 'aes128gcm'; privateKey: ECDH; dh: string; authSecret: string }): Buffer;
}
