/** What happens in a house besides what happens at its units: programs end and begin, networks break, bridges lie. */
import type { World } from '../world/world';
import type { Random } from '../world/random';
import type { House } from './house';
import type { BridgeHost } from './house-host';
import type { Answer, Liar, Question } from './house-net';
import { grantOf } from './house-statement';

export type HouseDeed =
  /** The bridge is no more from one instant to the next: now, when the unit's next words reach it, or when its next commands have gone out. old: it begins again with an older copy of its files. */
  | { deed: 'bridge crash'; when: 'now' | 'hearing'; after: number; old: boolean; ms: number }
  /** Somebody copies the bridge's files. */
  | { deed: 'bridge copied' }
  | { deed: 'desk restart'; crash: boolean; ms: number }
  | { deed: 'network'; what: 'cut' | 'streams cut' | 'loses answers' | 'slow'; size: number; ms: number }
  | { deed: 'database busy'; of: 'bridge' | 'desk'; ms: number }
  | { deed: 'approver away'; ms: number }
  /** The bridge in wrong hands, between desk and unit. */
  | { deed: 'bridge lies'; what: 'swaps statements' | 'changes statements' | 'withholds' | 'says delivered' | 'changes records' | 'leaves records out' | 'changes photos' | 'repeats'; pick: number; ms: number };

const NAMES = new Set<string>(['bridge crash', 'bridge copied', 'desk restart', 'network', 'database busy', 'approver away', 'bridge lies']);

export function isHouseDeed(step: { deed: string }): step is HouseDeed {
  return NAMES.has(step.deed);
}

const LIES = ['swaps statements', 'changes statements', 'withholds', 'says delivered', 'changes records', 'leaves records out', 'changes photos', 'repeats'] as const;

/** One deed of this kind, drawn. @param spell draws how long, ms, up to so many */
export function houseDeed(random: Random, spell: (most: number) => number): HouseDeed {
  const pick = <T>(all: readonly T[]): T => all[random.below(all.length)]!;
  switch (random.below(10)) {
    case 0: case 1: return { deed: 'bridge crash', when: pick(['now', 'hearing', 'hearing'] as const), after: 1 + random.below(12), old: random.chance(0.4), ms: spell(20_000) };
    case 2: return { deed: 'bridge copied' };
    case 3: case 4: return { deed: 'desk restart', crash: random.chance(0.7), ms: spell(40_000) };
    case 5: case 6: return { deed: 'network', what: pick(['cut', 'streams cut', 'loses answers', 'slow'] as const), size: random.fraction(), ms: spell(60_000) };
    case 7: return random.chance(0.3) ? { deed: 'database busy', of: pick(['bridge', 'desk'] as const), ms: spell(5000) } : { deed: 'approver away', ms: spell(60_000) };
    default: return { deed: 'bridge lies', what: pick(LIES), pick: random.below(1000), ms: 5000 + spell(60_000) };
  }
}

/** What a deed needs of a seat. */
interface At {
  world: World;
  /** Later, or at once when the world heals. */
  later(ms: number, call: () => void): void;
}

export function carryOutAt(house: House, device: string, at: At, step: HouseDeed): void {
  const bridge = house.bridgeOf(device);
  switch (step.deed) {
    case 'bridge crash':
      return crash(house, bridge, at, step);
    case 'bridge copied':
      return bridge.keep();
    case 'desk restart':
      return restart(house, at, step);
    case 'network':
      return network(house, at, step);
    case 'database busy': {
      const host = step.of === 'bridge' ? bridge : house.desk;
      host.hold();
      return at.later(step.ms, () => host.free());
    }
    case 'approver away':
      for (const office of house.offices()) office.approvesAfter = undefined;
      return at.later(step.ms, () => house.offices().forEach((office) => office.comeBack()));
    case 'bridge lies':
      house.net.liar = liar(house, step.what, step.pick);
      // Whatever was said to be done and was not is said again only when there is something new.
      house.deceived = true;
      return at.later(step.ms, () => (house.net.liar = undefined));
  }
}

