/** What each entry of the register says that the tables hold from then on. */
import { GrantKind, permitView } from '../authority/grants';
import { ACTIONS, type ActionName } from '../custody/actions';
import type { CeremonyOrder } from '../custody/ceremonies';
import type { Cbor, CborMap } from '../cbor';
import type { Application } from '../applications/applications';
import { offlineHow } from '../authority/offline';
import { signatureOf, signedForm } from '../register/signature';
import { canonical, type Expected, type Row, type Value } from './expected';

const STATEMENTS: Readonly<Record<string, number>> = { stroke: GrantKind.stroke, reject: GrantKind.reject, 'top-up': GrantKind.topUp, clear: GrantKind.clear, revoke: GrantKind.revoke, 'revoke-all': GrantKind.revoke };

/** An entry, taken apart: values by name in the form that the tables have them in. */
export class Fields {
  constructor(readonly data: CborMap) {}

  has(name: string): boolean {
    return this.data.has(name);
  }

  raw(name: string): Cbor | undefined {
    return this.data.get(name);
  }

  /** Text and numbers as they are, bytes in hexadecimal, null where it is not said. */
  of(name: string): Value {
    const value = this.data.get(name);
    if (Buffer.isBuffer(value)) return value.toString('hex');
    return typeof value === 'string' || typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : null;
  }

  text(name: string): string {
    return String(this.of(name) ?? '');
  }

  number(name: string): number {
    return Number(this.of(name) ?? -1);
  }

  list(name: string): Cbor[] {
    const value = this.data.get(name);
    return Array.isArray(value) ? value : [];
  }

  base64(name: string): string {
    const value = this.data.get(name);
    return Buffer.isBuffer(value) ? value.toString('base64') : '';
  }

  /** A map, as JSON has it. */
  json(name: string): string | null {
    const value = this.data.get(name);
    return value === undefined || value === null ? null : canonical(plain(value));
  }

  /** Those of these columns that are said. */
  some(names: Readonly<Record<string, string>>): Row {
    return Object.fromEntries(Object.entries(names).filter(([, name]) => this.has(name)).map(([column, name]) => [column, this.of(name)]));
  }
}

function plain(value: Cbor): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [String(key), plain(one)]));
  if (Array.isArray(value)) return value.map(plain);
  return Buffer.isBuffer(value) ? value.toString('hex') : value;
}

const CARD = { kind: 'kind', name: 'name', die: 'die', device: 'device', custodian: 'custodian', sample: 'sample', state: 'state', width: 'width', height: 'height', pieces: 'pieces', issued_by: 'issuedBy', recipient: 'recipient', received: 'received' } as const;
const RULE = { name: 'name', matter: 'matter', seal: 'seal', kind: 'kind', category: 'category', amount_from: 'amountFrom', remind_after: 'remindAfter', escalate_after: 'escalateAfter', archive_within: 'archiveWithin', authority: 'authority' } as const;

function chainSteps(expected: Expected, table: 'seal_step' | 'application_step', owner: Row, steps: Cbor[]): void {
  for (const [step, people] of steps.entries()) for (const person of Array.isArray(people) ? people : []) expected.set(table, { ...owner, step, person: Number(person) } as Row);
}

