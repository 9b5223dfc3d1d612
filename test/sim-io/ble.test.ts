/** The shape of BLE over TCP (sim/io/BLE.md): packets with their borders, bounded by the MTU, one central at a time. */
import { connect, type Socket } from 'node:net';
import { nodeNatives } from '../../host-bridge/natives';
import { decodeReady, HostPeer, MessageType } from '../../protocol';
import { createUnit, RealTime, World, type Unit } from '../../sim';
import { serveBle, type BlePort } from '../../sim/io';
import { IDENTITY } from '../scenario/authority';
import { bundle } from '../scenario/bench';
import { timers, until } from './wires';

let world: World;
let unit: Unit;
let real: RealTime;
let running: Promise<void>;
let port: BlePort;
let sockets: Socket[];

async function serve(mtu: number): Promise<void> {
  port = await serveBle(unit.parts.radio, { port: 0, mtu, catchUp: () => world.catchUp?.() }, timers.after);
}

beforeEach(() => {
  sockets = [];
  world = new World({ seed: 1 });
  unit = createUnit(world, { bundle: bundle(), identity: IDENTITY });
  real = new RealTime(world, { now: timers.now, sleep: (ms) => {
    let wake = (): void => undefined;
    const done = new Promise<void>((resolve) => (wake = resolve));
    const cancel = timers.after(ms, wake);
    return { done, wake: () => (cancel(), wake()) };
  } });
  unit.power.on();
  running = real.run();
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await port.close();
  real.stop();
  await running;
});

/** A central: packets as they come, and a way to write one. */
class Central {
  readonly packets: Buffer[] = [];
  closed = false;
  onPacket: ((bytes: Buffer) => void) | undefined;
  private readonly socket: Socket;
  private rest = Buffer.alloc(0);

  constructor() {
    this.socket = connect(port.port, port.host);
    sockets.push(this.socket);
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.closed = true));
    this.socket.on('data', (bytes) => {
      this.rest = Buffer.concat([this.rest, bytes]);
      while (this.rest.length >= 2 && this.rest.length >= 2 + this.rest.readUInt16LE(0)) {
        const packet = this.rest.subarray(2, 2 + this.rest.readUInt16LE(0));
        this.rest = this.rest.subarray(2 + packet.length);
        this.packets.push(packet);
        this.onPacket?.(packet);
      }
    });
  }

  get mtu(): number {
    return this.packets[0]?.readUInt16LE(0) ?? 0;
  }

  write(bytes: Buffer): void {
    const head = Buffer.alloc(2);
    head.writeUInt16LE(bytes.length);
    this.socket.write(Buffer.concat([head, bytes]));
  }

  writeAll(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += this.mtu - 3) this.write(bytes.subarray(at, at + this.mtu - 3));
  }
}

/** A host behind a central. */
function host(central: Central): { ready(): boolean; stop(): void } {
  let ready = false;
  const peer = new HostPeer({
    natives: nodeNatives, write: (bytes) => central.writeAll(Buffer.from(bytes, 'latin1')), keyFor: () => IDENTITY.linkKey.toString('latin1'), hostId: 1, frameMax: 128, window: 4,
    events: { ready: () => undefined, message: (type, _tag, body) => (ready ||= type === MessageType.READY && decodeReady(body)!.nextSeq > 0), down: () => undefined },
  });
  let cancel = (): void => undefined;
  const turn = (): void => {
    cancel();
    cancel = timers.after(Math.min(50, Math.max(1, peer.tick(Math.floor(timers.now())))), turn);
  };
  central.onPacket = (bytes) => {
    if (central.packets.length > 1) peer.receive(bytes.toString('latin1'));
  };
  peer.connect();
  turn();
  return { ready: () => ready, stop: () => cancel() };
}

test.each([[247, 131], [131, 131]])('a central that asks for an MTU of %i gets %i, and a session', async (asked, agreed) => {
  await serve(asked);
  const central = new Central();
  await until('the MTU', () => central.packets.length > 0);
  expect(central.mtu).toBe(agreed);
  const peer = host(central);
  await until('the session', peer.ready, 15_000);
  peer.stop();
  expect(Math.max(...central.packets.slice(1).map((one) => one.length))).toBeLessThanOrEqual(agreed - 3);
  expect(unit.truth.consoleBytes).toBe(0);
});

test('at the smallest MTU no packet is longer than 20 bytes, either way, and a session comes about', async () => {
  await serve(23);
  const central = new Central();
  await until('the MTU', () => central.packets.length > 0);
  expect(central.mtu).toBe(23);
  const peer = host(central);
  await until('the session', peer.ready, 15_000);
  peer.stop();
  expect(Math.max(...central.packets.slice(1).map((one) => one.length))).toBe(20);
  expect(port.counters.writes).toBeGreaterThanOrEqual(4);
  expect(central.closed).toBe(false);
  central.write(Buffer.alloc(21));
  await until('the end', () => central.closed);
});

test('a central that floods waits, and does not take the time of others', async () => {
  await serve(247);
  const central = new Central();
  await until('the MTU', () => central.packets.length > 0);
  for (let i = 0; i < 5000; i++) central.write(Buffer.of(i));
  const began = timers.now();
  await until('writes', () => port.counters.writes > 60);
  expect(timers.now() - began).toBeGreaterThan(100);
  expect(port.counters.writes).toBeLessThan(6 * ((timers.now() - began) / 15 + 3));
  expect(central.closed).toBe(false);
});

test('one central at a time; it is let go when the unit loses its power, and may come back', async () => {
  await serve(247);
  const first = new Central();
  await until('the MTU', () => first.packets.length > 0);
  const second = new Central();
  await until('the second to be refused', () => second.closed);
  expect(second.packets).toHaveLength(0);
  unit.power.cut();
  await until('the first to be let go', () => first.closed);
  const third = new Central();
  unit.power.on();
  await until('a connection once the unit advertises', () => third.packets.length > 0);
  third.write(Buffer.alloc(0));
  await until('an empty write to end it', () => third.closed);
  expect(unit.parts.radio.connected).toBe(false);
});
