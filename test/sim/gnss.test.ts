/** u-blox M8 on DDC against its receiver description (UBX-13003221 R28), and its sentences against NMEA 0183. */
import { Gnss } from '../../sim/parts/gnss';
import { Whereabouts } from '../../sim/unit/whereabouts';
import { HOME, seededRandom, World } from '../../sim';

function make(): { gnss: Gnss; where: Whereabouts; world: World; waiting: () => number; read: (count: number) => string; send: (hex: string) => void } {
  const world = new World();
  const where = new Whereabouts(world);
  const gnss = new Gnss(world, seededRandom(1), where);
  gnss.power(true);
  const waiting = (): number => {
    gnss.write(Uint8Array.of(0xfd));
    const [high, low] = gnss.read(2)!;
    return high! * 256 + low!;
  };
  return { gnss, where, world, waiting, read: (count) => (gnss.write(Uint8Array.of(0xff)), Buffer.from(gnss.read(count)!).toString('latin1')), send: (hex) => void gnss.write(Buffer.from(hex, 'hex')) };
}

const sound = (line: string): boolean => {
  const [, body, sum] = /^\$(.*)\*([0-9A-F]{2})$/.exec(line) ?? [];
  return body !== undefined && [...body].reduce((all, one) => all ^ one.charCodeAt(0), 0) === parseInt(sum!, 16);
};

test('0xFD and 0xFE count what 0xFF gives; behind it comes 0xFF', async () => {
  const { world, waiting, read, gnss } = make();
  expect([waiting(), read(2)]).toEqual([0, '\xff\xff']);
  await world.run(1500);
  const count = waiting();
  expect(count).toBeGreaterThan(100);
  // Straight on from 0xFD: the count, then the stream.
  gnss.write(Uint8Array.of(0xfd));
  const all = Buffer.from(gnss.read(2 + count + 3)!).toString('latin1');
  expect(all.slice(2).startsWith('$GNRMC')).toBe(true);
  expect(all.slice(-3)).toBe('\xff\xff\xff');
  expect(waiting()).toBe(0);
});

test('every sentence is sound, at most 82 characters, and RMC and GGA agree', async () => {
  const { world, waiting, read } = make();
  await world.run(12_000);
  const text = read(waiting());
  const lines = text.split('\r\n').slice(0, -1);
  expect(lines.length).toBe(12 * 6);
  for (const line of lines) expect([line, sound(line), line.length <= 80]).toEqual([line, true, true]);
  const last = (kind: string): string[] => lines.findLast((line) => line.startsWith(`$GN${kind}`))!.split(',');
  expect(last('RMC').slice(3, 7)).toEqual(last('GGA').slice(2, 6));
  expect([last('RMC')[1], last('RMC')[2], last('GGA')[6]]).toEqual([last('GGA')[1], 'A', '1']);
  expect(Number(last('GGA')[2]!.slice(0, 2)) + Number(last('GGA')[2]!.slice(2)) / 60).toBeCloseTo(HOME.latitude, 3);
});

test('before the first fix the fields are empty and the status is V', async () => {
  const { world, waiting, read } = make();
  await world.run(1500);
  const [rmc] = read(waiting()).split('\r\n');
  expect(rmc!.split(',').slice(2, 7)).toEqual(['V', '', '', '', '']);
});

test('UBX-CFG-MSG silences a sentence, UBX-CFG-RST stops and starts; a wrong checksum does nothing; pieces are put together', async () => {
  const { world, waiting, read, send, gnss } = make();
  send('b56206010300f00300fd16');
  await world.run(1500);
  expect(read(waiting())).toContain('GSV');
  send('b56206010300f0');
  send('0300fd15');
  await world.run(2000);
  expect(read(waiting())).not.toContain('GSV');
  send('b562060404000000080016 74'.replace(' ', ''));
  expect(gnss.working).toBe(false);
  read(waiting());
  await world.run(5000);
  expect(waiting()).toBe(0);
  send('b562060404000000090017 76'.replace(' ', ''));
  await world.run(3000);
  expect(read(waiting())).toContain('RMC');
});

test('what is not read fills the buffer, and no more', async () => {
  const { world, waiting } = make();
  await world.run(600_000);
  expect(waiting()).toBeLessThanOrEqual(4096);
});

test('without power it is not there', () => {
  const { gnss } = make();
  gnss.power(false);
  expect([gnss.write(Uint8Array.of(0xfd)), gnss.read(2)]).toEqual([false, undefined]);
});
