/** Makes plans from numbers. A profile says what kind of world: what is likely in it, and how much of it. */
import { DIES, FAULTS, LINE, MECHANICS, OLD_CELL, PARTS, PLACE, SHELL, SUPPLY, type Fault } from '../faults';
import { CODE_HABITS } from '../people/caller';
import { HABITS } from '../people/holder';
import { seededRandom, type Random } from '../world/random';
import { aimed } from './aimed-deeds';
import { houseDeed } from './house-deeds';
import { IMAGE_FORMS } from './images';
import { smallPlan } from './small';
import { forgery, misput, stumble } from './trick-deeds';
import { PEOPLE, type Deed, type Fence, type Plan, type Step } from './plan';

/** Of the supply only what its cell does. */
const BATTERIES = [...SUPPLY.filter(({ bends }) => bends.includes('power')), OLD_CELL];

interface Profile {
  zh: string;
  en: string;
  /** Minutes that a world lasts before it heals: from, to. */
  minutes: readonly [number, number];
  /** Deeds a minute and unit, besides permits and uses. */
  trouble: number;
  /** Permits and uses a minute and unit. */
  work: number;
  /** Strokes of a permit, and pages that its persons come with: at most. Few where nothing is said. */
  strokes?: number;
  pages?: number;
  /** Counters of permits are far apart. */
  skips?: boolean;
  /** Share of the permits that ask for a place, for the dock, or for stillness. */
  placed?: number;
  /** Share of the permits that ask for a passcode. */
  coded?: number;
  /** Share of the permits whose photos are of the host's camera. */
  handed?: number;
  /** Each unit has two or three dies. */
  dies?: boolean;
  /** How likely each kind of trouble is against the others. */
  weights: Partial<Record<Kind, number>>;
}

type Kind = 'fault' | 'mechanics' | 'parts' | 'line' | 'supply' | 'battery' | 'update' | 'cut' | 'cut at flash' | 'unplug' | 'people' | 'office' | 'neglect' | 'hostile' | 'house' | 'forgery' | 'stumble' | 'place' | 'moves' | 'custody' | 'codes' | 'outing' | 'dies' | 'press' | 'maintain' | 'showing' | 'exchange' | 'typing' | 'roof' | 'nagging' | 'readers' | 'withholding' | 'aimed';