/** What one entry says. @param state what has to be remembered from entry to entry beside the rows */
export function readEntry(expected: Expected, state: State, number: number, at: number, kind: string, f: Fields): void {
  const e = expected;
  switch (kind) {
    case 'person':
      e.set('person', { id: f.number('person'), name: f.of('name'), roles: f.list('roles').join(' '), created: at, login: null, department: null, title: '' });
      return token(e, at, f);
    case 'token':
      for (const row of e.all('person_token').values()) if (row['person'] === f.number('person') && row['revoked'] === null) row['revoked'] = at;
      e.amendLoose('person_token', (row) => row['person'] === f.number('person') && row['revoked'] === null, { revoked: at });
      return token(e, at, f);
    case 'access-ended':
      for (const row of e.all('person_token').values()) if (row['revoked'] === null) row['revoked'] = at;
      return e.amendLoose('person_token', (row) => row['revoked'] === null, { revoked: at });
    case 'roles':
      return e.amend('person', f.text('person'), { roles: f.list('roles').join(' ') });
    case 'profile':
      return e.amend('person', f.text('person'), { name: f.of('name'), login: f.of('login'), department: f.of('department'), title: f.of('title') });
    case 'passkey':
      return e.set('passkey', { id: f.text('passkey'), person: f.number('person'), public_key: f.base64('key'), created: at, removed: null });
    case 'passkey-removed':
      return e.amend('passkey', f.text('passkey'), { removed: at });
    case 'department':
      return e.set('department', { id: f.number('department'), name: f.of('name'), parent: f.of('parent'), head: f.of('head'), leader: f.of('leader') });
    case 'department-removed':
      return e.drop('department', (row) => row['id'] === f.number('department'));
    case 'device':
      e.set('device', { id: f.text('device'), name: f.of('name'), bridge: f.of('bridge'), created: at, epoch: 0 });
      return e.set('chain', { device: f.text('device'), next_seq: 0, prev: '00'.repeat(32) });
    case 'epoch':
      return e.amend('device', f.text('device'), { epoch: f.of('epoch') });
    case 'enrolment':
      return e.set('enrolment', { device: f.text('device'), person: f.number('person'), number: f.number('number'), means: f.number('means'), until: f.of('until') });
    case 'seal': {
      const id = f.text('seal');
      e.set('seal', { id, created: at, deputy: null, deputy_until: null, ...f.some(CARD), needs: canonical(f.list('needs')) });
      return chainSteps(e, 'seal_step', { seal: id }, f.list('approvers'));
    }
    case 'approvers':
      e.drop('seal_step', (row) => row['seal'] === f.text('seal'));
      e.amend('seal', f.text('seal'), { needs: canonical(f.list('needs')) });
      return chainSteps(e, 'seal_step', { seal: f.text('seal') }, f.list('approvers'));
    case 'seal-sample':
      return e.amend('seal', f.text('seal'), { sample: f.of('sample') });
    case 'seal-card':
      return e.amend('seal', f.text('seal'), f.some({ name: 'name', width: 'width', height: 'height', pieces: 'pieces', issued_by: 'issuedBy', recipient: 'recipient', received: 'received' }));
    case 'seal-state':
      return sealState(e, number, at, f);
    case 'document': {
      const document = f.text('sha256');
      e.set('document', { sha256: document, kind: f.of('type'), name: f.of('name'), size: f.of('size'), pages: f.of('pages'), created: at, removed: null });
      // An older entry counts its pages alone.
      if (!f.has('pictures')) for (let page = 1; page <= f.number('pages'); page++) e.set('document_page', { document, page });
      for (const [i, picture] of f.list('pictures').entries()) {
        const [sha256, width, height, blank] = Array.isArray(picture) ? picture : [];
        e.set('document_page', { document, page: i + 1, sha256: Buffer.isBuffer(sha256) ? sha256.toString('hex') : '', width: Number(width), height: Number(height), blank: Number(blank) });
      }
      return;
    }
    case 'document-removed':
      return e.amend('document', f.text('sha256'), { removed: at });
    case 'application':
      return application(e, f);
    case 'decision':
      return decision(e, state, at, f);
    case 'signature':
      return e.set('signature', { entry: number, ...(f.has('matter') ? { matter: f.of('matter'), subject: f.of('subject') } : { matter: 'application', subject: f.of('application') }), decision: f.text('decision'), step: f.number('step'), person: f.of('person'), passkey: f.of('passkey'), at, form: state.form(f.data), key: f.base64('key'), authenticator_data: f.base64('authenticatorData'), client_data: f.base64('clientData'), signature: f.base64('signature') });
    case 'escalation':
      return escalation(e, f);
    case 'scope':
      return e.set('scope', { kind: f.text('kind'), categories: canonical(f.list('categories')) });
    case 'setting':
      return e.set('setting', { name: f.text('name'), value: canonical(JSON.parse(f.text('value'))) });
    case 'chain-rule':
      if (f.of('what') === 'removed') return e.drop('chain_rule', (row) => row['id'] === f.of('rule'));
      return e.set('chain_rule', { id: f.text('rule'), ...f.some(RULE), steps: f.json('steps'), ...(f.of('what') === 'added' ? { created: at } : {}) });
    case 'delegation':
      if (f.of('what') === 'ended') return e.amend('delegation', f.text('delegation'), { ended: at });
      return e.set('delegation', { id: f.text('delegation'), giver: f.of('giver'), delegate: f.of('delegate'), not_before: f.of('from'), until: f.of('until'), reason: f.of('reason'), created: at, ended: null });
    case 'top-up':
      return topUp(e, at, f);
    case 'permit': {
      e.set('permit', { id: f.text('permit'), application: f.of('application'), device: f.of('device'), counter: f.of('counter'), sha256: f.of('sha256'), cross_page: f.raw('crossPage') === true ? 1 : 0, created: at, used: 0 });
      return state.count(f.text('device'), f.number('counter'));
    }
    case 'code':
      return e.set('offline_code', { id: f.text('code'), application: f.of('application'), device: f.of('device'), how: f.of('how') === 'answer' ? offlineHow.answer : offlineHow.trip, number: f.of('number'), count: f.of('count'), created: at, used: 0 });
    case 'statement':
      e.set('statement', { id: f.text('statement'), device: f.of('device'), kind: STATEMENTS[f.text('type')] ?? -1, subject: f.of('subject'), created: at });
      state.statements.set(f.text('statement'), f.text('sha256'));
      if (f.of('type') === 'revoke-all') e.amend('device', f.text('device'), { epoch: Number(f.text('subject').split(' ')[1]) });
      return;
    case 'ceremony':
      return ceremony(e, state, at, f);
    case 'delivery':
      if (f.of('state') === 'refused' && f.of('code') !== 'REPLAYED' && e.get('ceremony', f.text('statement'))?.['state'] === 'ordered') e.amend('ceremony', f.text('statement'), { state: 'refused' });
      return;
    case 'photo':
      return e.amend('photo', `${f.text('device')} ${f.text('seq')}`, { state: 'stored', at });
    case 'gap':
      return e.amend('chain', f.text('device'), { next_seq: f.of('to'), prev: '' });
    case 'case':
      return e.set('case_file', { id: f.text('case'), device: f.of('device'), kind: f.of('type'), seq: f.of('seq'), detail: f.json('detail'), opened: at });
    case 'case-closed':
      return e.set('case_closing', { case_id: f.text('case'), person: f.of('person'), reason: f.of('reason'), at });
    case 'receipt':
      return e.set('receipt', { device: f.text('device'), intent: f.number('intent'), by: f.of('by'), created: at });
    case 'report':
      e.set('report', { application: f.text('application'), kind: f.of('type'), state: 'made', made: at, used: f.of('used'), unused: f.of('unused'), note: f.of('note') });
      // An older entry says how many there are, and not which.
      if (!f.has('papers')) e.loose('report_paper', { application: f.text('application') }, f.number('used'));
      for (const paper of f.list('papers')) {
        const [device, intent, document, page, pageSha256, photo, verdict, note] = plain(paper) as Value[];
        e.set('report_paper', { application: f.text('application'), device: device!, intent: intent!, document: document ?? null, page: page ?? null, page_sha256: pageSha256 ?? null, photo: photo ?? null, verdict: verdict!, note: note ?? null });
      }
      return;
    case 'message':
      return e.set('message', { id: f.text('message'), application: f.of('application'), person: f.of('by'), at, text: f.of('text') });
    case 'impression':
      return e.set('impression', { device: f.text('device'), intent: f.number('intent'), application: f.of('application'), document: f.of('document'), photo: f.of('photo'), sample: f.of('sample'), verdict: f.of('verdict'), grade: f.of('grade'), page: f.of('page'), told: canonical(JSON.parse(f.text('told'))), at, entry: number });
    case 'outside-instance':
      return e.set('outside_instance', { authority: f.text('authority'), instance: f.text('instance'), application: f.of('application'), verdict: null });
    case 'outside':
      return e.set('outside_instance', { authority: f.text('authority'), instance: f.text('instance'), application: f.of('application'), verdict: f.of('verdict') });
    default:
  }
}

