/** Carries out a deed on a seat. Deeds that last end by themselves, or when the world heals. */
import { GrantKind, grantPayload, hmacKey, MessageType, encodeGrantApply, encodeMaintain, encodePermitLoad, sealGrant, type Bytes } from '../../protocol';
import { nodeNatives } from '../../host-bridge/natives';
import { faultOf } from '../faults';
import { romCode } from '../parts/onewire';
import { beside, HOME } from '../unit/whereabouts';
import { behindIntent, carryOutAimed, isAimed } from './aimed-deeds';
import { carryOutAt, isHouseDeed } from './house-deeds';
import { PEOPLE, type Deed, type Fence, type Step } from './plan';
import type { Seat } from './seat';
import { carryOutTrick, isTrick } from './trick-deeds';

/** ms: until the alarm of a die taken out is raised and cleared; until maintenance is open; between two orders. mm: how far out the carrier still lets a die in. */
const TO_CLEAR_MS = 9000;
const TO_BEGIN_MS = 16_000;
const ORDER_MS = 2600;
const ROOM_MM = 12;

/** Actions by their numbers (SPEC.md, "Ceremonies"). */
const DIE_OUT = 9;
const DIE_IN = 10;

/** A die that belongs to somebody else. */
const FOREIGN = { rom: romCode(77), face: { name: 'foreign', widthMm: 40, heightMm: 40 } };

export function carryOut(seat: Seat, step: Step): void {
  const { unit, office, holder, world } = seat;
  if (isHouseDeed(step)) return seat.house === undefined ? undefined : carryOutAt(seat.house, seat.keys.device.toString('hex'), seat, step);
  if (isTrick(step)) return carryOutTrick(seat, step);
  if (isAimed(step)) return carryOutAimed(seat, step);
  switch (step.deed) {
    case 'fault':
      return fault(seat, step);
    case 'cut':
      unit.power.cut();
      return seat.later(step.ms, () => unit.power.on());
    case 'cut at flash':
      unit.power.cutAtFlashOp(step.n, step.how, step.words);
      seat.darkFor = step.ms;
      return;
    case 'reset':
      if (unit.power.isOn) unit.processor.reset(1);
      return;
    case 'unplug':
      seat.plug(false);
      return seat.later(step.ms, () => seat.plug(true));
    case 'permit':
      office.permit({
        count: step.count, persons: step.persons, policy: step.policy, epoch: step.oldEpoch === true ? Math.max(0, seat.epoch - 1) : seat.epoch,
        die: step.otherDie === true ? FOREIGN.rom : dieOf(seat, step.die), from: step.from, lasts: step.lasts, idle: step.idle,
        ...(step.skip === undefined ? {} : { skip: step.skip }),
        ...(step.fence === undefined ? {} : fenced(step.fence)),
        ...(step.means === undefined ? {} : { means: step.means }),
      });
      return;
    case 'use':
      return use(seat, step);
    case 'ceremony': {
      const { action, subject, persons, means, lasts, comes, tune, back, fence, silence } = step;
      office.ceremony?.({ action, persons, means, lasts, epoch: step.oldEpoch === true ? Math.max(0, seat.epoch - 1) : seat.epoch, ...(subject === undefined ? {} : { subject }), ...(step.die === undefined ? {} : { die: dieOf(seat, step.die) }), ...(tune === undefined ? {} : { tune }), ...(back === undefined ? {} : { back }),
        ...(fence === undefined ? {} : { fences: fenced(fence).fences }), ...(silence === undefined ? {} : { silence }) }, step.held === undefined ? undefined : (hand) => seat.later(step.held!, hand));
      const there = comes === 'all' ? persons : comes === 'some' ? persons.slice(1) : persons.map((person) => person + 1);
      return holder.attend({ action, subject, persons: there, means });
    }
    case 'maintain':
      return maintain(seat, step);
    case 'die change':
      return dieChange(seat, step);
    case 'type':
      return holder.type(step.all === true ? PEOPLE : [step.person], step.right, step.times);
    case 'code':
      return code(seat, step);
    case 'top up':
      return office.topUp?.(step.permit, step.by, step.oldEpoch === true ? Math.max(0, seat.epoch - 1) : seat.epoch);
    case 'revoke':
      return office.revoke(step.permit);
    case 'raise epoch':
      return office.raise(++seat.epoch);
    case 'update':
      return office.update?.(seat.image(step.form, step.version));
    case 'aside':
      return holder.putAside(step.person);
    case 'finish':
      return office.finish();
    case 'set time':
      for (let i = 0; i < step.times; i++) world.after(i * 90, () => office.setTime());
      return;
    case 'finger':
      for (let i = 0; i < step.times; i++) world.after(i * 2900, () => holder.finger(step.person === 0 ? undefined : step.person, step.ms));
      return;
    case 'lid':
      holder.lid(true);
      return seat.later(step.ms, () => holder.lid(false));
    case 'lay sheet':
      holder.lid(true);
      world.after(250, () => holder.lay());
      return seat.later(500, () => holder.lid(false));
    case 'pull sheet':
      return holder.take();
    case 'lift':
      seat.displaced = true;
      return holder.lift(step.ms);
    case 'case':
      if (step.dark) unit.power.cut();
      holder.shell(true);
      if (step.dark) seat.later(step.ms / 2, () => unit.power.on());
      return seat.later(step.ms, () => holder.shell(false));
    case 'lean':
      seat.displaced = true;
      holder.lean(step.degrees);
      return seat.later(step.ms, () => holder.lean(0));
    case 'drop':
      seat.displaced = true;
      return holder.drop();
    case 'carry':
      return carry(seat, step);
    case 'die out':
      holder.dieOut(step.other ? FOREIGN : undefined);
      return seat.later(step.ms, () => holder.dieBack());
    case 'turn':
      return turn(seat, step);
    case 'neglect':
      return seat.behave(NEGLECTED[step.what], step.ms);
    case 'hand over':
      return handOver(seat, step.what, step.pick);
    case 'play back':
      noise(seat, step.ms);
      for (const [i, bytes] of seat.recording.entries()) world.after((step.ms * i) / seat.recording.length, () => unit.port.write(bytes));
      return;
    case 'shout':
      return shout(seat, step.ms, step.pick);
  }
}