export const PROFILES: Readonly<Record<string, Profile>> = {
  calm: { zh: '无故障', en: 'no trouble at all', minutes: [2, 4], trouble: 0, work: 4, weights: {} },
  mixed: { zh: '各种故障', en: 'everything, alone and together', minutes: [1, 4], trouble: 4, work: 3, weights: { mechanics: 2, parts: 2, line: 2, supply: 1, cut: 2, 'cut at flash': 4, unplug: 2, people: 4, office: 2, neglect: 1, hostile: 2 } },
  power: { zh: '断电', en: 'power goes, again and again', minutes: [1, 3], trouble: 6, work: 4, weights: { cut: 2, 'cut at flash': 8, unplug: 1, supply: 1, people: 1 } },
  line: { zh: '线路故障', en: 'a bad line', minutes: [1, 3], trouble: 5, work: 3, weights: { line: 8, unplug: 3, cut: 1, hostile: 1 } },
  mechanics: { zh: '机械与部件故障', en: 'parts break', minutes: [1, 3], trouble: 5, work: 4, weights: { mechanics: 6, parts: 5, people: 2, cut: 1 } },
  people: { zh: '人员违规', en: 'people with bad habits', minutes: [1, 4], trouble: 6, work: 4, weights: { people: 8, office: 3, neglect: 1 } },
  hostile: { zh: '恶意主机', en: 'a hostile host and line', minutes: [1, 3], trouble: 8, work: 3, weights: { hostile: 8, office: 2, cut: 1, people: 1, unplug: 1 } },
  update: { zh: '固件更新', en: 'images that are good, broken, changed, of strangers and of yesterday, and power that goes meanwhile', minutes: [5, 9], trouble: 3.5, work: 1.5, weights: { update: 6, cut: 2, 'cut at flash': 4, unplug: 2, hostile: 1, office: 1, people: 1 } },
  battery: { zh: '电池', en: 'low and worn batteries, and cables pulled', minutes: [3, 6], trouble: 5, work: 5, weights: { battery: 6, unplug: 4, cut: 1, people: 1, parts: 1 } },
  flash: { zh: '闪存损坏', en: 'flash that fails for good', minutes: [1, 3], trouble: 5, work: 3, weights: { supply: 4, 'cut at flash': 3, cut: 1, people: 1 } },
  place: { zh: '定位、搬动与跌落', en: 'permits for a place, units that are moved, and receivers that fail', minutes: [2, 4], trouble: 5, work: 5, placed: 0.85, weights: { place: 5, moves: 6, people: 1, cut: 1, unplug: 1 } },
  custody: { zh: '人员登记、口令与印章交接', en: 'fingers and passcodes given and taken away, and a seal put out of service', minutes: [3, 6], trouble: 7, work: 5, coded: 0.5, weights: { custody: 10, people: 1, cut: 1, 'cut at flash': 2, unplug: 1, office: 1, hostile: 1 } },
  offline: { zh: '离线应答与外出码', en: 'uses without a permit: answers by phone and trip codes, right, wrong, late, old and cut off', minutes: [5, 10], trouble: 2.5, work: 0.7, weights: { codes: 10, cut: 1, 'cut at flash': 2, unplug: 1, office: 1, people: 1 } },
  dies: { zh: '一机多章与压印', en: 'units of several dies, hands that turn at bad moments, and what presses badly', minutes: [2, 4], trouble: 8, work: 7, dies: true, weights: { dies: 9, press: 3, codes: 1, mechanics: 1, people: 1, cut: 1, 'cut at flash': 2, unplug: 1 } },
  outing: { zh: '外带与归还', en: 'taken out and given back: in time, late, out of its fences, unheard of, carried off', minutes: [4, 9], trouble: 4, work: 3, placed: 0.2, weights: { outing: 12, hostile: 2, moves: 2, place: 1, unplug: 1, cut: 1, 'cut at flash': 2, people: 1 } },
  maintenance: { zh: '设备维护', en: 'technicians, and dies put in at the wrong moment', minutes: [3, 5], trouble: 1.6, work: 1, weights: { maintain: 10, cut: 1, 'cut at flash': 1, people: 1, mechanics: 1 } },
  passcodes: { zh: '口令', en: 'passcodes, right and wrong, one after the other and over power cuts', minutes: [4, 7], trouble: 5, work: 4, coded: 0.9, weights: { typing: 8, cut: 2, 'cut at flash': 2, people: 1 } },
  exchange: { zh: '印章取出与装入', en: 'dies taken out and put in as ordered, and otherwise', minutes: [3, 6], trouble: 1.6, work: 3, weights: { exchange: 8, 'cut at flash': 2, cut: 1, unplug: 1, people: 1, office: 1 } },
  hostcamera: { zh: '外接相机', en: "photos of the host's camera: handed over, broken off, none, nonsense", minutes: [2, 4], trouble: 6, work: 6, handed: 0.8, weights: { showing: 6, people: 3, 'cut at flash': 3, cut: 1, unplug: 2, mechanics: 1, office: 1 } },
  indoors: { zh: '室内与定位不准', en: 'units used where their receiver sees no sky, or little of it', minutes: [4, 7], trouble: 1.2, work: 6, placed: 1, weights: { roof: 12, cut: 1, people: 1 } },
  unheard: { zh: '外带失联', en: 'taken out, unheard of, and a host that says old times again and again', minutes: [5, 9], trouble: 3, work: 2, weights: { outing: 8, nagging: 6, cut: 1 } },
  readers: { zh: '指纹仪被更换', en: "fingerprint readers that were replaced, and strangers who try them", minutes: [2, 4], trouble: 8, work: 4, weights: { readers: 10, people: 2, cut: 1 } },
  withheld: { zh: '扣下的办理指令', en: 'orders on the same matter that a relay holds back and hands over out of their order', minutes: [4, 7], trouble: 6, work: 3, weights: { withholding: 10, custody: 1, outing: 1, cut: 1, 'cut at flash': 1, unplug: 1 } },
  aimed: { zh: '算准时机的故障', en: 'trouble at the one moment at which it hurts', minutes: [3, 5], trouble: 3.5, work: 4, weights: { aimed: 10, people: 3, cut: 0.5 } },
  chain: { zh: '真实网桥与审批台', en: 'the real bridge and desk, whose programs, network and hands fail', minutes: [1, 2.5], trouble: 6, work: 4, weights: { house: 8, mechanics: 1, line: 1, cut: 1, 'cut at flash': 2, unplug: 2, people: 3, office: 2, neglect: 2, hostile: 1 } },
  busy: { zh: '大批量用印', en: 'permits of many strokes, and some of every trouble', minutes: [15, 40], trouble: 1, work: 0.7, strokes: 200, pages: 50, weights: { mechanics: 2, parts: 2, line: 2, supply: 1, cut: 1, 'cut at flash': 4, unplug: 2, people: 3, office: 1, neglect: 1, hostile: 2 } },
  forgery: { zh: '旧授权与错时', en: 'permits by the dozen, and genuine statements out of place and time', minutes: [4, 7], trouble: 6, work: 9, strokes: 2, pages: 2, skips: true, weights: { forgery: 8, hostile: 2, office: 2, cut: 2, unplug: 1 } },
  stumble: { zh: '解释器出错', en: 'an interpreter that fails its firmware', minutes: [1, 3], trouble: 5, work: 5, weights: { stumble: 8, people: 1, cut: 1, 'cut at flash': 1 } },
  full: { zh: '记录写满', en: 'an office that acknowledges nothing', minutes: [6, 10], trouble: 2, work: 6, weights: { neglect: 2, people: 3, 'cut at flash': 2, office: 2 } },
};

