/** The cable: time on the line, pulling the plug, tampering. */
import { bench, QUIET } from './helpers';

const ECHO = `${QUIET} USB.on("data",function(d){ USB.write(d); });`;

async function echo(options: { baud?: number } = {}): Promise<ReturnType<typeof bench> & { heard: Buffer[] }> {
  const all = bench(ECHO, { port: options });
  const heard: Buffer[] = [];
  all.unit.port.onData((bytes) => heard.push(bytes));
  all.unit.power.on();
  await all.world.run(600);
  return { ...all, heard };
}

test('bytes of every value go both ways', async () => {
  const { world, unit, heard } = await echo();
  const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  unit.port.write(all);
  await world.run(50);
  expect(Buffer.concat(heard)).toEqual(all);
});

test('a slow line takes its time', async () => {
  const { world, unit, heard } = await echo({ baud: 9600 });
  const start = world.now;
  unit.port.write(Buffer.alloc(96));
  await world.runUntil(() => heard.length > 0, 1000);
  expect(world.now - start).toBeGreaterThan(199);
  expect(world.now - start).toBeLessThan(205);
});

test('a host that floods is not remembered for ever', async () => {
  const { world, unit } = await echo({ baud: 9600 });
  for (let i = 0; i < 40; i++) unit.port.write(Buffer.alloc(65_536));
  expect(unit.cable.counters.toDevice).toBeLessThan(18 * 65_536);
  expect(unit.cable.counters.lost).toBe(40 * 65_536 - unit.cable.counters.toDevice);
  unit.port.unplug();
  await world.run(10);
});

test('pulled: what was on its way is gone, the device sees it, and it comes back by itself', async () => {
  const { world, unit, heard } = await echo();
  const states: boolean[] = [];
  unit.port.onState((connected) => states.push(connected));
  unit.port.write(Buffer.from('lost'));
  unit.port.unplug();
  expect(unit.port.connected).toBe(false);
  expect(unit.parts.battery.usb).toBe(false);
  unit.port.write(Buffer.from('lost too'));
  await world.run(1000);
  unit.port.plug();
  await world.run(1000);
  unit.port.write(Buffer.from('here'));
  await world.run(50);
  expect(Buffer.concat(heard).toString()).toBe('here');
  expect(states).toEqual([false, true]);
  expect(unit.cable.counters.lost).toBe(12);
});

test('a reset of the processor takes the port away for a moment', async () => {
  const { world, unit } = await echo();
  unit.power.cut();
  expect(unit.port.connected).toBe(false);
  unit.power.on();
  await world.run(1000);
  expect(unit.port.connected).toBe(true);
});

test('a tampering line changes, doubles and swallows', async () => {
  const { world, unit, heard } = await echo();
  unit.cable.tamper = (toDevice, bytes) => (toDevice ? [bytes, bytes] : bytes.length > 3 ? [] : [bytes]);
  unit.port.write(Buffer.from('abc'));
  await world.run(50);
  unit.port.write(Buffer.from('abcd'));
  await world.run(50);
  expect(Buffer.concat(heard).toString()).toBe('abcabc');
});
