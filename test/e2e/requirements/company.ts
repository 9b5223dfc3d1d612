/**
 * A small company with all that it needs, as processes: a simulated unit with the built firmware, a bridge, and a desk that is reached
 * through its HTTP API alone. The rows of REQUIREMENTS.md are walked through it; people lay fingers and pages by typing to the unit.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { digestOfToken } from '../../../host-bridge/common/tokens';
import { Authenticator } from '../../desk/authenticator';
import { tinyPng, type Json } from '../../desk/support';
import { asset, bridgeFolder, built, freePort, run, Running, until } from '../programs';

export const DEVICE = '00112233445566cc';
export const DIE = '010100000000000a';
const PASSPHRASE = { SMARTSEAL_PASSPHRASE: 'correct horse battery' };

/** Who works here, with what roles, and under which number the unit knows their finger. */
const STAFF = {
  zhang: { name: '张伟', roles: ['applicant'], number: 7 },
  zhao: { name: '赵敏', roles: ['applicant', 'operator'], number: 8 },
  wang: { name: '王芳', roles: ['custodian'], number: 9 },
  ma: { name: '马力', roles: ['custodian'], number: 10 },
  sun: { name: '孙静', roles: ['witness'], number: 11 },
  li: { name: '李娜', roles: ['approver'], number: undefined },
  vice: { name: '副总经理', roles: ['approver'], number: undefined },
  office: { name: '办公室主任', roles: ['approver'], number: undefined },
  shen: { name: '沈审', roles: ['auditor'], number: undefined },
} as const;
export type Name = keyof typeof STAFF;
export type Who = Name | 'admin';

export interface Reply {
  status: number;
  body: Json;
  raw: Buffer;
}

const now = (): number => Math.floor(Date.now() / 1000);

