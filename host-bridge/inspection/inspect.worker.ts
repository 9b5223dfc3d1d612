/**
 * The process that looks at photos: a hostile file can crash, stall or fill it, and nothing else. It is sent a document
 * once and photos to compare with it; it answers each message with one. service.ts starts, watches and ends it.
 */
import { Problem } from '../common/errors';
import { approvedPage, type ApprovedPage, type RenderedPage } from './approved';
import { prepare, type Prepared } from './compare';
import { inspectCrossPage, type CrossPage } from './cross-page';
import { drawFindings } from './draw';
import { readSample, type FoundImpression, type SealSize } from './impression';
import { readPhoto } from './photo';
import { judgeStamped, type Mark, type Stamped, type StampedImpression } from './stamped';
import { straighten, type Straightened } from './straighten';
import type { Inspection } from './told';
import { openSpots } from './unfilled';
import { inspect } from './verdict';

export type Order =
  /** A page of a document; its first one makes way for it. One at a time, for 60 of them at once would not fit. */
  | { type: 'document'; name: string; page: RenderedPage; last: boolean }
  | { type: 'cross-page'; name: string; photos: Uint8Array[]; sample: Uint8Array; size?: SealSize; picture: boolean }
  | { type: 'straighten'; photo: Uint8Array }
  | { type: 'inspect'; name: string; photo: Uint8Array; page?: number; picture: boolean; after?: { sample: Uint8Array; size?: SealSize; x?: number; y?: number; marks?: readonly Mark[]; earlier?: readonly FoundImpression[] } };

export type Answer =
  | { type: 'ready' }
  | { type: 'inspection'; inspection: Inspection; picture?: Uint8Array; impressions?: StampedImpression[] }
  | { type: 'cross-page'; told: CrossPage }
  | { type: 'straightened'; page: Omit<Straightened, 'picture'>; picture: Uint8Array }
  | { type: 'failed'; code: string; detail: string };

/** One document at a time: the same one is asked about page after page. */
let held: { name: string; prepared: Prepared } | undefined;
let growing: { name: string; pages: ApprovedPage[] } | undefined;

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

async function work(order: Order): Promise<Answer> {
  if (order.type === 'document') {
    held = undefined;
    if (order.page.page === 1) growing = { name: order.name, pages: [] };
    if (growing?.name !== order.name || growing.pages.length !== order.page.page - 1) throw new Error('another page');
    const page = await approvedPage(order.page);
    openSpots(page); // known from now on: every verdict tells them of all pages
    growing.pages.push(page);
    if (!order.last) return { type: 'ready' };
    held = { name: order.name, prepared: await prepare(growing.pages) };
    growing = undefined;
    return { type: 'ready' };
  }
  if (order.type === 'straighten') {
    const { picture, ...page } = await straighten(bufferOf(order.photo));
    return { type: 'straightened', page, picture };
  }
  if (held?.name !== order.name) throw new Error('another document');
  if (order.type === 'cross-page') return { type: 'cross-page', told: await inspectCrossPage(order.photos.map(bufferOf), held.prepared, await readSample(bufferOf(order.sample), order.size), order.picture) };
  const photo = await readPhoto(bufferOf(order.photo));
  const looked = await inspect(photo, held.prepared, order.page === undefined ? {} : { page: order.page });
  let told: Stamped | { inspection: Inspection } = looked;
  if (order.after) {
    const { sample, size, x, y, marks, earlier } = order.after;
    told = await judgeStamped(photo, looked.inspection, looked.seen, { sample: await readSample(bufferOf(sample), size), ...(x === undefined || y === undefined ? {} : { at: { x, y } }), ...(marks ? { marks } : {}), ...(earlier ? { earlier } : {}) });
  }
  return { type: 'inspection', ...('impressions' in told ? { impressions: told.impressions } : {}), inspection: told.inspection, ...(order.picture ? { picture: await drawFindings(photo, told.inspection, looked.seen, 'impressions' in told ? { impressions: told.impressions, marks: order.after?.marks ?? [] } : undefined) } : {}) };
}

process.on('message', (order: Order) => {
  void work(order)
    .catch((error: unknown): Answer => ({ type: 'failed', code: error instanceof Problem ? error.code : 'INSPECTION_FAILED', detail: error instanceof Problem ? (error.detail ?? '') : String(error instanceof Error ? error.message : error).slice(0, 200) }))
    .then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit(0));
