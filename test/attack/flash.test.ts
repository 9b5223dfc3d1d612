/** Attacks on the state flash and on the vault: writes that throw, are dropped or torn, and cuts in a row. */
import { Alarm } from '../../firmware/core/alarms';
import { Keys } from '../../firmware/core/keys';
import { vaultImage } from '../../firmware/core/provision';
import { ratchet, RecordKind } from '../../protocol/evidence';
import { RefusalCode } from '../../protocol/generated/codec';
import { hmacKey } from '../../protocol/hash';
import type { Grant } from '../../protocol/permit';
import { GrantKind } from '../../protocol/permit';
import { verify } from '../firmware/evidence';
import type { How } from '../firmware/fake-nor';
import { FakeNor, Power, untilCut } from '../firmware/fake-nor';
import { host } from '../firmware/identity';
import { testNatives } from '../firmware/natives';
import { Rig } from '../firmware/rig';

function started(rig: Rig): Rig {
  rig.boot();
  rig.run(3000);
  expect(rig.connect()).toBe(true);
  expect(rig.setTime()).toBe(0);
  return rig;
}

/** The next write to the state flash throws, as Espruino's does ("NRF ERROR n"). Gives whether it has. */
function throwOnce(rig: Rig): () => boolean {
  const write = rig.state.write.bind(rig.state);
  let thrown = false;
  rig.state.write = (at, bytes) => {
    if (thrown) return write(at, bytes);
    thrown = true;
    throw new Error('NRF ERROR 4');
  };
  return () => thrown;
}

describe('a write to the state flash that throws', () => {
  function acknowledgement(rig: Rig): Grant {
    const journal = rig.device!.log.journal;
    return { kind: GrantKind.ACK, recordsThrough: journal.next, photosThrough: 0, hash: host.sha256(journal.read(journal.next - 1)) };
  }

  test('leaves no gap behind which a permit is forgotten with the next cut, and can be used again', () => {
    const rig = started(new Rig());
    const thrown = throwOnce(rig);
    rig.apply(acknowledgement(rig));
    expect(thrown()).toBe(true);
    rig.run(3000);
    const grant = rig.permit({ count: 1 });
    expect(rig.load(grant)).toBe(0);
    rig.finger(3);
    rig.page();
    rig.run(5000);
    expect(rig.strokes).toHaveLength(1);
    rig.run(70_000);
    rig.die();
    started(rig);
    // The bridge hands in the very same permit.
    rig.load(grant);
    rig.hand(() => {
      rig.lid = false;
      rig.paper = false;
    });
    rig.finger(3);
    rig.page();
    rig.run(5000);
    expect(rig.strokes).toHaveLength(1);
  });
});

describe('an acknowledgement that the state flash does not hold', () => {
  /** A unit with photos of one use, which is over. */
  function used(): Rig {
    const rig = started(new Rig({ photoPages: 40 }));
    expect(rig.load(rig.permit({ count: 3, policy: 1 }))).toBe(0);
    rig.finger(3);
    rig.page();
    rig.run(9000);
    rig.hand(() => { rig.paper = false; });
    rig.page();
    rig.run(79_000);
    expect(rig.status()!.state).toBe(1);
    return rig;
  }

  /** An acknowledgement of all records, and of all photos but the last, whose digest stands beside it. */
  function allButLast(rig: Rig): { ack: Grant; kept: string } {
    const records = verify(rig.device!.log.journal);
    const photos = records.filter((r) => r.kind === RecordKind.PHOTO);
    expect(photos.length).toBeGreaterThanOrEqual(3);
    const digests = photos.map((r) => (r.data.get(3) as Buffer).toString('latin1'));
    for (const digest of digests) expect(rig.device!.photos.find(digest)).toBeGreaterThan(0);
    const hash = host.sha256(records.at(-1)!.bytes);
    return { ack: { kind: GrantKind.ACK, recordsThrough: records.length, photosThrough: photos.at(-1)!.seq, hash }, kept: digests.at(-1)! };
  }

  function expectKept(rig: Rig, digest: string): void {
    rig.run(20_000);
    expect(rig.device!.photos.find(digest)).toBeGreaterThan(0);
    rig.die();
    rig.boot();
    rig.run(3000);
    expect(rig.device!.photos.find(digest)).toBeGreaterThan(0);
  }

  test('loses no other photo when the flash recovers, the alarm is cleared, and the power goes', () => {
    const rig = used();
    const { ack, kept } = allButLast(rig);
    for (let at = 0; at < rig.state.bytes.length; at += 16) rig.state.stuck.set(at, 0);
    expect(rig.apply(ack)).toBe(RefusalCode.HARDWARE);
    rig.state.stuck.clear();
    rig.run(100);
    expect(rig.apply(ack)).toBe(0);
    const alarms = [...rig.device!.state.alarms];
    expect(alarms).toMatchObject([{ condition: Alarm.JOURNAL }]);
    for (const { condition, seq } of alarms) expect(rig.apply({ kind: GrantKind.CLEAR, condition, seq })).toBe(0);
    expect(rig.status()!.state).toBe(1);
    expectKept(rig, kept);
  });

  test('loses no other photo when its write throws and the power goes', () => {
    const rig = used();
    const { ack, kept } = allButLast(rig);
    const thrown = throwOnce(rig);
    rig.apply(ack);
    expect(thrown()).toBe(true);
    expectKept(rig, kept);
  });
});

