/**
 * Files at rest, encrypted: AES-256-GCM (NIST SP 800-38D) in chunks, each with its number and whether it is the last in its nonce
 * (STREAM: Hoang, Reyhanitabar, Rogaway, Vizár 2015), so none can be left out, moved or added. Each file has a key of its own, made by
 * HKDF-SHA-256 (RFC 5869) of the desk's key, 16 random bytes and its name, which is the SHA-256 of what it holds.
 *
 * File: "SMSEAL\x00\x01", 8 bytes that name the key, 16 bytes of salt, then chunks of 65,536 bytes (the last of 0 to 65,536), each with 16 bytes of tag.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';

const MAGIC = Buffer.from('SMSEAL\x00\x01', 'latin1');
const ID = 8;
const SALT = 16;
const HEAD = MAGIC.length + ID + SALT;
const TAG = 16;
const CHUNK = 1 << 16;

const derive = (key: Buffer, salt: Buffer, info: string): Buffer => Buffer.from(hkdfSync('sha256', key, salt, info, 32));

function nonceOf(number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(number, 7);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

export class FileCipher {
  private readonly key: Buffer;
  private readonly id: Buffer;

  /** @param root secret bytes of the key store @param writes whether what is stored from now on is encrypted; what is gets read either way */
  constructor(root: Buffer, private readonly random: (length: number) => Buffer, readonly writes: boolean) {
    this.key = derive(root, Buffer.alloc(0), 'smartseal files at rest');
    this.id = createHash('sha256').update('smartseal file key').update(this.key).digest().subarray(0, ID);
  }

  /** @param sha256 of the data, hexadecimal */
  close(data: Buffer, sha256: string): Buffer {
    const salt = this.random(SALT);
    const head = Buffer.concat([MAGIC, this.id, salt]);
    const key = derive(this.key, salt, sha256);
    const parts = [head];
    for (let at = 0, number = 0; ; at += CHUNK, number++) {
      const last = at + CHUNK >= data.length;
      const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, last)).setAAD(head);
      parts.push(cipher.update(data.subarray(at, at + CHUNK)), cipher.final(), cipher.getAuthTag());
      if (last) return Buffer.concat(parts);
    }
  }

  /** Whether this is a file of that form, by whatever key. */
  static is(bytes: Buffer): boolean {
    return bytes.length >= HEAD + TAG && bytes.subarray(0, MAGIC.length).equals(MAGIC);
  }

  /** Whether this is a file of that form, by another key than these keys have. @param cipher absent: they have none */
  static isForeign(bytes: Buffer, cipher: FileCipher | undefined): boolean {
    return FileCipher.is(bytes) && (cipher === undefined || !bytes.subarray(MAGIC.length, MAGIC.length + ID).equals(cipher.id));
  }

  /** What the file holds; undefined for one by another key, of another name, cut, or changed in any bit. */
  open(bytes: Buffer, sha256: string): Buffer | undefined {
    if (!FileCipher.is(bytes) || !bytes.subarray(MAGIC.length, MAGIC.length + ID).equals(this.id)) return undefined;
    const head = bytes.subarray(0, HEAD);
    const key = derive(this.key, head.subarray(MAGIC.length + ID), sha256);
    const parts: Buffer[] = [];
    for (let at = HEAD, number = 0; at < bytes.length; at += CHUNK + TAG, number++) {
      const last = at + CHUNK + TAG >= bytes.length;
      const chunk = bytes.subarray(at, at + CHUNK + TAG);
      if (chunk.length < TAG) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, last), { authTagLength: TAG }).setAAD(head);
      decipher.setAuthTag(chunk.subarray(-TAG));
      try {
        parts.push(decipher.update(chunk.subarray(0, -TAG)), decipher.final());
      } catch {
        return undefined;
      }
    }
    return Buffer.concat(parts);
  }
}
