/** What a technician asks a running bridge for: a capture of a device's line, of a port's, the computer's own ports, figures. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clear, yard, type YardUnit } from '../bridge/yard';
import { bridgeFor, LINK_KEY } from './load';
import { built, freePort, run, Running, until } from './programs';

const folder = mkdtempSync(path.join(tmpdir(), 'support-'));
let units: YardUnit[];
let bridge: Running;
let url: string;
const access = (): string[] => ['--url', url, '--token', 'load', '--lang', 'en'];

beforeAll(async () => {
  built();
  units = await yard(1, '73757070', LINK_KEY);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  bridge = new Running(['bridge', '--config', bridgeFor(path.join(folder, 'bridge'), units, port, { ports: [{ kind: 'tcp', host: '127.0.0.1', port: units[0]!.cable.port }, { kind: 'tcp', host: '127.0.0.1', port: 9 }, { kind: 'usb', vendor: 'FFFE' }] })]);
  await until('the unit', async () => (await fetch(`${url}/v1/devices/${units[0]!.id}`, { headers: { authorization: 'Bearer load' } }).then((answer) => answer.json(), () => undefined) as { connected?: boolean } | undefined)?.connected || undefined);
}, 180_000);
afterAll(async () => {
  await bridge.stop();
  await clear(units);
  rmSync(folder, { recursive: true, force: true });
});

test('a capture of a device and of a port, each a file of its owner’s alone; what there is none of is told with a code', () => {
  const file = path.join(folder, 'seal.pcapng');
  const done = run(['device', 'capture', units[0]!.id, '--out', file, '--json', ...access()]);
  expect([done.code, done.errors]).toEqual([0, []]);
  expect(JSON.parse(done.out)).toEqual({ out: file, bytes: statSync(file).size });
  expect(readFileSync(file).readUInt32LE(0)).toBe(0x0a0d0d0a);
  expect(statSync(file).mode & 0o077).toBe(0);
  const port = path.join(folder, 'port.pcapng');
  expect(run(['device', 'capture', 'tcp:127.0.0.1:9', '--port', '--out', port, ...access()]).code).toBe(0);
  expect(readFileSync(port).includes('PORT_MISSING')).toBe(true);
  expect(run(['device', 'capture', 'tcp:nowhere:1', '--port', '--out', path.join(folder, 'none'), ...access()]).errors[0]).toMatch(/^NOT_FOUND: /);
});

test('the ports of this computer are listed, also where there are none', () => {
  const done = run(['device', 'ports', '--json']);
  expect([done.code, done.errors]).toEqual([0, []]);
  for (const line of done.out.split('\n').filter((text) => text !== '')) expect(JSON.parse(line)).toMatchObject({ path: expect.any(String) as string, config: { kind: 'usb' } });
});

test('figures of the process and of the ports come in the text that Prometheus reads', async () => {
  const text = await (await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer load' } })).text();
  for (const wanted of [/^process_resident_memory_bytes \d+/m, /^smartseal_devices_connected 1$/m, /^smartseal_port_faults_total\{port="tcp:127\.0\.0\.1:9",code="PORT_MISSING"\} [1-9]/m, /^# TYPE smartseal_link_total counter$/m, /^smartseal_disk_free_bytes \d+/m, /^smartseal_http_request_seconds_bucket\{le="0\.05",method="GET",route="\/v1\/devices\/:device",status="200"\} \d+/m]) {
    expect(text).toMatch(wanted);
  }
});