/** Shares of the profiles where none is asked for. A world of the chain takes as long as ten others. */
const MIXTURE: readonly (readonly [string, number])[] = [
  ['mixed', 40], ['power', 15], ['people', 12], ['mechanics', 10], ['hostile', 10], ['line', 8], ['flash', 2], ['calm', 1], ['chain', 2], ['place', 10],
];

/** One in a hundred each. */
const LATE = ['hostcamera', 'hostcamera', 'hostcamera', 'battery', 'battery', 'maintenance', 'maintenance', 'exchange', 'exchange', 'indoors', 'unheard', 'readers', 'withheld', 'aimed', 'aimed'];

function weighted<T extends string>(random: Random, weights: readonly (readonly [T, number])[]): T {
  let left = random.fraction() * weights.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of weights) {
    left -= weight;
    if (left < 0) return name;
  }
  return weights.at(-1)![0];
}

function pick<T>(random: Random, all: readonly T[]): T {
  return all[random.below(all.length)]!;
}

/** Short and long spells alike: 50 ms to about three minutes. */
function spell(random: Random, most = 160_000): number {
  return Math.round(50 * (most / 50) ** random.fraction());
}

function fault(random: Random, from: readonly Fault[]): Deed {
  return { deed: 'fault', name: pick(random, from).name, size: random.fraction(), ms: spell(random, 60_000) };
}

