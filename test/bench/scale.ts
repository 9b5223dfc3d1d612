/**
 * How many units one bridge holds: the program itself with 1, 10, 100 and 1,000 units (another process, speaking the real
 * protocol over TCP): memory and processor per unit, how long an event takes to a reader of the event stream and to a webhook,
 * and whether anything grows at ten stamps a minute (BENCH_MINUTES, 2 unless told otherwise; an hour is 60).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { eventReader } from '../../host-bridge/desk/follow/transport';
import { median, type Bench } from './report';

const UNITS = [1, 10, 100, 1000];
const NOTES = 600;
const TOKEN = 'bench';
const STAMPS_A_MINUTE = 10;
const headers = { authorization: `Bearer ${TOKEN}` };

interface Yard {
  child: ChildProcess;
  units: { id: string; port: number }[];
  tell(word: string): void;
  onLine: (line: Record<string, unknown>) => void;
}

function linesOf(child: ChildProcess, take: (line: Record<string, unknown>) => void): void {
  let rest = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{')) take(JSON.parse(line) as Record<string, unknown>);
  });
}

function openYard(bench: Bench, count: number): Promise<Yard> {
  const child = spawn(bench.node, [path.join(bench.root, 'dist/test/bench/scale-yard.js'), String(count)], { stdio: ['pipe', 'pipe', 'inherit'] });
  return new Promise((resolve) => {
    const yard: Yard = { child, units: [], tell: (word) => void child.stdin.write(`${word}\n`), onLine: () => undefined };
    linesOf(child, (line) => {
      if (line['ready'] === undefined) return yard.onLine(line);
      yard.units = line['ready'] as Yard['units'];
      resolve(yard);
    });
  });
}

/** What the system says of a process: resident bytes, processor milliseconds, files open (Linux, proc(5)). */
function look(pid: number): { rss: number; cpu: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
  const rss = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return { rss: Number(rss?.[1] ?? NaN) * 1024, cpu: (Number(stat[11]) + Number(stat[12])) * 10 };
}

interface Running {
  child: ChildProcess;
  pid: number;
  url: string;
}

function openBridge(bench: Bench, yard: Yard, folder: string): Promise<Running> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(folder, 'link.keys'), JSON.stringify(Object.fromEntries(yard.units.map(({ id }) => [id, Buffer.alloc(32, 'l').toString('hex')]))), { mode: 0o600 });
  const config = path.join(folder, 'bridge.json');
  writeFileSync(config, JSON.stringify({
    listen: { host: '127.0.0.1', port: 0 }, database: 'bridge.db', spool: 'photos', linkKeysFile: 'link.keys', logLevel: 'error', tokens: [{ name: 'bench', sha256: createHash('sha256').update(TOKEN).digest('hex'), scopes: ['read', 'webhook'] }],
    webhooks: { networks: ['127.0.0.1/32'], http: true },
    ports: yard.units.map(({ port }) => ({ kind: 'tcp', host: '127.0.0.1', port })),
  }));
  const child = spawn(bench.node, [path.join(bench.root, 'bin/smartseal.js'), 'bridge', '--config', config, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    linesOf(child, (line) => resolve({ child, pid: child.pid!, url: String(line['url']) }));
    child.once('exit', (code) => reject(new Error(`the bridge ended with ${code}`)));
  });
}

async function connected(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers })).text();
  return Number(/^smartseal_devices_connected (\d+)/m.exec(text)?.[1] ?? 0);
}

function figures(text: string): { records: number; photos: number } {
  return { records: Number(/^smartseal_records (\d+)/m.exec(text)?.[1] ?? 0), photos: Number(/^smartseal_photos\{state="stored"\} (\d+)/m.exec(text)?.[1] ?? 0) };
}

interface Event {
  device: string;
  seq: number;
}

/** A receiver of webhooks that notes when each record's message came whole. */
async function receiver(url: string, come: (event: Event) => void): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { type, device, data } = JSON.parse(Buffer.concat(parts).toString()) as { type: string; device: string; data: { seq: number } };
      if (type === 'record') come({ device, seq: data.seq });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const body = JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, types: ['record'] });
  const made = await fetch(`${url}/v1/webhooks`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body });
  if (made.status !== 201) throw new Error(`no webhook: ${made.status} ${await made.text()}`);
  const { id } = (await made.json()) as { id: string };
  return async () => {
    await fetch(`${url}/v1/webhooks/${id}`, { method: 'DELETE', headers });
    server.closeAllConnections();
    server.close();
  };
}

interface Latencies {
  stream: number[];
  webhook: number[];
}

