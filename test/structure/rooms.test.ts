/** Rooms of the firmware that are made when they are needed (firmware/build/rooms.js): nothing changes but what stands where. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './sources';

const { room } = createRequire(__filename)(path.join(root, 'firmware/build/rooms.js')) as { room(code: string, name: string): string };

const HOUSE = `(function () {
let said = [];
function own(n) { return deeper(n) + shared(n); }
function deeper(n) { return n * 2; }
function shared(n) { return n + 1; }
class Room { constructor(a, b) { this.a = a; this.b = b; } sum() { return own(this.a) + own(this.b); } again() { return new Room(this.b, this.a).sum(); } }
said.push(shared(1));
said.push(new Room(1, 2).sum());
said.push(new Room(3, 4).again());
return said;
})()`;

const run = (code: string): unknown => (0, eval)(code) as unknown;

test('what only a room uses moves into it, and it says what it said before', () => {
  const made = room(HOUSE, 'Room');
  expect(run(made)).toEqual(run(HOUSE));
  expect(made.indexOf('function own')).toBeGreaterThan(made.indexOf('function $Room(a, b)'));
  expect(made.indexOf('function deeper')).toBeGreaterThan(made.indexOf('function $Room(a, b)'));
  expect(made.indexOf('function shared')).toBeLessThan(made.indexOf('function $Room(a, b)'));
  expect(made).not.toMatch(/new Room\([123]/);
});

test('a class that is more than made is no room', () => {
  expect(() => room(HOUSE.replace('return said', 'return said.concat(Room.name)'), 'Room')).toThrow(/not only made by new/);
  expect(() => room(HOUSE, 'Hall')).toThrow(/no class Hall/);
});
