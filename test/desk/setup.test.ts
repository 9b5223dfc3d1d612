/** From an empty folder to a desk that listens, over real HTTP; and the desk against the real bridge's API. */
import { Command } from 'commander';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { createBridge } from '../../host-bridge/bridge';
import { register } from '../../host-bridge/cli/desk';
import { SILENT } from '../../host-bridge/common/log';
import { initDesk, injectTransport, httpTransport, openAuthorityKeys, openLinkKeys, provisionDevice, deviceIdentity } from '../../host-bridge/desk';
import { nodeNatives } from '../../host-bridge/natives';
import { approved, deviceId, identityOf, openOffice, TestClock, testFolder, testRandom } from './support';

const cost = { N: 1 << 12, r: 8, p: 1 };

async function program(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true)),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true)),
  ];
  process.exitCode = undefined;
  const root = new Command().exitOverride();
  register(root);
  await root.parseAsync(args, { from: 'user' });
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  for (const spy of spies) spy.mockRestore();
  return { code, out, err };
}

describe('smartseal desk', () => {
  const saved = process.env['SMARTSEAL_PASSPHRASE'];
  afterAll(() => {
    if (saved === undefined) delete process.env['SMARTSEAL_PASSPHRASE'];
    else process.env['SMARTSEAL_PASSPHRASE'] = saved;
  });

  test('init, provision-device, archive; what is wrong is one line and exit code 1', async () => {
    const dir = path.join(testFolder(), 'desk');
    const config = path.join(dir, 'desk.json');
    delete process.env['SMARTSEAL_PASSPHRASE'];
    expect((await program('desk', 'init', '--dir', dir)).err).toContain('SMARTSEAL_PASSPHRASE');
    process.env['SMARTSEAL_PASSPHRASE'] = 'correct horse battery';
    const made = await program('desk', 'init', '--dir', dir, '--bridge', 'main=http://127.0.0.1:1=env:BRIDGE_TOKEN', '--json');
    expect(made.code).toBe(0);
    const { token } = JSON.parse(made.out) as { token: string };
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    for (const name of ['authority.keys', 'link.keys', 'desk.json']) expect(statSync(path.join(dir, name)).mode & 0o077).toBe(0);
    expect((await program('desk', 'init', '--dir', dir)).err).toMatch(/^CONFLICT: .*\n$/);
    const out = path.join(dir, 'unit');
    const provisioned = await program('desk', 'provision-device', '--config', config, '--id', deviceId, '--out', out, '--person', '3:7', '--die', 'd1e0000000000001', '--json');
    expect(provisioned.err).toBe('');
    const unit = JSON.parse(readFileSync(path.join(out, `${deviceId}.unit.json`), 'utf8'));
    const link = JSON.parse(readFileSync(path.join(out, `${deviceId}.link.json`), 'utf8'));
    expect(link).toEqual({ [deviceId]: unit.linkKey });
    expect(unit).toMatchObject({ deviceId, people: [{ slot: 3, person: 7 }], dies: ['d1e0000000000001'] });
    const identity = deviceIdentity(
      await openAuthorityKeys(readFileSync(path.join(dir, 'authority.keys'), 'utf8'), 'correct horse battery'),
      await openLinkKeys(readFileSync(path.join(dir, 'link.keys'), 'utf8'), 'correct horse battery'),
      Buffer.from(deviceId, 'hex'),
    );
    expect([unit.linkKey, unit.permitKey, unit.evidenceKey, unit.ackKey]).toEqual([identity.linkKey, identity.permitKey, identity.evidenceKey, identity.ackKey].map((k) => k.toString('hex')));
    process.env['BRIDGE_TOKEN'] = 'x';
    const archive = path.join(dir, 'register.tar');
    expect(await program('desk', 'archive', '--config', config, '--out', archive, '--lang', 'zh')).toMatchObject({ code: 0, err: '' });
    expect(existsSync(archive)).toBe(true);
    // What is told is told in both languages; the backup holds no key, and comes back under the same keys only.
    const saved = path.join(dir, '..', 'desk.backup');
    expect(await program('desk', 'backup', saved, '--config', config)).toMatchObject({ code: 0, err: '', out: expect.stringContaining('It holds no key') });
    expect(statSync(saved).mode & 0o077).toBe(0);
    expect(await program('desk', 'restore', saved, '--config', config)).toMatchObject({ code: 1, err: expect.stringMatching(/^CONFLICT: .*not empty\n$/) });
    expect(await program('desk', 'restore', '--config', config)).toMatchObject({ code: 1, err: expect.stringContaining('--in-place') });
    for (const name of ['desk.db', 'desk.db-wal', 'desk.db-shm', 'register.mark']) rmSync(path.join(dir, name), { force: true });
    const restored = await program('desk', 'restore', saved, '--config', config, '--json');
    expect(JSON.parse(restored.out)).toMatchObject({ entries: 1, devices: 0, withdrawn: 0, missing: [] });
    expect(existsSync(path.join(dir, 'register.mark'))).toBe(true);
    // Three more: that it was restored, that everybody's access ended, and the one token that is shown.
    expect(await program('desk', 'restore', '--in-place', '--config', config, '--lang', 'zh')).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^已恢复：登记 4 条[^]*全部会话与令牌已作废[^]*人员 1 的令牌（仅显示一次）：[\w-]{43}\n$/) });
    expect(existsSync(path.join(dir, 'register.mark.before-1'))).toBe(true);
    process.env['SMARTSEAL_PASSPHRASE'] = 'wrong';
    expect(await program('desk', 'archive', '--config', config, '--out', archive, '--lang', 'zh')).toMatchObject({ code: 1, err: expect.stringMatching(/^KEYS_LOCKED: 无法用该口令打开密钥文件\n$/) });
    expect((await program('desk', '--config', path.join(dir, 'nothing.json'))).code).toBe(1);
  }, 60_000);

  test('an identity has the keys the desk will use, and the bridge gets one of them', async () => {
    const folder = path.join(testFolder(), 'desk');
    await initDesk({
      folder, registerName: 'a/b', adminName: 'admin', listen: { host: '127.0.0.1', port: 0 }, bridges: [], passphrase: 'p', random: testRandom('init'), seconds: () => 1, cost,
    });
    const files = { keysFile: path.join(folder, 'authority.keys'), linkKeysFile: path.join(folder, 'link.keys'), passphrase: 'p' };
    const made = await provisionDevice({ ...files, deviceId });
    expect(new Set(Object.values({ ...made.unit, people: '', dies: ' ', deviceId: '-' })).size).toBe(7);
    await expect(provisionDevice({ ...files, deviceId: 'xyz' })).rejects.toThrow();
  });
});