function fault(seat: Seat, { name, size, ms }: Extract<Deed, { deed: 'fault' }>): void {
  const found = faultOf(name);
  if (seat.faults.has(name)) return;
  seat.faults.add(name);
  if (found.bends.includes('motion')) seat.displaced = true;
  seat.tell({ what: 'fault', name, on: true, bends: found.bends, ...(found.lasting === true ? { lasting: true } : {}) });
  found.begin(seat.unit, size, seat.chance);
  seat.later(ms, () => {
    found.end(seat.unit);
    seat.faults.delete(name);
    seat.tell({ what: 'fault', name, on: false, bends: found.bends });
  });
}

function use(seat: Seat, step: Extract<Deed, { deed: 'use' }>): void {
  const permit = seat.office.permits[step.permit];
  if (permit === undefined) return;
  seat.holder.use({ ...(step.unturned === true ? {} : { die: permit.claims.die }), persons: permit.claims.persons, means: permit.claims.means, pages: step.pages, habit: step.habit, moment: step.moment, waits: (permit.claims.policy & 2) !== 0 });
}

function dieOf(seat: Seat, number: number | undefined): string {
  return seat.dies[number ?? 0] ?? seat.die;
}

function turn(seat: Seat, { to, late }: Extract<Deed, { deed: 'turn' }>): void {
  if (late === undefined) return seat.holder.turn(to);
  behindIntent(seat, late, () => seat.holder.turn(to));
}

