/** TypeBox pieces that the APIs share. */
import { Type } from 'typebox';

/** Lower-case hexadecimal of so many bytes. */
export function hexSchema(bytes: number, description: string) {
  return Type.String({ pattern: `^[0-9a-f]{${bytes * 2}}$`, description });
}

export const DeviceId = hexSchema(8, 'Device id');
export const PermitId = hexSchema(16, 'Permit id');
export const Sha256Hex = hexSchema(32, 'SHA-256');

/** Base64 (RFC 4648 section 4, padded) of at most so many bytes. */
export function base64Schema(maxBytes: number, description: string) {
  return Type.String({ minLength: 4, maxLength: Math.ceil(maxBytes / 3) * 4, pattern: '^[A-Za-z0-9+/]+={0,2}$', description });
}

/** Problem document, RFC 9457. */
export const ProblemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'Stable error code' }),
  detail: Type.Optional(Type.String()),
});
