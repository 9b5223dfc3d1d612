/** Custody: rows A2 to A6 of REQUIREMENTS.md, walked through the desk's API and done by hands at the unit. */
import { until } from '../programs';
import { Company, DEVICE, DIE, pause } from './company';

let office: Company;
beforeAll(async () => (office = await Company.open()), 240_000);
afterAll(() => office?.close());
const now = (): number => Math.floor(Date.now() / 1000);
const notice = async (entry: number, seal = office.seal): Promise<string> => (await office.call('shen', 'GET', `/v1/seals/${seal}/history/${entry}/notice.pdf`)).raw.subarray(0, 5).toString();

test('A2: the card of a seal holds kind, name, size, pieces, issuer, dates, recipient, custodian, approvers and the kept sample; what contradicts it is refused', async () => {
  const received = now() - 86_400;
  const card = {
    kind: 'finance', name: '财务专用章', die: '0202000000000077', device: DEVICE, custodian: office.ids.ma, approvers: [[office.ids.li], [office.ids.vice, office.ids.office]],
    width: 38, height: 38, pieces: 1, issuedBy: '行政部', recipient: '马力', received,
  };
  const { id } = await office.done('admin', 'POST', '/v1/seals', card);
  expect(await office.done('zhang', 'GET', `/v1/seals/${id}`)).toEqual({ id, ...card, state: 'received', sample: null, deputy: null, deputyUntil: null, needs: [1, 1], lacks: ['sample'] });
  // The kept impression (留样): a picture, and nothing else.
  const sample = (bytes: Buffer): FormData => {
    const form = new FormData();
    form.append('document', new Blob([new Uint8Array(bytes)]), 'sample.png');
    return form;
  };
  expect(await office.refusal('admin', 'PUT', `/v1/seals/${id}/sample`, sample(Buffer.from('no picture')))).not.toBe('ok');
  expect(await office.refusal('ma', 'PUT', `/v1/seals/${id}/sample`, sample(Company.page(120)))).toBe('FORBIDDEN');
  expect((await office.done('admin', 'PUT', `/v1/seals/${id}/sample`, sample(Company.page(120)))).sample).toMatch(/^[0-9a-f]{64}$/);
  expect((await office.call('shen', 'GET', `/v1/seals/${id}/sample`)).raw.subarray(1, 4).toString()).toBe('PNG');
  // The date of its activation stands in its history, under an entry of the register.
  await office.done('admin', 'POST', `/v1/seals/${id}/activate`, { reason: '启用', unit: '行政部', scope: 'finance', from: now() });
  const [event] = await office.history(id as string);
  expect(event).toMatchObject({ what: 'activate', state: 'active', by: 1, detail: { unit: '行政部', scope: 'finance' } });
  expect((await office.entries('财务专用章')).map(({ kind }) => kind)).toEqual(['seal', 'seal-sample', 'seal-state']);
  for (const [who, more, code] of [
    ['admin', {}, 'CONFLICT'], ['admin', { die: '0202000000000078', kind: 'rubber' }, 'INVALID'], ['admin', { die: '0202000000000078', approvers: [[office.ids.zhang]] }, 'INVALID'],
    ['admin', { die: '0202000000000078', pieces: 0 }, 'INVALID'], ['wang', { die: '0202000000000078' }, 'FORBIDDEN'],
  ] as const) expect([more, await office.refusal(who, 'POST', '/v1/seals', { ...card, ...more })]).toEqual([more, code]);
});

