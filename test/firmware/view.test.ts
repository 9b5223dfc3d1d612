/** What a host may see through the camera, and that it is never in the way of a photo. */
import { Shot } from '../../firmware/core/parts';
import { RecordKind } from '../../protocol/evidence';
import * as codec from '../../protocol/generated/codec';
import { MessageType, RefusalCode } from '../../protocol/generated/codec';
import { begin } from './begun';
import { verify } from './evidence';
import { Rig } from './rig';

function started(): Rig {
  const rig = begin(new Rig());
  rig.run(2000);
  return rig;
}

function view(rig: Rig): string | number {
  const answers = rig.ask(MessageType.VIEW_GET, '')!;
  const last = answers.at(-1)!;
  if (last.type === MessageType.REFUSAL) return codec.decodeRefusal(last.body)!.code;
  return answers.map(({ body }) => codec.decodeViewChunk(body)!.data).join('');
}

describe('a view', () => {
  it('shows the tray at rest and in a use, lights it meanwhile, and leaves nothing behind', () => {
    const rig = started();
    const before = rig.device!.log.journal.next;
    const free = rig.device!.photos.free();
    rig.peer.send(MessageType.VIEW_GET, 250, '');
    expect(rig.until(() => rig.light)).toBe(true);
    expect(rig.until(() => !rig.light)).toBe(true);
    rig.run(2000);
    expect(view(rig)).toMatch(/^view at \d+\.{1200}$/);
    expect(rig.light).toBe(false);
    expect([rig.device!.log.journal.next, rig.device!.photos.free()]).toEqual([before, free]);
    rig.load(rig.permit({ count: 1, policy: 3 }));
    rig.finger(3);
    rig.run(2000);
    expect(rig.device!.use.phase).toBe(3);
    expect(view(rig)).toMatch(/^view/);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 5)).toBe(true);
    rig.run(2000);
    expect(view(rig)).toMatch(/^view/);
    expect(rig.shots).toEqual([Shot.VIEW, Shot.VIEW, Shot.VIEW, Shot.PAGE, Shot.VIEW]);
  });

  it('comes at most every two seconds', () => {
    const rig = started();
    expect(view(rig)).toMatch(/^view/);
    expect(view(rig)).toBe(RefusalCode.WAIT);
    rig.run(2000);
    expect(view(rig)).toMatch(/^view/);
  });

  it('is given up for a photo, whether the camera still takes it or the line is slow, and refused while one is taken', () => {
    for (const reading of [false, true]) {
      const rig = started();
      rig.viewSize = 30_000;
      rig.load(rig.permit({ count: 1, policy: 1 }));
      rig.finger(3);
      rig.run(2000);
      rig.hand(() => { rig.paper = true; });
      rig.peer.send(MessageType.VIEW_GET, 251, '');
      if (reading) expect(rig.until(() => rig.shots.length === 1 && !rig.light)).toBe(true);
      else expect(rig.until(() => rig.light)).toBe(true);
      // The lid shuts at this very moment.
      rig.device!.send({ in: 3, tray: rig.device!.use.tray | 3 });
      expect(rig.device!.use.phase).toBe(4);
      expect(rig.light).toBe(false);
      expect(view(rig)).toBe(RefusalCode.BUSY);
      const answers = rig.answers.get(251)!;
      expect(answers.at(-1)!.type).toBe(MessageType.REFUSAL);
      expect(codec.decodeRefusal(answers.at(-1)!.body)!.code).toBe(RefusalCode.BUSY);
      expect(rig.shots).toEqual([Shot.VIEW, Shot.PAGE]);
    }
  });

  it('is refused where the camera fails, without an alarm, and another one can be asked for', () => {
    const rig = started();
    rig.cameraFails = 1;
    expect(view(rig)).toBe(RefusalCode.HARDWARE);
    rig.run(2000);
    expect(view(rig)).toMatch(/^view/);
    expect(rig.device!.state.alarmBits()).toBe(0);
  });

  it('takes the place of a photo that streams, and a photo that of a view', () => {
    const rig = started();
    rig.load(rig.permit({ count: 1, policy: 1 }));
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 1 && rig.strokes.length === 1)).toBe(true);
    rig.run(2000);
    const photo = verify(rig.device!.log.journal).find(({ kind }) => kind === RecordKind.PHOTO)!;
    const digest = (photo.data.get(3) as Buffer).toString('latin1');
    rig.peer.send(MessageType.VIEW_GET, 252, '');
    const chunks = rig.ask(MessageType.PHOTO_GET, codec.encodePhotoGet({ digest, offset: 0, maxBytes: 0 }))!;
    expect(chunks.map(({ body }) => codec.decodePhotoChunk(body)!.data).join('')).toHaveLength(2500);
    rig.run(3000);
    expect(rig.answers.get(252)).toBeUndefined();
    expect(view(rig)).toMatch(/^view/);
  });
});

