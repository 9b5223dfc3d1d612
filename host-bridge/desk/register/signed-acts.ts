/**
 * Electronic signatures held against the register itself: each must be over what an entry says was asked for, decided or noted, by the person
 * whom that entry names, with a passkey that was theirs. Entries are read in order; a signature stands behind what it signs, that of a decision on an
 * application right before it.
 */
import type { CborMap } from '../cbor';
import { canonicalJson, ceremonyContent, codeContent, sealStepContent, signatureFits, signatureOf, signedForm, strokeContent, type Matter, type SignedDecision } from './signature';

/** DISAGREES: over something the register does not say, or by a passkey that was not this person's. SIGNATURE: it does not verify. */
export type SignatureFault = 'DISAGREES' | 'SIGNATURE';

/** What was said with a step of a seal's life, as far as its entry names it. */
const SAID = ['reason', 'unit', 'scope', 'terms', 'from', 'person', 'until'] as const;

const hex = (data: CborMap, name: string): string => {
  const value = data.get(name);
  return Buffer.isBuffer(value) ? value.toString('hex') : '';
};
const text = (data: CborMap, name: string): string => String(data.get(name) ?? '');

/** What an entry of a decision on an application says, as its signature names it. */
function decided(data: CborMap): string {
  const said = data.get('narrow');
  // A place is written as JSON: its degrees are no integers.
  const narrow = said instanceof Map && said.size > 0 ? canonicalJson(Object.fromEntries([...said].map(([name, value]) => [name, name === 'place' ? (JSON.parse(String(value)) as unknown) : value]))) : null;
  return JSON.stringify([text(data, 'application'), text(data, 'verdict'), Number(data.get('step')), Number(data.get('person')), narrow]);
}

export class SignedActs {
  /** Passkey → whose and which. */
  private readonly passkeys = new Map<string, { person: number; key: string }>();
  /** What may be signed → contents and documents. */
  private readonly acts = new Map<string, Set<string>>();
  /** Permit → its document. */
  private readonly documents = new Map<string, string>();
  /** Top-up, step and person → how many were granted. */
  private readonly counts = new Map<string, number>();
  /** Seal → what was changed of its card last. */
  private readonly cards = new Map<string, CborMap>();
  /** Forms that were signed: none counts twice. */
  private readonly forms = new Set<string>();
  /** The decision on an application that the last entry signed: what stands behind it must say the same. */
  private due: string | undefined;
  /** Signatures read. */
  count = 0;

  constructor(private readonly register: string) {}

  private add(key: readonly unknown[], content: string, document = ''): void {
    const name = JSON.stringify(key);
    this.acts.set(name, (this.acts.get(name) ?? new Set()).add(`${content} ${document}`));
  }

  private act(matter: Matter, subject: string, decision: SignedDecision, step: number, person: number, content: string, document = ''): void {
    this.add([matter, subject, decision, step, person], content, document);
  }

  /** The next entry. Returns what is wrong with it, where it is a signature, or a decision that is not the one signed before it. */
  read(kind: string, data: CborMap): SignatureFault | undefined {
    const due = this.due;
    this.due = undefined;
    const other = due !== undefined && (kind !== 'decision' || due !== decided(data));
    return this.one(kind, data) ?? (other ? 'DISAGREES' : undefined);
  }

  private one(kind: string, data: CborMap): SignatureFault | undefined {
    const state = text(data, 'state');
    const by = Number(data.get('by'));
    switch (kind) {
      case 'passkey':
        this.passkeys.set(text(data, 'passkey'), { person: Number(data.get('person')), key: hex(data, 'key') });
        return undefined;
      case 'permit':
        this.documents.set(hex(data, 'permit'), hex(data, 'document'));
        return undefined;
      case 'application':
        if (state === 'submitted') this.add(['application', text(data, 'application')], hex(data, 'content'), hex(data, 'document'));
        return undefined;
      case 'ceremony':
        return this.ceremony(data, state, by);
      case 'top-up':
        if (state === 'submitted') this.act('top-up', text(data, 'topUp'), 'asked', 0, by, hex(data, 'content'));
        else if (data.has('content')) {
          this.counts.set(JSON.stringify([text(data, 'topUp'), Number(data.get('step')), by]), Number(data.get('count')));
          this.act('top-up', text(data, 'topUp'), state === 'refused' ? 'refused' : 'approved', Number(data.get('step')), by, hex(data, 'content'));
        }
        return undefined;
      case 'statement': {
        const [permit = '', number = '', photo = ''] = text(data, 'subject').split(' ');
        const decision = ({ stroke: 'granted', reject: 'rejected' } as const)[text(data, 'type')];
        if (decision) this.act('stroke', permit, decision, Number(number), by, strokeContent(permit, Number(number), photo).toString('hex'), this.documents.get(permit));
        return undefined;
      }
      case 'seal-card':
        this.cards.set(text(data, 'seal'), data);
        return undefined;
      case 'seal-state':
        return this.sealStep(data, by);
      case 'approvers':
        return this.card(data, text(data, 'seal'), 'approvers', { approvers: data.get('approvers'), needs: data.get('needs') ?? [] }, by);
      case 'enrolment':
        return this.card(data, hex(data, 'device'), 'enrolment', { person: data.get('person'), number: data.get('number'), means: data.get('means') }, by);
      case 'code':
        return this.code(data, by);
      case 'signature':
        return this.signature(data);
      default:
        return undefined;
    }
  }