test('A4: handed over when giver, receiver and witness have proven that they are there, and not before; the certificate names all three', async () => {
  const { wang, ma, sun } = office.ids;
  const order = { action: 'handover', present: [wang, ma, sun], person: ma };
  expect(await office.refusal('wang', 'POST', `/v1/devices/${DEVICE}/ceremonies`, { ...order, present: [wang, ma], reason: '调岗' })).toBe('INVALID');
  expect(await office.refusal('sun', 'POST', `/v1/devices/${DEVICE}/ceremonies`, { ...order, reason: '调岗' })).toBe('FORBIDDEN');
  const refused = await office.done('wang', 'POST', `/v1/devices/${DEVICE}/ceremonies`, { ...order, reason: '调岗' });
  await office.done('li', 'POST', `/v1/ceremonies/${refused.id}/refuse`, { content: refused.content, reason: '未交接清单' });
  expect((await office.card()).custodian).toBe(wang);
  const asked = await office.ceremony({ ...order, reason: '调岗' });
  await office.ordered(asked);
  await office.fingers('wang', 'ma');
  await pause(3000);
  expect((await office.card()).custodian).toBe(wang);
  await office.attended(asked, ['wang', 'ma', 'sun'], ['sun']);
  expect((await office.card()).custodian).toBe(ma);
  const event = (await office.history()).at(-1)!;
  expect(event).toMatchObject({ what: 'handover', present: [wang, ma, sun], custodian: ma, reason: '调岗' });
  expect(event.at).toBeGreaterThan(now() - 120);
  expect(await notice(event.entry as number)).toBe('%PDF-');
  // Who gave it away keeps it no longer.
  expect(await office.refusal('wang', 'POST', `/v1/devices/${DEVICE}/ceremonies`, { action: 'suspend', present: [], reason: '反悔' })).toBe('NOT_KEEPER');
}, 240_000);

test('A5: a keeper who leaves is replaced for a set time by a named deputy; nobody passes a seal on privately', async () => {
  const { wang, ma, zhao, zhang } = office.ids;
  const where = `/v1/seals/${office.seal}/deputy`;
  const deputy = { person: wang, until: now() + 45 };
  // The keeper names nobody themselves, and nobody who is no custodian, nor for ever.
  expect(await office.refusal('ma', 'PUT', where, { deputy, reason: '请代管' })).toBe('FORBIDDEN');
  expect(await office.refusal('admin', 'PUT', where, { deputy: { ...deputy, person: zhao }, reason: '休假' })).toBe('INVALID');
  expect(await office.refusal('admin', 'PUT', where, { deputy: { ...deputy, until: now() + 200 * 86_400 }, reason: '休假' })).toBe('WINDOW');
  const acts = (who: 'wang' | 'ma'): Promise<string> => office.refusal(who, 'POST', `/v1/devices/${DEVICE}/revoke`, { reason: '保管人离岗' });
  expect(await acts('wang')).toBe('NOT_KEEPER');
  expect(await office.done('admin', 'PUT', where, { deputy, reason: '休假' })).toMatchObject({ custodian: ma, deputy: wang, deputyUntil: deputy.until });
  expect(await acts('wang')).toBe('ok');
  const event = (await office.history()).at(-1)!;
  expect(event).toMatchObject({ what: 'deputy', custodian: ma, reason: '休假', detail: { person: wang } });
  expect(await notice(event.entry as number)).toBe('%PDF-');
  // At the unit as well: a finger that is known until then, enrolled before the keeper, opens uses until then.
  const end = now() + 60;
  const asked = await office.ceremony({ action: 'finger', present: [ma], person: office.ids.vice, until: end, reason: '代管' }, 'ma');
  await office.ordered(asked);
  await office.fingers('ma', 'stranger', 'stranger');
  await office.carriedOut(asked);
  const { enrolments } = await office.done('ma', 'GET', `/v1/devices/${DEVICE}/enrolments`);
  expect(enrolments).toContainEqual(expect.objectContaining({ person: office.ids.vice, until: end }));
  await until('the end of that time', () => now() > Math.max(end, deputy.until) || undefined, 90_000);
  expect(await acts('wang')).toBe('NOT_KEEPER');
  expect(await office.refusal('zhang', 'POST', '/v1/applications', office.fields({ persons: [office.ids.vice, zhang], notBefore: now() }))).toBe('NOT_ENROLLED');
  const from = await office.next();
  await office.fingers('stranger');
  await office.recorded('refused', from);
}, 300_000);

