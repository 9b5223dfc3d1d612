/** The demo's story: every step done through the interfaces that users and integrators have, and told as it happens. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock, untilSignal } from '../../../host-bridge/cli/system';
import { romCode } from '../../parts/onewire';
import { quoted } from '../commands';
import { repositoryFile, repositoryRoot } from '../places';
import { SimError, type Language } from '../texts';
import { askForStroke, keepBoxes, newestPhoto } from './compare';
import { PATIENCE, until, type Http } from './http';
import { runOnce } from './program';
import { openStage, type Stage } from './stage';
import { Teller } from './teller';

export interface DemoOptions {
  folder: string;
  keep: boolean;
  json: boolean;
  language: Language;
}

interface Use {
  result: string;
  before: string | null;
  after: string | null;
  beforeStored: boolean;
  afterStored: boolean;
  permit: string;
}

interface Person {
  id: number;
  name: string;
  token: string;
}

/** Page of the sample contract that is stamped. */
const PAGE = 2;

/** What it leaves behind for those who look. */
const RESULTS: readonly string[] = ['swapped-page.jpg', 'before.jpg', 'after.jpg', 'page-stamped.png', 'register.json', 'archive.tar', 'register.pub'];

/** Runs it. Exit code: 0 all went as it should, 1 not. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const clock = systemClock();
  const teller = new Teller(options, () => clock.now());
  let stage: Stage | undefined;
  try {
    stage = await prepare(options, teller);
    const people = await hire(stage, teller);
    const contract = repositoryFile('sim', 'assets', 'contract-zh.pdf');
    if (contract === undefined) throw new Error('sim/assets/contract-zh.pdf is missing');
    const approver = stage.desk.as(people.li.token);
    const permit = await approve(stage, people, contract, teller);
    await refuseSwappedPage(stage, approver, permit, teller);
    await stamp(stage, approver, contract, permit, teller);
    await refuseSecondUse(stage, contract, teller);
    await refuseChangedPermit(stage, permit, teller);
    await archive(stage, teller);
    for (const name of RESULTS) if (!existsSync(path.join(stage.folder, name))) throw new SimError('DEMO_FAILED', `${path.join(stage.folder, name)} is missing`);
    teller.done(stage.folder, RESULTS);
    if (options.keep) await keep(stage, people, teller, Math.floor(clock.wall() / 1000));
    return 0;
  } catch (error) {
    teller.failed(error);
    return 1;
  } finally {
    await stage?.stop();
  }
}

async function prepare(options: DemoOptions, teller: Teller): Promise<Stage> {
  const stage = await openStage(options.folder, romCode(1), { comparisonSeconds: PATIENCE / 1000 }, { language: options.language });
  teller.step('stage', '密钥已生成；设备（模拟）、网桥、审批台三个进程已启动，网桥打开的是一个真正的串口', 'Keys are made; unit (simulated), bridge and desk run as three processes; the bridge has opened a real tty', { device: stage.device });
  return stage;
}

async function hire(stage: Stage, teller: Teller): Promise<Record<'zhang' | 'li' | 'wang', Person>> {
  const { desk, device } = stage;
  const add = async (name: string, roles: string[]): Promise<Person> => {
    const { person, token } = await desk.json<{ person: { id: number; name: string }; token: string }>('POST', '/v1/people', { name, roles });
    return { ...person, token };
  };
  const people = { zhang: await add('张伟', ['applicant']), li: await add('李娜', ['approver']), wang: await add('王芳', ['custodian', 'auditor']) };
  await desk.json('POST', '/v1/devices', { id: device, name: '前台印章机', bridge: 'local' });
  await desk.json('PUT', `/v1/devices/${device}/enrolments/${people.zhang.id}`, { number: stage.holderNumber });
  await until('the unit', async () => {
    const { connected, status } = await stage.bridge.json<{ connected: boolean; status?: { time: number } }>('GET', `/v1/devices/${device}`);
    return connected && (status?.time ?? 0) > 0 ? true : undefined;
  });
  teller.step('handshake', '网桥与设备相互证明身份；设备只从审批台的签名指令得到时间', 'Bridge and unit have proven themselves to each other; the unit took the time from a statement of the desk, and from nobody else');
  return people;
}

async function approve(stage: Stage, people: Record<'zhang' | 'li' | 'wang', Person>, contract: string, teller: Teller): Promise<string> {
  const { desk, device } = stage;
  const seal = await desk.json<{ id: string }>('POST', '/v1/seals', {
    kind: 'company', name: '北京明河科技有限公司公章', die: romCode(1), device, custodian: people.wang.id, approvers: [[people.li.id]],
  });
  // By itself the company seal is for letters and reports.
  await desk.json('PUT', '/v1/scopes/company', { categories: ['letter', 'contract'], reason: '董事会决议：公章可用于合同' });
  await desk.json('POST', `/v1/seals/${seal.id}/activate`, { reason: '董事会决议：即日启用', unit: '行政部', scope: 'letter,contract', terms: '以公司名义对外签署的合同、函件与报告' });
  const now = Math.floor(Date.now() / 1000);
  const form = new FormData();
  const fields = { seal: seal.id, purpose: '与供应商签订采购合同 MH-CG-2025-0318', category: 'contract', count: 1, notBefore: now - 60, notAfter: now + 3600, persons: [people.zhang.id], strokeGrants: true };
  for (const [name, value] of Object.entries(fields)) form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  form.set('document', new Blob([readFileSync(contract)], { type: 'application/pdf' }), 'contract-zh.pdf');
  const applied = await desk.as(people.zhang.token).json<{ id: string; content: string }>('POST', '/v1/applications', form);
  teller.step('apply', '张伟提交申请：采购合同 PDF，盖章一次，一小时内有效', 'Zhang applies: a purchase contract as PDF, one stroke, within the hour', { application: applied.id });
  const approver = desk.as(people.li.token);
  const approved = await approver.json<{ permits: { id: string }[] }>('POST', `/v1/applications/${applied.id}/approve`, { content: applied.content });
  const permit = approved.permits[0];
  if (!permit) throw new Error('the approval made no permit');
  teller.step('approve', '李娜看过文件后批准；审批台据此签发许可（仅限这台设备、这枚章、这个人、这份文件、一次）', 'Li has seen the document and approves; the desk signs a permit for this unit, this die, this person, this document, once', { permit: permit.id });
  await until('the permit on the unit', async () => {
    const { permits } = await approver.json<{ permits: { state: string; code: string | null }[] }>('GET', `/v1/applications/${applied.id}`);
    if (permits[0]?.state === 'refused') throw new Error(`the unit refused the permit: ${permits[0].code}`);
    return permits[0]?.state === 'delivered' ? true : undefined;
  });
  teller.step('deliver', '许可经网桥送达设备；设备核对签名、期限、计数后写入闪存', 'The permit has reached the unit through the bridge; MAC, window and counter are in order, and it is on flash');
  return permit.id;
}

async function layPage(stage: Stage, contract: string, page = PAGE): Promise<void> {
  const laid = stage.unit.next('the sheet', (line) => line['event'] === 'paper');
  stage.unit.type(`paper ${quoted(contract)} ${page}`);
  await laid;
}

async function takeOut(stage: Stage): Promise<void> {
  const empty = stage.unit.next('the tray being emptied', (line) => line['event'] === 'paper');
  stage.unit.type('paper out');
  await empty;
}

function compared<T>(teller: Teller, asked: Promise<T>): Promise<T> {
  return teller.patient(asked, '照片仍在与批准的文件比对；机器繁忙时需要更久', 'The photo is still being held against the approved document; on a busy machine this takes longer');
}

async function refuseSwappedPage(stage: Stage, approver: Http, permit: string, teller: Teller): Promise<void> {
  const { unit } = stage;
  unit.type(`finger ${stage.holderNumber}`);
  await unit.next('the finger', (line) => line['event'] === 'finger');
  teller.step('finger', '张伟按下手指，设备认出是许可上的人', 'Zhang lays a finger on the reader: the person the permit names');
  const other = repositoryFile('sim', 'assets', 'contract-en.pdf');
  if (other === undefined) throw new Error('sim/assets/contract-en.pdf is missing');
  const photographed = unit.next('the photo', (line) => line['event'] === 'photo', PATIENCE);
  await layPage(stage, other, 1);
  await photographed;
  const { photo, status, code } = await compared(teller, askForStroke(stage, approver, permit, -1));
  if (status !== 409 || code !== 'PAGE_DIFFERS') throw new Error(`a swapped page was answered with ${status} ${code}`);
  await keepBoxes(stage, approver, permit, photo.digest, 'swapped-page.jpg');
  await takeOut(stage);
  teller.refused('swapped-page', `托盘里放的是另一份合同：审批台比对照片与批准的文件，不予盖章（${code}）`, `Another contract lies in the tray: the desk holds the photo against the approved document and grants no stroke (${code})`, { code });
}

async function stamp(stage: Stage, approver: Http, contract: string, permit: string, teller: Teller): Promise<void> {
  const { unit, desk, folder } = stage;
  const { seq: last } = await newestPhoto(stage);
  const stroke = unit.next('the stroke', (line) => line['event'] === 'stroke', PATIENCE);
  const before = unit.next('the photo', (line) => line['event'] === 'photo', PATIENCE);
  await layPage(stage, contract);
  const first = await before;
  teller.step('before', '合同放入托盘，盖子合上；设备先拍照', 'The page lies in the tray, the lid is closed; the unit takes a photo first', { bytes: first['bytes'] });
  const granted = await compared(teller, askForStroke(stage, approver, permit, last));
  if (granted.status !== 202) throw new Error(`the approved page was refused: ${granted.code} ${granted.detail}`);
  teller.step('granted', '审批台比对一致，李娜按显示屏上的照片号批准这一次盖章', 'The desk finds the approved page in the photo, and Li grants this one stroke by the number on the display', { number: granted.photo.seq });
  const after = unit.next('the second photo', (line) => line['event'] === 'photo' && line['at'] !== first['at'], PATIENCE);
  const landed = await stroke;
  teller.step('stroke', '意向已先写入闪存（此时次数已扣），锁销打开，印章落纸，收回，锁上', 'The intent stands on flash (the count is charged by it); the bolt opens, the die meets the paper, comes home, the bolt locks', { x: landed['x'], y: landed['y'] });
  await after;
  const sheet = path.join(folder, 'page-stamped.png');
  const saved = unit.next('the picture of the page', (line) => line['event'] === 'file' && line['file'] === sheet);
  unit.type(`paper save ${quoted(sheet)}`);
  const use = await until('the use in the register', async () => {
    const { uses } = await desk.json<{ uses: Use[] }>('GET', '/v1/register/uses');
    const found = uses.find((one) => one.permit === permit);
    return found?.result === 'stamped' && found.beforeStored && found.afterStored ? found : undefined;
  }, PATIENCE);
  const keepPhoto = async (name: string, digest: string | null): Promise<void> => writeFileSync(path.join(folder, name), await desk.bytes('GET', `/v1/photos/${digest}`));
  await Promise.all([keepPhoto('before.jpg', use.before), keepPhoto('after.jpg', use.after), saved]);
  teller.step('evidence', '记录和两张照片已送达登记簿，逐条验签、逐块核对摘要后落盘，并向设备确认', 'Records and both photos are in the register, each checked by its MAC and digest, stored, and acknowledged to the unit', { before: use.before, after: use.after });
}

interface DeviceRecord {
  seq: number;
  kind: string;
}

async function refuseSecondUse(stage: Stage, contract: string, teller: Teller): Promise<void> {
  const { desk, device, unit } = stage;
  const newest = async (): Promise<number> => (await desk.json<{ next: number }>('GET', `/v1/register/records/${device}?limit=1`)).next;
  const from = await newest();
  await takeOut(stage);
  await layPage(stage, contract);
  let strokes = 0;
  const watch = unit.next('nothing', (line) => line['event'] === 'stroke', 30_000).then(() => void strokes++, () => undefined);
  unit.type(`finger ${stage.holderNumber}`);
  const refusal = await until('the refusal in the register', async () => {
    const { records } = await desk.json<{ records: DeviceRecord[] }>('GET', `/v1/register/records/${device}?from=${from}`);
    return records.find((record) => record.kind === 'refused');
  });
  void watch;
  if (strokes > 0) throw new Error('a one-use permit was used twice');
  teller.refused('second-use', '再次使用“一次”的许可：设备拒绝，并把这次尝试也记录下来', 'Using a one-use permit again: the unit refuses, and the attempt itself is on record', { record: refusal.seq });
}

async function refuseChangedPermit(stage: Stage, permit: string, teller: Teller): Promise<void> {
  const { flippedPermit } = require('./cheats') as typeof import('./cheats');
  const forged = flippedPermit(stage.bridgeDatabase, permit);
  const answer = await stage.bridge.json<{ state: string; code?: string }>('PUT', `/v1/devices/${stage.device}/permits/${forged.id}`, { grant: forged.grant }, { prefer: 'wait=10' });
  if (answer.state !== 'refused') throw new Error(`a changed permit was ${answer.state}`);
  teller.refused('changed-permit', `网桥把许可里的次数从 1 改成 9：设备验签失败，拒绝（${answer.code}）`, `The bridge changes the permit's count from 1 to 9: the MAC no longer fits, the unit refuses (${answer.code})`, { code: answer.code });
}

async function archive(stage: Stage, teller: Teller): Promise<void> {
  const { desk, folder } = stage;
  const file = path.join(folder, 'archive.tar');
  writeFileSync(file, await desk.bytes('POST', '/v1/archive'));
  const { key } = await desk.json<{ key: string }>('GET', '/v1/register/key');
  writeFileSync(path.join(folder, 'register.pub'), `${key}\n`);
  writeFileSync(path.join(folder, 'register.json'), `${JSON.stringify(await desk.json('GET', '/v1/register/uses'), null, 2)}\n`);
  const { changeArchive } = require('./cheats') as typeof import('./cheats');
  const changed = path.join(folder, 'archive-changed.tar');
  const touched = await changeArchive(file, changed);
  // The archive and the changed one at the same time, by a process each.
  const verify = (archive: string): ReturnType<typeof runOnce> => runOnce(['verify', archive, '--key', path.join(folder, 'register.pub'), '--json', '--lang', teller.language]);
  const [sound, unsound] = await Promise.all([verify(file), verify(changed)]);
  if (sound.code !== 0) throw new Error(`the archive does not verify: ${sound.out}`);
  teller.step('archive', '档案已导出；smartseal verify 只凭档案和公钥验证通过', 'The archive is exported, and "smartseal verify" accepts it from the file and the public key alone');
  if (unsound.code !== 3) throw new Error(`a changed archive was accepted (exit code ${unsound.code})`);
  const { findings } = JSON.parse(unsound.out) as { findings: { text: string }[] };
  const named = findings.find(({ text }) => text.includes(touched.name)) ?? findings[0];
  teller.refused('changed-archive', `把档案中一条记录改动一个字节（${touched.entry}）：${named?.text}`, `One byte of one record in the archive is changed (${touched.entry}): ${named?.text}`, { entry: touched.entry });
}

/** A path as one word for a shell. */
function shellWord(text: string): string {
  return /^[\w/.+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

async function keep(stage: Stage, people: Record<'zhang' | 'li' | 'wang', Person>, teller: Teller, now: number): Promise<void> {
  const { furnish } = require('./company') as typeof import('./company');
  // Who tries it begins with an empty tray.
  await takeOut(stage);
  const signIns = await furnish(stage, people, now);
  teller.running([
    ['console', `${stage.origin}/console/`],
    ['desk', `${stage.deskUrl}/openapi.json`],
    ['bridge', `${stage.bridgeUrl}/openapi.json`],
    ['tty', stage.tty],
    ['desk token', stage.tokens.admin],
    ['bridge token', stage.tokens.bridge],
    ['curl', `curl -H "Authorization: Bearer ${stage.tokens.admin}" ${stage.deskUrl}/v1/register/uses`],
    ['device', `SMARTSEAL_TOKEN=${stage.tokens.bridge} node ${shellWord(path.join(repositoryRoot(), 'bin/smartseal.js'))} device info --url ${stage.bridgeUrl} ${stage.device}`],
  ], signIns);
  const contract = shellWord(repositoryFile('sim', 'assets', 'contract-zh.pdf') ?? '');
  teller.hands([
    [`finger ${stage.holderNumber}`, '张伟按手指', 'Zhang lays a finger on the reader'],
    [`paper ${contract} ${PAGE}`, `把合同第 ${PAGE} 页放入托盘`, `page ${PAGE} of the contract into the tray`],
    ['paper out', '取出纸张', 'the paper out of it'],
  ]);
  stage.unit.onLine = (line) => teller.atUnit(line);
  const typed = createInterface({ input: process.stdin });
  typed.on('line', (line) => { if (line.trim() !== '') stage.unit.type(line); });
  await untilSignal();
  typed.close();
}
