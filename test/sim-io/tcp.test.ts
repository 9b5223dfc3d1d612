import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { TcpPort } from '../../sim/io';
import { openPty, serveTcp } from '../../sim/io';
import { device, everyByte, timers, until } from './wires';

interface Host {
  socket: Socket;
  heard: Buffer;
  ended: boolean;
}

let server: TcpPort;
let hosts: Host[] = [];
afterEach(async () => {
  for (const { socket } of hosts) socket.destroy();
  hosts = [];
  await server.close();
});

async function host(): Promise<Host> {
  const socket = connect(server.port, server.host);
  const one: Host = { socket, heard: Buffer.alloc(0), ended: false };
  hosts.push(one);
  socket.on('data', (bytes) => (one.heard = Buffer.concat([one.heard, bytes])));
  socket.on('close', () => (one.ended = true));
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return one;
}

test('bytes go both ways; a second host is closed at once without a byte; the next may come when the first has gone', async () => {
  const unit = device();
  server = await serveTcp(unit, { port: 0 });
  const first = await host();
  first.socket.write(everyByte);
  await until('the device hears', () => unit.heard.length === everyByte.length);
  expect(unit.heard).toEqual(everyByte);
  unit.say(everyByte);
  await until('the host hears', () => first.heard.length === everyByte.length);
  expect(first.heard).toEqual(everyByte);

  const second = await host();
  await until('the second is closed', () => second.ended);
  expect(second.heard).toHaveLength(0);
  expect(first.ended).toBe(false);
  expect(server.counters.refused).toBe(1);

  first.socket.end();
  await until('the first has gone', () => first.ended);
  const third = await host();
  third.socket.write('x');
  await until('the device hears the third', () => unit.heard.length === everyByte.length + 1);
});

test('a pulled cable ends the connection; while it is out nobody gets in', async () => {
  const unit = device();
  server = await serveTcp(unit, { port: 0 });
  const first = await host();
  first.socket.write('x');
  await until('the device hears', () => unit.heard.length === 1);
  unit.connected = false;
  server.hangUp();
  await until('the line is broken', () => first.ended);
  const second = await host();
  await until('nobody gets in', () => second.ended);
  unit.connected = true;
  const third = await host();
  unit.say(Buffer.from('hello'));
  await until('back', () => third.heard.toString() === 'hello');
});

test('a port that is taken is an error with a code', async () => {
  server = await serveTcp(device(), { port: 0 });
  await expect(serveTcp(device(), { port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('a cable may have two ends: both hear the device, the device hears both', async () => {
  const unit = device();
  const seen: boolean[] = [];
  server = await serveTcp(unit, { port: 0, onHost: (there) => seen.push(there) });
  const terminal = await openPty(unit, { timers });
  const one = await host();
  await until('the host is there', () => seen.length === 1);
  unit.say(Buffer.from('hi'));
  one.socket.write('1');
  await until('both have heard', () => terminal.counters.toHost === 2 && one.heard.toString() === 'hi' && unit.heard.toString() === '1');
  await terminal.close();
  unit.say(Buffer.from('!'));
  await until('the other still hears', () => one.heard.toString() === 'hi!');
  expect(terminal.counters.toHost).toBe(2);
});
