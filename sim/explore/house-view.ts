/** What an auditor gets of the register at the end: everything that the API shows, and an archive with its check. */
import { noteVerifier, verifyArchive } from '../../host-bridge/desk';
import type { CaseView, PermitView, RegisterView, UseView } from '../oracle/register';
import type { House } from './house';

const PAGE = 1000;

/** Closes the desk and opens it again first, for then it checks its own tables. */
export async function auditorsView(house: House, devices: readonly string[]): Promise<RegisterView> {
  const { desk } = house;
  desk.follows = false;
  await desk.stop();
  const damage = await desk.start().then(() => undefined, (error: unknown) => String(error));
  if (damage !== undefined) return { ...nothing(house), damage };
  const records = [];
  const uses: UseView[] = [];
  for (const device of devices) {
    const told = await list<{ seq: number; sha256: string; bytes: string }>(house, 'records', (at) => `/v1/register/records/${device}?from=${at}&limit=${PAGE}`);
    for (const { seq, sha256, bytes } of told) records.push({ device, seq, sha256, bytes: Buffer.from(bytes, 'base64') });
    uses.push(...(await list<UseView>(house, 'uses', (at) => `/v1/register/uses?device=${device}&offset=${at}&limit=${PAGE}`)));
  }
  const permits: PermitView[] = [];
  for (const { id } of await list<{ id: string }>(house, 'applications', () => '/v1/applications?limit=500')) {
    permits.push(...(JSON.parse((await house.call('auditor', 'GET', `/v1/applications/${id}`)).raw.toString('utf8')) as { permits: PermitView[] }).permits);
  }
  const photos = new Map<string, Buffer>();
  for (const digest of new Set(uses.flatMap(({ before, after }) => [before, after]).filter((one) => one !== null))) {
    const answer = await house.call('auditor', 'GET', `/v1/photos/${digest}`);
    if (answer.status === 200) photos.set(digest, answer.raw);
  }
  const note = (await house.call('auditor', 'GET', '/v1/checkpoint')).raw.toString('utf8').split('\n');
  const entries = await list<{ body: string }>(house, 'entries', (at) => `/v1/register/entries?from=${at}&limit=${PAGE}`);
  const archive = (await house.call('auditor', 'POST', '/v1/archive')).raw;
  const { key } = JSON.parse((await house.call('auditor', 'GET', '/v1/register/key')).raw.toString('utf8')) as { key: string };
  const report = await verifyArchive({ size: archive.length, read: (offset, length) => Promise.resolve(archive.subarray(offset, offset + length)) }, noteVerifier(key));
  return {
    ...nothing(house), records, uses, permits, photos, incidents: await house.incidents(), entries: entries.map(({ body }) => Buffer.from(body, 'base64')),
    cases: await list<CaseView>(house, 'cases', () => '/v1/cases'),
    checkpoint: { size: Number(note[1]), root: Buffer.from(note[2] ?? '', 'base64').toString('hex') },
    archive, findings: report.findings.map(({ code, name, detail }) => `${code} ${name} ${detail ?? ''}`),
  };
}

function nothing(house: House): RegisterView {
  return {
    records: [], uses: [], permits: [], cases: [], incidents: [], deceived: house.deceived, entries: [], checkpoint: { size: 0, root: '' }, photos: new Map(), alarms: house.alarms, restored: house.restored, damage: undefined,
    archive: Buffer.alloc(0), findings: [],
  };
}

/** A list of the API, page by page. */
async function list<T>(house: House, field: string, url: (from: number) => string): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const answer = await house.call('auditor', 'GET', url(all.length));
    const page = (JSON.parse(answer.raw.toString('utf8')) as Record<string, T[]>)[field] ?? [];
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
