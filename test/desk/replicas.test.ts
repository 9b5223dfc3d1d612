/**
 * Two desks as programs over one PostgreSQL, under load, and one of them killed (SIGKILL) at a random moment, the one on duty first: no
 * application, permit, case, notice or checkpoint lost or doubled, and one chain of checkpoints without a fork. KILLS (default 2) says
 * how often, KILLS_SEED at which moments: `KILLS=20 npx jest test/desk/replicas`.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { deviceIdentity, noteVerifier, openAuthorityKeys, openLinkKeys, verifyArchiveFile } from '../../host-bridge/desk';
import { openNote, parseCheckpoint, type Checkpoint } from '../../host-bridge/desk/register/note';
import { checkConsistency } from '../../host-bridge/desk/register/merkle';
import { seededRandom } from '../../sim/world/random';
import { makeDatabase, startCluster, type Cluster } from '../postgres/cluster';
import { ask, built, run, Running, until } from '../e2e/programs';
import { deviceId, die, FakeBridge, LogDevice, TestClock, testFolder, tinyPng, type Json } from './support';

const KILLS = Number(process.env['KILLS'] ?? 2);
const EACH = 16; // applications between two kills
const random = seededRandom(Number(process.env['KILLS_SEED'] ?? 1));
/** Of the uses, each so manieth ends with an alarm of the unit. */
const ALARM_EACH = 5;
const cluster: Cluster | undefined = startCluster();
if (!cluster) console.warn('not run, because there is no PostgreSQL on this machine: replicas of the desk');
afterAll(() => cluster?.stop());

/** A bridge that the unit uses each permit through as soon as it comes, over real HTTP. It notes what must not be. */
class Site {
  readonly wrong: string[] = [];
  alarms = 0;
  readonly bridge: FakeBridge;
  private readonly given = new Map<string, string>();
  private readonly server: Server;
  url = '';

