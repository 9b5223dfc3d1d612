/**
 * The dishonest bridge again, this time with statements that are authentic: for another photo, another alarm, another time. And
 * two hosts at once, and a session recorded and played again.
 */
import { encodePermitLoad, MessageType, RefusalCode } from '../../protocol';
import type { Granted } from '../scenario/authority';
import type { Bench } from '../scenario/bench';
import { Kind } from '../scenario/chain';
import { BridgeLink } from '../scenario/link';
import { radioPort, tap } from '../scenario/wire';
import { apply, clockOf, honest, leaks, load, nothingHappened, unlockedBy } from './hostile';

const WAITING_GRANT = 5;
const FINGER_ALARM = 9;
const PAPER_ALARM = 10;

/** A use that waits for the authority's word on its photo. */
async function waiting(bench: Bench, counter: number, count = 2): Promise<Granted> {
  const granted = bench.grant({ counter, count, policy: 3 });
  await bench.load(granted);
  await bench.finger(7);
  await bench.sheet();
  await bench.stroke();
  expect(bench.link.state).toBe(WAITING_GRANT);
  await bench.pull();
  return granted;
}

/** Digest and number of the photo taken last. */
const lastPhoto = (bench: Bench): Buffer => bench.chain.of(Kind.PHOTO).at(-1)!.data.get(3) as Buffer;
const lastSeq = (bench: Bench): number => bench.chain.of(Kind.PHOTO).at(-1)!.seq;

test('a stroke grant serves one photo of one permit, once, while that page lies there', async () => {
  const bench = await honest();
  const { authority } = bench;
  const granted = await waiting(bench, 1);
  const { id } = granted.claims;
  const first = lastPhoto(bench);
  const firstSeq = lastSeq(bench);
  expect(await apply(bench, authority.stroke(id, Buffer.alloc(32, 1), firstSeq))).toBe(RefusalCode.STALE);
  expect(await apply(bench, authority.stroke(Buffer.alloc(16, 1), first, firstSeq))).toBe(RefusalCode.STALE);
  // The page is changed; the grant for the first one is worth nothing, before and after the second photo.
  await bench.sheet();
  expect(await apply(bench, authority.stroke(id, first, firstSeq))).toBe(RefusalCode.STALE);
  await bench.stroke();
  await bench.pull();
  expect(lastPhoto(bench).equals(first)).toBe(false);
  expect(await apply(bench, authority.stroke(id, first, firstSeq))).toBe(RefusalCode.STALE);
  expect(await apply(bench, authority.stroke(id, first, lastSeq(bench)))).toBe(RefusalCode.STALE);
  expect(await apply(bench, authority.stroke(id, lastPhoto(bench), firstSeq))).toBe(RefusalCode.STALE);
  expect(bench.unit.truth.strokeCount).toBe(0);
  const second = lastPhoto(bench);
  const secondSeq = lastSeq(bench);
  await bench.grantStroke(id, second, secondSeq);
  await bench.stroke();
  expect(bench.unit.truth.strokeCount).toBe(1);
  // Played again: with the stamped page still there, after the lid, with the next page.
  expect(await apply(bench, authority.stroke(id, second, secondSeq))).toBe(RefusalCode.STALE);
  await bench.sheet();
  await bench.stroke();
  expect(await apply(bench, authority.stroke(id, second, secondSeq))).toBe(RefusalCode.STALE);
  bench.unit.power.cut();
  await bench.world.run(300);
  await bench.start();
  expect(await apply(bench, authority.stroke(id, second, secondSeq))).toBe(RefusalCode.STALE);
  await nothingHappened(bench, 1);
});