describe('the vault', () => {
  const n = testNatives('vault');
  const first = 'k'.repeat(32);
  const image = vaultImage({
    natives: n, deviceId: 'DEVICE01', linkKey: 'l'.repeat(32), permitKey: 'p'.repeat(32), ackKey: 'a'.repeat(32), evidenceKey: first, people: [], dies: [],
  })!;
  const keys = [first];
  for (let seq = 0; seq < 60; seq++) keys.push(ratchet(n, hmacKey(n, keys[seq]!)));

  type Cut = [at: number, how: How, words: number];
  const ways: [How, number][] = [['before', 0], ['torn', 0], ['torn', 4], ['torn', 8], ['torn', 9], ['torn', 100], ['torn', 127], ['after', 0]];

  function vault(): FakeNor {
    const flash = new FakeNor(512, 2, new Power());
    flash.bytes.write(image, 0, 'latin1');
    return flash;
  }

  function opened(flash: FakeNor): Keys {
    const vaultKeys = new Keys(n, flash);
    expect(vaultKeys.open()).not.toBe('');
    return vaultKeys;
  }

  /** Keys before this one of which eight bytes in a row still stand in flash. */
  function leftOver(flash: FakeNor, before: number): number[] {
    const all = flash.bytes.toString('latin1');
    const stands = (key: string): boolean => [0, 8, 16, 24].some((at) => all.includes(key.substr(at, 8)));
    return keys.slice(0, before).flatMap((key, seq) => (stands(key) ? [seq] : []));
  }

  function ratchetThrough(one: Cut, two: Cut): void {
    const flash = vault();
    let done = 0;
    const before = opened(flash);
    untilCut(flash.power, ...one, () => {
      for (let i = 0; i < 18; i++) if (before.next()) done++;
    });
    untilCut(flash.power, ...two, () => {
      const again = opened(flash);
      done = Math.max(done, again.seq);
      for (let i = 0; i < 2; i++) if (again.next()) done++;
    });
    const after = opened(flash);
    const { seq, pads } = after;
    expect({ one, two, ahead: seq - done }).toEqual({ one, two, ahead: seq > done ? 1 : 0 });
    expect(pads).toEqual(hmacKey(n, keys[seq]!));
    expect({ one, two, older: leftOver(flash, seq) }).toEqual({ one, two, older: [] });
    for (let i = 0; i < 9; i++) expect(after.next()).toBe(true);
  }

  test.each(ways)('keeps the key and no older one through two cuts, the first %s (%i), the second also while opening', (how, words) => {
    for (let at = 1; at < 40; at++) {
      for (let later = 1; later < 6; later++) {
        const [second, whole] = ways[(at + later) % ways.length]!;
        ratchetThrough([at, how, words], [later, second, whole]);
      }
    }
  });

  test('finds the key again that stands behind a slot which takes nothing', () => {
    const flash = vault();
    const before = opened(flash);
    expect(before.next()).toBe(true);
    const slot = image.length + 40;
    for (let at = slot; at < slot + 40; at++) flash.stuck.set(at, 255);
    expect(before.next()).toBe(true);
    expect(before.seq).toBe(2);
    expect(opened(flash).seq).toBe(2);
  });
});
