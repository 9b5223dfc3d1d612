import { nodeNatives } from '../../host-bridge/natives';
import { open, seal } from '../../protocol/channel';
import { encodeFrame, FrameType } from '../../protocol/frame';
import type { Natives } from '../../protocol/natives';
import { DownReason } from '../../protocol/reasons';
import { Pair } from './pair';
import { alive, frames } from './seen';

describe('keeping a session', () => {
  test('a silent line is asked at 20 s and given up at 90 s', () => {
    const pair = new Pair().up();
    const start = pair.now;
    pair.run(85000);
    expect(pair.downs).toEqual([]);
    expect(frames(pair).filter((f) => f.toDevice && f.type === FrameType.ACK && f.flags === 4)).toHaveLength(4);
    pair.powered = false;
    pair.run(60000);
    expect(pair.downs).toEqual([]);
    pair.run(60000, () => pair.downs.length > 0);
    expect(pair.downs).toEqual([DownReason.SILENT]);
    expect(pair.now - start).toBeGreaterThan(160000);
  });

  test('a session is renewed after a day, without a gap', () => {
    const pair = new Pair().up();
    pair.run(86400000 + 30000);
    expect(pair.downs).toEqual([DownReason.RENEWED]);
    expect(pair.ups).toHaveLength(2);
    expect(pair.deviceDowns).toEqual([DownReason.REPLACED]);
    alive(pair);
  });

  test('and before its counters are spent', () => {
    const pair = new Pair().up();
    (pair.host as unknown as { link: { txCtr: number } }).link.txCtr = 1048576 - 1024;
    (pair.device as unknown as { link: { rxCtr: number } }).link.rxCtr = 1048576 - 1024;
    pair.run(1000);
    expect(pair.downs).toEqual([DownReason.RENEWED]);
    alive(pair);
  });

  test('a message under another counter is not taken', () => {
    const pair = new Pair().up();
    const link = (pair.host as unknown as { link: { txCtr: number } }).link;
    link.txCtr += 1;
    pair.host.send(16, 1, 'skipped one');
    pair.run(200);
    expect(pair.atDevice).toEqual([]);
    pair.run(60000);
    expect(pair.deviceDowns.concat(pair.downs).length).toBeGreaterThan(0);
  });

  test('close is silent on the line and told to the owner', () => {
    const pair = new Pair().up();
    pair.run(1000);
    const before = pair.wire.length;
    pair.host.close();
    pair.run(60000);
    expect(pair.wire).toHaveLength(before);
    expect(pair.downs).toEqual([DownReason.CLOSED]);
    expect(pair.deviceDowns).toEqual([]);
  });

  test('an acknowledgement of more than is under way is not believed', () => {
    const pair = new Pair({ window: 2 }).up();
    pair.run(100);
    const body = 'x'.repeat(600);
    expect(pair.device.send(String.fromCharCode(25, 1) + body)).toBe(true);
    // Six frames are stored, two under way; READY was number 0.
    pair.inject(true, encodeFrame(nodeNatives, FrameType.ACK, 0, 5, 0, ''));
    pair.run(3000);
    expect(pair.atHost.at(-1)?.body).toBe(body);
  });

  test('a cipher that fails once costs the session, not the next one', () => {
    const pair = new Pair().up();
    pair.run(100);
    const { natives } = (pair.device as unknown as { link: { o: { natives: Natives } } }).link.o;
    const { ccmSeal } = natives;
    natives.ccmSeal = () => '';
    pair.device.send(String.fromCharCode(25, 1) + 'lost');
    natives.ccmSeal = ccmSeal;
    pair.host.send(16, 1, '');
    pair.run(6000);
    expect(pair.deviceDowns).toEqual([DownReason.TAMPERED]);
    // The host has been told that there is none any more, and begins anew.
    expect(pair.downs).toHaveLength(1);
    expect(pair.ups).toHaveLength(2);
    alive(pair);
  });

  test('a cipher that fails on an answer: the host hears of it at once, though nobody says a word', () => {
    const pair = new Pair().up();
    pair.run(100);
    const { natives } = (pair.device as unknown as { link: { o: { natives: Natives } } }).link.o;
    const { ccmSeal } = natives;
    natives.ccmSeal = () => '';
    pair.device.send(String.fromCharCode(25, 1) + 'lost');
    natives.ccmSeal = ccmSeal;
    pair.device.tick(pair.now);
    pair.device.send(String.fromCharCode(25, 2) + 'under a counter that the host does not expect');
    pair.run(4000);
    expect(pair.deviceDowns).toEqual([DownReason.TAMPERED]);
    expect(pair.downs).toEqual([DownReason.RESTARTED]);
    expect(pair.ups).toHaveLength(2);
    alive(pair);
  });

  test('a message opens under its own counter only, and only as it was written', () => {
    const key = 'k'.repeat(16);
    const sealed = seal(nodeNatives, key, 0, 'sid..', 5, 'hello');
    expect(open(nodeNatives, key, 0, 'sid..', 5, sealed)).toBe('hello');
    expect(open(nodeNatives, key, 0, 'sid..', 6, sealed)).toBeUndefined();
    for (let i = 0; i < sealed.length; i++) {
      const changed = sealed.substring(0, i) + String.fromCharCode(sealed.charCodeAt(i) ^ 1) + sealed.substring(i + 1);
      expect(open(nodeNatives, key, 0, 'sid..', 5, changed)).toBeUndefined();
    }
  });
});