/** Alarm and clearing come first, then the technician's finger; orders that come too early are refused. */
function maintain(seat: Seat, { person, empty, orders, early, oldEpoch }: Extract<Deed, { deed: 'maintain' }>): void {
  const { office, holder, world, unit } = seat;
  const persons = [person];
  if (empty) holder.dieOut();
  world.after(TO_CLEAR_MS, () => {
    office.ceremony?.({ action: 13, persons, means: [1], lasts: 3600, epoch: oldEpoch === true ? Math.max(0, seat.epoch - 1) : seat.epoch });
    holder.attend({ action: 13, subject: undefined, persons, means: [1] });
  });
  orders.forEach(([what, part, ms], i) => world.after(TO_BEGIN_MS + i * ORDER_MS, () => office.send(MessageType.MAINTAIN, encodeMaintain({ what, part, ms }))));
  // A carrier that is far out leaves no room for it.
  const back = (): void => {
    if (unit.truth.carrierMm > ROOM_MM) world.after(200, back);
    else holder.dieBack();
  };
  seat.later(early > 0 ? TO_BEGIN_MS + early : TO_BEGIN_MS + orders.length * ORDER_MS + 3000, back);
}

function dieChange(seat: Seat, { person, how, away, oldEpoch }: Extract<Deed, { deed: 'die change' }>): void {
  const { office, holder } = seat;
  const persons = [person];
  const order = (action: number): void => {
    office.ceremony?.({ action, persons, means: [1], lasts: 3600, die: seat.die, epoch: oldEpoch === true ? Math.max(0, seat.epoch - 1) : seat.epoch });
    holder.attend({ action, subject: undefined, persons, means: [1], ...(how === 'another' ? { other: FOREIGN } : {}) });
  };
  order(DIE_OUT);
  if (how === 'too early') holder.dieOut();
  seat.later(TO_BEGIN_MS + away, () => {
    if (how === 'back without an order') holder.dieBack();
    else if (!seat.oracle.known.healed) order(DIE_IN);
  });
  // Whatever became of it: the unit has its own die in the end.
  seat.later(2 * TO_BEGIN_MS + away + TO_CLEAR_MS, () => holder.dieBack());
}

function code(seat: Seat, { how, person, other, count, pages, habit, oldEpoch, otherDie, die }: Extract<Deed, { deed: 'code' }>): void {
  const { authority } = seat.office;
  if (authority === undefined) return;
  const made = { epoch: oldEpoch === true ? Math.max(0, seat.epoch - 1) : seat.epoch, die: otherDie === true ? FOREIGN.rom : dieOf(seat, die) };
  seat.holder.call({
    how, person, other, count, pages, habit, document: '48151623',
    phone: { answer: (terms, heard) => authority.answer({ ...terms, ...made }, heard), trip: (terms) => authority.trip({ ...terms, ...made }) },
  });
}

function fenced({ shape, metres, away, age, accuracy }: Fence): { fences: number[][]; fix: { age: number; accuracy: number } } {
  const e7 = (degrees: number): number => Math.round(degrees * 1e7);
  const middle = beside(HOME, away, 0);
  const corners = [[-1, -1], [-1, 1], [1, 1], [1, -1]].flatMap(([north, east]) => {
    const { latitude, longitude } = beside(middle, north! * metres, east! * metres);
    return [e7(latitude), e7(longitude)];
  });
  return { fences: [shape === 'circle' ? [e7(middle.latitude), e7(middle.longitude), Math.round(metres)] : corners], fix: { age, accuracy } };
}

/** Away, and back again after a while. Whoever carries it pulls the cable first, or has a long one. */
function carry(seat: Seat, { metres, ms, away, cable, covered, poor }: Extract<Deed, { deed: 'carry' }>): void {
  if (!cable) seat.plug(false);
  seat.displaced = true;
  if (covered) fault(seat, { deed: 'fault', name: 'fix outage', size: 1, ms: ms + away });
  if (poor === true) fault(seat, { deed: 'fault', name: 'fix poor', size: 1, ms: ms + away });
  seat.holder.carry(beside(HOME, metres, metres / 3), ms);
  seat.later(ms + away, () => {
    seat.holder.carry(HOME, ms);
    if (!cable) seat.later(ms, () => seat.plug(true));
  });
}

