/** Forms of electronic signatures in the API. */
import { Type } from 'typebox';
import { AssertionSchema, Step } from '../people/credential-schemas';
import { matters, signedDecisions } from '../register/signature';
import { Id, PersonId, Seconds } from '../schemas';
import type { Signed } from './signatures';

const exact = { additionalProperties: false } as const;
const Base64 = Type.String({ description: 'Base64' });

export const SignatureSchema = Type.Object(
  {
    matter: Type.Enum(matters), subject: Type.String({ description: 'Application (also of a code), ceremony, top-up, permit of the stroke, step in the life of the seal, or seal or unit whose card it is' }), decision: Type.Enum(signedDecisions),
    step: Type.Integer({ description: 'Of the chain; of a stroke the number of its photo' }), person: PersonId, passkey: Id, at: Seconds, entry: Type.Integer({ description: 'Of the register, which holds the whole of it' }), form: Type.String({ description: 'Base64 of what was signed: its SHA-256 is the challenge' }),
    key: Type.String({ description: 'Base64 of the COSE key' }), authenticatorData: Base64, clientData: Base64, signature: Base64,
  },
  exact,
);
export const SignaturesSchema = Type.Object({ signatures: Type.Array(SignatureSchema) });

const options = { form: Type.String({ description: 'Base64 of what is signed' }), options: Type.Object({}, { additionalProperties: true, description: 'For navigator.credentials.get' }) };
export const OptionsSchema = Type.Object(options, exact);
/** For what gets its identity when its signature is begun. */
export const BegunSchema = Type.Object({ step: Step, ...options }, exact);

/** The answer of navigator.credentials.get(). */
export const SignatureBody = Type.Optional(AssertionSchema);
export const SignedBody = Type.Optional(Type.Unsafe<Signed>({ ...Type.Object({ step: Step, signature: AssertionSchema }, exact), description: 'Electronic signature, with the step that its options came with' }));