function people(random: Random): Deed {
  switch (random.below(7)) {
    case 0: return { deed: 'lid', ms: spell(random, 20_000) };
    case 1: return { deed: 'pull sheet' };
    case 2: return { deed: 'die out', ms: spell(random, 90_000), other: random.chance(0.5) };
    case 3: return { deed: 'finger', person: 0, times: 1 + random.below(6), ms: 1500 };
    case 4: return { deed: 'finger', person: pick(random, PEOPLE), times: 1 + random.below(2), ms: 300 + random.below(2500) };
    case 5: return { deed: 'finish' };
    default: return { deed: 'use', permit: random.below(6), pages: 1 + random.below(3), habit: pick(random, HABITS), moment: random.fraction() };
  }
}

function office(random: Random): Deed {
  switch (random.below(5)) {
    case 4: return random.chance(0.7) ? { deed: 'top up', permit: random.below(4), by: 1 + random.below(3), ...(random.chance(0.3) ? { oldEpoch: true } : {}) } : { deed: 'neglect', what: 'fitting', ms: spell(random, 60_000) };
    case 0: return { deed: 'revoke', permit: random.below(6) };
    case 1: return random.chance(0.3) ? { deed: 'raise epoch' } : { deed: 'revoke', permit: random.below(3) };
    case 2: return { deed: 'set time', times: 1 };
    default: return { deed: 'finish' };
  }
}

function hostile(random: Random): Deed {
  switch (random.below(4)) {
    case 0: return { deed: 'play back', ms: 1000 + random.below(8000) };
    case 1: return { deed: 'shout', ms: 500 + random.below(6000), pick: random.below(4) };
    default: return { deed: 'hand over', what: pick(random, ['again', 'again', 'changed', 'for another device', 'with the wrong key', 'noise'] as const), pick: random.below(1000) };
  }
}

/** Somebody who has to be enrolled first. */
const NEWCOMER = 10;

/** Actions by their numbers: SPEC.md, "Ceremonies". */
function custody(random: Random): Deed {
  const one = pick(random, PEOPLE);
  const two = [one, pick(random, PEOPLE.filter((person) => person !== one))];
  const means = (count: number): number[] => Array.from({ length: count }, () => pick(random, [1, 1, 1, 1, 1, 2, 3]));
  const more = { lasts: random.chance(0.9) ? 3600 : 5 + random.below(40), comes: pick(random, ['all', 'all', 'all', 'all', 'some', 'others'] as const), ...(random.chance(0.05) ? { oldEpoch: true } : {}) };
  switch (random.below(12)) {
    case 0: case 1: return { deed: 'type', person: one, right: random.chance(0.3), times: 1 + random.below(4) };
    case 2: return { deed: 'type', person: one, right: false, times: 5 + random.below(3), ...(random.chance(0.5) ? { all: true } : {}) };
    case 3: return random.chance(0.4) ? { deed: 'ceremony', action: 3, subject: one, persons: [], means: [], ...more } : { deed: 'finger', person: one, times: 2, ms: 1500 };
    case 4: return { deed: 'ceremony', action: 6, persons: [], means: [], ...more };
    case 5: case 6: return { deed: 'ceremony', action: 7, persons: random.chance(0.5) ? [] : [one], means: means(1), ...more };
    case 7: return { deed: 'ceremony', action: 5, persons: [...PEOPLE], means: means(3), ...more };
    case 8: return random.chance(0.1) ? { deed: 'ceremony', action: 8, persons: two, means: means(2), ...more } : { deed: 'use', permit: random.below(6), pages: 1 + random.below(3), habit: 'careful', moment: 0 };
    case 9: return { deed: 'ceremony', action: 1, subject: pick(random, [one, NEWCOMER, NEWCOMER]), persons: two, means: means(2), ...more };
    case 10: return { deed: 'ceremony', action: 1, subject: pick(random, [one, NEWCOMER, NEWCOMER]), persons: [one], means: means(1), ...more };
    default: return { deed: 'ceremony', action: 2, subject: one, persons: two.slice(0, 1 + random.below(2)), means: means(2), ...more };
  }
}