describe('small photos', () => {
  it('are taken before and after, and need less room', () => {
    const rig = started();
    rig.photoSize = 2900;
    expect(rig.load(rig.permit({ count: 1, policy: 16 }))).toBe(RefusalCode.UNSUPPORTED);
    expect(rig.load(rig.permit({ count: 1, policy: 128 + 1 }))).toBe(RefusalCode.UNSUPPORTED);
    expect(rig.load(rig.permit({ count: 1, policy: 17 }))).toBe(0);
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 1 && rig.strokes.length === 1)).toBe(true);
    expect(rig.shots).toEqual([Shot.SMALL, Shot.SMALL]);
  });

  it('are still taken where two large ones have no room any more', () => {
    const rig = new Rig({ photoPages: 5 });
    rig.boot();
    expect(rig.until(() => rig.device!.use.phase === 1, 5000)).toBe(true);
    expect(rig.connect()).toBe(true);
    expect(rig.setTime()).toBe(0);
    for (const policy of [17, 1, 17]) expect(rig.load(rig.permit({ count: 1, policy }))).toBe(0);
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 1 && rig.strokes.length === 1)).toBe(true);
    // Three pages are left: two of 3000 bytes fit, of 8000 only one.
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 1 && rig.strokes.length === 2)).toBe(true);
    expect([...new Set(rig.shots)]).toEqual([Shot.SMALL]);
    expect(rig.permitState(2)!.used).toBe(0);
  });
});