describe("the real bridge's API", () => {
  test('permits and statements are taken and queued; errors have codes; nothing is believed that is not there', async () => {
    const token = 'bridge-token';
    const clock = new TestClock();
    const bridge = await createBridge({
      database: ':memory:', spool: testFolder(), natives: nodeNatives, clock, random: () => 0.5, log: SILENT, transports: [],
      tokens: [{ name: 'desk', sha256: createHash('sha256').update(token).digest('hex'), scopes: ['read', 'permit', 'grant'] }],
      linkKeys: new Map([[deviceId, identityOf().linkKey.toString('latin1')]]),
    });
    try {
      const url = await bridge.app.listen({ host: '127.0.0.1', port: 0 });
      const http = httpTransport({ url, token, fetch, timeoutMs: 5000, timeout: (ms) => AbortSignal.timeout(ms) });
      for (const transport of [injectTransport(bridge.app, token), http]) {
        const office = await openOffice({ bridges: [{ name: 'main', transport }] });
        const application = await approved(office, transport === http ? { count: 3 } : {});
        await office.desk.round();
        expect(office.desk.rooms.followers[0]?.status.error).toBeNull();
        const auditor = async (where: string) => (await office.call(office.tokens.auditor, 'GET', where)).body;
        // The second office has the same identities: its permit has an id the bridge knows with other bytes, and is refused as such.
        expect((await auditor(`/v1/applications/${application.id}`)).permits[0]).toMatchObject(transport === http ? { state: 'refused', code: 'PERMIT_DIFFERS' } : { state: 'queued' });
        await office.call(office.tokens.custodian, 'POST', `/v1/devices/${deviceId}/revoke`, { reason: 'test' });
        await office.desk.round();
        expect(office.desk.rooms.followers[0]?.status.error).toBeNull();
        await office.close();
      }
      const wrong = await openOffice({ bridges: [{ name: 'main', transport: injectTransport(bridge.app, 'other') }] });
      await wrong.desk.round();
      expect(wrong.desk.rooms.followers[0]?.status.error).toContain('UNAUTHENTICATED');
      await wrong.close();
    } finally {
      await bridge.stop();
    }
  });
});