/** What is remembered from entry to entry. */
export class State {
  /** Statement → its SHA-256. */
  readonly statements = new Map<string, string>();
  /** Ceremony → what was asked for. */
  readonly ceremonies = new Map<string, CeremonyOrder>();
  /** Device → the highest counter given out. */
  readonly counters = new Map<string, number>();
  /** Application → what its approvers made smaller, where the entries do not say what was left; undefined: they do. */
  readonly narrowed = new Map<string, object | undefined>();
  /** Device, permit and number → the newest stroke of that number. */
  readonly strokes = new Map<string, Row>();

  /** @param applications what the register says of them by their hash alone, which is checked as well (audit.ts) */
  constructor(private readonly expected: Expected, private readonly register: string, private readonly applications: ReadonlyMap<string, { purpose: string; seal: string; applicant: number; document: string }>) {}

  /** The form that a signature's entry is over, base64. */
  form(data: CborMap): string {
    return signedForm(signatureOf(this.register, data).form).toString('base64');
  }

  /** By which a stroke of an application is found: names as they are at this entry. */
  words(application: string): string {
    const one = this.applications.get(application);
    const name = (table: 'seal' | 'person' | 'document', key: unknown): string => String(this.expected.get(table, String(key))?.['name'] ?? '');
    return one === undefined ? application : `${application} ${one.purpose} ${name('seal', one.seal)} ${name('person', one.applicant)} ${name('document', one.document)}`;
  }