/** Orders of a technician: self-test, jogs, whole presses, an end, and such as make no sense. */
function maintenance(random: Random, person: number): Deed {
  const orders = Array.from({ length: 2 + random.below(4) }, (): readonly [number, number, number] => pick(random, [
    [1, 0, 0], [2, 1, 100 + random.below(400)], [2, 1, 500], [2, 2, 300], [2, 3, 100 + random.below(900)], [3, 0, 0], [3, 0, 0], [4, 0, 0], [5, 0, 0], [random.below(9), random.below(5), random.below(3000)],
  ] as const));
  return { deed: 'maintain', person, empty: random.chance(0.8), orders, early: random.chance(0.5) ? 1 + random.below(orders.length * 2600) : 0, ...(random.chance(0.05) ? { oldEpoch: true } : {}) };
}

/** Codes of an office that is not always careful, to people who are less so. */
function codes(random: Random): Deed {
  const person = pick(random, PEOPLE);
  return {
    deed: 'code', how: random.chance(0.5) ? 'answer' : 'trip', person, other: pick(random, PEOPLE.filter((one) => one !== person)), count: 1 + random.below(3), pages: 1 + random.below(3), habit: pick(random, CODE_HABITS),
    ...(random.chance(0.05) ? { oldEpoch: true } : {}), ...(random.chance(0.05) ? { otherDie: true } : {}),
  };
}

/** Takes the unit out, gives it back, and forgets about it. */
function outing(random: Random): Deed {
  const one = pick(random, PEOPLE);
  const other = pick(random, PEOPLE.filter((person) => person !== one));
  const more = { lasts: 3600, comes: random.chance(0.9) ? 'all' as const : 'some' as const };
  const silence = random.chance(0.4) ? { silence: pick(random, [60, 90, 150]) } : {};
  // Whoever gives it back does so where it belongs.
  const fence = (shape: 'circle' | 'square'): { fence?: Fence } => (random.chance(0.5) ? { fence: { shape, metres: pick(random, [60, 120, 500]), away: 0, age: 15, accuracy: 50 } } : {});
  switch (random.below(9)) {
    case 0: case 1: case 2: return { deed: 'ceremony', action: 14, subject: one, persons: random.chance(0.5) ? [one] : [other, one], means: [1, 1], back: 20 + random.below(300), ...more, ...silence, ...fence('circle') };
    case 3: return { deed: 'ceremony', action: 14, subject: one, persons: [], means: [], back: 30 + random.below(600), ...more, ...silence, ...fence('square') };
    case 4: case 5: return { deed: 'ceremony', action: 15, persons: [one], means: [1], ...more, ...silence, ...fence('circle') };
    case 6: return { deed: 'neglect', what: 'beating', ms: spell(random, 240_000) };
    case 7: return { deed: 'unplug', ms: spell(random, 200_000) };
    default: {
      const metres = pick(random, [100, 300, 1000]);
      return { deed: 'carry', metres, ms: Math.round((metres * 1000) / random.between(3, 25)), away: spell(random, 200_000), cable: random.chance(0.3), covered: random.chance(0.2) };
    }
  }
}

/** The last word on a matter, or one that comes too late to be it. */
function withholding(random: Random): Deed {
  const one = pick(random, PEOPLE);
  const held = random.chance(0.5) ? { held: 1000 + spell(random, 60_000) } : {};
  const more = { lasts: 3600, comes: 'all' as const, ...held };
  switch (random.below(5)) {
    case 0: case 1: return { deed: 'ceremony', action: 6, persons: [], means: [], ...more };
    case 2: return { deed: 'ceremony', action: 7, persons: [], means: [], ...more };
    case 3: return { deed: 'ceremony', action: 14, subject: PEOPLE[0], persons: random.chance(0.5) ? [] : [PEOPLE[0]], means: [1], back: 600 + random.below(3000), ...more };
    default: return { deed: 'ceremony', action: 15, persons: [one], means: [1], ...more };
  }
}

