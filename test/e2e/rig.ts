/**
 * The whole chain in one virtual time: the real desk, the real bridge and a simulated unit that runs the built bundle.
 * Nothing in between is faked but the sockets: the desk calls the bridge's application directly and reads its event log.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bytePortTransport, createBridge, type Bridge, type Transport } from '../../host-bridge/bridge';
import type { Clock } from '../../host-bridge/common/clock';
import { SILENT } from '../../host-bridge/common/log';
import { digestOfToken } from '../../host-bridge/common/tokens';
import { createAuthority } from '../../host-bridge/desk/authority/authority';
import { createDesk, deviceIdentity, injectTransport, newAuthorityKeys, type BridgeTransport, type Desk, type Judge, type PageComparer } from '../../host-bridge/desk';
import { nodeNatives } from '../../host-bridge/natives';
import { createUnit, loadProgram, Page, romCode, World, type Program, type Scene, type Unit, type UnitOptions } from '../../sim';
import { IDENTITY } from '../scenario/authority';
import { caller, Form, testRandom, tinyPng, type Answer, type Json } from '../desk/support';

const root = path.resolve(__dirname, '../..');
export const DEVICE = '5ea1000000000001';
export const DIE = romCode(1);
const ROLES = {
  admin: ['admin'], zhang: ['applicant'], zhao: ['applicant'], li: ['approver', 'applicant'], wang: ['custodian', 'auditor'],
} as const;
export type Name = keyof typeof ROLES;
/** Numbers under which the two holders are enrolled on the unit. */
export const NUMBER = { zhang: 7, zhao: 8 } as const;

let program: Program | undefined;

/** The bundle as it is flashed, compiled once a test file. */
export function bundle(): Program {
  const file = path.join(root, 'dist/firmware/xiao.js');
  if (!existsSync(file)) spawnSync(process.execPath, ['firmware/build/build.js'], { cwd: root });
  return (program ??= loadProgram(file));
}

export interface RigOptions {
  scene?: Scene;
  die?: UnitOptions['die'];
  seed?: number;
  /** Line rate of the cable; USB speed where not given. */
  baud?: number;
  /** The desk hears of nothing before its next round. */
  deaf?: boolean;
  pollMs?: number;
  /** Compares pages before a stroke is granted; nobody does where not given. */
  comparer?: PageComparer;
  /** Judges impressions after strokes; nobody does where not given. */
  judge?: Judge;
}

