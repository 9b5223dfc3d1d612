/**
 * A unit whose cable is pulled and put back, over and over, in the middle of handshakes, records and photos, each time
 * under another terminal's number. REPLUG_ROUNDS (default 12) says how often; `REPLUG_ROUNDS=500 npx jest test/e2e/replug`.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBridge, type Bridge } from '../../host-bridge/bridge';
import { usbFinder } from '../../host-bridge/bridge/finder';
import { sysfsPorts } from '../../host-bridge/bridge/usb';
import { systemClock, systemRandom } from '../../host-bridge/cli/system';
import { toBuffer } from '../../host-bridge/common/bytes';
import { sleep } from '../../host-bridge/common/clock';
import { SILENT } from '../../host-bridge/common/log';
import { nodeNatives } from '../../host-bridge/natives';
import { RecordKind } from '../../protocol';
import { openPty, type Pty } from '../../sim/io';
import { Cable, FakeDevice } from '../bridge/fake-device';
import { DEVICE, LINK_KEY, OTHER } from '../bridge/harness';

const ROUNDS = Number(process.env['REPLUG_ROUNDS'] ?? 12);
const SEED = Number(process.env['REPLUG_SEED'] ?? 1);
/** Milliseconds in which the link has to stand again (SAFETY.md L1). */
const BACK_WITHIN = 5_000;
const clock = systemClock();
const folder = mkdtempSync(join(tmpdir(), 'replug-'));
const [sys, dev] = [join(folder, 'sys'), join(folder, 'dev')];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A cable that is at a terminal while it is plugged in, and a folder of the system that says so. */
class Plug extends Cable {
  /** Bytes the device has sent since the cable was put in, and after how many it is pulled. */
  sent = 0;
  pullAt = Infinity;
  pulled: Promise<void> = Promise.resolve();
  private pty: Pty | undefined;
  private name = '';
  private toDeviceNow: (bytes: Buffer) => void = () => undefined;
  private toPty: (bytes: Buffer) => void = () => undefined;

  constructor(private readonly socket: string) {
    super(clock);
    mkdirSync(this.interface, { recursive: true });
    writeFileSync(join(this.interface, '../idVendor'), '2886\n');
    writeFileSync(join(this.interface, '../idProduct'), '8045\n');
  }

  private get interface(): string {
    return join(sys, 'devices/usb1', this.socket, `${this.socket}:1.0`);
  }

  async plug(name: string): Promise<void> {
    await this.pulled;
    const onData = (call: (bytes: Buffer) => void) => ((this.toPty = call), () => (this.toPty = () => undefined));
    this.sent = 0;
    this.name = name;
    this.pty = await openPty({ connected: true, write: (bytes) => this.toDeviceNow(bytes), onData }, { timers: clock });
    symlinkSync(this.pty.device, join(dev, name));
    mkdirSync(join(sys, 'class/tty', name), { recursive: true });
    symlinkSync(this.interface, join(sys, 'class/tty', name, 'device'));
  }

  pull(): void {
    const pty = this.pty;
    if (pty === undefined) return;
    this.pty = undefined;
    rmSync(join(sys, 'class/tty', this.name), { recursive: true, force: true });
    rmSync(join(dev, this.name), { force: true });
    this.pulled = pty.close();
  }

  override attach(receive: (bytes: Buffer) => void): void {
    this.toDeviceNow = receive;
  }

  override fromDevice(bytes: Buffer): boolean {
    if (this.pty === undefined) return true;
    this.sent += bytes.length;
    this.toPty(bytes);
    if (this.sent >= this.pullAt) this.pull();
    return true;
  }

  get out(): boolean {
    return this.pty === undefined;
  }
}

async function until(what: string, condition: () => boolean | Promise<boolean>, limit: number): Promise<number> {
  const from = clock.now();
  while (!(await condition())) {
    if (clock.now() - from > limit) throw new Error(`not within ${limit} ms: ${what}`);
    await sleep(clock, 5);
  }
  return clock.now() - from;
}