test('A6: at an anomaly the unit locks, keeps its evidence and reports at once; a lost seal is suspended by whoever keeps it', async () => {
  const { id } = await office.permitted();
  const before = await office.records();
  office.unit.type('drop');
  const found = await office.caseOf('alarm');
  expect(found).toMatchObject({ device: DEVICE, closed: null });
  expect((await office.state()).state).toBe('ALARMED');
  const strokes = await office.strokes();
  await office.fingers('zhang');
  office.lay();
  await pause(8000);
  expect(await office.strokes()).toBe(strokes);
  // What was recorded before is as it was, and stands in the register byte for byte.
  expect((await office.records()).slice(0, before.length)).toEqual(before);
  office.unit.type('paper out');
  await office.clear('摔落后检查', 'ma');
  // Reported lost: nobody has to approve that it rests, and it stamps nothing from then on.
  const lost = await office.ceremony({ action: 'suspend', reason: '公章疑似丢失' }, 'ma');
  await office.carriedOut(lost);
  expect((await office.card()).state).toBe('suspended');
  const from = await office.next();
  await office.fingers('zhang');
  await office.recorded('refused', from);
  expect(await office.refusal('zhang', 'POST', '/v1/applications', office.fields())).toBe('SEAL_STATE');
  const back = await office.ceremony({ action: 'resume', present: [office.ids.ma], reason: '已找到' }, 'ma');
  await office.attended(back, ['ma']);
  await until('the unit at rest', async () => (await office.state()).state === 'IDLE' || undefined);
  await pause(3000);
  expect(await office.stamp(id, 'zhang')).toMatchObject({ result: 'stamped' });
}, 300_000);

test('A3: the life of a seal is recorded step by step, each under its entry and with its notice, from the engraving to the end', async () => {
  // A seal of paper and wood that comes into no unit: what the desk notes.
  const card = { kind: 'department', name: '行政部章', die: '0202000000000099', device: DEVICE, custodian: office.ids.ma, approvers: [[office.ids.li]] };
  const { id } = await office.done('admin', 'POST', '/v1/seals', card);
  const step = (name: string, more: object = {}, who: 'admin' | 'ma' = 'admin'): Promise<string> => office.refusal(who, 'POST', `/v1/seals/${id}/${name}`, { reason: '按制度', ...more });
  expect(await step('engrave', { unit: '总经理办公会', scope: '2026-017', from: now() - 86_400 }, 'ma')).toBe('FORBIDDEN');
  expect(await step('engrave', { unit: '总经理办公会', scope: '2026-017', from: now() - 86_400 })).toBe('ok');
  expect(await step('change', { card: { name: '行政管理部章' } })).toBe('ok');
  expect(await step('change', { card: {} })).toBe('INVALID');
  expect(await step('activate', { unit: '行政部', scope: '全部' })).toBe('SCOPE_UNKNOWN');
  expect(await step('activate', { unit: '行政部', scope: 'internal,contract' })).toBe('OUT_OF_SCOPE');
  expect(await step('activate', { unit: '行政部', scope: 'internal' })).toBe('ok');
  expect(await step('change', { card: { name: '综合部章' } })).toBe('WRONG_STATE'); // in use: it rests first
  expect(await step('engrave', { unit: '总经理办公会', from: now() })).toBe('WRONG_STATE');
  expect(await step('archive')).toBe('WRONG_STATE');
  // The seal in the unit: what was done there in this company so far, and its end.
  const out = await office.ceremony({ action: 'die-out', die: DIE, present: [office.ids.ma], reason: '公司更名，上交' }, 'ma');
  await office.ordered(out);
  await office.fingers('ma');
  await pause(3000);
  office.unit.type('die out');
  await office.carriedOut(out);
  const end = (name: string): Promise<string> => office.refusal('admin', 'POST', `/v1/seals/${office.seal}/${name}`, { reason: '上交' });
  expect(await end('archive')).toBe('ok');
  expect(await end('destroy')).toBe('ok');
  expect(await end('archive')).toBe('WRONG_STATE');
  expect(await office.refusal('zhang', 'POST', '/v1/applications', office.fields())).toBe('SEAL_STATE');
  expect((await office.history()).map(({ what, state }) => [what, state])).toEqual([
    ['activate', 'active'], ['handover', 'active'], ['deputy', 'active'], ['suspend', 'suspended'], ['resume', 'active'], ['die-out', 'removed'], ['archive', 'archived'], ['destroy', 'destroyed'],
  ]);
  expect((await office.history(id as string)).map(({ what }) => what)).toEqual(['engrave', 'change', 'activate']);
  for (const seal of [office.seal, id as string]) {
    for (const { entry, at } of await office.history(seal)) {
      expect((await office.entries(seal)).find(({ number }) => number === entry)).toMatchObject({ kind: 'seal-state', at });
      expect(await notice(entry as number, seal)).toBe('%PDF-');
    }
  }
}, 300_000);
