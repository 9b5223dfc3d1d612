/**
 * The dishonest bridge: it holds the link key, has seen every message that ever passed, and speaks the protocol correctly. It
 * has no permit key and no ack key. Whatever it does, no stroke happens that the authority did not grant, the clock does not
 * move, no record is lost and no key is told.
 */
import { createHmac } from 'node:crypto';
import { grantPayload, hmacKey, sealGrant, decodeTimeNonce, encodeGrantApply, encodePermitLoad, GrantKind, MessageType, RefusalCode, type Grant } from '../../protocol';
import { nodeNatives } from '../../host-bridge/natives';
import { macGrant, permitPayload, timePayload } from '../../host-bridge/desk/authority/grants';
import { seededRandom } from '../../sim';
import { ACK_KEY, Authority, IDENTITY, T0, type Granted } from '../scenario/authority';
import { Kind } from '../scenario/chain';
import { BridgeLink } from '../scenario/link';
import { leaks, load, apply, honest, nothingHappened, clockOf, unlockedBy } from './hostile';

const latin = (bytes: Buffer): string => bytes.toString('latin1');


/** The messages that a host may send. */
const HOST_SAYS: number[] = [
  MessageType.STATUS_GET, MessageType.PERMIT_LOAD, MessageType.PERMIT_GET, MessageType.GRANT_APPLY, MessageType.TIME_NONCE_GET,
  MessageType.RECORDS_GET, MessageType.PHOTO_GET, MessageType.USE_CLOSE, MessageType.PEOPLE_GET,
  MessageType.UPDATE_BEGIN, MessageType.UPDATE_GET, MessageType.UPDATE_CHUNK, MessageType.UPDATE_FINISH, MessageType.VIEW_GET, MessageType.PHOTO_PUT, MessageType.MAINTAIN,
];

/** Keys that a bridge could try: its own, none, and another device's. */
const WRONG_KEYS: [string, Buffer][] = [
  ['link key', IDENTITY.linkKey],
  ['zeros', Buffer.alloc(32)],
  ['permit key of another device', createHmac('sha256', 'root').update('other').digest()],
];

function forged(key: Buffer, grant: Grant): Buffer {
  return Buffer.from(sealGrant(nodeNatives, hmacKey(nodeNatives, latin(key)), grantPayload(latin(IDENTITY.deviceId), grant)), 'latin1');
}

test('a permit changed at any byte is refused, and the true one still works', async () => {
  const bench = await honest();
  const granted = bench.grant({ counter: 1 });
  const codes = new Set<number>();
  for (let at = 0; at < granted.grant.length; at++) {
    const changed = Buffer.from(granted.grant);
    changed[at]! ^= 1 << at % 8;
    codes.add(await load(bench, changed));
  }
  for (const cut of [0, 1, 7, 40, granted.grant.length - 1]) codes.add(await load(bench, granted.grant.subarray(0, cut)));
  codes.add(await load(bench, Buffer.concat([granted.grant, Buffer.alloc(1)])));
  expect([...codes].sort((a, b) => a - b)).toEqual([RefusalCode.MALFORMED, RefusalCode.NOT_AUTHENTIC]);
  await nothingHappened(bench);
  expect(await load(bench, granted.grant)).toBe(0);
  await unlockedBy(bench, granted, 1);
});

test('grants of every kind invented under keys that a bridge has are not authentic', async () => {
  const bench = await honest();
  bench.unit.hand.wrongFinger();
  await bench.wait(3000);
  await bench.pull();
  const permit = 'permit-forged-16';
  const before = await clockOf(bench);
  const nonce = (): Promise<string> => bench.askOrRefuse('nonce', MessageType.TIME_NONCE_GET, '').then((body) => decodeTimeNonce(body)!.nonce);
  for (const [name, key] of WRONG_KEYS) {
    const all: Grant[] = [
      { kind: GrantKind.PERMIT, notBefore: T0 - 1, notAfter: T0 + 9999, permit, counter: 5, epoch: 0, die: latin(Buffer.from(bench.unit.truth.die!.rom, 'hex')), count: 9, persons: [7, 1], policy: 0, document: '\0'.repeat(32) },
      { kind: GrantKind.TIME, nonce: await nonce(), time: T0 + 500_000 },
      { kind: GrantKind.STROKE, permit, photo: '\0'.repeat(32) },
      { kind: GrantKind.CLEAR, condition: 9, seq: 1 },
      { kind: GrantKind.REVOKE, epoch: 7 },
      { kind: GrantKind.REVOKE, permit },
      { kind: GrantKind.ACK, recordsThrough: bench.chain.next, photosThrough: bench.chain.next, hash: latin(bench.chain.hash(bench.chain.next - 1)) },
    ];
    for (const one of all) {
      const grant = forged(key, one);
      const code = one.kind === GrantKind.PERMIT ? await load(bench, grant) : await apply(bench, grant);
      expect([name, one.kind, code]).toEqual([name, one.kind, RefusalCode.NOT_AUTHENTIC]);
    }
  }
  expect(Math.abs((await clockOf(bench)) - before)).toBeLessThan(60);
  await nothingHappened(bench);
});

