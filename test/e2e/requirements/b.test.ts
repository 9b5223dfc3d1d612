/** Application and approval: rows B1 to B8 of REQUIREMENTS.md, walked through the desk's API; B9 is walked by connect-oa.test.ts. */
import { readFileSync } from 'node:fs';
import { asset, until } from '../programs';
import { Company, DEVICE, pause } from './company';

let office: Company;
beforeAll(async () => (office = await Company.open()), 240_000);
afterAll(() => office?.close());
const now = (): number => Math.floor(Date.now() / 1000);
const rule = (fields: object): Promise<{ id: string }> => office.done('admin', 'POST', '/v1/chains', { rule: { name: '规则', ...fields }, reason: '用印制度' });
const drop = ({ id }: { id: string }): Promise<unknown> => office.done('admin', 'POST', `/v1/chains/${id}/remove`, { reason: '用印制度' });
const settle = (applicant: boolean): Promise<unknown> => office.done('admin', 'PUT', '/v1/settings/signatures', { applicant, approvers: false, reason: '用印制度' });

// First: a permit that another row has left would open for one person alone.
test('B8: where the rule asks for two, neither alone can stamp', async () => {
  const pair = await office.permitted({ persons: [office.ids.zhang, office.ids.zhao] });
  const strokes = await office.strokes();
  const from = await office.next();
  await office.fingers('zhang', 'zhang');
  await office.recorded('refused', from); // the same finger is no second person
  office.lay();
  await pause(8000);
  expect(await office.strokes()).toBe(strokes);
  office.unit.type('paper out');
  await pause(25_000); // the first finger is forgotten
  expect(await office.stamp(pair.id, 'zhang', 'zhao')).toMatchObject({ result: 'stamped', charged: 1 });
  expect(await office.strokes()).toBe(strokes + 1);
}, 240_000);

test('B1: an application names seal, purpose, window, number, place, holders and document, and is signed by the applicant; what lacks one of them is refused', async () => {
  const key = await office.passkey('zhang');
  await settle(true);
  const place = { fences: [{ latitude: 31.23, longitude: 121.47, radius: 5000 }] };
  const fields = office.fields({ place, count: 3, submit: false });
  expect(await office.refusal('zhang', 'POST', '/v1/applications', { ...fields, submit: true })).toBe('SIGNATURE_REQUIRED');
  const draft = await office.done('zhang', 'POST', '/v1/applications', fields);
  const submit = `/v1/applications/${draft.id}/submit`;
  const signed = async (): Promise<object> => key.get((await office.done('zhang', 'POST', `/v1/applications/${draft.id}/signatures/options`, { decision: 'applied' })).options);
  const other = (await signed()) as { response: { signature: string } };
  const half = other.response.signature.length >> 1;
  const changed = { ...other, response: { ...other.response, signature: other.response.signature.slice(0, half) + (other.response.signature[half] === 'A' ? 'B' : 'A') + other.response.signature.slice(half + 1) } };
  expect(await office.refusal('zhang', 'POST', submit, { signature: changed })).toBe('SIGNATURE_WRONG');
  const applied = await office.done('zhang', 'POST', submit, { signature: await signed() });
  expect(applied).toMatchObject({ state: 'submitted', seal: office.seal, purpose: '对外信函', count: 3, place, persons: [office.ids.zhang], document: office.document, notBefore: fields['notBefore'], notAfter: fields['notAfter'] });
  const { signatures } = await office.done('li', 'GET', `/v1/applications/${draft.id}/signatures`);
  expect(signatures).toMatchObject([{ decision: 'applied', person: office.ids.zhang }]);
  await settle(false);
  for (const name of ['seal', 'purpose', 'document', 'count', 'notBefore', 'notAfter', 'persons']) {
    const { [name]: _left, ...rest } = office.fields();
    expect([name, await office.refusal('zhang', 'POST', '/v1/applications', rest)]).toEqual([name, 'INVALID']);
  }
  expect(await office.refusal('zhang', 'POST', '/v1/applications', office.fields({ notAfter: now() - 10 }))).toBe('WINDOW');
  expect(await office.refusal('zhang', 'POST', '/v1/applications', office.fields({ persons: [office.ids.li] }))).toBe('NOT_ENROLLED');
  expect(await office.refusal('zhang', 'POST', '/v1/applications', office.fields({ place: { fences: [{ latitude: 99, longitude: 0, radius: 5 }] } }))).toBe('INVALID');
  expect(await office.refusal('zhang', 'POST', '/v1/applications', office.fields({ document: '0'.repeat(64) }))).toBe('NOT_FOUND');
});

