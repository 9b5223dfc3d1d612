import { Alarm } from '../../firmware/core/alarms';
import { Stroke, Why } from '../../firmware/core/parts';
import { RecordKind } from '../../protocol/evidence';
import * as codec from '../../protocol/generated/codec';
import { MessageType, RefusalCode, UseState } from '../../protocol/generated/codec';
import { GrantKind } from '../../protocol/permit';
import { verify } from './evidence';
import { DIE, T0 } from './identity';
import { Rig } from './rig';

function started(options: ConstructorParameters<typeof Rig>[0] = {}): Rig {
  const rig = new Rig(options);
  rig.boot();
  expect(rig.until(() => rig.device!.use.phase === 1, 5000)).toBe(true);
  expect(rig.connect()).toBe(true);
  expect(rig.setTime()).toBe(0);
  return rig;
}

function kinds(rig: Rig): number[] {
  return verify(rig.device!.log.journal).map((r) => r.kind);
}

function last(rig: Rig, kind: number): Map<number, unknown> {
  const found = verify(rig.device!.log.journal).filter((r) => r.kind === kind);
  return found[found.length - 1]!.data;
}

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

  it('locks on an alarm until exactly that alarm is cleared', () => {
    const rig = started();
    rig.load(rig.permit({ count: 5 }));
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 11)).toBe(true);
    rig.hand(() => { rig.lid = false; });
    expect(rig.boltOpen).toBe(false);
    expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
    const s = rig.status()!;
    expect(s).toMatchObject({ state: UseState.ALARMED, alarms: 1 << Alarm.LID });
    expect(last(rig, RecordKind.OUTCOME).get(3)).toBe(Stroke.UNKNOWN);
    expect(rig.permitState(1)).toMatchObject({ used: 1, closed: false });
    rig.finger(3);
    expect(last(rig, RecordKind.REFUSED).get(1)).toBe(RefusalCode.ALARM_ACTIVE);
    rig.boot();
    expect(rig.connect()).toBe(true);
    expect(rig.status()!.state).toBe(UseState.ALARMED);
    const seq = rig.device!.state.latched(Alarm.LID)!.seq;
    expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.LID, seq: seq + 1 })).toBe(RefusalCode.STALE);
    expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.LID, seq }, 'Q'.repeat(32))).toBe(RefusalCode.NOT_AUTHENTIC);
    expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.LID, seq })).toBe(0);
    expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.LID, seq })).toBe(RefusalCode.STALE);
    expect(rig.status()!.state).toBe(UseState.IDLE);
    expect(rig.notices.some((notice) => notice.alarms === 1 << Alarm.LID)).toBe(true);
  });

  const faults: [string, number, (rig: Rig) => void, number][] = [
    ['stall', Alarm.STALL, (rig) => { rig.stroke = { result: Stroke.UNKNOWN, why: Why.STALL, grade: 0, trace: '' }; }, 1],
    ['no motion', Alarm.STALL, (rig) => { rig.stroke = { result: Stroke.FAILED, why: Why.NO_MOTION, grade: 0, trace: 'none' }; }, 0],
    ['contact stuck', Alarm.CONTACT, (rig) => { rig.stroke = { result: Stroke.STAMPED, why: Why.CONTACT_STUCK, grade: 0, trace: '' }; }, 1],
    ['bolt jammed', Alarm.BOLT, (rig) => { rig.boltJam = true; }, 0],
    ['bolt stays open', Alarm.BOLT, (rig) => { rig.boltStuckOpen = true; }, 1],
  ];
  it.each(faults)('mechanics: %s', (_name, condition, bring, used) => {
    const rig = started();
    rig.load(rig.permit({ count: 2, policy: 1 }));
    rig.finger(3);
    bring(rig);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
    expect(rig.device!.state.latched(condition)).toBeDefined();
    expect(rig.permitState(1)).toMatchObject({ used, closed: false });
    expect(last(rig, RecordKind.CLOSED).get(2)).toBe(5);
  });

  it('watches switches, die, battery and fingers', () => {
    const rig = started();
    rig.run(1500);
    for (let i = 0; i < 5; i++) rig.finger(-1);
    expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.FINGER);
    rig.hand(() => { rig.dies = []; });
    rig.run(2500);
    rig.hand(() => { rig.contactStuck = true; });
    rig.mv = 3200;
    rig.run(4500);
    rig.hand(() => { rig.silent = true; });
    rig.run(5000);
    expect(rig.device!.state.alarmBits()).toBe((1 << Alarm.FINGER) | (1 << Alarm.DIE) | (1 << Alarm.CONTACT) | (1 << Alarm.BATTERY) | (1 << Alarm.SENSORS));
    const before = rig.device!.log.journal.next;
    rig.run(60000);
    expect(rig.device!.log.journal.next).toBe(before);
    expect(rig.kicks).toBeGreaterThan(60);
    rig.dies = [DIE];
    verify(rig.device!.log.journal);
  });

  it('a case that is opened locks at once, at rest, in an open use and in a stroke, and is seen at a start', () => {
    for (const phase of [1, 3, 11]) {
      const rig = started();
      rig.load(rig.permit({ count: 2 }));
      if (phase > 1) rig.finger(3);
      if (phase > 3) rig.page();
      expect(rig.until(() => rig.device!.use.phase === phase)).toBe(true);
      rig.hand(() => { rig.shut = false; });
      rig.run(100);
      expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.CASE);
      expect(rig.boltOpen).toBe(false);
      expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
      rig.finger(3);
      expect(last(rig, RecordKind.REFUSED).get(1)).toBe(RefusalCode.ALARM_ACTIVE);
    }
    const rig = started();
    rig.shut = false;
    rig.boot();
    rig.run(4000);
    expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.CASE);
  });

  it('a die that comes back is seen within seconds, so that it is missed again when it goes', () => {
    const rig = started();
    rig.run(1500);
    rig.hand(() => { rig.dies = []; });
    rig.run(2500);
    const clear = (): void => {
      const { seq } = rig.device!.state.latched(Alarm.DIE)!;
      expect(rig.apply({ kind: GrantKind.CLEAR, condition: Alarm.DIE, seq })).toBe(0);
    };
    for (let round = 0; round < 12; round++) {
      clear();
      rig.run(500);
      rig.hand(() => { rig.dies = [DIE]; });
      rig.run(3000);
      expect(rig.device!.state.die).toBe(DIE);
      clear();
      rig.run(500);
      rig.hand(() => { rig.dies = []; });
      rig.run(3000);
    }
    expect(rig.device!.state.latched(Alarm.DIE)).toBeDefined();
  });

  it('camera: one failure is tried again, three lock', () => {
    const rig = started();
    rig.load(rig.permit({ count: 2, policy: 1 }));
    rig.finger(3);
    rig.cameraFails = 2;
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 3 && rig.strokes.length === 1)).toBe(true);
    rig.cameraFails = 3;
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
    expect(rig.strokes).toHaveLength(1);
    expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.CAMERA);
  });

  it('camera: what shows nothing is not stamped by; three in a row lock and leave no photo', () => {
    const rig = started();
    rig.load(rig.permit({ count: 2, policy: 1 }));
    rig.finger(3);
    rig.covered = 2;
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 3 && rig.strokes.length === 1)).toBe(true);
    expect(rig.device!.state.alarmBits()).toBe(0);
    const photos = (): number => kinds(rig).filter((kind) => kind === RecordKind.PHOTO).length;
    expect(photos()).toBe(2);
    rig.covered = 3;
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
    expect(rig.strokes).toHaveLength(1);
    expect(rig.device!.state.alarmBits()).toBe(1 << Alarm.BLIND);
    expect(photos()).toBe(2);
  });

  it('camera: a photo after the stroke that shows nothing is kept, and locks', () => {
    const rig = started();
    rig.load(rig.permit({ count: 2, policy: 3 }));
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 5)).toBe(true);
    rig.covered = 1;
    expect(rig.apply({ kind: GrantKind.STROKE, permit: 'permit1'.padEnd(16, '-'), photo: rig.device!.use.photo, seq: rig.device!.log.journal.next - 1 })).toBe(0);
    expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
    const [outcome, photo, alarm, closed] = verify(rig.device!.log.journal).slice(-4);
    expect([outcome!.kind, photo!.kind, alarm!.kind, closed!.kind]).toEqual([RecordKind.OUTCOME, RecordKind.PHOTO, RecordKind.ALARM, RecordKind.CLOSED]);
    expect(photo!.data.get(2)).toBe(1);
    expect([alarm!.data.get(1), alarm!.data.get(2)]).toEqual([Alarm.BLIND, 1]);
    expect(rig.device!.photos.find((photo!.data.get(3) as Buffer).toString('latin1'))).toBe(2500);
  });

  it('an exception in the middle of a stroke locks, is recorded, and the device goes on', () => {
    const rig = started();
    rig.load(rig.permit({ count: 2 }));
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 11)).toBe(true);
    expect(rig.boltOpen).toBe(true);
    rig.device!.guard(() => { throw new Error('x'); });
    expect(rig.boltOpen).toBe(false);
    rig.run(3000);
    expect(rig.status()!.state).toBe(UseState.ALARMED);
    expect(rig.device!.state.alarmBits()).toBe((1 << Alarm.INTERNAL) | (1 << Alarm.UNKNOWN));
    expect(last(rig, RecordKind.OUTCOME).get(3)).toBe(Stroke.UNKNOWN);
    expect(rig.permitState(1)).toMatchObject({ used: 1 });
    expect(rig.resets).toBe(0);
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