  private ceremony(data: CborMap, state: string, by: number): undefined {
    const id = hex(data, 'ceremony');
    if (state === 'asked') this.act('ceremony', id, 'asked', 0, by, ceremonyContent(id, hex(data, 'device'), text(data, 'wanted')).toString('hex'));
    else if (state === 'approved' || (state === 'refused' && data.has('content'))) this.act('ceremony', id, state, Number(data.get('step')), by, hex(data, 'content'));
    return undefined;
  }

  /** What the entry says of a step must be what was said when it was signed. */
  private sealStep(data: CborMap, by: number): undefined {
    if (!data.has('act')) return undefined;
    const said = JSON.parse(text(data, 'said')) as Record<string, unknown>;
    const card = Object.entries((said['card'] ?? {}) as Record<string, unknown>).every(([name, value]) => (this.cards.get(text(data, 'seal'))?.get(name) ?? null) === value);
    const same = card && SAID.every((name) => (said[name] ?? null) === (data.get(name) ?? null));
    if (same && canonicalJson(said) === text(data, 'said')) this.act('seal', text(data, 'act'), 'noted', 0, by, sealStepContent(text(data, 'act'), text(data, 'seal'), text(data, 'what'), text(data, 'said')).toString('hex'));
    return undefined;
  }

  /** What was noted on a card, as far as its entry names it. */
  private card(data: CborMap, subject: string, what: string, is: Record<string, unknown>, by: number): undefined {
    if (data.has('act') && canonicalJson(is) === text(data, 'said')) this.act('card', subject, 'noted', 0, by, sealStepContent(text(data, 'act'), subject, what, text(data, 'said')).toString('hex'));
    return undefined;
  }

  private code(data: CborMap, by: number): undefined {
    if (!data.has('act')) return undefined;
    const said = JSON.parse(text(data, 'said')) as Record<string, unknown>;
    const same = ['how', 'count', 'reason'].every((name) => (said[name] ?? null) === (data.get(name) ?? null)) && canonicalJson(said) === text(data, 'said');
    if (same) this.act('code', text(data, 'application'), 'granted', 0, by, codeContent(text(data, 'act'), hex(data, 'content'), text(data, 'said')).toString('hex'), hex(data, 'document'));
    return undefined;
  }

  private signature(data: CborMap): SignatureFault | undefined {
    this.count += 1;
    const { form, assertion, passkey } = signatureOf(this.register, data);
    const { matter, subject, decision, step, person, documents } = form;
    const known = this.passkeys.get(passkey);
    const key = JSON.stringify(matter === 'application' ? [matter, subject] : [matter, subject, decision, step, person]);
    const said = this.acts.get(key)?.has(`${form.content.toString('hex')} ${documents.map((one) => one.toString('hex')).join(' ')}`) === true;
    if (!signatureFits(form, assertion)) return 'SIGNATURE';
    const bytes = signedForm(form).toString('base64');
    // A stroke is granted once more where the first grant was lost on its way.
    const again = matter !== 'stroke' && this.forms.has(bytes);
    this.forms.add(bytes);
    if (matter === 'application' && decision !== 'applied') this.due = JSON.stringify([subject, decision, step, person, form.narrow]);
    // An older approval of more strokes says how many only where it narrowed what was asked.
    const counted = matter !== 'top-up' || form.narrow === null || form.narrow === canonicalJson({ count: this.counts.get(JSON.stringify([subject, step, person])) });
    return said && counted && !again && known?.person === person && known.key === assertion.key.toString('hex') ? undefined : 'DISAGREES';
  }
}