test('B2: the pages of the document stand before the approver, and what waits stands in the task pool of those alone who decide on it', async () => {
  const pdf = readFileSync(asset('contract-en.pdf'));
  const document = await office.upload('zhang', pdf, 'report.pdf');
  const applied = await office.apply({ document });
  const pool = async (who: 'li' | 'vice'): Promise<string[]> => (await office.done(who, 'GET', '/v1/tasks')).applications.map(({ id }: { id: string }) => id);
  expect(await pool('li')).toContain(applied.id);
  expect(await pool('vice')).not.toContain(applied.id);
  const page = await office.call('li', 'GET', `/v1/documents/${document}/pages/1`);
  expect([page.status, page.raw.subarray(1, 4).toString()]).toEqual([200, 'PNG']);
  expect((await office.call('li', 'GET', `/v1/documents/${document}/content`)).raw.equals(pdf)).toBe(true);
  for (const where of ['', '/pages/1', '/content']) expect(await office.refusal('vice', 'GET', `/v1/documents/${document}${where}`)).toBe('NOT_FOUND');
  expect(await office.refusal('zhang', 'GET', '/v1/tasks')).toBe('FORBIDDEN');
  await office.done('li', 'POST', `/v1/applications/${applied.id}/refuse`, { content: applied.content, reason: '缺页' });
  expect(await pool('li')).not.toContain(applied.id);
});

test('B3: chains by kind of seal and by purpose; refusal with a reason, withdrawal, delegation, expiry', async () => {
  const { li, vice, office: director } = office.ids;
  const made = [
    await rule({ matter: 'take-out', steps: [[li], [vice], [director]] }),
    await rule({ kind: 'company', category: 'contract', steps: [[li], [vice]] }),
  ];
  const preview = async (more: object): Promise<string[]> => (await office.done('admin', 'POST', '/v1/chains/preview', { seal: office.seal, ...more })).steps.map(([one]: { name: string }[]) => one!.name);
  expect(await preview({ matter: 'take-out' })).toEqual(['李娜', '副总经理', '办公室主任']);
  await office.done('admin', 'PUT', '/v1/scopes/company', { categories: ['letter', 'contract'], reason: '董事会决议' });
  expect(await preview({ category: 'contract' })).toEqual(['李娜', '副总经理']);
  expect(await preview({ category: 'letter' })).toEqual(['李娜']);
  // A contract: the head first, then the leader; nobody out of turn, nobody who is not named.
  const contract = await office.apply({ category: 'contract', amount: 5_000_000 });
  expect(await office.refusal('vice', 'POST', `/v1/applications/${contract.id}/approve`, { content: contract.content })).toBe('NOT_YOUR_STEP');
  expect(await office.refusal('zhang', 'POST', `/v1/applications/${contract.id}/approve`, { content: contract.content })).toBe('FORBIDDEN');
  expect(await office.approve('li', contract)).toMatchObject({ state: 'submitted', step: 1, permits: [] });
  // While the leader is away somebody else decides in their place, and both names stand there.
  expect(await office.refusal('office', 'POST', `/v1/applications/${contract.id}/refuse`, { content: contract.content, reason: '条款不清' })).toBe('NOT_YOUR_STEP');
  const delegation = await office.done('vice', 'POST', '/v1/delegations', { delegate: director, until: now() + 3600, reason: '出差' });
  expect(await office.refusal('office', 'POST', `/v1/applications/${contract.id}/refuse`, { content: contract.content })).toBe('INVALID');
  expect(await office.done('office', 'POST', `/v1/applications/${contract.id}/refuse`, { content: contract.content, reason: '条款不清' })).toMatchObject({ state: 'refused', permits: [] });
  const { decisions } = await office.done('zhang', 'GET', `/v1/applications/${contract.id}/decisions`);
  expect(decisions).toMatchObject([{ person: li, verdict: 'approved' }, { person: director, behalf: vice, verdict: 'refused', reason: '条款不清' }]);
  await office.done('vice', 'POST', `/v1/delegations/${delegation.id}/end`);
  // Withdrawn by who applied, and by nobody else; then nobody decides on it any more.
  const second = await office.apply();
  expect(await office.refusal('zhao', 'POST', `/v1/applications/${second.id}/withdraw`, {})).toBe('NOT_FOUND');
  expect((await office.done('zhang', 'POST', `/v1/applications/${second.id}/withdraw`, { reason: '合同取消' })).state).toBe('withdrawn');
  expect(await office.refusal('li', 'POST', `/v1/applications/${second.id}/approve`, { content: second.content })).toBe('WRONG_STATE');
  // Not decided in its time: over, on its own.
  const late = await office.apply({ notAfter: now() + 3 });
  await until('the expiry', async () => (await office.application(late.id)).state === 'expired' || undefined, 60_000);
  expect(await office.refusal('li', 'POST', `/v1/applications/${late.id}/approve`, { content: late.content })).toBe('WRONG_STATE');
  for (const one of made) await drop(one);
  await office.done('admin', 'PUT', '/v1/scopes/company', { categories: ['letter'], reason: '董事会决议' });
});

