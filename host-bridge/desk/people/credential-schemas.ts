/** Forms of what a browser sends to sign in, each bounded. */
import { Type } from 'typebox';
import { LENGTH } from './secrets';
import { STEP_MOST } from './steps';

const base64url = (most: number) => Type.String({ minLength: 1, maxLength: most, pattern: '^[A-Za-z0-9_-]+$' });

export const Step = Type.String({ minLength: 1, maxLength: STEP_MOST, pattern: '^[A-Za-z0-9_-]+$', description: 'To be handed back; good for five minutes, once' });
/** Four units of UTF-16 for a character, at most. */
export const Password = Type.String({ minLength: 1, maxLength: LENGTH.most * 4 });
export const Code = Type.String({ minLength: 6, maxLength: 40, description: 'Six digits of the authenticator, or a recovery code' });

const common = { id: base64url(1400), rawId: base64url(1400), type: Type.Literal('public-key'), clientExtensionResults: Type.Object({}, { additionalProperties: true }), authenticatorAttachment: Type.Optional(Type.String({ maxLength: 40 })) };

/** RegistrationResponseJSON of Web Authentication Level 3. */
export const AttestationSchema = Type.Object({
  ...common,
  response: Type.Object({ clientDataJSON: base64url(8000), attestationObject: base64url(60_000), transports: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z-]{1,30}$' }), { maxItems: 10 })) }, { additionalProperties: true }),
});

/** AuthenticationResponseJSON of Web Authentication Level 3. */
export const AssertionSchema = Type.Object({
  ...common,
  response: Type.Object({ clientDataJSON: base64url(8000), authenticatorData: base64url(8000), signature: base64url(4000), userHandle: Type.Optional(base64url(100)) }),
});
