/**
 * One company in a world: the real desk, the real bridges with the units at their ports, the network between them, people's
 * calls. Everything runs in this process and in virtual time; what the oracle hears is read from what bridge and desk
 * publish, at the instant at which they do.
 */
import path from 'node:path';
import type { Bridge } from '../../host-bridge/bridge';
import { refusalName } from '../../host-bridge/common';
import type { Fact } from '../oracle';
import type { Known } from '../oracle/known';
import { RegisterTruth } from '../oracle/register';
import { romCode } from '../parts/onewire';
import type { BytePort } from '../unit/port';
import type { World } from '../world/world';
import type { UnitKeys } from './authority';
import { BridgeHost, DeskHost } from './house-host';
import { Net, type Question } from './house-net';
import { HouseOffice } from './house-office';
import { grantOf, readStatement } from './house-statement';
import { Stock, type Opening, type Who } from './house-stock';
import { auditorsView } from './house-view';

type Json = Record<string, unknown>;

/** What people hear from the desk. */
export interface DeskAnswer {
  status: number;
  body: Json;
}

interface Placed {
  office: HouseOffice;
  bridge: BridgeHost;
  keys: UnitKeys;
  die: string;
  truth?: RegisterTruth;
}

const WIRE_MS = 1;
const PAGE = 500;
/** Times round the event loop after which everything that waits for nothing has been done. */
const TURNS = 3;
const CODES = new Map(Array.from({ length: 64 }, (_, code) => [refusalName(code), code]));
/** A die of somebody else's, for which the first unit has a seal all the same. */
const FOREIGN = romCode(77);

export class House {
  readonly bridges: BridgeHost[];
  readonly desk: DeskHost;
  readonly net: Net;
  opening!: Opening;
  /** A bridge has promised something and not kept it: said again only with what comes next. */
  deceived = false;
  restored = false;
  readonly alarms: { device: string; seq: number }[] = [];
  private readonly units = new Map<string, Placed>();
  private readonly seals = new Map<string, string>();
  private readonly cursors = new Map<object, number>();
  private readonly news = new Set<object>();
  private readonly told = new Map<string, string>();

  /** @param bridges 1, or one for each unit */
  constructor(private readonly world: World, private readonly stock: Stock, bridges: number) {
    const ground = stock.ground();
    this.net = new Net(world, world.random.fork('net'), (question) => this.overheard(question));
    this.net.stops = (question) => this.neglected(question);
    this.bridges = Array.from({ length: bridges }, (_, i) => new BridgeHost(world, ground, `bridge ${String.fromCharCode(97 + i)}`));
    this.desk = new DeskHost(world, ground, stock, () => this.bridges.map((bridge) => ({ name: bridge.name, transport: this.net.transport(bridge, () => this.desk.life) })));
  }

  /** Keys of a unit with this name of eight characters. */
  keysOf(name: string): UnitKeys {
    const { deviceId, linkKey, permitKey, evidenceKey } = this.stock.identity(Buffer.from(name, 'latin1'));
    return { device: deviceId, link: linkKey, permit: permitKey, evidence: evidenceKey };
  }

  /** The next unit's own die. */
  nextDie(): string {
    return romCode(1 + this.units.size);
  }

  place(port: BytePort, keys: UnitKeys, die: string, unix: () => number, tell: (fact: Fact) => void): HouseOffice {
    const office = new HouseOffice(this.world, this, keys, unix, tell);
    const bridge = this.bridges[this.units.size % this.bridges.length]!;
    bridge.ports.push({ name: `port ${this.units.size}`, device: office.device, linkKey: keys.link, port });
    this.units.set(office.device, { office, bridge, keys, die });
    return office;
  }

  /** Shown every fact of a unit. */
  watch(device: string, known: Known): (fact: Fact) => void {
    const truth = new RegisterTruth(known, device);
    this.units.get(device)!.truth = truth;
    return (fact) => truth.see(fact);
  }

  /** Opens for business: units registered, people enrolled, seals with their approvers, everything running. */
  async start(): Promise<void> {
    this.opening = await this.stock.open(this.desk.files);
    const { ids } = this.opening;
    await this.desk.start();
    const { cards } = this.desk.program!.rooms;
    for (const [device, { bridge, die }] of this.units) {
      await cards.addDevice({ id: device, name: device, bridge: bridge.name }, ids.admin);
      for (const number of [7, 8, 9]) await cards.enrol({ device, person: this.personOf(number), number, means: 1 }, ids.admin);
      for (const one of this.seals.size === 0 ? [die, FOREIGN] : [die]) {
        const seal = await cards.addSeal({ kind: 'company', name: `seal ${one}`, die: one, device, custodian: ids.custodian, sample: null, approvers: [[ids.chief], [ids.director]] }, ids.admin);
        this.seals.set(`${device} ${one}`, seal.id);
      }
    }
    this.listenTo(this.desk, this.desk.program!.rooms.events);
    for (const bridge of this.bridges) await this.startBridge(bridge);
    this.nudge();
  }

