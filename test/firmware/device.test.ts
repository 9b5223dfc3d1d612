import { kinds, last, started } from './begun';
import { Alarm } from '../../firmware/core/alarms';
import { RecordKind } from '../../protocol/evidence';
import * as codec from '../../protocol/generated/codec';
import { MessageType, RefusalCode, UseState } from '../../protocol/generated/codec';
import { GrantKind } from '../../protocol/permit';
import { verify } from './evidence';
import { T0 } from './identity';
import { Rig } from './rig';

describe('the device, end to end', () => {
  it('stamps one page without photos', () => {
    const rig = started();
    expect(rig.load(rig.permit())).toBe(0);
    rig.finger(3);
    expect(rig.status()!.state).toBe(UseState.OPEN);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
    expect(rig.strokes).toHaveLength(1);
    expect(rig.permitState(1)).toMatchObject({ count: 1, used: 1, closed: true });
    expect(kinds(rig)).toEqual([RecordKind.BOOT, RecordKind.CLOCK, RecordKind.PERMIT, RecordKind.OPENED, RecordKind.INTENT, RecordKind.OUTCOME, RecordKind.CLOSED]);
    expect(rig.boltOpenings).toHaveLength(1);
    expect(rig.boltOpenings[0]!.to - rig.boltOpenings[0]!.from).toBeLessThan(2500);
    rig.finger(3);
    expect(last(rig, RecordKind.REFUSED).get(1)).toBe(RefusalCode.USED_UP);
    expect(rig.strokes).toHaveLength(1);
  });

  it('a stroke grant that the journal cannot take is not called done, and nothing is stamped', () => {
    const rig = started();
    rig.load(rig.permit({ count: 1, policy: 3 }));
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 5)).toBe(true);
    const { bytes, stuck } = rig.journal;
    for (let i = 0; i < bytes.length; i += 16) stuck.set(i, 0);
    const grant = { kind: GrantKind.STROKE, permit: 'permit1'.padEnd(16, '-'), photo: rig.device!.use.photo, seq: rig.device!.log.journal.next - 1 };
    expect(rig.apply(grant)).toBe(RefusalCode.HARDWARE);
    rig.run(20_000);
    expect(rig.strokes).toHaveLength(0);
    expect(rig.device!.state.latched(Alarm.JOURNAL)).toBeDefined();
  });

  it('stamps three pages with photos and stroke grants, two persons in either order, and sends photos and records', () => {
    const rig = started();
    expect(rig.load(rig.permit({ count: 3, policy: 3, persons: [101, 1, 102, 1] }))).toBe(0);
    rig.finger(4);
    expect(rig.status()!.state).toBe(UseState.OPENING);
    expect(rig.ring).toBe(true);
    rig.finger(4);
    expect(last(rig, RecordKind.REFUSED).get(1)).toBe(RefusalCode.SAME_PERSON);
    rig.finger(3);
    expect(rig.ring).toBe(false);
    for (let page = 1; page <= 3; page++) {
      expect(rig.status()!.state).toBe(UseState.OPEN);
      rig.page();
      expect(rig.until(() => rig.device!.use.phase === 5)).toBe(true);
      expect(rig.strokes).toHaveLength(page - 1);
      const photo = rig.device!.use.photo;
      const permit = 'permit1'.padEnd(16, '-');
      const seq = rig.device!.log.journal.next - 1;
      expect(rig.apply({ kind: GrantKind.STROKE, permit, photo: 'x'.repeat(32), seq })).toBe(RefusalCode.STALE);
      expect(rig.apply({ kind: GrantKind.STROKE, permit, photo, seq })).toBe(0);
      expect(rig.until(() => rig.device!.use.phase === (page < 3 ? 3 : 1))).toBe(true);
      expect(rig.strokes).toHaveLength(page);
      rig.run(3000);
      expect(rig.strokes).toHaveLength(page);
      expect(rig.apply({ kind: GrantKind.STROKE, permit, photo, seq })).toBe(RefusalCode.STALE);
    }
    const records = verify(rig.device!.log.journal);
    const photos = records.filter((r) => r.kind === RecordKind.PHOTO);
    expect(photos).toHaveLength(6);
    for (const one of photos) {
      const digest = (one.data.get(3) as Buffer).toString('latin1');
      const chunks = rig.ask(MessageType.PHOTO_GET, codec.encodePhotoGet({ digest, offset: 0, maxBytes: 0 }))!.map((a) => codec.decodePhotoChunk(a.body)!);
      expect(chunks.map((c) => c.data).join('')).toHaveLength(2500);
      const part = rig.ask(MessageType.PHOTO_GET, codec.encodePhotoGet({ digest, offset: 1001, maxBytes: 77 }))!.map((a) => codec.decodePhotoChunk(a.body)!);
      expect(part.map((c) => c.data).join('')).toBe(chunks.map((c) => c.data).join('').substr(1001, 77));
    }
    const got: string[] = [];
    while (got.length < records.length) {
      const a = rig.ask(MessageType.RECORDS_GET, codec.encodeRecordsGet({ fromSeq: got.length, maxBytes: 600 }))!;
      got.push(...codec.decodeRecords(a[0]!.body)!.records);
    }
    expect(got).toEqual(records.map((r) => r.bytes));
    const free = rig.status()!.photoFree;
    const hash = rig.device!.natives.sha256(got[got.length - 1]!);
    expect(rig.apply({ kind: GrantKind.ACK, recordsThrough: got.length, photosThrough: got.length, hash: 'x'.repeat(32) })).toBe(RefusalCode.STALE);
    expect(rig.apply({ kind: GrantKind.ACK, recordsThrough: got.length, photosThrough: 0, hash })).toBe(0);
    expect(rig.apply({ kind: GrantKind.ACK, recordsThrough: got.length, photosThrough: got.length, hash: 'x'.repeat(32) })).toBe(RefusalCode.STALE);
    expect(rig.status()!.photoFree).toBe(free);
    expect(rig.apply({ kind: GrantKind.ACK, recordsThrough: got.length, photosThrough: got.length, hash })).toBe(0);
    expect(rig.status()!.photoFree).toBeGreaterThan(free);
    expect(rig.status()!.ackedSeq).toBe(got.length);
  });

  it('refuses permits that are changed, replayed, for another device or die, out of time, or not understood', () => {
    const rig = started();
    const good = rig.permit();
    const bad = good.slice(0, 60) + String.fromCharCode(good.charCodeAt(60) ^ 1) + good.slice(61);
    expect([RefusalCode.NOT_AUTHENTIC, RefusalCode.MALFORMED]).toContain(rig.load(bad));
    expect(rig.load(good)).toBe(0);
    const next = rig.device!.log.journal.next;
    expect(rig.load(good)).toBe(0);
    expect(rig.device!.log.journal.next).toBe(next);
    expect(rig.load(rig.permit({ counter: 1, permit: 'other'.padEnd(16) }))).toBe(RefusalCode.REPLAYED);
    expect(rig.load(rig.permit({ die: 'otherdie' }))).toBe(RefusalCode.WRONG_DIE);
    expect(rig.load(rig.permit({ notAfter: T0 - 50 }))).toBe(RefusalCode.EXPIRED);
    expect(rig.load(rig.permit({ persons: [999, 1] }))).toBe(RefusalCode.UNKNOWN_PERSON);
    expect(rig.load(rig.permit({ persons: [101, 2] }))).toBe(RefusalCode.UNKNOWN_PERSON);
    expect(rig.load(rig.permit({ policy: 2 }))).toBe(RefusalCode.UNSUPPORTED);
    expect(rig.load(rig.permit({ counter: 40 }))).toBe(0);
    expect(rig.load(rig.permit({ counter: 8 }))).toBe(RefusalCode.REPLAYED);
    expect(rig.load(rig.permit({ counter: 39, notBefore: T0 + 5000 }))).toBe(0);
    // A revocation that overtakes its permit spends the counter: the permit never gets in, not after a reset either.
    const held = rig.permit({ counter: 50, permit: 'held back'.padEnd(16) });
    expect(rig.apply({ kind: GrantKind.REVOKE, permit: 'held back'.padEnd(16), counter: 50 })).toBe(0);
    expect(rig.load(held)).toBe(RefusalCode.REPLAYED);
    rig.boot();
    expect(rig.connect()).toBe(true);
    expect(rig.load(held)).toBe(RefusalCode.REPLAYED);
    expect(rig.apply({ kind: GrantKind.REVOKE, epoch: 2 })).toBe(0);
    expect(rig.permitState(40)!.closed).toBe(true);
    expect(rig.load(rig.permit({ counter: 51 }))).toBe(RefusalCode.REVOKED);
    expect(rig.load(rig.permit({ counter: 52, epoch: 2 }))).toBe(0);
    rig.boot();
    expect(rig.connect()).toBe(true);
    expect(rig.load(rig.permit({ counter: 53, epoch: 1 }))).toBe(RefusalCode.REVOKED);
    expect(rig.load(rig.permit({ counter: 40, epoch: 2, permit: 'again'.padEnd(16) }))).toBe(RefusalCode.REPLAYED);
  });

  it('keeps time: only by nonce, never back, as a floor over a reset', () => {
    const rig = started();
    expect(rig.apply({ kind: GrantKind.TIME, nonce: 'n'.repeat(16), time: T0 + 9 })).toBe(RefusalCode.STALE);
    expect(rig.setTime(T0 - 200)).toBe(RefusalCode.CLOCK_BACKWARDS);
    expect(rig.setTime(T0 + 250)).toBe(0);
    expect(rig.setTime(T0 + 500)).toBe(0);
    expect(rig.setTime(T0 + 450)).toBe(0);
    expect(rig.status()!.time).toBeGreaterThanOrEqual(T0 + 500);
    rig.load(rig.permit({ notAfter: T0 + 800 }));
    rig.boot();
    expect(rig.connect()).toBe(true);
    expect(rig.status()).toMatchObject({ time: 0 });
    expect(rig.status()!.timeFloor).toBeGreaterThanOrEqual(T0 + 500);
    rig.finger(3);
    expect(last(rig, RecordKind.REFUSED).get(1)).toBe(RefusalCode.TIME_UNKNOWN);
    expect(rig.setTime(T0 + 100)).toBe(RefusalCode.CLOCK_BACKWARDS);
    expect(rig.setTime(T0 + 600)).toBe(0);
    rig.finger(3);
    expect(rig.device!.use.phase).toBe(3);
    expect(rig.setTime(T0 + 850)).toBe(0);
    rig.run(1000);
    expect(rig.device!.use.phase).toBe(1);
    expect(last(rig, RecordKind.CLOSED).get(2)).toBe(4);
  });

  it('a permit is topped up: set and never added, once, also in the middle of a use, and through a restart', () => {
    const rig = started();
    rig.load(rig.permit({ count: 1 }));
    const permit = 'permit1'.padEnd(16, '-');
    const topUp = (count: number, counter: number, epoch = 0): number => rig.apply({ kind: GrantKind.TOP_UP, permit, count, counter, epoch });
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 11)).toBe(true);
    expect(topUp(3, 20)).toBe(RefusalCode.BUSY);
    expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
    expect(topUp(3, 20)).toBe(RefusalCode.USED_UP);
    rig.load(rig.permit({ count: 2 }));
    const second = 'permit2'.padEnd(16, '-');
    const more = (count: number, counter: number, epoch = 0): number => rig.apply({ kind: GrantKind.TOP_UP, permit: second, count, counter, epoch });
    rig.hand(() => { rig.paper = false; });
    rig.finger(3);
    expect(more(3, 21)).toBe(0);
    expect(rig.device!.use.left).toBe(3);
    expect(more(3, 21)).toBe(RefusalCode.REPLAYED);
    expect(more(2, 22)).toBe(RefusalCode.STALE);
    expect(rig.apply({ kind: GrantKind.TOP_UP, permit: 'nobody'.padEnd(16), count: 9, counter: 23, epoch: 0 })).toBe(RefusalCode.UNKNOWN_PERMIT);
    expect(rig.apply({ kind: GrantKind.REVOKE, epoch: 1 })).toBe(0);
    rig.load(rig.permit({ count: 1, epoch: 1 }));
    const third = 'permit3'.padEnd(16, '-');
    expect(rig.apply({ kind: GrantKind.TOP_UP, permit: third, count: 2, counter: 24, epoch: 0 })).toBe(RefusalCode.REVOKED);
    expect(rig.apply({ kind: GrantKind.TOP_UP, permit: third, count: 2, counter: 25, epoch: 1 })).toBe(0);
    expect(last(rig, RecordKind.TOPPED_UP).get(2)).toBe(2);
    rig.boot();
    expect(rig.connect()).toBe(true);
    expect(rig.permitState(3)).toMatchObject({ count: 2, used: 0, closed: false });
    expect(rig.device!.save()).toBe(true);
    rig.boot();
    expect(rig.connect()).toBe(true);
    expect(rig.permitState(3)).toMatchObject({ count: 2 });
    expect(rig.setTime()).toBe(0);
    expect(rig.apply({ kind: GrantKind.TOP_UP, permit: third, count: 5, counter: 25, epoch: 1 })).toBe(RefusalCode.REPLAYED);
  });

  it('a top-up while a page waits for its grant takes nothing from that grant', () => {
    const rig = started();
    rig.load(rig.permit({ count: 1, policy: 3 }));
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 5)).toBe(true);
    const { seq } = verify(rig.device!.log.journal).filter((r) => r.kind === RecordKind.PHOTO).at(-1)!;
    const permit = 'permit1'.padEnd(16, '-');
    expect(rig.apply({ kind: GrantKind.TOP_UP, permit, count: 2, counter: 20, epoch: 0 })).toBe(0);
    expect(rig.device!.state.permit(permit)!.last).toBe(seq);
    expect(rig.apply({ kind: GrantKind.STROKE, permit, photo: rig.device!.use.photo, seq })).toBe(0);
    expect(rig.until(() => rig.strokes.length === 1)).toBe(true);
  });

  it('a page that is rejected ends the use, and nothing is stamped; what is left can be opened again', () => {
    const rig = started();
    rig.load(rig.permit({ count: 3, policy: 3 }));
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 5)).toBe(true);
    const photo = verify(rig.device!.log.journal).filter((r) => r.kind === RecordKind.PHOTO).at(-1)!;
    const reject = { kind: GrantKind.REJECT, permit: 'permit1'.padEnd(16, '-'), photo: rig.device!.use.photo, seq: photo.seq };
    expect(rig.apply({ ...reject, photo: 'x'.repeat(32) })).toBe(RefusalCode.STALE);
    expect(rig.apply(reject)).toBe(0);
    expect(rig.device!.use.phase).toBe(1);
    expect([last(rig, RecordKind.CLOSED).get(2), last(rig, RecordKind.GRANTED).get(3), rig.strokes.length]).toEqual([9, 1, 0]);
    expect(rig.apply({ ...reject, kind: GrantKind.STROKE })).toBe(RefusalCode.STALE);
    expect(rig.permitState(1)).toMatchObject({ count: 3, used: 0, closed: false });
    rig.finger(3);
    expect(rig.device!.use.offer).toBeDefined();
  });

  it('a full journal refuses uses but not alarms, and is freed by an acknowledgement', () => {
    const rig = started({ journalPages: 5 });
    for (let i = 0; i < 200 && rig.setTime(T0 + 200 + i) === 0; i++);
    expect(rig.setTime(T0 + 500)).toBe(RefusalCode.LOG_FULL);
    expect(rig.load(rig.permit())).toBe(RefusalCode.LOG_FULL);
    rig.finger(-1); rig.finger(-1); rig.finger(-1); rig.finger(-1); rig.finger(-1);
    expect(rig.device!.state.latched(Alarm.FINGER)!.seq).toBeLessThan(rig.device!.log.journal.next);
    const acknowledge = (): void => {
      const j = rig.device!.log.journal;
      expect(rig.apply({ kind: GrantKind.ACK, recordsThrough: j.next, photosThrough: j.next, hash: rig.device!.natives.sha256(verify(j)[j.next - 1]!.bytes) })).toBe(0);
    };
    acknowledge();
    expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.FINGER, seq: rig.device!.state.latched(Alarm.FINGER)!.seq })).toBe(0);
    expect(rig.load(rig.permit())).toBe(0);
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.strokes.length === 1)).toBe(true);
  });

  it('no start has the number of an earlier one, also where the status entries since are lost', () => {
    const rig = started();
    const old = Buffer.from(rig.state.bytes);
    for (let i = 0; i < 3; i++) {
      rig.die();
      rig.boot();
      expect(rig.until(() => rig.device!.use.phase === 1, 5000)).toBe(true);
    }
    const before = rig.device!.state.boot;
    rig.die();
    rig.state.bytes.set(old);
    rig.boot();
    expect(rig.until(() => rig.device!.use.phase === 1, 5000)).toBe(true);
    expect(rig.device!.state.boot).toBe(before + 1);
    expect(verify(rig.device!.log.journal).length).toBeGreaterThan(5);
  });

  it('an unprovisioned unit stays locked and silent, and is kept alive', () => {
    const rig = new Rig();
    rig.vault.bytes.fill(255);
    rig.boot();
    expect(rig.device).toBeUndefined();
    expect(rig.connect()).toBe(false);
    expect(rig.kicks).toBeGreaterThan(2);
    expect(rig.boltOpenings).toHaveLength(0);
  });
});