/** Hands at the revolver. */
function dies(random: Random): Deed {
  const to = random.below(4);
  switch (random.below(9)) {
    case 8: return { deed: 'aside', person: pick(random, PEOPLE) };
    case 0: return { deed: 'fault', name: 'interlock worn', size: 1, ms: 20_000 + spell(random, 60_000) };
    case 1: case 2: case 3: return { deed: 'turn', to, late: random.below(random.chance(0.5) ? 30 : 900) };
    case 4: return { deed: 'turn' };
    case 5: return { deed: 'turn', late: random.below(60) };
    default: return { deed: 'turn', to };
  }
}

/** How dies are pressed, by the office's word and in truth. */
function press(random: Random): Deed {
  if (random.chance(0.4)) return fault(random, DIES);
  const persons = random.chance(0.5) ? [] : [pick(random, PEOPLE)];
  const about = { die: random.below(3), persons, means: persons.map(() => 1), lasts: 3600, comes: 'all' as const };
  if (random.chance(0.4)) return { deed: 'ceremony', action: 12, ...about };
  return { deed: 'ceremony', action: 11, ...about, tune: { dwell: pick(random, [50, 300, 700, 2000]), duty: pick(random, [30, 60, 100]), life: random.below(6) } };
}

function moves(random: Random): Deed {
  switch (random.below(7)) {
    case 0: return { deed: 'drop' };
    case 6: return { deed: 'case', ms: 500 + spell(random, 30_000), dark: random.chance(0.3) };
    case 1: return { deed: 'lean', degrees: 40 + random.below(60), ms: 500 + spell(random, 20_000) };
    case 2:
    case 3: return { deed: 'lift', ms: 300 + random.below(4000) };
    default: {
      const metres = pick(random, [45, 100, 300, 1000]);
      // From a walk to a car.
      return { deed: 'carry', metres, ms: Math.round((metres * 1000) / random.between(3, 25)), away: spell(random, 60_000), cable: random.chance(0.3), covered: random.chance(0.4) };
    }
  }
}

/** Away for so long that what was known there is too old, and used there; or at the edge of a place, with a receiver that hardly knows where it is. */
function roof(random: Random): Deed {
  const covered = random.chance(0.6);
  const metres = covered ? pick(random, [100, 300, 700]) : pick(random, [43, 47, 63, 68, 119, 126]);
  return { deed: 'carry', metres, ms: metres * 60, away: 80_000 + random.below(90_000), cable: random.chance(0.3), covered, ...(covered ? {} : { poor: true }) };
}

/** Another module in the reader's place, noticed or not, and fingers of nobody upon it. */
function readers(random: Random): Deed {
  if (random.chance(0.6)) return { deed: 'finger', person: 0, times: 1 + random.below(2), ms: 1500 };
  return { deed: 'fault', name: random.chance(0.5) ? 'reader replaced' : 'reader replaced unseen', size: 1, ms: 3000 + random.below(40_000) };
}

/** What a permit asks of place, dock and stillness. */
function bound(random: Random): Partial<Extract<Deed, { deed: 'permit' }>> {
  const policy = pick(random, [0, 1, 1, 3, 9, 5, 4, 13]);
  if (random.chance(0.3)) return { policy };
  return { policy, fence: { shape: pick(random, ['circle', 'square'] as const), metres: pick(random, [40, 60, 120, 500]), away: random.chance(0.75) ? 0 : pick(random, [100, 300, 1500]), age: pick(random, [5, 15, 15, 60]), accuracy: pick(random, [10, 50, 50]) } };
}