export class Rig {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'chain-'));
  readonly world: World;
  readonly unit: Unit;
  readonly clock: Clock;
  bridge: Bridge | undefined;
  desk: Desk | undefined;
  readonly tokens = {} as Record<Name, string>;
  readonly ids = {} as Record<Name, number>;
  seal = '';
  document = '';
  /** What the bridge puts in place of a permit or grant handed to it. */
  swap: (grant: Buffer) => Buffer = (grant) => grant;
  private readonly keys = newAuthorityKeys('chain.test/register', testRandom('keys'));
  private readonly identity = deviceIdentity(this.keys, { linkRoot: Buffer.alloc(32, 9) }, Buffer.from(DEVICE, 'hex'));
  private readonly deskRandom = testRandom('desk');
  private gone: () => void = () => undefined;
  private life = { alive: true };

  constructor(private readonly options: RigOptions = {}) {
    this.world = new World({ seed: options.seed ?? 1, settle: turns });
    this.clock = this.clockOf({ alive: true });
    this.unit = createUnit(this.world, {
      bundle: bundle(), identity: { ...this.identity, makerKey: IDENTITY.makerKey, people: [{ slot: 1, person: NUMBER.zhang }, { slot: 2, person: NUMBER.zhao }] },
      ...(options.scene === undefined ? {} : { scene: options.scene }),
      ...(options.die === undefined ? {} : { die: options.die }),
      ...(options.baud === undefined ? {} : { port: { baud: options.baud } }),
    });
  }

  /** Everything on, and the unit knows the time. */
  static async open(options: RigOptions = {}): Promise<Rig> {
    const rig = new Rig(options);
    rig.unit.power.on();
    await rig.startBridge();
    await rig.startDesk();
    await rig.hire();
    await rig.until('the time on the unit', async () => ((await rig.status())?.time ?? 0) > 0 || undefined);
    return rig;
  }

  private clockOf(life: { alive: boolean }): Clock {
    return {
      wall: () => 1_800_000_000_000 + Math.floor(this.world.now),
      now: () => Math.floor(this.world.now),
      after: (ms, call) => {
        const event = this.world.after(ms, () => {
          if (!life.alive) return;
          this.world.touch();
          call();
        });
        return () => this.world.cancel(event);
      },
    };
  }

  /** The owner's consent to an image of the firmware. */
  consent(name: Buffer, version: number): Buffer {
    return createAuthority(this.keys).update(Buffer.from(DEVICE, 'hex'), name, version);
  }

  get seconds(): number {
    return Math.floor(this.clock.wall() / 1000);
  }

  async startBridge(more: Transport[] = []): Promise<Bridge> {
    const life = (this.life = { alive: true });
    const random = this.world.random.fork(`bridge ${this.world.now}`);
    const { port } = this.unit;
    const cable = {
      get connected() {
        return port.connected;
      },
      write: (bytes: Buffer) => port.write(bytes),
      onData: (receive: (bytes: Buffer) => void) => port.onData((bytes) => life.alive && receive(bytes)),
      onState: (call: (connected: boolean) => void) => port.onState((connected) => life.alive && call(connected)),
    };
    const bridge = await createBridge({
      database: path.join(this.folder, 'bridge.db'),
      spool: path.join(this.folder, 'spool'),
      tokens: [{ name: 'desk', sha256: digestOfToken('desk'), scopes: ['read', 'permit', 'grant'] }, { name: 'keeper', sha256: digestOfToken('keeper'), scopes: ['read', 'admin'] }],
      linkKeys: new Map([[DEVICE, this.identity.linkKey.toString('latin1')]]),
      transports: [bytePortTransport('cable', cable), ...more],
      natives: { ...nodeNatives, random: (length) => random.bytes(length).toString('latin1') },
      clock: this.clockOf(life),
      random: () => random.uint32() / 2 ** 32,
      log: SILENT,
    });
    bridge.start();
    this.bridge = bridge;
    this.world.touch();
    return bridge;
  }

  /** From one instant to the next the bridge is no more: nothing it had in mind happens, its files stay as they are. */
  crashBridge(): void {
    this.life.alive = false;
    this.bridge = undefined;
    this.gone();
  }

  async stopBridge(): Promise<void> {
    const bridge = this.bridge;
    this.bridge = undefined;
    this.gone();
    if (bridge) await this.during(bridge.stop());
  }

  async startDesk(): Promise<Desk> {
    this.desk = await createDesk({
      database: path.join(this.folder, 'desk.db'), documents: path.join(this.folder, 'documents'), photos: path.join(this.folder, 'photos'),
      keys: this.keys, clock: this.clock, random: this.deskRandom, log: SILENT, bridges: [{ name: 'main', transport: this.transport() }],
      ...(this.options.comparer === undefined ? {} : { comparer: this.options.comparer }), judge: this.options.judge,
      ...(this.options.pollMs === undefined ? {} : { pollMs: this.options.pollMs }),
    });
    this.desk.start();
    this.world.touch();
    return this.desk;
  }

  async stopDesk(): Promise<void> {
    const desk = this.desk;
    this.desk = undefined;
    if (desk) await this.during(desk.close());
  }

  private transport(): BridgeTransport {
    return {
      call: (request) => {
        if (this.bridge === undefined) return Promise.reject(new Error('connection refused'));
        const grant = (request.body as { grant?: string } | undefined)?.grant;
        const given = grant === undefined ? request : { ...request, body: { grant: this.swap(Buffer.from(grant, 'base64')).toString('base64') } };
        const answer = injectTransport(this.bridge.app, 'desk').call(given);
        // Only a nonce waits for the unit; whatever else takes real time must not let virtual time run on.
        const quiet = answer.then(() => this.world.touch(), () => this.world.touch());
        if (!request.path.endsWith('/time/nonce')) void this.world.pendingJob(quiet);
        return answer;
      },
      ...(this.options.deaf === true ? {} : { stream: (last, onEvent, stop) => this.stream(last, onEvent, stop) }),
    };
  }

  private async stream(last: string | undefined, onEvent: (event: { id: string; type: string; data: string }) => void, stop: AbortSignal): Promise<void> {
    const bridge = this.bridge;
    if (bridge === undefined) throw new Error('connection refused');
    let from = last === undefined ? (await bridge.events.bounds()).newest : Number(last);
    let wake: () => void = () => undefined;
    const off = bridge.events.onMore(() => wake());
    const end = (): void => wake();
    stop.addEventListener('abort', end);
    this.gone = end;
    try {
      while (!stop.aborted && this.bridge === bridge) {
        const more = new Promise<void>((resolve) => (wake = resolve));
        const page = await bridge.events.after(from, 100);
        for (const event of page) onEvent({ id: String(event.id), type: event.type, data: JSON.stringify(event.data) });
        from = page.at(-1)?.id ?? from;
        if (page.length === 0) await more;
      }
      if (!stop.aborted) throw new Error('connection lost');
    } finally {
      off();
      stop.removeEventListener('abort', end);
    }
  }

  /** People, the unit, the seal, and one document. */
  private async hire(): Promise<void> {
    const { people, cards, documents } = this.desk!.rooms;
    for (const name of Object.keys(ROLES) as Name[]) {
      const { person, token } = await people.add(name, [...ROLES[name]], 0);
      this.tokens[name] = token;
      this.ids[name] = person.id;
    }
    await cards.addDevice({ id: DEVICE, name: 'Unit 1', bridge: 'main' }, this.ids.admin);
    for (const name of ['zhang', 'zhao'] as const) await cards.enrol({ device: DEVICE, person: this.ids[name], number: NUMBER[name], means: 1 }, this.ids.admin);
    this.seal = (await cards.addSeal({ kind: 'company', name: '公司公章', die: DIE, device: DEVICE, custodian: this.ids.wang, sample: null, approvers: [[this.ids.li]], width: 42, height: 42 }, this.ids.admin)).id;
    this.document = (await documents.add(tinyPng(40, 60, 200), 'contract.png', this.ids.zhang)).sha256;
    this.desk!.rooms.nudge();
    this.world.touch();
  }

  /** A call of the desk's API. It never waits for the unit, so time stands still. */
  async call(who: Name, method: string, url: string, body?: unknown): Promise<Answer> {
    const answer = await caller(this.desk!)(this.tokens[who], method, url, body);
    this.world.touch();
    return answer;
  }

  /** The same, and anything but success is an error. */
  async done(who: Name, method: string, url: string, body?: unknown): Promise<Json> {
    const answer = await this.call(who, method, url, body);
    if (answer.status >= 300) throw new Error(`${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** An application as Zhang makes it: one stroke within the hour. */
  fields(more: Record<string, unknown> = {}): Record<string, unknown> {
    return { seal: this.seal, purpose: '采购合同', document: this.document, count: 1, notBefore: this.seconds - 60, notAfter: this.seconds + 3600, persons: [this.ids.zhang], ...more };
  }

  /** Applied for by Zhang, approved by Li, delivered to the unit. */
  async permitted(more: Record<string, unknown> | Form = {}, narrow?: Record<string, number>): Promise<{ application: string; permit: string }> {
    const applied = await this.done('zhang', 'POST', '/v1/applications', more instanceof Form ? more : this.fields(more));
    const approved = await this.done('li', 'POST', `/v1/applications/${applied.id}/approve`, { content: applied.content, ...(narrow ? { narrow } : {}) });
    const permit = approved.permits[0].id as string;
    await this.until('the delivery', async () => (await this.permit(applied.id)).state === 'delivered' || undefined);
    return { application: applied.id, permit };
  }

  /** The desk's view of an application's permit. */
  async permit(application: string): Promise<Json> {
    return (await this.done('zhang', 'GET', `/v1/applications/${application}`)).permits[0];
  }

  /** A sheet under a closed lid; one that lies there is taken out first. */
  async lay(page = Page.plain('page')): Promise<void> {
    await this.emptyTray();
    this.unit.hand.insertPaper(page);
  }

  private async emptyTray(): Promise<void> {
    if (this.unit.truth.page === undefined) return;
    this.unit.hand.removePaper();
    await this.world.run(1000);
  }

  /** Finger and page; resolves when the die has touched. */
  async stamp(who: keyof typeof NUMBER = 'zhang', page?: Page): Promise<void> {
    const before = this.strokes;
    await this.emptyTray(); // or the page of last time would be the first to be looked at
    this.unit.hand.finger(NUMBER[who]);
    await this.world.run(1500);
    await this.lay(page);
    await this.until('the stroke', () => this.strokes > before || undefined, 60_000);
  }

  get strokes(): number {
    return this.unit.truth.strokeCount;
  }

  /** Uses in the register, oldest first. */
  async uses(): Promise<Json[]> {
    return (await this.done('wang', 'GET', '/v1/register/uses')).uses.reverse();
  }

  /** Waits until so many uses stand in the register with outcome and photos. */
  async proven(count: number, ms = 60_000): Promise<Json[]> {
    return this.until(`${count} uses in the register`, async () => {
      const uses = await this.uses();
      const whole = uses.length === count && uses.every((use: Json) => use.result !== 'pending' && use.beforeStored && (use.afterStored || use.result === 'unknown'));
      return whole ? uses : undefined;
    }, ms);
  }

  async records(): Promise<{ seq: number; kind: string; bytes: string }[]> {
    return (await this.done('wang', 'GET', `/v1/register/records/${DEVICE}?limit=1000`)).records;
  }

  /** Waits until a record of a kind stands in the register from `from` on. */
  recorded(kind: string, from = 0): Promise<{ seq: number; kind: string }> {
    return this.until(`a record "${kind}"`, async () => (await this.records()).find((record) => record.seq >= from && record.kind === kind));
  }

  async cases(): Promise<Json[]> {
    return (await this.done('wang', 'GET', '/v1/cases?open=true')).cases;
  }

  caseOf(kind: string): Promise<Json> {
    return this.until(`a case "${kind}"`, async () => (await this.cases()).find((one: Json) => one.kind === kind));
  }

  /** The bridge's view of the unit's own status. */
  async status(): Promise<Json | undefined> {
    if (this.bridge === undefined) return undefined;
    const answer = await this.bridge.app.inject({ url: `/v1/devices/${DEVICE}`, headers: { authorization: 'Bearer desk' } });
    const body = answer.json<Json>();
    return body.connected ? body.status : undefined;
  }

  /** Waits until the unit knows that the register has everything, and may forget it. */
  acknowledged(): Promise<true> {
    return this.until('the acknowledgement', async () => {
      const status = await this.status();
      return (status !== undefined && status.nextSeq > 0 && status.ackedSeq === status.nextSeq) || undefined;
    });
  }

  /** Lets virtual time pass until there is an answer; its virtual milliseconds are in `took`. */
  async until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>, ms = 60_000): Promise<T> {
    const from = this.world.now;
    for (;;) {
      this.world.touch();
      await this.world.run(0);
      const answer = await ask();
      if (answer !== undefined) return answer;
      if (this.world.now - from > ms) throw new Error(`${what} did not come within ${ms} ms`);
      await this.world.run(25);
    }
  }

  /** Lets time pass until a promise is settled. */
  async during<T>(promise: Promise<T>, ms = 120_000): Promise<T> {
    let over = false;
    const finish = (): void => void (over = true);
    promise.then(finish, finish);
    await this.until('the end of it', () => over || undefined, ms);
    return promise;
  }

  async close(): Promise<void> {
    await this.stopDesk();
    await this.stopBridge();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What desk and bridge do between two timers takes turns of the event loop, never time of their own. */
async function turns(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
}