  constructor(readonly device: LogDevice) {
    this.bridge = new FakeBridge(device);
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const text = Buffer.concat(parts).toString();
        void this.bridge.call({ method: request.method as 'GET', path: request.url ?? '', ...(text === '' ? {} : { body: JSON.parse(text) as unknown }) }).then((answer) => {
          this.see(request.url ?? '', request.method ?? '', text);
          response.writeHead(answer.status).end(answer.body);
        });
      });
    });
  }

  private see(url: string, method: string, text: string): void {
    const permit = /\/permits\/([0-9a-f]{32})$/.exec(url)?.[1];
    if (method !== 'PUT' || permit === undefined) return;
    const grant = (JSON.parse(text) as { grant: string }).grant;
    const before = this.given.get(permit);
    if (before === grant) return; // handed in once more, as a follower may that was killed before it wrote that down
    if (before !== undefined) this.wrong.push(`permit ${permit} with other bytes`);
    this.given.set(permit, grant);
    this.device.use(permit, Buffer.from(grant, 'base64'), 1);
    if (this.given.size % ALARM_EACH === 0) this.device.write(9, [9, ++this.alarms]);
  }

  get counters(): number[] {
    return [...this.given.values()].map((grant) => (this.bridge.open(Buffer.from(grant, 'base64')) as { counter: number }).counter);
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

if (!cluster) test('replicas: said above', () => undefined);
else
  describe('replicas', () => {
    const dir = path.join(testFolder(), 'desk');
    const env: NodeJS.ProcessEnv = { SMARTSEAL_PASSPHRASE: 'correct horse battery', BRIDGE_TOKEN: 'x', DESK_DB: cluster.address('replicas') };
    const running = new Map<string, { desk: Running; url: string }>();
    const texts: string[] = [];
    let site: Site | undefined;
    let closing: () => Promise<void> = () => Promise.resolve();

    async function start(name: string): Promise<void> {
      const desk = new Running(['desk', '--config', path.join(dir, `${name}.json`), '--json'], env);
      const { url } = await desk.said(`desk ${name}`, (line) => line.url !== undefined, 60_000);
      running.set(name, { desk, url });
    }

    /** Which of them is on duty. */
    const onDuty = (): Promise<string> =>
      until('somebody on duty', () => [...running].find(([, { desk }]) => desk.ended === undefined && desk.log.some((line) => line.msg === 'on duty'))?.[0], 60_000);

    afterAll(async () => {
      for (const { desk } of running.values()) await desk.stop('SIGKILL');
      site?.stop();
      await closing();
    });

    test(`${KILLS} killed under load: every answer that was given holds, and no permit, stroke or entry is there twice`, async () => {
      built();
      await makeDatabase(cluster.address('postgres'), 'replicas');
      const made = run(['desk', 'init', '--dir', dir, '--register', 'example.com/seals', '--database', 'env:DESK_DB', '--json'], env);
      expect(made.errors).toEqual([]);
      expect(run(['desk', 'init', '--dir', path.join(dir, 'again'), '--database', 'env:DESK_DB'], env)).toMatchObject({ code: 1, errors: [expect.stringMatching(/^CONFLICT/)] });
      const admin = (JSON.parse(made.out) as { token: string }).token;
      const keys = await openAuthorityKeys(readFileSync(path.join(dir, 'authority.keys'), 'utf8'), 'correct horse battery');
      const link = await openLinkKeys(readFileSync(path.join(dir, 'link.keys'), 'utf8'), 'correct horse battery');
      const clock = new TestClock();
      clock.time = Date.now();
      site = new Site(new LogDevice(deviceIdentity(keys, link, Buffer.from(deviceId, 'hex')), clock));
      await site.start();
      const config = JSON.parse(readFileSync(path.join(dir, 'desk.json'), 'utf8')) as Json;
      for (const name of ['a', 'b']) {
        const bridges = [{ name: 'main', url: site.url, token: 'env:BRIDGE_TOKEN' }];
        writeFileSync(path.join(dir, `${name}.json`), JSON.stringify({ ...config, listen: { host: '127.0.0.1', port: 0 }, mark: `${name}.mark`, pollMs: 200, bridges }), { mode: 0o600 });
      }
      await Promise.all([start('a'), start('b')]); // both bring the schema up to date, and one is on duty
      const first = await onDuty();
      const idle = first === 'a' ? 'b' : 'a';
      expect(running.get(idle)!.desk.log.some((line) => line.msg === 'on duty')).toBe(false);

      const at = (name: string): string => running.get(name)!.url;
      const call = async (name: string, token: string, method: string, where: string, body?: FormData | object): Promise<Json> => {
        const answer = await ask(`${at(name)}${where}`, token, method, body);
        if (answer.status >= 300) throw Object.assign(new Error(`${method} ${where}: ${JSON.stringify(answer.body)}`), { status: answer.status });
        return answer.body;
      };
      const person = async (name: string, roles: string[]): Promise<{ id: number; token: string }> => {
        const { person: card, token } = await call('a', admin, 'POST', '/v1/people', { name, roles });
        return { id: card.id, token };
      };
      const applicant = await person('张伟', ['applicant']);
      const chief = await person('李娜', ['approver']);
      const keeper = await person('王芳', ['custodian', 'auditor']);
      const other = await person('马力', ['custodian']);
      await call('b', admin, 'POST', '/v1/devices', { id: deviceId, name: 'unit', bridge: 'main' });
      await call('a', admin, 'PUT', `/v1/devices/${deviceId}/enrolments/${applicant.id}`, { number: 7 });
      const seal = await call('b', admin, 'POST', '/v1/seals', { kind: 'company', name: '公司公章', die, device: deviceId, custodian: keeper.id, approvers: [[chief.id]] });
      await call('a', admin, 'POST', `/v1/seals/${seal.id}/activate`, { reason: '启用', unit: '行政部', scope: 'letter' });
      const form = new FormData();
      form.append('document', new Blob([new Uint8Array(tinyPng(40, 60, 200))]), 'contract.png');
      const document = await call('a', applicant.token, 'POST', '/v1/documents', form);

      // A reader at the idle replica: what the other one writes must reach it.
      const stop = new AbortController();
      const reading = fetch(`${at(idle)}/v1/events?after=0`, { headers: { authorization: `Bearer ${keeper.token}` }, signal: stop.signal })
        .then(async (response) => {
          for await (const part of response.body!) texts.push(Buffer.from(part).toString());
        })
        .catch((error: unknown) => texts.push(String(error))); // its desk is killed in the end

      const made_ = new Set<string>(); // applications whose making was answered
      const agreed = new Set<string>(); // and whose approval was
      const names = (turn: number): string[] => (turn % 2 === 0 ? ['a', 'b'] : ['b', 'a']).filter((name) => running.has(name));
      /** At one replica, and where that is gone at another; undefined where nobody answered. */
      const anywhere = async (turn: number, token: string, method: string, where: string, body?: object): Promise<Json | undefined> => {
        for (const name of names(turn)) {
          try {
            return await call(name, token, method, where, body);
          } catch (error) {
            if ((error as { status?: number }).status === 409) return undefined; // done, but the answer to the first attempt was lost
            if ((error as { status?: number }).status !== undefined && (error as { status: number }).status < 500) throw error;
          }
        }
        return undefined;
      };
      const noticed = new Set<string>(); // changes of the seal that were answered
      const closed = new Set<string>(); // and cases whose closing was
      const checkpoints: Checkpoint[] = [];
      const keyOf = (await (await fetch(`${at('a')}/v1/register/key`)).json()) as { key: string };
      const checkpoint = async (name: string): Promise<void> => {
        const url = running.get(name)?.url; // it may have been killed since
        const answer = url === undefined ? undefined : await fetch(`${url}/v1/checkpoint`, { headers: { authorization: `Bearer ${keeper.token}` } }).catch(() => undefined);
        if (answer?.status !== 200) return;
        const text = openNote(noteVerifier(keyOf.key)!, await answer.text().catch(() => ''));
        if (text !== undefined) checkpoints.push(parseCheckpoint(text)!);
      };
      const beside = async (turn: number): Promise<void> => {
        const reason = `代管 ${turn}`;
        const deputy = { person: other.id, until: Math.floor(Date.now() / 1000) + 3600 + turn };
        if (await anywhere(turn, admin, 'PUT', `/v1/seals/${seal.id}/deputy`, { deputy, reason })) noticed.add(reason);
        for (const name of names(turn)) await checkpoint(name);
        const list = (await anywhere(turn, keeper.token, 'GET', '/v1/cases?open=true')) as { cases: { id: string; kind: string; detail: object }[] } | undefined;
        expect((list?.cases ?? []).filter(({ kind }) => kind !== 'alarm').map(({ kind, detail }) => [kind, detail])).toEqual([]);
        for (const { id } of (list?.cases ?? []).slice(0, 1)) if (await anywhere(turn, keeper.token, 'POST', `/v1/cases/${id}/close`, { reason: `误触 ${turn}` })) closed.add(id);
      };
      const one = async (turn: number): Promise<void> => {
        const now = Math.floor(Date.now() / 1000);
        const fields = { seal: seal.id, purpose: `合同 ${turn}`, document: document.sha256, count: 1, notBefore: now - 60, notAfter: now + 36_000, persons: [applicant.id], submit: true };
        const application = await anywhere(turn, applicant.token, 'POST', '/v1/applications', fields);
        if (application === undefined) return;
        made_.add(application.id);
        if (await anywhere(turn + 1, chief.token, 'POST', `/v1/applications/${application.id}/approve`, { content: application.content })) agreed.add(application.id);
        if (turn % 3 === 0) await beside(turn);
      };
      let turn = 0;
      const load = async (count: number): Promise<void> => {
        const end = turn + count;
        await Promise.all(Array.from({ length: 4 }, async () => {
          while (turn < end) await one(turn++);
        }));
      };

      let terms = 1;
      await load(EACH);
      for (let kill = 0; kill < KILLS; kill++) {
        const duty = await onDuty();
        const victim = kill === 0 || random.fraction() < 0.5 ? duty : duty === 'a' ? 'b' : 'a';
        const busy = load(EACH);
        await new Promise((resolve) => setTimeout(resolve, 20 + random.fraction() * 600)); // in the midst of it
        await running.get(victim)!.desk.stop('SIGKILL');
        running.delete(victim);
        if (victim === duty) terms += 1;
        await busy;
        expect(await onDuty()).not.toBe(victim);
        await start(victim);
        await load(EACH);
      }

      const db = new Client({ connectionString: cluster.address('replicas') });
      db.on('error', () => undefined);
      await db.connect();
      closing = () => db.end();
      const applications = async (): Promise<{ id: string; state: string }[]> => (await db.query<{ id: string; state: string }>('SELECT id, state FROM application')).rows;
      await until('all uses', async () => ((await applications()).every(({ state }) => ['used', 'submitted'].includes(state)) ? true : undefined), 120_000);
      const states = new Map((await applications()).map(({ id, state }) => [id, state]));
      expect(agreed.size).toBeGreaterThan((EACH * (1 + 2 * KILLS)) / 2);
      for (const id of made_) expect(states.has(id)).toBe(true); // what was answered is there
      for (const id of agreed) expect(states.get(id)).toBe('used');
      expect(site.wrong).toEqual([]);
      expect(new Set(site.counters).size).toBe(site.counters.length);

      const column = async (sql: string): Promise<number[]> => (await db.query<{ n: string }>(sql)).rows.map((row) => Number(row.n));
      const upTo = (length: number, from: number): number[] => Array.from({ length }, (_, i) => i + from);
      const counters = await column('SELECT counter AS n FROM permit ORDER BY counter');
      expect(counters).toEqual(upTo(counters.length, 1)); // none twice, and none lost either
      expect(await column('SELECT count(*) AS n FROM permit GROUP BY application HAVING count(*) > 1')).toEqual([]);
      expect(site.counters.sort((a, b) => a - b)).toEqual(counters);
      for (const [table, key, from] of [['entry', 'number', 0], ['event', 'id', 1], ['record', 'seq', 0]] as const) {
        const numbers = await column(`SELECT ${key} AS n FROM ${table} ORDER BY ${key}`);
        expect(numbers).toEqual(upTo(numbers.length, from));
      }
      expect(await column('SELECT count(*) AS n FROM stroke')).toEqual([counters.length]);
      expect(await column('SELECT count(*) AS n FROM record')).toEqual([site.device.records.length]);
      await until('the last photos', async () => ((await column(`SELECT count(*) AS n FROM photo WHERE state <> 'stored'`))[0] === 0 ? true : undefined), 60_000);
      expect(await column('SELECT count(*) AS n FROM photo')).toEqual([2 * counters.length]);
      // Cases: one for each alarm that the unit has recorded, and closed once by whom it was answered.
      const alarms = site.device.records.length - (counters.length * 7);
      expect(alarms).toBe(site.alarms);
      expect((await db.query("SELECT DISTINCT kind FROM case_file")).rows).toEqual([{ kind: 'alarm' }]);
      expect(await column('SELECT count(*) AS n FROM case_file')).toEqual([alarms]);
      expect(await column("SELECT count(*) AS n FROM entry WHERE kind = 'case'")).toEqual([alarms]);
      const shut = (await db.query<{ case_id: string }>('SELECT case_id FROM case_closing')).rows.map((row) => row.case_id);
      for (const id of closed) expect(shut).toContain(id);
      expect(await column("SELECT count(*) AS n FROM entry WHERE kind = 'case-closed'")).toEqual([shut.length]);
      // Notices: every change of the seal that was answered stands there once, under its entry.
      const events = (await db.query<{ reason: string; entry: string }>("SELECT reason, entry FROM seal_event WHERE what = 'deputy'")).rows;
      for (const reason of noticed) expect(events.filter((event) => event.reason === reason)).toHaveLength(1);
      expect(new Set(events.map(({ reason }) => reason)).size).toBe(events.length);
      expect(noticed.size).toBeGreaterThan(KILLS);
      expect(await column('SELECT term AS n FROM duty')).toEqual([terms]);

      // Checkpoints of both, before and after each kill: the same tree for the same size, and each of them a beginning of the next.
      const roots = new Map<number, string>();
      for (const { size, root } of checkpoints) {
        expect([size, roots.get(size) ?? root.toString('hex')]).toEqual([size, root.toString('hex')]);
        roots.set(size, root.toString('hex'));
      }
      const sizes = [...roots.keys()].sort((x, y) => x - y);
      expect(sizes.length).toBeGreaterThan(KILLS);
      for (const [i, size] of sizes.entries()) {
        const next = sizes[i + 1];
        if (next === undefined) break;
        const { path: proof } = await call([...running.keys()][0]!, keeper.token, 'GET', `/v1/register/consistency?first=${size}&second=${next}`);
        expect(checkConsistency(size, Buffer.from(roots.get(size)!, 'hex'), next, Buffer.from(roots.get(next)!, 'hex'), (proof as string[]).map((hash) => Buffer.from(hash, 'hex')))).toBe(true);
      }
      // And what both have written is what the register says.
      expect(run(['desk', 'check', '--config', path.join(dir, 'a.json'), '--json'], env)).toMatchObject({ code: 0, errors: [] });

      // The register that both have written verifies for somebody who knows nothing but its key.
      const archive = path.join(dir, 'register.tar');
      expect(run(['desk', 'archive', '--config', path.join(dir, 'a.json'), '--out', archive], env).errors).toEqual([]);
      const { key } = (await (await fetch(`${[...running.values()][0]!.url}/v1/register/key`)).json()) as { key: string };
      expect(await verifyArchiveFile(archive, noteVerifier(key)!)).toMatchObject({ ok: true, findings: [] });
      stop.abort();
      await reading;
      expect((texts.join('').match(/^event: permit$/gm) ?? []).length).toBeGreaterThanOrEqual(EACH);
    }, 300_000 + KILLS * 20_000);
  });