test('a stroke grant held back while the page is taken out under the closed lid', async () => {
  const bench = await honest();
  const granted = await waiting(bench, 1);
  const grant = bench.authority.stroke(granted.claims.id, lastPhoto(bench), lastSeq(bench));
  bench.unit.hand.yankPaper();
  expect([0, RefusalCode.STALE]).toContain(await apply(bench, grant));
  await bench.wait(4000);
  // The switch still bounces: the bolt may twitch, but the carrier does not leave, and the alarm is there.
  const { bolt, strokeCount, carrierMm } = bench.unit.truth;
  expect(bolt.length === 0 || bolt[1]!.at - bolt[0]!.at < 200).toBe(true);
  expect([strokeCount, carrierMm]).toEqual([0, 0]);
  await bench.pull();
  expect(bench.chain.of(Kind.ALARM).map(({ data }) => data.get(1))).toEqual([PAPER_ALARM]);
});

test('a stroke grant without its permit being opened, or before its photo, is refused', async () => {
  const bench = await honest();
  const granted = bench.grant({ counter: 1, policy: 3 });
  await bench.load(granted);
  const { id } = granted.claims;
  expect(await apply(bench, bench.authority.stroke(id, Buffer.alloc(32), 0))).toBe(RefusalCode.STALE);
  await bench.finger(7);
  expect(await apply(bench, bench.authority.stroke(id, Buffer.alloc(32), 0))).toBe(RefusalCode.STALE);
  await nothingHappened(bench);
});

test('clearing: only this alarm by its record, once; withheld, the alarm stays, over a restart as well', async () => {
  const bench = await honest();
  const granted = bench.grant({ counter: 1 });
  await bench.load(granted);
  const wrong = async (): Promise<number> => {
    for (let i = 0; i < 5; i++) {
      bench.unit.hand.wrongFinger(1500);
      await bench.wait(2900);
    }
    await bench.pull();
    return bench.chain.of(Kind.ALARM).at(-1)!.seq;
  };
  const first = bench.authority.clear(FINGER_ALARM, await wrong());
  expect(await apply(bench, bench.authority.clear(FINGER_ALARM, 0))).toBe(RefusalCode.STALE);
  expect(await apply(bench, bench.authority.clear(1, bench.chain.of(Kind.ALARM).at(-1)!.seq))).toBe(RefusalCode.STALE);
  await unlockedBy(bench, granted, 0);
  bench.unit.power.cut();
  await bench.world.run(300);
  await bench.start();
  await bench.setTime();
  expect(bench.link.state).toBe(8);
  await unlockedBy(bench, granted, 0);
  expect(await apply(bench, first)).toBe(0);
  expect(await apply(bench, first)).toBe(RefusalCode.STALE);
  // The same alarm again has another record: the old clearing does not fit.
  const second = await wrong();
  expect(await apply(bench, first)).toBe(RefusalCode.STALE);
  await unlockedBy(bench, granted, 0);
  expect(await apply(bench, bench.authority.clear(FINGER_ALARM, second))).toBe(0);
  await unlockedBy(bench, granted, 1);
  await nothingHappened(bench, 1);
});

test('acknowledgements: of records that are not there, with another hash, replayed; nothing is lost', async () => {
  const bench = await honest();
  const granted = bench.grant({ counter: 1, policy: 1 });
  await bench.load(granted);
  await unlockedBy(bench, granted, 1);
  await bench.pull();
  const { chain, authority } = bench;
  const next = chain.next;
  expect(await apply(bench, authority.ack(next + 1, 0, Buffer.alloc(32)))).toBe(RefusalCode.STALE);
  expect(await apply(bench, authority.ack(next, next, Buffer.alloc(32)))).toBe(RefusalCode.STALE);
  expect(await apply(bench, authority.ack(next, next + 1, chain.hash(next - 1)))).toBe(RefusalCode.STALE);
  await bench.pullPhotos();
  expect(bench.photos.size).toBe(2);
  const old = authority.ack(3, 0, chain.hash(2));
  expect(await apply(bench, old)).toBe(0);
  expect(await apply(bench, authority.ack(next, 0, chain.hash(next - 1)))).toBe(0);
  expect(await apply(bench, old)).toBe(0);
  bench.photos.clear();
  await bench.pullPhotos();
  expect(bench.photos.size).toBe(2);
  await nothingHappened(bench, 1);
});

