/** The tray as a host sees it through the unit's camera. */
import { decodeRefusal, decodeViewChunk, encodePhotoPut, MessageType } from '../../protocol';
import { Refused, type Bench } from './bench';

/** @throws Refused */
export async function view(bench: Bench): Promise<Buffer> {
  const from = bench.link.messages.length;
  const tag = bench.link.send(MessageType.VIEW_GET, '');
  const parts = () => bench.link.messages.slice(from).filter((message) => message.tag === tag);
  const over = (): boolean => parts().some(({ type, body }) => type !== MessageType.VIEW_CHUNK || decodeViewChunk(body)!.last);
  if (!(await bench.until(over, 15_000))) throw new Error('no view comes');
  const last = parts().at(-1)!;
  if (last.type === MessageType.REFUSAL) throw new Refused('view', decodeRefusal(last.body)!.code);
  return Buffer.from(parts().map(({ body }) => decodeViewChunk(body)!.data).join(''), 'latin1');
}

/** Hands over a photo of the host's camera. @throws Refused */
export async function handOver(bench: Bench, jpeg: Buffer): Promise<void> {
  for (let offset = 0; offset < jpeg.length; offset += 512) {
    await bench.askOrRefuse('photo', MessageType.PHOTO_PUT, encodePhotoPut({ offset, data: jpeg.toString('latin1', offset, offset + 512), last: offset + 512 >= jpeg.length }));
  }
}