test('a key of one role does not speak for the other', async () => {
  const bench = await honest();
  const granted = bench.grant({ counter: 1 });
  // The register's key makes no permit; the authority's makes no acknowledgement.
  expect(await load(bench, macGrant(ACK_KEY, permitPayload(granted.claims)))).toBe(RefusalCode.NOT_AUTHENTIC);
  await bench.pull();
  const hash = latin(bench.chain.hash(0));
  expect(await apply(bench, forged(IDENTITY.permitKey, { kind: GrantKind.ACK, recordsThrough: 1, photosThrough: 0, hash }))).toBe(RefusalCode.NOT_AUTHENTIC);
  await nothingHappened(bench);
});

test('statements for another device, and statements in the wrong envelope', async () => {
  const bench = await honest();
  const die = Buffer.from(bench.unit.truth.die!.rom, 'hex');
  const other = new Authority(die, IDENTITY.permitKey, Buffer.from('SEAL0002', 'latin1'));
  expect(await load(bench, other.permit({ counter: 1 }).grant)).toBe(RefusalCode.WRONG_DEVICE);
  expect(await apply(bench, other.clear(1, 1))).toBe(RefusalCode.WRONG_DEVICE);
  expect(await apply(bench, other.revoke({ epoch: 9 }))).toBe(RefusalCode.WRONG_DEVICE);
  const granted = bench.grant({ counter: 1 });
  expect(await apply(bench, granted.grant)).toBe(RefusalCode.MALFORMED);
  expect(await load(bench, bench.authority.revoke({ epoch: 3 }))).toBe(RefusalCode.MALFORMED);
  await nothingHappened(bench);
  expect(await load(bench, granted.grant)).toBe(0);
});

test('an old permit after its use, after a reset, after it was forgotten, never stamps again', async () => {
  const bench = await honest();
  const granted = bench.grant({ counter: 1 });
  await bench.load(granted);
  await unlockedBy(bench, granted, 1);
  // The unit still knows it: the same bytes get the same answer, and nothing changes.
  expect(await bench.load(granted)).toMatchObject({ used: 1, closed: true });
  await unlockedBy(bench, granted, 0);
  bench.unit.power.cut();
  await bench.world.run(300);
  await bench.start();
  expect(await bench.load(granted)).toMatchObject({ used: 1, closed: true });
  await bench.setTime();
  await unlockedBy(bench, granted, 0);
  // Now the unit makes room for others; the counter alone remembers it.
  await bench.pull();
  await bench.acknowledge();
  for (let counter = 2; counter < 12; counter++) {
    const next = bench.grant({ counter, persons: [8] });
    await bench.load(next);
    await bench.revoke(next);
    await bench.pull();
    await bench.acknowledge();
  }
  expect(await load(bench, granted.grant)).toBe(RefusalCode.REPLAYED);
  await unlockedBy(bench, granted, 0);
  bench.unit.power.cut();
  await bench.world.run(300);
  await bench.start();
  await bench.setTime();
  expect(await load(bench, granted.grant)).toBe(RefusalCode.REPLAYED);
  await unlockedBy(bench, granted, 0);
  await nothingHappened(bench, 1);
});

test('a permit that is held back serves neither after its time nor after a revocation', async () => {
  const bench = await honest();
  const late = bench.grant({ counter: 1, notAfter: bench.timeAt() + 60 });
  const old = bench.grant({ counter: 2 });
  await bench.revoke(1);
  expect(await load(bench, old.grant)).toBe(RefusalCode.REVOKED);
  await bench.wait(61_000);
  expect([RefusalCode.EXPIRED, RefusalCode.REVOKED]).toContain(await load(bench, late.grant));
  await unlockedBy(bench, late, 0);
  await nothingHappened(bench);
});

test('permits arrive in any order and twice; each counts once', async () => {
  const random = seededRandom(7);
  for (let round = 0; round < 4; round++) {
    const bench = await honest(round + 1);
    const all: Granted[] = [1, 2, 3, 4].map((counter) => bench.grant({ counter }));
    const order = [...all, ...all].map((granted) => ({ granted, at: random.below(1000) })).sort((a, b) => a.at - b.at);
    for (const { granted } of order) expect([0, RefusalCode.REPLAYED]).toContain(await load(bench, granted.grant));
    for (let i = 0; i < 6; i++) {
      await bench.finger(7);
      await bench.sheet();
      await bench.stroke();
    }
    expect(bench.unit.truth.strokeCount).toBe(4);
    await nothingHappened(bench, 4);
  }
});

