import { nodeNatives } from '../../host-bridge/natives';
import { FrameReader } from '../../protocol/frame';
import type { Bytes } from '../../protocol/natives';
import type { Pair } from './pair';

/** A frame that was on the line. */
export interface Seen {
  toDevice: boolean;
  type: number;
  seq: number;
  ack: number;
  flags: number;
  body: Bytes;
  bytes: Bytes;
}

/** Every frame both ends wrote, in order. */
export function frames(pair: Pair): Seen[] {
  const seen: Seen[] = [];
  for (const w of pair.wire) {
    const reader = new FrameReader(nodeNatives, 4096, (type, seq, ack, flags, body) => {
      seen.push({ toDevice: w.toDevice, type, seq, ack, flags, body, bytes: w.bytes });
    });
    reader.push(w.bytes);
  }
  return seen;
}

/** A message each way shows that the session works. */
export function alive(pair: Pair): void {
  const before = [pair.atDevice.length, pair.atHost.length];
  expect(pair.host.send(16, 9, 'ping')).toBe(true);
  pair.run(5000, () => pair.atDevice.length > (before[0] as number));
  expect(pair.device.send(String.fromCharCode(17, 9) + 'pong')).toBe(true);
  pair.run(5000, () => pair.atHost.length > (before[1] as number));
  expect(pair.atDevice.at(-1)?.body).toBe('ping');
  expect(pair.atHost.at(-1)?.body).toBe('pong');
}