/** What the office leaves undone. */
const NEGLECTED = { pulling: { pulls: false }, acknowledging: { acknowledges: false }, clearing: { clearsAfter: undefined }, granting: { grantsAfter: undefined }, beating: { beats: false }, fitting: { rejects: true }, showing: { shows: 'not' }, 'showing all': { shows: 'half' }, 'showing only that': { shows: 'badly' } } as const;

function handOver(seat: Seat, what: Extract<Deed, { deed: 'hand over' }>['what'], number: number): void {
  const { office, chance } = seat;
  const send = (bytes: Bytes): void => {
    if (number % 2 === 0) office.send(MessageType.GRANT_APPLY, encodeGrantApply({ grant: bytes }));
    else office.send(MessageType.PERMIT_LOAD, encodePermitLoad({ grant: bytes }));
  };
  if (what === 'noise') return office.send(number & 255, chance.bytes(chance.below(200)).toString('latin1'));
  // One of each kind is as likely: acknowledgements are many, and harmless.
  const kinds = [...new Set(office.statements.map(({ statement }) => statement.kind))];
  const alike = office.statements.filter(({ statement }) => statement.kind === kinds[number % kinds.length]);
  const old = alike[Math.floor(number / Math.max(1, kinds.length)) % Math.max(1, alike.length)];
  if (what === 'again' || what === 'changed') {
    if (old === undefined) return;
    if (what === 'again') {
      const permit = old.statement.kind === 'permit';
      return office.send(permit ? MessageType.PERMIT_LOAD : MessageType.GRANT_APPLY, permit ? encodePermitLoad({ grant: old.bytes }) : encodeGrantApply({ grant: old.bytes }));
    }
    const at = chance.below(old.bytes.length);
    return send(old.bytes.substring(0, at) + String.fromCharCode(old.bytes.charCodeAt(at) ^ (1 << chance.below(8))) + old.bytes.substring(at + 1));
  }
  const now = seat.unix();
  const device = what === 'for another device' ? 'SEAL9999' : seat.keys.device.toString('latin1');
  // Whoever holds the link key only, or the permit key of another unit.
  const key = (what === 'for another device' ? seat.keys.permit : seat.keys.link).toString('latin1');
  send(sealGrant(nodeNatives, hmacKey(nodeNatives, key), grantPayload(device, {
    kind: GrantKind.PERMIT, notBefore: now - 60, notAfter: now + 7200, permit: `forged ${number}`.padEnd(16, '-'), counter: 100_000 + number, epoch: seat.epoch,
    die: Buffer.from(seat.die, 'hex').toString('latin1'), count: 100, persons: [7, 1], policy: 0, document: 'F'.repeat(32), idle: 300,
  })));
}

/** While somebody else writes on the line, it cannot be held against the unit that the host is not heard. */
function noise(seat: Seat, ms: number): void {
  const name = 'somebody else on the line';
  seat.tell({ what: 'fault', name, on: true, bends: ['wire'] });
  seat.later(ms + 3000, () => seat.tell({ what: 'fault', name, on: false, bends: ['wire'] }));
}

/** Somebody without the key makes noise: half frames, frames of nobody, greetings, or the interpreter's own words. */
function shout(seat: Seat, ms: number, what: number): void {
  const { world, unit, chance } = seat;
  const end = world.now + ms;
  noise(seat, ms);
  const greeting = seat.recording.find((bytes) => bytes.length > 20);
  const turn = (): void => {
    if (world.now >= end) return;
    const bytes = what === 0 ? chance.bytes(1 + chance.below(300)) : what === 1 && greeting !== undefined ? greeting : what === 2 ? Buffer.from('\x03\x03reset();process.env\n') : Buffer.concat([Buffer.of(0), chance.bytes(40), Buffer.of(0)]);
    unit.port.write(bytes);
    world.after(20 + chance.below(200), turn);
  };
  turn();
}

