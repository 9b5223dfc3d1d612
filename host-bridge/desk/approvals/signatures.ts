/** Electronic signatures (电子签名) of who applies and who decides: asked for, checked, kept with the application and in the register. */
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { Problem } from '../../common/errors';
import type { Application } from '../applications/applications';
import { DESK } from '../errors';
import { sha256 } from '../hashes';
import type { History, Trx } from '../history';
import { settingOf } from '../people/settings';
import { configured, type SignIn } from '../people/sign-in';
import { canonicalJson, signatureFits, signedForm, type SignedForm } from '../register/signature';
import type { Db } from '../tables';

export interface Signature {
  decision: SignedForm['decision'];
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

/** What is signed of a decision. */
export interface Deciding {
  decision: SignedForm['decision'];
  step: number;
  narrow?: object | undefined;
}

export async function signaturesOf(db: Db, application: string): Promise<Signature[]> {
  const rows = await db.selectFrom('electronic_signature').selectAll().where('application', '=', application).orderBy('entry').execute();
  return rows.map((row) => ({
    decision: row.decision as Signature['decision'], step: Number(row.step), person: Number(row.person), passkey: row.passkey, at: Number(row.at), entry: Number(row.entry), form: row.form, key: row.key,
    authenticatorData: row.authenticator_data, clientData: row.client_data, signature: row.signature,
  }));
}

export class Signatures {
  constructor(private readonly history: History, private readonly signIn: SignIn | undefined, private readonly register: string) {}

  private form(application: Application, content: string, person: number, { decision, step, narrow }: Deciding): SignedForm {
    return {
      register: this.register, application: application.id, content: Buffer.from(content, 'hex'), documents: [Buffer.from(application.document, 'hex')], decision, step, person,
      narrow: narrow === undefined || Object.keys(narrow).length === 0 ? null : canonicalJson(narrow),
    };
  }

  /** For navigator.credentials.get(): the challenge is the form's hash, so nothing of it needs to be kept. @throws SIGN_IN_OFF */
  async options(db: Db, application: Application, content: string, person: number, what: Deciding): Promise<{ options: object; form: string }> {
    const { passkeys } = configured(this.signIn);
    const form = signedForm(this.form(application, content, person, what));
    return { form: form.toString('base64'), options: await passkeys.signOptions(db, person, sha256(form)) };
  }

  /** Takes a signature where there is one. @throws SIGNATURE_REQUIRED where there must be one and is none, SIGNATURE_WRONG */
  async check(trx: Trx, application: Application, person: number, what: Deciding, response: AuthenticationResponseJSON | undefined): Promise<void> {
    if (response === undefined) {
      const { applicant, approvers } = await settingOf(trx, 'signatures');
      if (what.decision === 'applied' ? applicant : approvers) throw new Problem(DESK.SIGNATURE_REQUIRED);
      return;
    }
    const form = this.form(application, application.content ?? '', person, what);
    const { passkey, assertion } = await configured(this.signIn).passkeys.signed(trx, person, sha256(signedForm(form)), response);
    // What would not verify from the register alone is no evidence.
    if (!signatureFits(form, assertion)) throw new Problem(DESK.SIGNATURE_WRONG);
    const { content, documents, decision, step, narrow } = form;
    const entry = await this.history.note(
      trx, 'signature', { application: application.id, content, documents: [...documents], decision, step, narrow, person, passkey, ...assertion },
      `${application.id} ${decision} ${application.purpose} 电子签名`,
    );
    const base64 = (data: Buffer): string => data.toString('base64');
    await trx
      .insertInto('electronic_signature')
      .values({
        application: application.id, decision, step, person, passkey, at: this.history.seconds(), entry, form: base64(signedForm(form)), key: base64(assertion.key),
        authenticator_data: base64(assertion.authenticatorData), client_data: base64(assertion.clientData), signature: base64(assertion.signature),
      })
      .execute();
  }
}
