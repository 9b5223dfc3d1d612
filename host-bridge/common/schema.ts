/** TypeBox pieces that the APIs share. */
import { Type } from 'typebox';

/** Lower-case hexadecimal of so many bytes. */
export function hexSchema(bytes: number, description: string, example?: string) {
  return Type.String({ pattern: `^[0-9a-f]{${bytes * 2}}$`, description, ...(example === undefined ? {} : { examples: [example] }) });
}

export const DeviceId = hexSchema(8, 'Device id', '00112233445566aa');
export const PermitId = hexSchema(16, 'Permit id', '70'.repeat(16));
export const Sha256Hex = hexSchema(32, 'SHA-256');

/** Base64 (RFC 4648 section 4, padded) of at most so many bytes. */
export function base64Schema(maxBytes: number, description: string) {
  return Type.String({ minLength: 4, maxLength: Math.ceil(maxBytes / 3) * 4, pattern: '^[A-Za-z0-9+/]+={0,2}$', description });
}

/** One of these words. */
export function choice<const T extends string>(values: readonly T[], description?: string) {
  return Type.Unsafe<T>(Type.String({ enum: [...values], ...(description === undefined ? {} : { description }) }));
}