function trouble(random: Random, kind: Kind): Deed {
  switch (kind) {
    case 'fault': return fault(random, FAULTS);
    case 'mechanics': return fault(random, MECHANICS);
    case 'parts': return fault(random, PARTS);
    case 'line': return fault(random, LINE);
    case 'supply': return fault(random, SUPPLY);
    case 'update': return { deed: 'update', form: pick(random, ['good', 'good', ...IMAGE_FORMS] as const), version: 2 + random.below(3) };
    case 'battery': return fault(random, BATTERIES);
    case 'cut': return random.chance(0.2) ? { deed: 'reset' } : { deed: 'cut', ms: spell(random, 20_000) };
    case 'cut at flash': return { deed: 'cut at flash', n: 1 + random.below(40), how: pick(random, ['before', 'torn', 'torn', 'after'] as const), words: random.below(64), ms: spell(random, 5000) };
    case 'unplug': return { deed: 'unplug', ms: spell(random, 40_000) };
    case 'people': return people(random);
    case 'office': return office(random);
    case 'neglect': return { deed: 'neglect', what: pick(random, ['pulling', 'acknowledging', 'clearing', 'granting'] as const), ms: spell(random, 120_000) };
    case 'hostile': return hostile(random);
    case 'forgery': return forgery(random);
    case 'stumble': return stumble(random);
    case 'place': return fault(random, [...PLACE, ...SHELL]);
    case 'moves': return moves(random);
    case 'custody': return custody(random);
    case 'codes': return codes(random);
    case 'outing': return outing(random);
    case 'roof': return roof(random);
    case 'readers': return readers(random);
    case 'withholding': return withholding(random);
    case 'aimed': return aimed(random);
    case 'nagging': return { deed: 'nag', ms: 60_000 + random.below(200_000) };
    case 'dies': return dies(random);
    case 'press': return press(random);
    case 'typing': return { deed: 'type', person: pick(random, PEOPLE), right: random.chance(0.4), times: 1 + random.below(4), ...(random.chance(0.1) ? { all: true } : {}) };
    case 'exchange': return { deed: 'die change', person: pick(random, PEOPLE), how: pick(random, ['as ordered', 'as ordered', 'as ordered', 'too early', 'another', 'back without an order'] as const), away: spell(random, 60_000), ...(random.chance(0.05) ? { oldEpoch: true } : {}) };
    case 'showing': return random.chance(0.5) ? misput(random) : { deed: 'neglect', what: pick(random, ['showing', 'showing all', 'showing only that'] as const), ms: spell(random, 120_000) };
    case 'maintain': return maintenance(random, pick(random, PEOPLE));
    case 'house': return houseDeed(random, (most) => spell(random, most));
  }
}

function permit(random: Random, { strokes = 4, skips = false, placed = 0, coded = 0, handed = 0, dies = false }: Profile): Deed {
  const two = random.chance(0.3);
  const people: number[] = two ? (random.chance(0.5) ? [PEOPLE[0], PEOPLE[1]] : [PEOPLE[1], PEOPLE[2]]) : [pick(random, PEOPLE)];
  if (coded > 0 && random.chance(0.25)) people[0] = NEWCOMER;
  return {
    deed: 'permit', count: 1 + random.below(strokes), persons: people, policy: pick(random, handed > 0 && random.chance(handed) ? [33, 33, 35, 49, 41] : dies ? [0, 1, 1, 3, 64, 65] : [0, 0, 1, 1, 3]),
    from: random.chance(0.85) ? -60 : random.below(60), lasts: random.chance(0.85) ? 7200 : 60 + random.below(60), idle: random.chance(0.7) ? 60 : 5 + random.below(20),
    ...(random.chance(0.04) ? { otherDie: true } : {}), ...(random.chance(skips ? 0.15 : 0.04) ? { oldEpoch: true } : {}),
    ...(skips ? { skip: random.chance(0.7) ? 0 : random.below(40) } : {}), ...(placed > 0 && random.chance(placed) ? bound(random) : {}),
    ...(dies ? { die: random.below(3) } : {}),
    ...(coded > 0 && random.chance(coded) ? { means: people.map(() => pick(random, [2, 2, 3, 1])) } : {}),
  };
}