  /** Whether what was granted is what was asked for, made smaller as the entries say; where an entry says it whole, that is compared. */
  grantedFits(one: Application, stored: unknown): boolean {
    const narrow = this.narrowed.get(one.id);
    if (narrow === undefined) return true;
    const { count, notBefore, notAfter, crossPage, place, persons } = one;
    const should = { count, notBefore, notAfter, crossPage, place, persons, ...narrow } as Record<string, unknown>;
    const is = JSON.parse(String(stored ?? '{}')) as Record<string, unknown>;
    const same = (name: string): boolean => canonical(is[name]) === canonical(should[name]);
    // Of the time before there were places and edges nothing is said of them.
    return Object.keys(is).every((name) => name in should && same(name)) && ['count', 'notBefore', 'notAfter'].every(same);
  }

  count(device: string, counter: number): void {
    this.counters.set(device, Math.max(counter, this.counters.get(device) ?? 0));
  }
}

/** A token that somebody signs in with; an older entry says that there is one. */
function token(e: Expected, at: number, f: Fields): void {
  const row: Row = { person: f.number('person'), created: at, revoked: null, until: f.of('until'), strong: f.of('strong') ?? 0 };
  if (f.has('token')) e.set('person_token', { sha256: f.text('token'), ...row });
  else e.loose('person_token', row);
}

function sealState(e: Expected, number: number, at: number, f: Fields): void {
  const detail = Object.fromEntries(['unit', 'scope', 'terms', 'from', 'was', 'person', 'until', 'act'].filter((name) => f.has(name)).map((name) => [name, f.of(name)]));
  const changed: Row = { state: f.of('state'), custodian: f.of('custodian'), device: f.of('device') };
  if (f.of('what') === 'deputy') Object.assign(changed, { deputy: f.of('person'), deputy_until: f.of('until') });
  e.amend('seal', f.text('seal'), changed);
  e.set('seal_event', { entry: number, seal: f.of('seal'), at, what: f.of('what'), state: f.of('state'), custodian: f.of('custodian'), by: f.of('by'), present: f.json('present'), ceremony: f.of('ceremony'), reason: f.of('reason'), detail: canonical(detail) });
}

function application(e: Expected, f: Fields): void {
  const id = f.text('application');
  const state = f.of('state');
  const known = e.get('application', id);
  e.set('application', { id, state, content: f.of('content'), ...(known ? {} : { step: 0, granted: null }), ...(state === 'submitted' ? { applicant: f.of('by'), rule: f.of('rule'), authority: f.of('authority'), needs: canonical(f.list('needs')) } : {}) });
  if (state !== 'submitted') return;
  // An older entry does not say whom it goes to: each of its decisions does.
  if (f.has('chain')) chainSteps(e, 'application_step', { application: id }, f.list('chain'));
  else e.loose('application_step', { application: id }, Infinity);
}