  async startBridge(bridge: BridgeHost): Promise<void> {
    const again = this.cursors.has(bridge);
    await bridge.start();
    const events = bridge.program!.events;
    if (again) {
      // Of a copy put in its place: its numbers begin anew where the copy was made.
      const { newest } = await events.bounds();
      this.cursors.set(bridge, Math.min(this.cursors.get(bridge)!, newest));
      for (const { office, bridge: mine } of this.units.values()) if (mine === bridge) office.attended(mine.ports.some(({ device, port }) => device === office.device && port.connected));
    }
    this.listenTo(bridge, events);
  }

  async startDesk(): Promise<void> {
    await this.desk.start();
    this.listenTo(this.desk, this.desk.program!.rooms.events);
  }

  private listenTo(who: object, events: { onMore(call: () => void): unknown }): void {
    if (!this.cursors.has(who)) this.cursors.set(who, 0);
    this.news.add(who);
    events.onMore(() => this.news.add(who));
  }

  /** Units at a bridge, or all. */
  offices(bridge?: BridgeHost): HouseOffice[] {
    return [...this.units.values()].filter((one) => bridge === undefined || one.bridge === bridge).map(({ office }) => office);
  }

  bridgeOf(device: string): BridgeHost {
    return this.units.get(device)!.bridge;
  }

  sessionOf(device: string): ReturnType<Bridge['fleet']['find']> {
    return this.bridgeOf(device).program?.fleet.find(device);
  }

  sealOf(device: string, die: string): string | undefined {
    return this.seals.get(`${device} ${die}`);
  }

  /** The desk's number of who is enrolled under this one. */
  personOf(number: number): number {
    return this.opening.ids[`holder${number}` as Who];
  }

  nudge(): void {
    this.desk.program?.rooms.nudge();
    this.world.touch();
  }

  /** Somebody calls the desk; undefined: no answer. */
  toDesk(who: string, method: string, url: string, body: unknown, then: (answer: DeskAnswer | undefined) => void): void {
    const { world, desk } = this;
    world.after(WIRE_MS, () => {
      const { life, program } = desk;
      let answer: DeskAnswer | undefined;
      if (program !== undefined) {
        const work = this.call(who, method, url, body).then((given) => {
          answer = { status: given.status, body: parsed(given.raw) };
          world.trace('desk', `${method} ${url}`, `${given.status}`);
        });
        void world.pendingJob(work);
      }
      world.after(WIRE_MS, () => {
        world.touch();
        then(life.alive ? answer : undefined);
      });
    });
  }

  /** The desk's answer, at once. */
  async call(who: string, method: string, url: string, body?: unknown): Promise<{ status: number; raw: Buffer }> {
    const headers = { authorization: `Bearer ${this.opening.tokens[who as Who]}` };
    const response = await this.desk.program!.app.inject({ method: method as 'GET', url, headers, ...(body === undefined ? {} : { payload: body as object }) });
    return { status: response.statusCode, raw: response.rawPayload };
  }

  /** Somebody with the desk's token, who need not be the desk. */
  toBridge(device: string, method: string, url: string, body?: unknown): void {
    this.net.whisper(this.bridgeOf(device), { method, path: url, body: body === undefined ? undefined : JSON.stringify(body) });
  }

  /** Lets everything outside of the world come to rest, and tells the oracle what was published. For World's `settle`. */
  async settle(): Promise<void> {
    do for (let i = 0; i < TURNS; i++) await this.stock.turn();
    while (await this.look());
  }

  private async look(): Promise<boolean> {
    let any = false;
    for (const bridge of this.bridges) {
      if (!this.news.delete(bridge) || bridge.program === undefined) continue;
      any = true;
      for (const event of await this.page(bridge, bridge.program.events)) this.fromBridge(event);
    }
    for (const { office } of this.units.values()) office.session(this.sessionOf(office.device) !== undefined);
    const desk = this.desk.program;
    if (!this.news.delete(this.desk) || desk === undefined) return any;
    for (const event of await this.page(this.desk, desk.rooms.events)) await this.fromDesk(event);
    return true;
  }

  private async page<E extends { id: number }>(who: object, events: { after(id: number, limit: number): Promise<E[]> }): Promise<E[]> {
    const page = await events.after(this.cursors.get(who) ?? 0, PAGE);
    if (page.length > 0) this.cursors.set(who, page.at(-1)!.id);
    if (page.length === PAGE) this.news.add(who);
    return page;
  }