/** The plan of a seed. @throws RangeError where there is no such profile */
export function planOf(seed: number, name = 'all'): Plan {
  if (name === 'small') return smallPlan(seed) ?? { seed, profile: 'small', units: 0, photo: 300, steps: [], until: 0 };
  const random = seededRandom(seed).fork('plan');
  const usual = name === 'all' ? weighted(random, MIXTURE) : name;
  // Drawn apart, so that the plans of most numbers stay what they were.
  const more = seededRandom(seed).fork('more');
  const late = seededRandom(seed).fork('late').below(100);
  const chosen = name !== 'all' ? name : more.chance(0.1) ? pick(more, ['forgery', 'stumble', 'custody', 'offline', 'outing']) : more.chance(0.01) ? 'full' : seededRandom(seed).fork('dies').chance(0.04) ? 'dies' : late < LATE.length ? LATE[late]! : usual;
  const profile = PROFILES[chosen];
  if (profile === undefined) throw new RangeError(`no profile "${name}"`);
  const units = random.chance(0.15) ? 2 : 1;
  const until = Math.round(random.between(profile.minutes[0], profile.minutes[1]) * 60_000);
  const steps: Step[] = [];
  let photo = pick(random, [300, 300, 3000]);
  for (let unit = 0; unit < units; unit++) {
    let permits = 0;
    const grant = (at: number): void => {
      steps.push({ at, unit, ...permit(random, profile) });
      permits++;
    };
    grant(500);
    const add = (every: number, from: number, make: (at: number) => void): void => {
      if (every <= 0) return;
      for (let at = from + random.between(0, 60_000 / every); at < until; at += random.between(0.2, 1.8) * (60_000 / every)) make(Math.round(at));
    };
    add(profile.work, 1500, (at) => {
      if (random.chance(0.35)) grant(at);
      else steps.push({ at, unit, deed: 'use', permit: random.below(permits), pages: 1 + random.below(profile.pages ?? 3), habit: random.chance(0.7) ? 'careful' : pick(random, HABITS), moment: random.fraction(), ...(profile.dies === true && random.chance(0.3) ? { unturned: true } : {}) });
    });
    const weights = Object.entries(profile.weights) as [Kind, number][];
    add(profile.trouble, 1000, (at) => steps.push({ at, unit, ...trouble(random, weighted(random, weights)) }));
  }
  // Nobody is at the unit before everybody has a passcode.
  const first = chosen === 'passcodes' ? PEOPLE.length * 20_000 + 5000 : 0;
  for (const step of steps) step.at += first;
  if (chosen === 'custody' || chosen === 'passcodes') {
    // Most people have a passcode before anything else.
    for (let unit = 0; unit < units; unit++) {
      PEOPLE.forEach((subject, i) => {
        if (random.chance(chosen === 'passcodes' ? 1 : 0.8)) steps.push({ at: 2000 + i * 20_000, unit, deed: 'ceremony', action: 2, subject, persons: [PEOPLE[(i + 1) % 3]!], means: [1], lasts: 3600, comes: 'all' });
      });
    }
  }
  if (chosen === 'full') {
    // Either the photos or the records come to the end of their room.
    const records = random.chance(0.5);
    photo = records ? 300 : 100_000;
    for (let unit = 0; unit < units; unit++) {
      steps.push({ at: 100, unit, deed: 'neglect', what: 'acknowledging', ms: until });
      if (records) steps.push({ at: 3000, unit, deed: 'set time', times: 2500 });
    }
  }
  // Drawn apart as well.
  const swaps = seededRandom(seed).fork('swaps');
  if (chosen === 'chain' && swaps.chance(0.5)) steps.push({ at: Math.round(swaps.between(5000, until / 2)), unit: 0, deed: 'swap while waiting', ms: 30_000 + swaps.below(60_000) });
  steps.sort((a, b) => a.at - b.at || a.unit - b.unit);
  return { seed, profile: chosen, units, photo, ...(profile.dies === true ? { dies: 2 + random.below(2) } : {}), steps, until: until + first };
}