function decision(e: Expected, state: State, at: number, f: Fields): void {
  const narrow = f.raw('narrow');
  const plainNarrow = narrow instanceof Map ? Object.fromEntries([...narrow].map(([name, value]) => [String(name), name === 'place' ? (JSON.parse(String(value)) as unknown) : plain(value)])) : null;
  e.set('decision', {
    id: f.text('id'), application: f.of('application'), step: f.of('step'), person: f.of('person'), verdict: f.of('verdict'), reason: f.of('reason'), narrow: plainNarrow === null ? null : canonical(plainNarrow),
    content: f.of('content'), at, behalf: f.of('behalf'),
  });
  const passed = !f.has('need') || f.number('approval') >= f.number('need');
  if (f.of('verdict') !== 'approved') return;
  const id = f.text('application');
  e.amend('application', id, { step: f.number('step') + (passed ? 1 : 0), ...(f.has('granted') ? { granted: canonical(JSON.parse(f.text('granted'))) } : {}) });
  // An older entry says what was made smaller, and not what was left: audit.ts puts the two together.
  state.narrowed.set(id, f.has('granted') ? undefined : { ...state.narrowed.get(id), ...plainNarrow });
  if (!f.has('granted')) e.forget('application', id, 'granted');
}

/** A step that waited too long has come to others as well. */
function escalation(e: Expected, f: Fields): void {
  const persons = f.list('persons').map(Number);
  const [kind, id, step] = [f.of('type'), f.text('subject'), f.number('step')];
  if (kind === 'application') for (const person of persons) e.set('application_step', { application: id, step, person });
  const known = kind === 'ceremony' ? e.get('ceremony', id) : undefined;
  if (known) known['chain'] = canonical((JSON.parse(String(known['chain'])) as number[][]).map((one, i) => (i === step ? [...one, ...persons] : one)));
}

/** Who has approved the step that is due, where it waits for more. */
function given(row: Row | undefined, f: Fields): string {
  if (!f.has('waits')) return '[]';
  return canonical([...(JSON.parse(String(row?.['given'] ?? '[]')) as unknown[]), { person: f.number('by'), behalf: f.of('behalf') }]);
}

function topUp(e: Expected, at: number, f: Fields): void {
  const state = f.text('state');
  const id = f.text('topUp');
  if (state === 'submitted') e.set('top_up', { id, permit: f.of('permit'), application: f.of('application'), count: f.of('count'), reason: f.of('reason'), state, content: f.of('content'), step: 0, given: '[]', created: at });
  else if (state === 'step' || state === 'approved') e.amend('top_up', id, { count: f.of('count'), step: f.number('step') + (f.has('waits') ? 0 : 1), given: given(e.get('top_up', id), f), ...(state === 'approved' ? { state } : {}) });
  else e.amend('top_up', id, { state });
}

function ceremony(e: Expected, state: State, at: number, f: Fields): void {
  const [id, now] = [f.text('ceremony'), f.text('state')];
  if (now === 'asked') {
    const wanted = JSON.parse(f.text('wanted')) as CeremonyOrder;
    state.ceremonies.set(id, wanted);
    e.set('ceremony', { id, device: f.of('device'), action: f.of('action'), state: now, content: f.of('content'), wanted: canonical(wanted), chain: f.json('chain'), needs: canonical(f.list('needs')), given: '[]', asked: f.of('by'), created: at, counter: null, until: null, record: null, step: 0 });
  } else if (now === 'approved') {
    const chain = JSON.parse(String(e.get('ceremony', id)?.['chain'] ?? '[]')) as unknown[];
    const step = f.number('step') + (f.has('waits') ? 0 : 1);
    e.amend('ceremony', id, { given: given(e.get('ceremony', id), f), ...(step < chain.length ? { step } : {}) });
  } else if (now === 'ordered') {
    e.amend('ceremony', id, { state: now, counter: f.of('counter'), until: f.of('until') });
    e.set('statement', { id, device: f.of('device'), kind: GrantKind.ceremony, subject: e.get('ceremony', id)?.['action'] ?? null, created: at });
    state.statements.set(id, f.text('sha256'));
    state.count(f.text('device'), f.number('counter'));
  } else e.amend('ceremony', id, { state: now, ...(now === 'done' ? { record: f.of('seq') } : {}) });
}

/** Of a permit's bytes, what its row says besides. */
export function permitRow(statement: Buffer): Row {
  return { quota: permitView(statement)?.count ?? 0 };
}

/** The action that this ceremony was asked for as. */
export const actionName = (code: number): ActionName | undefined => (Object.keys(ACTIONS) as ActionName[]).find((name) => ACTIONS[name].code === code);