test('a revocation that overtakes its permit, and old epochs', async () => {
  const bench = await honest();
  const granted = bench.grant({ counter: 9 });
  await bench.revoke(granted);
  expect([RefusalCode.REVOKED, RefusalCode.REPLAYED]).toContain(await load(bench, granted.grant));
  bench.unit.power.cut();
  await bench.world.run(300);
  await bench.start();
  await bench.setTime();
  expect([RefusalCode.REVOKED, RefusalCode.REPLAYED]).toContain(await load(bench, granted.grant));
  await bench.revoke(4);
  expect(await apply(bench, bench.authority.revoke({ epoch: 3 }))).toBe(RefusalCode.STALE);
  expect(await load(bench, bench.grant({ counter: 10, epoch: 3 }).grant)).toBe(RefusalCode.REVOKED);
  await unlockedBy(bench, granted, 0);
  await nothingHappened(bench);
});

test('two hosts at once, over cable and radio: each has its session, a permit counts once, a nonce serves the newest', async () => {
  const bench = await honest();
  const port = radioPort(bench.unit);
  const other = new BridgeLink(bench.world, port, 'radio');
  port.plug();
  expect(await bench.until(() => other.ready !== undefined, 10_000)).toBe(true);
  const granted = bench.grant({ counter: 1 });
  other.send(MessageType.PERMIT_LOAD, encodePermitLoad({ grant: granted.grant.toString('latin1') }));
  await bench.load(granted);
  await bench.wait(2000);
  expect(other.messages.filter(({ type }) => type === MessageType.PERMIT_STATE)).toHaveLength(1);
  await unlockedBy(bench, granted, 1);
  // Both heard of it, and neither can talk the other's session away.
  expect(other.messages.some(({ type }) => type === MessageType.NOTICE)).toBe(true);
  for (let i = 0; i < 20; i++) {
    other.connect();
    await bench.wait(150);
  }
  expect(bench.link.sessions).toBe(1);
  await nothingHappened(bench, 1);
});

test('a host with a wrong key gets no session, and cannot end one', async () => {
  const bench = await honest();
  const port = radioPort(bench.unit);
  const stranger = new BridgeLink(bench.world, port, 'stranger', Buffer.alloc(32, 7));
  port.plug();
  await bench.wait(30_000);
  expect(stranger.sessions).toBe(0);
  expect(stranger.messages).toEqual([]);
  expect(bench.link.sessions).toBe(1);
  await nothingHappened(bench);
});

test('a recorded session played again, at once, after a new session, after a restart', async () => {
  const bench = await honest();
  const { unit, world } = bench;
  bench.link.peer.close();
  const heard = tap(unit);
  bench.link.connect();
  await bench.until(() => bench.link.ready !== undefined, 5000);
  const granted = bench.grant({ counter: 1, count: 2 });
  await bench.setTime();
  await bench.load(granted);
  await unlockedBy(bench, granted, 2);
  await bench.pull();
  const recorded = heard.toDevice.map(({ bytes }) => bytes);
  const replay = async (): Promise<void> => {
    const clock = await clockOf(bench);
    const at = world.now;
    const { sessions } = bench.link;
    for (const bytes of recorded) {
      unit.port.write(bytes);
      await bench.wait(30);
    }
    await bench.finger(7);
    await bench.sheet();
    await bench.wait(4000);
    // The honest host is still there, or comes back by itself within the time that L1 allows.
    expect(await bench.until(() => bench.link.ready !== undefined, 5000)).toBe(true);
    expect(bench.link.sessions - sessions).toBeLessThanOrEqual(1);
    const now = await clockOf(bench);
    if (clock > 0) expect(Math.abs(now - clock - (world.now - at) / 1000)).toBeLessThan(2);
    else expect(now).toBe(0);
  };
  await replay();
  bench.link.connect();
  await bench.wait(1000);
  await replay();
  unit.power.cut();
  await world.run(300);
  await bench.start();
  await replay();
  await nothingHappened(bench, 2);
  expect(leaks(bench, heard.toHost)).toEqual([]);
});
