/** A process with many units for the bench `scale`: told on standard input what to do, tells by JSON lines. */
import { RecordKind } from '../../protocol';
import { yard } from '../bridge/yard';

/** Bytes of a photo. */
const PHOTO = 170_000;
const PERMIT = 'p'.repeat(16);
const LINK_KEY = 'l'.repeat(32);

async function main(count: number): Promise<void> {
  const units = await yard(count, '7363616c', LINK_KEY, 60_000);
  const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
  let at = 0;
  let stamps = 0;
  const later = (ms: number, call: () => void): void => void setTimeout(call, ms);
  /** One record by itself, and when it was there. */
  const note = (): void => {
    const { id, device } = units[(at = (at + 7919) % units.length)]!;
    const seq = device.nextSeq;
    device.record(RecordKind.ALARM, [1, 0]);
    say({ id, seq, ns: String(process.hrtime.bigint()) });
    device.notice();
  };
  /** A use as a unit records it: a photo, a stroke, a photo. */
  const stamp = (): void => {
    const { device } = units[(at = (at + 7919) % units.length)]!;
    stamps++;
    const steps: (() => void)[] = [
      () => device.record(RecordKind.OPENED, [PERMIT]), () => void device.photo(PHOTO + stamps), () => device.record(RecordKind.INTENT, [PERMIT, 1, 1]), () => device.record(RecordKind.OUTCOME, [PERMIT, 1, 1, 1, 0, 1]),
      () => void device.photo(PHOTO - stamps), () => device.record(RecordKind.CLOSED, [PERMIT, 1, 1]),
    ];
    for (const [i, step] of steps.entries()) later(i * 1_000, () => (step(), device.notice()));
  };
  process.stdin.setEncoding('utf8').on('data', (text: string) => {
    for (const word of text.trim().split('\n')) {
      if (word === 'note') note();
      else if (word === 'stamp') stamp();
      else if (word === 'sum') say({ records: units.reduce((sum, { device }) => sum + device.nextSeq, 0), photos: units.reduce((sum, { device }) => sum + device.photos.size, 0) });
    }
  });
  process.stdin.on('end', () => process.exit(0));
  say({ ready: units.map(({ id, cable }) => ({ id, port: cable.port })) });
}

void main(Number(process.argv[2]));
