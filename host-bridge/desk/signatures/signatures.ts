/** Electronic signatures (电子签名) of who asks, decides, grants and notes: asked for, checked, kept with what they are over and in the register. One way for all of them. */
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { Problem } from '../../common/errors';
import { DESK } from '../errors';
import { sha256 } from '../hashes';
import type { History, Trx } from '../history';
import { settingOf, type Settings } from '../people/settings';
import { configured, type SignIn } from '../people/sign-in';
import { canonicalJson, signatureEntry, signatureFits, signedForm, type Matter, type SignedDecision, type SignedForm } from '../register/signature';
import type { Db } from '../tables';

export interface Signature {
  matter: Matter;
  subject: string;
  decision: SignedDecision;
  step: number;
  person: number;
  /** The passkey it was made with. */
  passkey: string;
  at: number;
  /** Entry of the register that holds the whole of it. */
  entry: number;
  /** Base64: the form that was signed, the COSE key, and the three parts of the assertion. */
  form: string;
  key: string;
  authenticatorData: string;
  clientData: string;
  signature: string;
}

/** What a person signs. */
export interface Act {
  matter: Matter;
  subject: string;
  /** SHA-256 in hexadecimal of what is signed, and of its documents. */
  content: string;
  documents?: readonly string[];
  decision: SignedDecision;
  /** 0 where not said. */
  step?: number;
  narrow?: object | undefined;
  /** Words by which its entry is found. */
  search?: string;
}

/** A signature over what has no identity before it is signed: with the step that the options came with. */
export interface Signed {
  step: string;
  signature: AuthenticationResponseJSON;
}

/** Of these, oldest first. @param of subjects by matter */
export async function signaturesOf(db: Db, of: Readonly<Partial<Record<Matter, readonly string[]>>>): Promise<Signature[]> {
  const all: Signature[] = [];
  for (const [matter, subjects] of Object.entries(of)) {
    if (subjects.length === 0) continue;
    for (const row of await db.selectFrom('signature').selectAll().where('matter', '=', matter).where('subject', 'in', [...subjects]).execute()) {
      all.push({
        matter: row.matter as Matter, subject: row.subject, decision: row.decision as SignedDecision, step: Number(row.step), person: Number(row.person), passkey: row.passkey, at: Number(row.at), entry: Number(row.entry), form: row.form, key: row.key,
        authenticatorData: row.authenticator_data, clientData: row.client_data, signature: row.signature,
      });
    }
  }
  return all.sort((a, b) => a.entry - b.entry);
}

/** All that concern an application: itself, its top-ups, the strokes of its permits, and the codes in their place. */
export async function signaturesAround(db: Db, application: string): Promise<Signature[]> {
  const ids = (rows: { id: string }[]): string[] => rows.map(({ id }) => id);
  const permits = ids(await db.selectFrom('permit').select('id').where('application', '=', application).execute());
  const topUps = ids(await db.selectFrom('top_up').select('id').where('application', '=', application).execute());
  return signaturesOf(db, { application: [application], 'top-up': topUps, stroke: permits, code: [application] });
}

/** Who must sign, of what the organisation has settled. */
function demanded(s: Settings['signatures'], { matter, decision }: Act): boolean {
  if (matter === 'application' || matter === 'top-up') return decision === 'applied' || decision === 'asked' ? s.applicant : s.approvers;
  // A code grants strokes from afar.
  return matter === 'stroke' || matter === 'code' ? s.strokes : s.custody;
}

export class Signatures {
  constructor(private readonly history: History, private readonly signIn: SignIn | undefined, private readonly register: string) {}

  private form({ matter, subject, content, documents = [], decision, step = 0, narrow }: Act, person: number): SignedForm {
    return {
      register: this.register, matter, subject, content: Buffer.from(content, 'hex'), documents: documents.map((one) => Buffer.from(one, 'hex')), decision, step, person,
      narrow: narrow === undefined || Object.keys(narrow).length === 0 ? null : canonicalJson(narrow),
    };
  }

  /** For navigator.credentials.get(): the challenge is the form's hash, so nothing of it needs to be kept. @throws SIGN_IN_OFF */
  async options(db: Db, act: Act, person: number): Promise<{ options: object; form: string }> {
    const { passkeys } = configured(this.signIn);
    const form = signedForm(this.form(act, person));
    return { form: form.toString('base64'), options: await passkeys.signOptions(db, person, sha256(form)) };
  }

  /** As `options`, for what gets its identity here: the step goes back with the signature, and is good once. @param bytes of the identity @throws SIGN_IN_OFF */
  async begin(db: Db, matter: Matter, bytes: number, person: number, make: (id: string) => Omit<Act, 'matter' | 'subject'> & Partial<Pick<Act, 'subject'>>): Promise<{ step: string; options: object; form: string }> {
    const id = this.history.newId(bytes);
    const { steps } = configured(this.signIn);
    return { step: steps.begin('signature', person, { matter, id }), ...(await this.options(db, { matter, subject: id, ...make(id) }, person)) };
  }

  /** The identity of what is signed; a new one where it is not. @throws STEP_OVER */
  async identity(trx: Trx, matter: Matter, bytes: number, person: number, signed: Signed | undefined): Promise<string> {
    if (signed === undefined) return this.history.newId(bytes);
    const { steps } = configured(this.signIn);
    const begun = steps.read('signature', person, signed.step);
    if (begun['matter'] !== matter) throw new Problem(DESK.STEP_OVER);
    await steps.use(trx, signed.step);
    return begun['id'] ?? '';
  }

  /** Takes a signature where there is one, behind the entry of what is signed. @throws SIGNATURE_REQUIRED where there must be one and is none, SIGNATURE_WRONG */
  async check(trx: Trx, act: Act, person: number, response: AuthenticationResponseJSON | undefined): Promise<void> {
    if (response === undefined) {
      if (demanded(await settingOf(trx, 'signatures'), act)) throw new Problem(DESK.SIGNATURE_REQUIRED);
      return;
    }
    const form = this.form(act, person);
    const bytes = signedForm(form);
    const { passkey, assertion } = await configured(this.signIn).passkeys.signed(trx, person, sha256(bytes), response);
    // What would not verify from the register alone is no evidence.
    if (!signatureFits(form, assertion)) throw new Problem(DESK.SIGNATURE_WRONG);
    const { matter, subject, decision, step } = form;
    const entry = await this.history.note(trx, 'signature', signatureEntry(form, passkey, assertion), `${subject} ${decision} ${act.search ?? ''} 电子签名`);
    const base64 = (data: Buffer): string => data.toString('base64');
    await trx
      .insertInto('signature')
      .values({
        entry, matter, subject, decision, step, person, passkey, at: this.history.seconds(), form: base64(bytes), key: base64(assertion.key),
        authenticator_data: base64(assertion.authenticatorData), client_data: base64(assertion.clientData), signature: base64(assertion.signature),
      })
      .execute();
  }
}