function crash(house: House, bridge: BridgeHost, at: At, { when, after, old, ms }: Extract<HouseDeed, { deed: 'bridge crash' }>): void {
  const now = (): void => {
    if (bridge.program === undefined) return;
    bridge.onHeard = undefined;
    if (old && bridge.restore()) Object.assign(house, { deceived: true, restored: true });
    else bridge.crash();
    for (const office of house.offices(bridge)) {
      office.trouble('no bridge', true);
      office.session(false);
    }
    at.later(ms, () => {
      if (bridge.program !== undefined) return;
      for (const office of house.offices(bridge)) office.trouble('no bridge', false);
      void at.world.pendingJob(house.startBridge(bridge));
    });
  };
  if (when === 'now') return now();
  let left = after;
  bridge.onHeard = () => {
    if (--left > 0) return false;
    now();
    return true;
  };
}

function restart(house: House, at: At, step: Extract<HouseDeed, { deed: 'desk restart' }>): void {
  const { desk } = house;
  if (desk.program === undefined) return;
  if (step.crash) desk.crash();
  else void at.world.pendingJob(desk.stop());
  at.later(step.ms, () => void at.world.pendingJob(house.startDesk()));
}

function network(house: House, at: At, { what, size, ms }: Extract<HouseDeed, { deed: 'network' }>): void {
  const { net } = house;
  if (what === 'streams cut') return net.breakStreams();
  if (what === 'cut') {
    net.cut = true;
    net.breakStreams();
    return at.later(ms, () => (net.cut = false));
  }
  if (what === 'loses answers') {
    net.loses = 0.1 + 0.8 * size;
    return at.later(ms, () => (net.loses = 0));
  }
  net.slow = 20 + 2000 * size;
  at.later(ms, () => (net.slow = 0));
}

function carrying(question: Question, grant: Buffer): Question {
  return { ...question, body: JSON.stringify({ grant: grant.toString('base64') }) };
}

function told(status: number, body: unknown): Answer {
  return { status, body: Buffer.from(JSON.stringify(body)) };
}

/** Statements that one lie is about. */
const LIES_MOST = 12;

/** Changes one bit somewhere. */
function bent(bytes: Buffer, pick: number): Buffer {
  const out = Buffer.from(bytes);
  if (out.length > 0) out[pick % out.length]! ^= 1 << (pick & 7);
  return out;
}

function liar(house: House, what: Extract<HouseDeed, { deed: 'bridge lies' }>['what'], pick: number): Liar {
  const others = (): Buffer[] => house.offices().flatMap(({ statements }) => statements.map(({ bytes }) => Buffer.from(bytes, 'latin1')));
  // The desk asks again for what was not done, and is lied to again, as fast as the line allows: enough is enough.
  let left = LIES_MOST;
  const withGrant = (change: (grant: Buffer, question: Question) => Question | Answer): Liar => ({
    asked: (question) => {
      const grant = grantOf(question);
      return grant === undefined || left-- <= 0 ? question : change(grant, question);
    },
  });
  switch (what) {
    case 'swaps statements': return withGrant((grant, question) => carrying(question, others()[pick % others().length] ?? grant));
    case 'changes statements': return withGrant((grant, question) => carrying(question, bent(grant, pick)));
    case 'withholds': return withGrant(() => told(202, { state: 'queued' }));
    case 'says delivered': return withGrant(() => told(202, { state: 'delivered' }));
    case 'repeats': return withGrant((_grant, question) => {
      for (const office of house.offices()) for (const one of office.statements.slice(-3)) office.repeat(one);
      return question;
    });
    case 'changes records': return records((list) => list.map((one, i) => (i === pick % list.length ? { ...one, bytes: bent(Buffer.from(one.bytes, 'base64'), pick).toString('base64') } : one)));
    case 'leaves records out': return records((list) => list.filter((_, i) => i !== pick % list.length));
    case 'changes photos': return { answered: ({ path }, answer) => (/\/photos\//.test(path) && answer.status === 200 ? { ...answer, body: bent(answer.body, pick) } : answer) };
  }
}

interface Listed {
  bytes: string;
}

function records(change: (list: Listed[]) => Listed[]): Liar {
  return {
    answered: ({ path }, answer) => {
      if (!/\/records\?/.test(path) || answer.status !== 200) return answer;
      const body = JSON.parse(answer.body.toString('utf8')) as { records: Listed[] };
      return told(200, { ...body, records: body.records.length === 0 ? [] : change(body.records) });
    },
  };
}
