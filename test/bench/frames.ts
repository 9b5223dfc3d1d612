/** Frames a second that the protocol makes and reads on Node, on one core: sealing, CRC, COBS, and all of it back. */
import { nodeNatives } from '../../host-bridge/natives';
import { bodyMax, encodeFrame, FrameReader, FrameType } from '../../protocol';
import { open, seal, SEAL_BYTES } from '../../protocol/channel';
import { digits, median, type Bench } from './report';

const KEY = 'k'.repeat(16);
const SESSION = 'sid01';
const ROUNDS = 5;
const ROUND_MS = 600;

export async function frames(bench: Bench): Promise<void> {
  for (const size of [128, 2048]) {
    const plain = nodeNatives.random(bodyMax(size) - SEAL_BYTES);
    let counter = 0;
    const encode = (): string => encodeFrame(nodeNatives, FrameType.DATA, counter & 255, 0, 3, seal(nodeNatives, KEY, 1, SESSION, counter++, plain));
    let read = 0;
    let opened: string | undefined;
    const reader = new FrameReader(nodeNatives, size + 1, (_type, _seq, _ack, _flags, body) => (opened = open(nodeNatives, KEY, 1, SESSION, read++, body)));
    const decode = (frame: string): void => {
      reader.push(frame);
      if (opened !== plain) throw new Error('a frame did not come back as it was sent');
    };
    const both = { encode: [] as number[], decode: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      const made: string[] = [];
      let from = bench.cpu();
      do for (let i = 0; i < 200; i++) made.push(encode());
      while (bench.cpu() - from < ROUND_MS && made.length < 40_000);
      both.encode.push((made.length / (bench.cpu() - from)) * 1000);
      from = bench.cpu();
      for (const frame of made) decode(frame);
      both.decode.push((made.length / (bench.cpu() - from)) * 1000);
      await bench.sleep(0);
    }
    const context = { frameBytes: size, plainBytes: plain.length, load: bench.load() };
    bench.figure({ metric: `seal and encode, ${size} B frames`, value: median(both.encode), unit: 'frames/core s', context });
    bench.figure({ metric: `decode and open, ${size} B frames`, value: median(both.decode), unit: 'frames/core s', context: { ...context, megabytes: digits((median(both.decode) * size) / 1e6) } });
  }
}