  private fromBridge({ id, type, device, data }: { id: number; type: string; device: string; data: Json }): void {
    this.world.trace('bridge', `${id} ${type}`, JSON.stringify(data));
    const office = this.units.get(device)?.office;
    if (office === undefined) return;
    if (type === 'alarm') this.alarms.push({ device, seq: data['seq'] as number });
    if (type !== 'permit' && type !== 'grant') return;
    const key = String(data['permit'] ?? data['grant']);
    const state = `${String(data['state'])} ${String(data['code'] ?? '')}`;
    // What a permit is charged with is told in the same words.
    if (this.told.get(key) === state && type === 'permit') return;
    this.told.set(key, state);
    if (data['state'] === 'delivered' || data['state'] === 'applied') office.answered(key, 0);
    if (data['state'] === 'refused') office.answered(key, CODES.get(String(data['code'])) ?? 255);
  }

  private async fromDesk({ id, type, device, data }: { id: number; type: string; device: string; data: Json }): Promise<void> {
    this.world.trace('register', `${id} ${type}`, JSON.stringify(data));
    const office = this.units.get(device)?.office;
    const seq = data['seq'] as number;
    if (office === undefined || data['closed'] === true) return;
    if (type === 'record' && seq >= office.next) {
      const answer = parsed((await this.call('auditor', 'GET', `/v1/register/records/${device}?from=${office.next}&limit=1000`)).raw);
      for (const { bytes } of answer['records'] as { bytes: string }[]) office.took(Buffer.from(bytes, 'base64'));
    } else if (type === 'photo') {
      await office.photo(seq, async (digest) => {
        const answer = await this.call('auditor', 'GET', `/v1/photos/${digest}`);
        return answer.status === 200 ? answer.raw : undefined;
      });
    } else if (type === 'case' && data['kind'] === 'alarm') office.alarmed(String(data['case']));
    else if (type === 'case' && data['kind'] === 'photo-gone') await office.photo(seq, () => Promise.resolve(undefined));
  }

  private overheard(question: Question): void {
    const grant = grantOf(question);
    const read = grant === undefined ? undefined : readStatement(grant);
    if (read !== undefined) this.units.get(read.device)?.office.heard(grant!, read.statement);
  }

  /** The desk neglects to ask for records, or to acknowledge them. */
  private neglected(question: Question): boolean {
    const manner = this.units.get(question.path.split('/')[3] ?? '')?.office.manner;
    if (manner === undefined || (manner.pulls && manner.acknowledges)) return false;
    if (!manner.pulls && /\/records\?/.test(question.path)) return true;
    const grant = manner.acknowledges ? undefined : grantOf(question);
    return grant !== undefined && readStatement(grant)?.statement.kind === 'ack';
  }

  /** What the bridges noted that should never be. */
  async incidents(): Promise<{ device: string; kind: string; seq: number }[]> {
    const all = [];
    for (const bridge of this.bridges) all.push(...(await this.net.incidents(bridge)));
    return all;
  }

  /** Everything runs, and tells the truth, from now on. */
  heal(): void {
    const { net, world, desk } = this;
    Object.assign(net, { cut: false, loses: 0, slow: 0, liar: undefined });
    for (const host of [...this.bridges, desk]) host.free();
    for (const bridge of this.bridges) {
      bridge.onHeard = undefined;
      if (bridge.program === undefined) void world.pendingJob(this.startBridge(bridge));
    }
    if (desk.program === undefined) void world.pendingJob(this.startDesk());
    for (const { office } of this.units.values()) office.comeBack();
  }

  /** The register against the truth, when all has come to rest. */
  async judge(): Promise<void> {
    await this.settle();
    const view = await auditorsView(this, [...this.units.keys()]);
    this.world.trace('register', 'root', view.checkpoint.root);
    for (const { truth, office } of this.units.values()) truth?.judge(view, office);
  }

  async close(): Promise<void> {
    await this.desk.stop();
    for (const bridge of this.bridges) await bridge.stop();
    this.stock.clear(path.dirname(this.desk.files));
  }
}

/**
 * Makes houses, for PlayOptions.
 * @param folder for their files, best in memory (tmpfs), for every commit is synced; what a world leaves is removed
 * @param turn resolves when the event loop has gone round once
 */
export function houses(folder: string, turn: () => Promise<void>): (world: World, bridges: number) => House {
  const stock = new Stock(folder, turn);
  return (world, bridges) => new House(world, stock, bridges);
}

function parsed(raw: Buffer): Json {
  try {
    return JSON.parse(raw.toString('utf8')) as Json;
  } catch {
    return {};
  }
}