describe("photos of the host's camera", () => {
  const JPEG = `\xff\xd8${'host'.repeat(700)}\xff\xd9`;

  function waiting(count = 1): Rig {
    const rig = started();
    expect(rig.load(rig.permit({ count, policy: 32 }))).toBe(RefusalCode.UNSUPPORTED);
    expect(rig.load(rig.permit({ count, policy: 33 }))).toBe(0);
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 4)).toBe(true);
    expect(rig.status()!.photoWanted).toBe(1);
    return rig;
  }

  function put(rig: Rig, offset: number, data: string, last: boolean): number {
    return rig.code(rig.ask(MessageType.PHOTO_PUT, codec.encodePhotoPut({ offset, data, last })));
  }

  function hand(rig: Rig, jpeg: string): void {
    for (let at = 0; at < jpeg.length; at += 512) expect(put(rig, at, jpeg.slice(at, at + 512), at + 512 >= jpeg.length)).toBe(0);
  }

  it('stand in the records with their digest and where they came from, and no camera is asked', () => {
    const rig = waiting();
    hand(rig, JPEG);
    expect(rig.until(() => rig.device!.use.phase === 7)).toBe(true);
    expect(rig.strokes).toHaveLength(1);
    expect(rig.status()!.photoWanted).toBe(2);
    hand(rig, JPEG.replace('host', 'HOST'));
    expect(rig.until(() => rig.device!.use.phase === 1)).toBe(true);
    expect(rig.status()!.photoWanted).toBe(0);
    expect(rig.shots).toEqual([]);
    const photos = verify(rig.device!.log.journal).filter(({ kind }) => kind === RecordKind.PHOTO);
    expect(photos.map(({ data }) => [data.get(2), data.get(4), data.get(6)])).toEqual([[0, JPEG.length, 1], [1, JPEG.length, 1]]);
    const chunks = rig.ask(MessageType.PHOTO_GET, codec.encodePhotoGet({ digest: (photos[0]!.data.get(3) as Buffer).toString('latin1'), offset: 0, maxBytes: 0 }))!;
    expect(chunks.map(({ body }) => codec.decodePhotoChunk(body)!.data).join('')).toBe(JPEG);
  });

  it('are begun anew, and taken in order and size only', () => {
    const rig = waiting();
    expect(put(rig, 0, 'GIF89a'.padEnd(512), false)).toBe(RefusalCode.MALFORMED);
    expect(put(rig, 512, 'x'.repeat(512), false)).toBe(RefusalCode.IMAGE_OFFSET);
    expect(put(rig, 0, JPEG.slice(0, 512), false)).toBe(0);
    expect(put(rig, 512, 'x'.repeat(511), false)).toBe(RefusalCode.MALFORMED);
    expect(put(rig, 512, '', true)).toBe(RefusalCode.MALFORMED);
    expect(put(rig, 1024, 'x'.repeat(512), false)).toBe(RefusalCode.IMAGE_OFFSET);
    for (let at = 512; at < 7680; at += 512) expect(put(rig, at, 'x'.repeat(512), false)).toBe(0);
    expect(put(rig, 7680, 'x'.repeat(512), false)).toBe(RefusalCode.MALFORMED);
    hand(rig, JPEG);
    expect(rig.until(() => rig.strokes.length === 1)).toBe(true);
    const photo = verify(rig.device!.log.journal).find(({ kind }) => kind === RecordKind.PHOTO)!;
    expect(photo.data.get(4)).toBe(JPEG.length);
  });

  it('that do not come end the use without an alarm, before the stroke and after it', () => {
    const rig = waiting(2);
    rig.run(61_000);
    expect(rig.device!.use.phase).toBe(1);
    expect(rig.strokes).toHaveLength(0);
    expect(put(rig, 0, JPEG.slice(0, 512), false)).toBe(RefusalCode.STALE);
    const ends = (): unknown[] => verify(rig.device!.log.journal).slice(-2).map(({ kind, data }) => [kind, data.get(kind === RecordKind.REFUSED ? 1 : 2)]);
    expect(ends()).toEqual([[RecordKind.REFUSED, RefusalCode.NO_PHOTO], [RecordKind.CLOSED, 7]]);
    rig.finger(3);
    rig.page();
    expect(rig.until(() => rig.device!.use.phase === 4)).toBe(true);
    hand(rig, JPEG);
    expect(rig.until(() => rig.device!.use.phase === 7)).toBe(true);
    rig.run(61_000);
    expect(rig.device!.use.phase).toBe(1);
    expect(ends()).toEqual([[RecordKind.REFUSED, RefusalCode.NO_PHOTO], [RecordKind.CLOSED, 7]]);
    expect(rig.device!.state.alarmBits()).toBe(0);
  });

  it('are given up with the page: what was handed over so far is no photo', () => {
    const rig = waiting();
    expect(put(rig, 0, JPEG.slice(0, 512), false)).toBe(0);
    rig.hand(() => { rig.lid = false; });
    expect(rig.until(() => rig.device!.use.phase === 3)).toBe(true);
    expect(put(rig, 512, JPEG.slice(512, 1024), false)).toBe(RefusalCode.STALE);
    expect(rig.device!.log.journal.next).toBe(verify(rig.device!.log.journal).length);
    expect(verify(rig.device!.log.journal).some(({ kind }) => kind === RecordKind.PHOTO)).toBe(false);
  });
});