test('B4: approval yields a passcode that opens the unit for this use, once, and for this person', async () => {
  office.unit.type('unplug');
  await until('the unit to be away', async () => (await office.state()).connected === false || undefined);
  const applied = await office.apply();
  expect(await office.refusal('li', 'POST', `/v1/applications/${applied.id}/trip-codes`, {})).toBe('WRONG_STATE'); // nothing before approval
  await office.approve('li', applied);
  expect(await office.refusal('vice', 'POST', `/v1/applications/${applied.id}/trip-codes`, {})).toBe('NOT_FOUND');
  const { code, count, person } = await office.done('li', 'POST', `/v1/applications/${applied.id}/trip-codes`, {});
  expect([count, person]).toEqual([1, office.ids.zhang]);
  const strokes = await office.strokes();
  const enter = async (finger: 'zhang' | 'zhao'): Promise<void> => {
    office.unit.type(`type *__C${office.numbers[finger]}#`);
    await pause(5000);
    office.unit.type(`finger ${office.numbers[finger]}`);
    await pause(3500);
    office.unit.type(`type ${code}#`);
    await pause(7000);
    office.lay();
    await pause(12_000);
    office.unit.type('paper out');
    await pause(2000);
  };
  await enter('zhao');
  expect(await office.strokes()).toBe(strokes);
  await enter('zhang');
  expect(await office.strokes()).toBe(strokes + 1);
  await enter('zhang');
  expect(await office.strokes()).toBe(strokes + 1);
  office.unit.type('plug');
  expect(await office.proven(applied.id, 1)).toMatchObject([{ result: 'stamped', charged: 1 }]);
  expect((await office.application(applied.id)).state).toBe('used');
}, 240_000);

test('B5: stamped on the spot by the applicant; or by an operator, stroke by stroke, confirmed by the number that is read out', async () => {
  const own = await office.permitted();
  expect(await office.stamp(own.id, 'zhang')).toMatchObject({ result: 'stamped', applicant: office.ids.zhang });
  const remote = await office.permitted({ persons: [office.ids.zhao], strokeGrants: true });
  const permit = remote.permits[0].id as string;
  const strokes = await office.strokes();
  await office.open('zhao');
  office.lay();
  await until('the page before the approver', async () => (await office.state()).state === 'WAITING_GRANT' || undefined);
  const photo = await until('its photo', async () => (await office.done('li', 'GET', `/v1/permits/${permit}/photos`)).photos.find(({ stored }: { stored: boolean }) => stored));
  // What stands on the display of the unit is told over the phone.
  office.unit.type('display');
  const shown = await until('the display', () => office.unit.log.filter(({ answer }) => answer === 'display').at(-1));
  const number = Number((await office.records()).findLast(({ kind }) => kind === 'photo')!.seq);
  expect(JSON.stringify(shown.rows)).toContain(String(number));
  const grant = (who: 'li' | 'vice' | 'zhang', said: number): Promise<string> => office.refusal(who, 'POST', `/v1/permits/${permit}/strokes`, { photo: photo.digest, number: said });
  expect(await grant('zhang', number)).toBe('FORBIDDEN');
  expect(await grant('vice', number)).toBe('NOT_FOUND');
  expect(await grant('li', number + 1)).toBe('WRONG_NUMBER');
  expect(await office.strokes()).toBe(strokes);
  expect(await grant('li', number)).toBe('ok');
  expect(await office.proven(remote.id, 1)).toMatchObject([{ result: 'stamped' }]);
  await office.takeOut();
  expect(await office.strokes()).toBe(strokes + 1);
}, 240_000);