test('time: replayed, without a nonce, for an earlier nonce, too late, and backwards', async () => {
  const bench = await honest();
  const nonce = async (): Promise<string> => decodeTimeNonce(await bench.askOrRefuse('nonce', MessageType.TIME_NONCE_GET, ''))!.nonce;
  const first = bench.authority.time(await nonce(), bench.timeAt());
  expect(await apply(bench, first)).toBe(0);
  expect(await apply(bench, first)).toBe(RefusalCode.STALE);
  const second = bench.authority.time(await nonce(), bench.timeAt());
  await nonce();
  expect(await apply(bench, second)).toBe(RefusalCode.STALE);
  const held = bench.authority.time(await nonce(), bench.timeAt());
  await bench.wait(31_000);
  expect(await apply(bench, held)).toBe(RefusalCode.STALE);
  expect(await apply(bench, bench.authority.time('\0'.repeat(16), bench.timeAt()))).toBe(RefusalCode.STALE);
  expect(await apply(bench, bench.authority.time(await nonce(), bench.timeAt() - 3600))).toBe(RefusalCode.CLOCK_BACKWARDS);
  const open = bench.authority.time(await nonce(), bench.timeAt());
  bench.unit.power.cut();
  await bench.world.run(300);
  await bench.start();
  expect(await apply(bench, open)).toBe(RefusalCode.STALE);
  expect(await apply(bench, first)).toBe(RefusalCode.STALE);
  // Nothing of that gave the unit a time, and without one nothing is stamped.
  expect(await clockOf(bench)).toBe(0);
  const granted = bench.grant({ counter: 1 });
  await load(bench, granted.grant);
  await unlockedBy(bench, granted, 0);
  await nothingHappened(bench);
});

test('the most that holding back a true answer does: the clock is behind by the nonce\'s half minute, never ahead', async () => {
  const bench = await honest();
  const nonce = decodeTimeNonce(await bench.askOrRefuse('nonce', MessageType.TIME_NONCE_GET, ''))!.nonce;
  const answer = macGrant(IDENTITY.permitKey, timePayload(IDENTITY.deviceId, Buffer.from(nonce, 'latin1'), bench.timeAt()));
  await bench.wait(29_000);
  expect(await apply(bench, answer)).toBe(0);
  const behind = bench.timeAt() - (await clockOf(bench));
  expect(behind).toBeGreaterThanOrEqual(-1);
  expect(behind).toBeLessThanOrEqual(31);
});

test('messages of every type with any content: answered or refused, never obeyed', async () => {
  const bench = await honest();
  const random = seededRandom(11);
  for (let type = 0; type < 256; type++) {
    const { ready } = bench.link;
    expect(ready).toBeDefined();
    const answer = await bench.link.ask(type, latin(random.bytes(random.below(60))));
    // What a host may say has the numbers from 16 on; the rest, and the unit's own, are unknown to it.
    if (!HOST_SAYS.includes(type)) expect([type, BridgeLink.code(answer)]).toEqual([type, RefusalCode.UNKNOWN_MESSAGE]);
  }
  for (let i = 0; i < 300; i++) {
    const type = HOST_SAYS[random.below(HOST_SAYS.length)]!;
    await bench.link.ask(type, latin(random.bytes(random.below(600))));
  }
  await nothingHappened(bench);
  expect(leaks(bench)).toEqual([]);
});

test('a flood of refused statements fills neither journal nor state, and stops nothing', async () => {
  const bench = await honest();
  const granted = bench.grant({ counter: 1 });
  await bench.load(granted);
  const body = encodePermitLoad({ grant: latin(macGrant(IDENTITY.linkKey, permitPayload(granted.claims))) });
  const records = bench.chain.next;
  for (let i = 0; i < 1500; i++) {
    bench.link.send(i % 3 === 0 ? MessageType.PERMIT_LOAD : i % 3 === 1 ? MessageType.GRANT_APPLY : 99, i % 3 === 1 ? encodeGrantApply({ grant: 'x'.repeat(500) }) : body);
    if (i % 50 === 49) await bench.wait(200);
  }
  expect(await bench.until(() => bench.link.peer.queued === 0, 120_000)).toBe(true);
  await bench.pull();
  expect(bench.chain.next - records).toBeLessThan(40);
  await unlockedBy(bench, granted, 1);
  await nothingHappened(bench, 1);
});

test('what the bridge ends or leaves out costs a use at most its convenience', async () => {
  const bench = await honest();
  const granted = bench.grant({ counter: 1, count: 3 });
  await bench.load(granted);
  await bench.finger(7);
  await bench.link.ask(MessageType.USE_CLOSE);
  await bench.sheet();
  await bench.wait(3000);
  expect(bench.unit.truth.strokeCount).toBe(0);
  await nothingHappened(bench);
  expect(bench.chain.of(Kind.CLOSED)).toHaveLength(1);
});