/** Milliseconds from a record on a unit to its event at a reader, and at a webhook's receiver; sorted. */
async function latencies(bench: Bench, yard: Yard, url: string): Promise<Latencies> {
  const begun = new Map<string, bigint>();
  const arrived = new Map<string, bigint>();
  const posted = new Map<string, bigint>();
  const hangUp = await receiver(url, ({ device, seq }) => void posted.set(`${device} ${seq}`, process.hrtime.bigint()));
  yard.onLine = (line) => void begun.set(`${String(line['id'])} ${String(line['seq'])}`, BigInt(String(line['ns'])));
  const stop = new AbortController();
  const response = await fetch(`${url}/v1/events`, { headers, signal: stop.signal });
  const reading = (async () => {
    const feed = eventReader(({ type, data }) => {
      const now = process.hrtime.bigint();
      const { device, seq } = JSON.parse(data) as Event;
      if (type === 'record') arrived.set(`${device} ${seq}`, now);
    });
    const text = new TextDecoder();
    for await (const part of response.body ?? []) feed(text.decode(part as Uint8Array, { stream: true }));
  })().catch(() => undefined);
  for (let i = 0; i < NOTES; i++) {
    yard.tell('note');
    await bench.sleep(25);
  }
  for (let i = 0; i < 400 && (arrived.size < NOTES || posted.size < NOTES); i++) await bench.sleep(25);
  stop.abort();
  await reading;
  await hangUp();
  if (arrived.size < NOTES || posted.size < NOTES) throw new Error(`${arrived.size} and ${posted.size} of ${NOTES} events came`);
  const after = (there: Map<string, bigint>): number[] => [...begun].map(([key, at]) => Number((there.get(key) ?? at) - at) / 1e6).sort((a, b) => a - b);
  return { stream: after(arrived), webhook: after(posted) };
}

async function grow(bench: Bench, yard: Yard, running: Running, minutes: number): Promise<void> {
  const samples: { at: number; rss: number }[] = [];
  const began = bench.now();
  const before = look(running.pid);
  const gap = 60_000 / STAMPS_A_MINUTE;
  for (let stamps = 0; bench.now() - began < minutes * 60_000; stamps++) {
    yard.tell('stamp');
    await bench.sleep(Math.max(0, began + (stamps + 1) * gap - bench.now()));
    samples.push({ at: bench.now() - began, rss: look(running.pid).rss });
    if (stamps % 100 === 99) bench.say(`${Math.round(samples.at(-1)!.at / 60_000)} min: ${Math.round(samples.at(-1)!.rss / 1e6)} MB`);
  }
  const cpu = look(running.pid).cpu - before.cpu;
  const wall = bench.now() - began;
  let sum: Record<string, unknown> = {};
  yard.onLine = (line) => (sum = line);
  yard.tell('sum');
  let got = { records: 0, photos: 0 };
  for (let i = 0; i < 600 && (got.records !== sum['records'] || got.photos !== sum['photos']); i++) {
    await bench.sleep(100);
    got = figures(await (await fetch(`${running.url}/metrics`, { headers })).text());
  }
  const part = (from: number, to: number): number => median(samples.filter(({ at }) => at >= wall * from && at <= wall * to).map(({ rss }) => rss));
  bench.figure({
    metric: `${yard.units.length} units, ${STAMPS_A_MINUTE} stamps a minute for ${minutes} min: growth of memory`, value: (part(0.8, 1) - part(0.2, 0.4)) / 1e6, unit: 'MB (last fifth against second fifth)',
    context: {
      secondFifthMB: Math.round(part(0.2, 0.4) / 1e6), thirdFifthMB: Math.round(part(0.4, 0.6) / 1e6), fourthFifthMB: Math.round(part(0.6, 0.8) / 1e6), lastFifthMB: Math.round(part(0.8, 1) / 1e6), cpuPercentOfOneCore: Number(((cpu * 100) / wall).toFixed(2)),
      stamps: samples.length, records: got.records, photos: got.photos, recordsMissing: Number(sum['records']) - got.records, photosMissing: Number(sum['photos']) - got.photos, load: bench.load(),
    },
  });
}

export async function scale(bench: Bench): Promise<void> {
  const asked = (bench.env['BENCH_UNITS'] ?? UNITS.join()).split(',').map(Number);
  const minutes = Number(bench.env['BENCH_MINUTES'] ?? 2);
  let bare = 0;
  for (const count of asked) {
    bench.say(`${count} units`);
    const yard = await openYard(bench, count);
    const began = bench.now();
    const running = await openBridge(bench, yard, path.join(bench.folder, String(count)));
    try {
      while ((await connected(running.url)) < count) await bench.sleep(100);
      const up = bench.now() - began;
      await bench.sleep(25_000); // the first statuses are over
      const before = look(running.pid);
      const from = bench.now();
      await bench.sleep(20_000);
      const after = look(running.pid);
      if (bare === 0) bare = after.rss;
      bench.figure({
        metric: `${count} units at rest: processor`, value: (after.cpu - before.cpu) / ((bench.now() - from) / 1000) / count, unit: 'ms of one core a second a unit',
        context: { percentOfOneCore: Number((((after.cpu - before.cpu) * 100) / (bench.now() - from)).toFixed(2)), allConnectedAfterMs: Math.round(up), load: bench.load() },
      });
      bench.figure({ metric: `${count} units at rest: memory`, value: after.rss / 1e6, unit: 'MB', context: { kBForEachFurtherUnit: count === 1 ? 0 : Math.round((after.rss - bare) / 1e3 / (count - 1)) } });
      const { stream, webhook } = await latencies(bench, yard, running.url);
      for (const [times, where] of [[stream, 'event at a reader'], [webhook, 'message at a webhook']] as const) {
        const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
        bench.figure({ metric: `${count} units: record on the unit to ${where}, p99`, value: at(0.99), unit: 'ms', goal: 50, context: { p50: Number(at(0.5).toFixed(2)), longest: Number(at(1).toFixed(2)), events: times.length, load: bench.load() } });
      }
      if (count === asked.at(-1)) await grow(bench, yard, running, minutes);
    } finally {
      running.child.removeAllListeners('exit');
      running.child.kill('SIGKILL');
      yard.child.kill('SIGKILL');
    }
  }
}