test(`pulled and put back ${ROUNDS} times: the link is back within 5 s, every record comes once and in order, no photo is lost`, async () => {
  let state = SEED;
  const dice = (below: number): number => ((state = (state * 48_271) % 2_147_483_647) * below) / 2_147_483_647;
  mkdirSync(dev);
  mkdirSync(join(sys, 'class/tty'), { recursive: true });
  const plugs = [new Plug('1-1'), new Plug('1-2')] as const;
  const [device, quiet] = [DEVICE, OTHER].map((id, i) => new FakeDevice({ clock, id, linkKey: LINK_KEY, cable: plugs[i]! })) as [FakeDevice, FakeDevice];
  const bridge: Bridge = await createBridge({
    database: join(folder, 'bridge.db'), spool: join(folder, 'spool'), tokens: [], linkKeys: new Map([[DEVICE, LINK_KEY], [OTHER, LINK_KEY]]), transports: [],
    finders: [usbFinder({ wanted: { vendor: '2886' }, baud: 921_600, list: () => Promise.resolve(sysfsPorts(sys, dev)), taken: [] })],
    natives: nodeNatives, clock, random: systemRandom, log: SILENT,
  });
  const photos: string[] = [];
  const back: number[] = [];
  /** When the bridge last told of a session with the unit, and which. */
  let readyAt = 0;
  let seen: unknown;
  try {
    await plugs[1].plug('ttyACM9');
    bridge.events.onMore(() => {
      const found = bridge.fleet.find(DEVICE);
      if (found !== undefined && found !== seen) readyAt = clock.now();
      seen = found;
    });
    bridge.start();
    await until('its neighbour', () => bridge.fleet.find(OTHER) !== undefined, 10_000);
    for (let round = 0; round < ROUNDS; round++) {
      // In the middle of: the handshake (its 130 bytes), records (some 40 of 110 bytes), a photo.
      const kind = round % 3;
      if (kind === 1) for (let i = 0; i < 40; i++) device.record(RecordKind.BOOT, [round + 1]);
      if (kind === 2) photos.push(device.photo(60_000 + Math.floor(dice(200_000))));
      if (dice(2) < 1) device.reboot();
      plugs[0].pullAt = kind === 0 ? 1 + dice(130) : Infinity;
      await plugs[0].plug(`ttyACM${round % 4}`);
      const began = clock.now();
      if (kind !== 0) await until(`the link in round ${round}`, () => readyAt > began, BACK_WITHIN);
      if (kind !== 0) back.push(readyAt - began);
      if (kind !== 0) plugs[0].pullAt = plugs[0].sent + (kind === 1 ? dice(4_000) : 1_000 + dice(50_000));
      await until(`the pull of round ${round}`, () => plugs[0].out, 30_000).catch(() => plugs[0].pull());
      await until('the bridge to notice', () => bridge.fleet.find(DEVICE) === undefined, 5_000);
    }
    plugs[0].pullAt = Infinity;
    await plugs[0].plug('ttyACM0');
    back.push(await until('the link', () => bridge.fleet.find(DEVICE) !== undefined, BACK_WITHIN));
    const events = async (type: string) => (await bridge.events.after(0, 1_000_000)).filter((event) => event.type === type && event.device === DEVICE);
    // All events are read once it is likely: read each time they would leave the bridge, which runs in this process, little time.
    const stored = (): number => readdirSync(join(folder, 'spool/photos')).filter((name) => name.endsWith('.jpg')).length;
    await until('all photos', async () => stored() >= photos.length && (await events('photo')).length === photos.length, 20_000 + photos.length * 2_000);
    expect((await events('record')).map(({ data }) => data['seq'])).toEqual(device.records.map((_, i) => i));
    for (const digest of photos) expect(readFileSync(join(folder, 'spool/photos', `${digest}.jpg`)).equals(toBuffer(device.photos.get(digest)!))).toBe(true);
    expect(await events('incident')).toEqual([]);
    // The neighbour in the next socket was never disturbed, and no port was left behind.
    expect((await bridge.events.after(0, 1_000_000)).filter(({ type, device: id }) => type === 'device.down' && id === OTHER)).toEqual([]);
    expect(bridge.ports.map(({ name }) => name).sort()).toEqual(['usb:1-1:1.0', 'usb:1-2:1.0']);
    back.sort((a, b) => a - b);
    if (process.env['REPLUG_ROUNDS'] !== undefined) process.stdout.write(`${ROUNDS} pulls: link back after ${back[back.length >> 1]!.toFixed(0)} ms (median), ${back.at(-1)!.toFixed(0)} ms (longest); ${photos.length} photos, ${device.records.length} records\n`);
  } finally {
    device.halt();
    quiet.halt();
    await bridge.stop();
    for (const plug of plugs) {
      plug.pull();
      await plug.pulled;
    }
  }
}, 60_000 + ROUNDS * 10_000);
