/** Bolt, actuator and paper: what can touch what, and what stays where when power goes. */
import { STAMP_AT } from '../../sim/unit/tray';
import { bench, plain, QUIET, STROKE } from './helpers';

test('a stroke on paper is inked where the die comes down', async () => {
  const { world, unit } = bench(STROKE);
  unit.power.on();
  const page = plain('contract');
  unit.hand.insertPaper(page);
  await world.run(6000);
  expect(unit.truth.strokes).toHaveLength(1);
  const stroke = unit.truth.strokes[0]!;
  expect(stroke.page).toBe(page);
  expect(stroke.force).toBeGreaterThan(0.9);
  expect(stroke.until).toBeGreaterThan(stroke.at);
  // A tall sheet lies on its side, its top to the left.
  expect(Math.abs(stroke.x - (105 - STAMP_AT.y))).toBeLessThan(12);
  expect(Math.abs(stroke.y - (148.5 + STAMP_AT.x))).toBeLessThan(12);
  expect(page.impressions).toHaveLength(1);
  expect(unit.truth.carrierMm).toBe(0);
  expect(unit.truth.boltOpen).toBe(false);
  expect(unit.truth.exceptions).toEqual([]);
});

test('on the bare tray it is a stroke without a page', async () => {
  const { world, unit } = bench(STROKE);
  unit.power.on();
  await world.run(6000);
  expect(unit.truth.strokes.map((stroke) => stroke.page)).toEqual([undefined]);
});

test('no stroke through a locked bolt: the motor stalls against it', async () => {
  const { world, unit, printed } = bench(`${QUIET} setTimeout(function(){ analogWrite(D1,1,{freq:20000}); },50);
    setTimeout(function(){ print(Math.round(analogRead(D0)*3300)); },1000);`);
  unit.power.on();
  await world.run(8000);
  expect(unit.truth.strokes).toEqual([]);
  expect(unit.truth.carrierMm).toBe(1);
  expect(Number(printed[0])).toBeGreaterThan(1400);
});

test('the bolt drops after three seconds whatever the pin says, and again only after a new edge', async () => {
  const { world, unit } = bench(`${QUIET} digitalWrite(D31,1); setTimeout(function(){ digitalWrite(D31,0); digitalWrite(D31,1); },6000);`);
  unit.power.on();
  await world.run(5000);
  const [opened, closed] = unit.truth.bolt;
  expect(opened!.open).toBe(true);
  expect(closed!.at - opened!.at).toBeGreaterThan(2900);
  expect(closed!.at - opened!.at).toBeLessThan(3100);
  await world.run(2000);
  expect(unit.truth.boltOpen).toBe(true);
});

test('power cut in the middle of a stroke: the carrier stays, the bolt cannot close, everything else stops', async () => {
  const { world, unit } = bench(STROKE);
  unit.power.on();
  unit.hand.insertPaper(plain('a'));
  expect(await world.runUntil(() => unit.parts.actuator.moving, 6000)).toBe(true);
  await world.run(400);
  unit.power.cut();
  expect(unit.truth.carrierMm).toBeCloseTo(10, 1);
  const where = unit.truth.carrierMm;
  await world.run(10_000);
  expect(unit.truth.carrierMm).toBe(where);
  expect(unit.truth.boltOpen).toBe(true);
  expect(unit.truth.strokes).toEqual([]);
  expect(unit.processor.alive).toBe(false);
});

test('after such a cut a firmware that only drives home lets the bolt fall in', async () => {
  const { world, unit } = bench(STROKE);
  unit.power.on();
  await world.runUntil(() => unit.parts.actuator.moving, 6000);
  await world.run(400);
  unit.power.cut();
  unit.parts.actuator.power(true);
  unit.parts.actuator.drive(-1);
  await world.run(2000);
  expect(unit.truth.carrierMm).toBe(0);
  expect(unit.truth.boltOpen).toBe(false);
});

test('paper pulled away under the die: the print stays on the pulled sheet, the next touch is a stroke of its own', async () => {
  const { world, unit } = bench(STROKE);
  unit.power.on();
  const page = plain('a');
  unit.hand.insertPaper(page);
  await world.runUntil(() => unit.truth.touching, 6000);
  await world.run(50);
  expect(unit.hand.yankPaper()).toBe(page);
  await world.run(6000);
  expect(page.impressions).toHaveLength(1);
  expect(unit.truth.strokes.map((stroke) => stroke.page?.id)).toEqual(['a', undefined]);
});

test('without a die in the holder nothing is met', async () => {
  const { world, unit } = bench(STROKE, { die: null });
  unit.power.on();
  await world.run(6000);
  expect(unit.truth.strokes).toEqual([]);
  expect(unit.parts.switches.contact.pressed).toBe(false);
});

test('a die taken out on the way down and put back is a stroke when it meets the paper, wherever the carrier is by then', async () => {
  const { world, unit } = bench(STROKE);
  unit.power.on();
  const page = plain('a');
  unit.hand.insertPaper(page);
  await world.runUntil(() => unit.parts.actuator.moving, 6000);
  await world.run(780);
  const die = unit.hand.removeDie();
  await world.run(25);
  expect(unit.truth.carrierMm).toBeCloseTo(20.1, 1);
  expect(unit.truth.strokes).toEqual([]);
  unit.hand.fitDie(die);
  expect(unit.truth.touching).toBe(true);
  expect(unit.truth.strokes.map((stroke) => stroke.page?.id)).toEqual(['a']);
  await world.runUntil(() => unit.parts.switches.contact.pressed, 1000);
  unit.hand.removeDie();
  expect(unit.truth.touching).toBe(false);
  expect(unit.parts.switches.contact.pressed).toBe(false);
  expect(page.impressions).toHaveLength(1);
});

test('a jam stops the carrier and draws stall current', async () => {
  const { world, unit } = bench(STROKE);
  unit.parts.actuator.faults.jamAt = 7;
  unit.power.on();
  await world.run(1500);
  expect(unit.truth.carrierMm).toBe(7);
  expect(unit.parts.actuator.currentMa()).toBeGreaterThan(1400);
  expect(unit.truth.strokes).toEqual([]);
});

test('a battery that sags under the motor takes the unit down; with USB it does not', async () => {
  const { world, unit } = bench(STROKE, { charge: 0.01 });
  unit.cable.unplug();
  unit.parts.battery.resistance = 0.4;
  unit.power.on();
  await world.run(6000);
  expect(unit.truth.runs.map((run) => run.what)).toEqual(['boot', 'cut']);
  expect(unit.truth.powered).toBe(false);
});

test('a supply that breaks down as it is switched on leaves everything dark: nothing runs beside parts without power', async () => {
  const { world, unit, printed } = bench(`${QUIET} print('runs');`);
  unit.parts.actuator.faults.welded = true;
  unit.power.on();
  // By now the motor stands against the bolt, and draws its most from the first instant.
  await world.run(3000);
  unit.power.cut();
  printed.splice(0);
  unit.cable.unplug();
  unit.parts.battery.resistance = 1;
  unit.parts.battery.charge = 0.3;
  unit.power.on();
  await world.run(3000);
  expect(unit.power.isOn).toBe(false);
  expect(unit.truth.powered).toBe(false);
  expect(printed).toEqual([]);
  unit.parts.actuator.faults.welded = false;
  unit.power.on();
  await world.run(3000);
  expect(unit.power.isOn).toBe(true);
  expect(printed).toEqual(['runs']);
});