test('B6: each kind of seal is used within its scope', async () => {
  const kinds = { department: ['internal', 'contract'], contract: ['contract', 'letter'], finance: ['finance', 'contract'] } as const;
  for (const [i, [kind, [inside, outside]]] of Object.entries(kinds).entries()) {
    const card = { kind, name: `${kind} seal`, die: `02020000000000${i}0`, device: DEVICE, custodian: office.ids.wang, approvers: [[office.ids.li]] };
    const seal = (await office.done('admin', 'POST', '/v1/seals', card)).id as string;
    await office.done('admin', 'POST', `/v1/seals/${seal}/activate`, { reason: '启用', unit: '行政部', scope: inside });
    expect([kind, await office.refusal('zhang', 'POST', '/v1/applications', office.fields({ seal, category: outside }))]).toEqual([kind, 'OUT_OF_SCOPE']);
    expect([kind, await office.refusal('zhang', 'POST', '/v1/applications', office.fields({ seal, category: inside }))]).toEqual([kind, 'ok']);
  }
  expect(await office.refusal('zhang', 'POST', '/v1/applications', office.fields({ category: 'finance' }))).toBe('OUT_OF_SCOPE');
  expect(await office.refusal('zhang', 'PUT', '/v1/scopes/company', { categories: ['finance'], reason: '方便' })).toBe('FORBIDDEN');
  expect((await office.apply()).category).toBe('letter');
});

test('B7: blank paper is refused unless a deputy general manager grants it; what was used and what was not is accounted for, the rest is revoked', async () => {
  const white = await office.upload('zhang', Company.page(255), 'blank.png');
  expect(await office.refusal('zhang', 'POST', '/v1/applications', office.fields({ document: white }))).toBe('BLANK_DOCUMENT');
  const exception = office.fields({ document: white, blank: true, reportBy: now() + 7200, count: 2 });
  expect(await office.refusal('zhang', 'POST', '/v1/applications', exception)).not.toBe('ok'); // nobody may grant it yet
  const made = await rule({ matter: 'blank', steps: [[office.ids.vice]] });
  const applied = await office.done('zhang', 'POST', '/v1/applications', exception);
  expect(await office.refusal('li', 'POST', `/v1/applications/${applied.id}/approve`, { content: applied.content })).toBe('NOT_YOUR_STEP');
  await office.approve('vice', applied);
  await office.delivered(applied.id);
  const use = await office.stamp(applied.id, 'zhang');
  const where = `/v1/applications/${applied.id}/report`;
  expect(await office.done('zhang', 'GET', where)).toMatchObject({ kind: 'blank', state: 'owed' });
  expect(await office.refusal('zhang', 'POST', where, { papers: [] })).toBe('REPORT_INCOMPLETE');
  const paper = { device: DEVICE, intent: use.intent };
  expect(await office.refusal('zhang', 'POST', where, { papers: [{ ...paper, document: white }] })).toBe('REPORT_BLANK');
  const finished = await office.upload('zhang', Company.page(90), 'finished.png');
  expect(await office.done('zhang', 'POST', where, { papers: [{ ...paper, document: finished }] })).toMatchObject({ state: 'made', used: 1, unused: 1, papers: [{ document: finished }] });
  const from = await office.next();
  await until('the rest to be revoked', async () => (await office.application(applied.id)).permits[0].state === 'revoked' || undefined);
  await until('the unit to know', async () => (await office.records()).some(({ kind }) => kind === 'revoked') || undefined);
  const strokes = await office.strokes();
  await office.fingers('zhang');
  await office.recorded('refused', from);
  expect(await office.strokes()).toBe(strokes);
  await drop(made);
}, 240_000);