export class Company {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'company-'));
  readonly ids = {} as Record<Name, number>;
  readonly numbers = Object.fromEntries(Object.entries(STAFF).map(([name, { number }]) => [name, number])) as Record<Name, number>;
  url = '';
  config = '';
  seal = '';
  document = '';
  unit!: Running;
  private desk!: Running;
  private bridge!: Running;
  private readonly tokens = {} as Record<Who, string>;

  /** Everything on, the unit knows the time, and the seal is in use. */
  static async open(): Promise<Company> {
    built();
    const company = new Company();
    await company.start();
    await company.hire();
    return company;
  }

  private at(...names: string[]): string {
    return path.join(this.folder, ...names);
  }

  private async start(): Promise<void> {
    const [unitPort, bridgePort, deskPort] = [await freePort(), await freePort(), await freePort()];
    const made = JSON.parse(run(['desk', 'init', '--dir', this.at('desk'), '--port', String(deskPort), '--register', 'example.com/seals', '--json'], PASSPHRASE).out) as { config: string; token: string };
    this.config = made.config;
    this.tokens.admin = made.token;
    const people = Object.values(STAFF).flatMap(({ number }, i) => (number === undefined ? [] : ['--person', `${i + 1}:${number}`]));
    const provisioned = run(['desk', 'provision-device', '--config', this.config, '--id', DEVICE, ...people, '--die', DIE, '--out', this.at('keys')], PASSPHRASE);
    if (provisioned.code !== 0) throw new Error(provisioned.errors.join('\n'));
    this.url = `http://localhost:${deskPort}`;
    const config = JSON.parse(readFileSync(this.config, 'utf8')) as Json;
    const bridges = [{ name: 'main', url: `http://127.0.0.1:${bridgePort}`, token: 'env:BRIDGE_TOKEN' }];
    writeFileSync(this.config, JSON.stringify({ ...config, pollMs: 300, comparePages: false, signIn: { origin: this.url }, publicUrl: this.url, bridges }), { mode: 0o600 });
    const bridge = bridgeFolder(this.at('bridge'), { ports: [], keys: JSON.parse(readFileSync(this.at('keys', `${DEVICE}.link.json`), 'utf8')) as Record<string, string>, listen: bridgePort });
    const ports = [{ kind: 'tcp', host: '127.0.0.1', port: unitPort, frameMax: 2048 }];
    writeFileSync(bridge, JSON.stringify({ ...(JSON.parse(readFileSync(bridge, 'utf8')) as Json), ports, reserveMb: 0, tokens: [{ name: 'desk', sha256: digestOfToken('of-the-bridge'), scopes: ['read', 'permit', 'grant'] }] }));
    this.unit = new Running(['sim', '--identity', this.at('keys', `${DEVICE}.unit.json`), '--tcp', String(unitPort), '--json', '--lang', 'en']);
    await until('the unit', () => this.unit.out.includes(String(unitPort)) || undefined, 60_000);
    this.bridge = new Running(['bridge', '--config', bridge, '--json']);
    this.desk = new Running(['desk', '--config', this.config, '--json'], { ...PASSPHRASE, BRIDGE_TOKEN: 'of-the-bridge' });
    await this.desk.said('the desk', (line) => String(line.url).startsWith('http:'), 60_000);
  }

  private async hire(): Promise<void> {
    await this.done('admin', 'POST', '/v1/devices', { id: DEVICE, name: '一号机', bridge: 'main' });
    for (const [name, { name: called, roles, number }] of Object.entries(STAFF) as [Name, (typeof STAFF)[Name]][]) {
      const { person, token } = await this.done('admin', 'POST', '/v1/people', { name: called, roles });
      this.ids[name] = person.id as number;
      this.tokens[name] = token as string;
      if (number !== undefined) await this.done('admin', 'PUT', `/v1/devices/${DEVICE}/enrolments/${person.id}`, { number });
    }
    const { ids } = this;
    const card = { kind: 'company', name: '公司公章', die: DIE, device: DEVICE, custodian: ids.wang, approvers: [[ids.li]] };
    this.seal = (await this.done('admin', 'POST', '/v1/seals', card)).id as string;
    await this.done('admin', 'POST', `/v1/seals/${this.seal}/activate`, { reason: '启用', unit: '行政部', scope: 'letter' });
    this.document = await this.upload('zhang', readFileSync(asset('contract-zh.pdf')), 'letter.pdf');
    await until('the time on the unit', async () => ((await this.state()).time ?? 0) > 0 || undefined, 60_000);
  }

  async close(): Promise<void> {
    for (const program of [this.desk, this.bridge, this.unit]) await program?.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A command that opens this desk's files. */
  smartseal(...args: string[]): ReturnType<typeof run> {
    return run(args, { ...PASSPHRASE, BRIDGE_TOKEN: 'of-the-bridge' });
  }

  bearer(who: Who): Record<string, string> {
    return { authorization: `Bearer ${this.tokens[who]}` };
  }

  async call(who: Who | undefined, method: string, where: string, body?: FormData | object, more: Record<string, string> = {}): Promise<Reply> {
    const form = body instanceof FormData;
    const response = await fetch(`${this.url}${where}`, {
      method, ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
      headers: { ...(who === undefined ? {} : this.bearer(who)), ...(body === undefined || form ? {} : { 'content-type': 'application/json' }), ...more },
    });
    const raw = Buffer.from(await response.arrayBuffer());
    return { status: response.status, body: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(raw.toString()) : raw.toString(), raw };
  }

  /** The same, and anything but success is an error. */
  async done(who: Who, method: string, where: string, body?: FormData | object): Promise<Json> {
    const answer = await this.call(who, method, where, body);
    if (answer.status >= 300) throw new Error(`${method} ${where}: ${answer.status} ${answer.raw.toString()}`);
    return answer.body;
  }

  /** Code of a refusal; 'ok' where it was none. */
  async refusal(who: Who, method: string, where: string, body?: FormData | object): Promise<string> {
    const answer = await this.call(who, method, where, body);
    return answer.status < 300 ? 'ok' : String(answer.body.code);
  }

  async upload(who: Who, bytes: Buffer, name: string): Promise<string> {
    const form = new FormData();
    form.append('document', new Blob([new Uint8Array(bytes)]), name);
    return (await this.done(who, 'POST', '/v1/documents', form)).sha256 as string;
  }

  /** White paper, and paper that is not. */
  static page(shade: number): Buffer {
    return tinyPng(60, 60, shade);
  }

  /** An application as Zhang makes it: one stroke within the hour. */
  fields(more: object = {}): Record<string, unknown> {
    return { seal: this.seal, purpose: '对外信函', document: this.document, count: 1, notBefore: now() - 60, notAfter: now() + 3600, persons: [this.ids.zhang], ...more };
  }

  apply(more: object = {}, who: Who = 'zhang'): Promise<Json> {
    return this.done(who, 'POST', '/v1/applications', this.fields(more));
  }

  application(id: string): Promise<Json> {
    return this.done('shen', 'GET', `/v1/applications/${id}`);
  }

  approve(who: Who, { id, content }: Json, more: object = {}): Promise<Json> {
    return this.done(who, 'POST', `/v1/applications/${id}/approve`, { content, ...more });
  }

  /** Applied for, approved by Li, and on the unit. */
  async permitted(more: object = {}): Promise<Json> {
    const applied = await this.apply(more);
    await this.approve('li', applied);
    return this.delivered(applied.id as string);
  }

  delivered(id: string): Promise<Json> {
    return until('the permit on the unit', async () => {
      const application = await this.application(id);
      return application.permits.length > 0 && application.permits.every(({ state }: Json) => state === 'delivered') ? application : undefined;
    }, 60_000);
  }

  /** How the unit is, as the desk tells it; nothing known while there is no word from it. */
  async state(): Promise<Json> {
    const answer = await this.call('admin', 'GET', `/v1/devices/${DEVICE}/state`);
    return answer.status === 200 ? answer.body : {};
  }

  async records(): Promise<{ seq: number; kind: string }[]> {
    return (await this.done('shen', 'GET', `/v1/register/records/${DEVICE}?limit=1000`)).records as { seq: number; kind: string }[];
  }

  async next(): Promise<number> {
    return (await this.records()).length;
  }

  recorded(kind: string, from: number, ms = 60_000): Promise<{ seq: number }> {
    return until(`a record "${kind}"`, async () => (await this.records()).find((record) => record.seq >= from && record.kind === kind), ms);
  }

  async uses(query = ''): Promise<Json[]> {
    return (await this.done('shen', 'GET', `/v1/register/uses?${query}`)).uses as Json[];
  }

  async usesOf(application: string): Promise<Json[]> {
    return this.uses(`application=${application}`);
  }

  /** So many strokes of an application, each with its result and both photos. */
  proven(application: string, count: number): Promise<Json[]> {
    return until(`${count} proven strokes`, async () => {
      const uses = await this.usesOf(application);
      return uses.length === count && uses.every((use) => use.result !== 'pending' && use.beforeStored && use.afterStored) ? uses : undefined;
    }, 90_000);
  }

  /** Fingers one after the other, as people lay them. */
  async fingers(...names: (Name | 'stranger')[]): Promise<void> {
    for (const [i, name] of names.entries()) {
      if (i > 0) await pause(3500);
      this.unit.type(name === 'stranger' ? 'wrong-finger' : `finger ${this.numbers[name]}`);
    }
  }

  /** Fingers until the use is open; whoever was not taken lays theirs once more, as people do. */
  async open(...names: Name[]): Promise<void> {
    const from = await this.next();
    for (let tries = 1; ; tries++) {
      await this.fingers(...names);
      try {
        await this.recorded('opened', from, 30_000);
        return;
      } catch (error) {
        if (tries === 3) throw error;
      }
    }
  }

  lay(): void {
    this.unit.type('paper blank');
  }

  /** The sheet is taken out when the unit is done with it. */
  async takeOut(): Promise<void> {
    await until('the bolt to be shut', async () => (await this.state()).boltClosed || undefined);
    this.unit.type('paper out');
    await until('the tray to be empty', async () => (await this.state()).paper === false || undefined);
  }

  /** One whole use with a stroke: fingers, page, both photos in the register, page out. */
  async stamp(application: string, ...names: Name[]): Promise<Json> {
    const before = (await this.usesOf(application)).length;
    await this.open(...names);
    this.lay();
    const uses = await this.proven(application, before + 1);
    await this.takeOut();
    return uses[0];
  }

  /** Strokes that were really made, by what the simulator knows of die and paper. */
  async strokes(): Promise<number> {
    const told = (): Json[] => this.unit.log.filter(({ answer }) => answer === 'counters');
    const count = told().length;
    this.unit.type('counters');
    return Number((await until('the count', () => (told().length > count ? told().at(-1) : undefined))).strokes);
  }

  cases(open = true): Promise<Json[]> {
    return this.done('shen', 'GET', `/v1/cases?open=${open}`).then(({ cases }) => cases as Json[]);
  }

  caseOf(kind: string, ms = 60_000): Promise<Json> {
    return until(`a case "${kind}"`, async () => (await this.cases()).find((one) => one.kind === kind), ms);
  }

  /** Alarm after alarm is cleared by the custodian until the unit rests. */
  async clear(reason: string, keeper: Who = 'wang'): Promise<void> {
    let rested = 0;
    await until('the unit at rest', async () => {
      for (const one of await this.cases()) if (one.kind === 'alarm') await this.call(keeper, 'POST', `/v1/cases/${one.id}/clear`, { reason });
      // An alarm whose cause is still there comes again at once: it is at rest when it stays so.
      rested = (await this.state()).state === 'IDLE' ? rested + 1 : 0;
      if (rested > 0) await pause(1_000);
      return rested > 2 || undefined;
    }, 60_000);
  }

  /** Hands work one after the other: the case is shut once the sheet before it is out, and the unit has looked at its switch. */
  async closeCase(): Promise<void> {
    this.unit.type('case close');
    await until('the tray to be empty', async () => (await this.state()).paper === false || undefined);
    await pause(3_000);
  }

  /** Something to be done at the unit, asked for by who keeps the seal and approved where it has to be. */
  async ceremony(order: object, who: Who = 'wang'): Promise<Json> {
    const asked = await this.done(who, 'POST', `/v1/devices/${DEVICE}/ceremonies`, { present: [], reason: '按用印制度', ...order });
    for (let one = asked; one.state === 'asked'; ) {
      const approver = (['li', 'office', 'vice'] as const).find((name) => one.chain[one.step].includes(this.ids[name]));
      one = await this.done(approver!, 'POST', `/v1/ceremonies/${asked.id}/approve`, { content: asked.content });
    }
    return asked;
  }

  /** The unit waits for persons, or has done it. */
  async ordered({ id }: Json): Promise<void> {
    await until('the unit to wait for it', async () => (await this.entries(`${id} applied`)).length > 0 || undefined, 60_000);
    await pause(1000);
  }

  carriedOut({ id }: Json, ms = 60_000): Promise<Json> {
    return until('the ceremony', async () => {
      const one = await this.done('shen', 'GET', `/v1/ceremonies/${id}`);
      return one.state === 'done' ? one : undefined;
    }, ms);
  }

  /** Persons lay their fingers until it is carried out; whoever was not taken lays theirs once more, as people do. @param first the fingers that are left at the first try */
  async attended(asked: Json, names: Name[], first: (Name | 'stranger')[] = names): Promise<void> {
    await this.ordered(asked);
    for (let tries = 1; ; tries++) {
      await this.fingers(...(tries === 1 ? first : names));
      try {
        await this.carriedOut(asked, 25_000);
        return;
      } catch (error) {
        if (tries === 3) throw error;
      }
    }
  }

  async entries(search: string): Promise<Json[]> {
    return (await this.done('shen', 'GET', `/v1/register/entries?search=${encodeURIComponent(search)}`)).entries as Json[];
  }

  card(): Promise<Json> {
    return this.done('shen', 'GET', `/v1/seals/${this.seal}`);
  }

  async history(seal = this.seal): Promise<Json[]> {
    return (await this.done('shen', 'GET', `/v1/seals/${seal}/history`)).events as Json[];
  }

  /** A person comes in by an invitation and keeps a passkey, as in a browser. */
  async passkey(name: Name): Promise<Authenticator> {
    const { token } = await this.done('admin', 'POST', `/v1/people/${this.ids[name]}/invitation`, {});
    const origin = { origin: this.url };
    const entered = await fetch(`${this.url}/v1/sign-in/invitation`, { method: 'POST', headers: { ...origin, 'content-type': 'application/json' }, body: JSON.stringify({ token }) });
    const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const at = (method: string, where: string, body?: object): Promise<Reply> => this.call(undefined, method, where, body, { ...origin, cookie });
    const key = new Authenticator(this.url);
    const { body } = await at('POST', '/v1/me/passkeys/options');
    const kept = await at('POST', '/v1/me/passkeys', { step: body.step, name: 'phone', response: key.create(body.options) });
    if (kept.status !== 201) throw new Error(kept.raw.toString());
    return key;
  }
}

/** People take their time. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
