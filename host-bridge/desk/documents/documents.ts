/** Documents to be stamped: what was handed in, and the pictures of its pages that approvers look at. */
import { LRUCache } from 'lru-cache';
import type { Store } from '../../common/database';
import { COMMON, Problem } from '../../common/errors';
import { sha256 } from '../hashes';
import { DESK } from '../errors';
import { appendEntry } from '../register/register';
import type { Cbor } from '../cbor';
import type { Trx } from '../history';
import type { Db, Tables } from '../tables';
import type { Clock } from '../../common/clock';
import { pdfOfPhotos, type Straightener } from './photographed';
import { isBlankPage } from './blank';
import { heldIn, type Blobs } from './blobs';
import { renderDocument, sniff, type DocumentKind, type DocumentLimits } from './render';
import { narrowed, type PageWidth } from './narrowed';

export interface DocumentCard {
  sha256: string;
  kind: DocumentKind;
  /** The file's name as handed in; for people only. */
  name: string;
  size: number;
  pages: number;
  /** Unix seconds when it was removed under the rule (retention.ts); absent: it is there. */
  removed?: number;
}

/** Throws DOCUMENT_REMOVED for one that is there no more. */
export function checkThere({ sha256: hash, removed }: Pick<DocumentCard, 'sha256' | 'removed'>): void {
  if (removed !== undefined) throw new Problem(DESK.DOCUMENT_REMOVED, `document ${hash}, ${new Date(removed * 1000).toISOString()}`);
}

export async function getDocument(db: Db, hash: string): Promise<DocumentCard> {
  const row = await db.selectFrom('document').selectAll().where('sha256', '=', hash).executeTakeFirst();
  if (!row) throw new Problem(COMMON.NOT_FOUND, `document ${hash}`);
  return { sha256: row.sha256, kind: row.kind as DocumentKind, name: row.name, size: Number(row.size), pages: Number(row.pages), ...(row.removed === null ? {} : { removed: Number(row.removed) }) };
}

export interface DocumentsOptions {
  store: Store<Tables>;
  blobs: Blobs;
  limits: DocumentLimits;
  clock: Clock;
  /** Lays out photographed pages; absent: none are taken. */
  straightener?: Straightener | undefined;
  seconds(): number;
}

/** Documents read at once: each may take a core. */
const atOnce = 2;
/** Seconds. */
const DAY = 86_400;
/** Bytes of narrowed pictures kept in memory: some five hundred pages for a phone. */
const KEPT = 32 << 20;

export class Documents {
  private running = 0;
  /** Narrowed pictures by width and SHA-256 of the whole one. Who asks for one that is being made waits for it. */
  private readonly narrow = new LRUCache<string, Buffer, Buffer>({ maxSize: KEPT, sizeCalculation: (picture) => picture.length, fetchMethod: (key, _old, { context }) => narrowed(context, Number(key.split(' ')[0]) as PageWidth) });

  constructor(private readonly o: DocumentsOptions) {}

  get limits(): DocumentLimits {
    return this.o.limits;
  }

  /**
   * Takes a file in: found out what it is, every page rendered, stored, entered in the register. The same content again
   * gives the same card. Throws DOCUMENT_… or TOO_MANY.
   */
  async add(data: Buffer, name: string, owner: number): Promise<DocumentCard> {
    const { limits, blobs, store } = this.o;
    if (data.length === 0) throw new Problem(DESK.DOCUMENT_EMPTY);
    if (data.length > limits.maxBytes) throw new Problem(DESK.DOCUMENT_TOO_LARGE);
    const kind = sniff(data);
    if (!kind) throw new Problem(DESK.DOCUMENT_UNSUPPORTED);
    const hash = sha256(data).toString('hex');
    const begun = this.o.seconds();
    const known = await store.read((db) => db.selectFrom('document').select(['sha256', 'removed', 'purged']).where('sha256', '=', hash).executeTakeFirst());
    // One that is on its way out is handed in again once it is gone.
    if (known && known.removed !== null && known.purged === null) throw new Problem(COMMON.STORE_BUSY, { retryAfter: 60 });
    if (known && known.removed === null && (await heldIn(blobs, hash))) {
      return store.commit(async (trx) => {
        const card = await getDocument(trx, hash);
        // Removed while it was looked for.
        if (card.removed !== undefined) throw new Problem(COMMON.STORE_BUSY, { retryAfter: 60 });
        await hold(trx, hash, owner);
        await this.renew(trx, card, owner);
        return card;
      });
    }
    if (this.running >= atOnce) throw new Problem(COMMON.TOO_MANY, { retryAfter: 5 });
    this.running += 1;
    const pages: { page: number; sha256: string; width: number; height: number; blank: number }[] = [];
    try {
      let writing = Promise.resolve();
      await renderDocument(data, kind, limits, (page) => {
        // One after the other; what waits is bounded as the whole output is.
        writing = writing.then(async () => void pages.push({ page: page.page, sha256: await blobs.put(page.png), width: page.width, height: page.height, blank: (await isBlankPage(page.png)) ? 1 : 0 }));
        writing.catch(() => undefined); // told below
      });
      await writing;
    } finally {
      this.running -= 1;
    }
    await blobs.put(data);
    const at = this.o.seconds();
    const shown = cleanName(name);
    return store.commit(async (trx) => {
      const again = await trx.selectFrom('document').select(['sha256', 'removed']).where('sha256', '=', hash).executeTakeFirst();
      // Files went meanwhile, and perhaps a page that this one has as well.
      if (await trx.selectFrom('document').select('sha256').where('purged', '>=', begun - 1).limit(1).executeTakeFirst()) throw new Problem(COMMON.STORE_BUSY, { retryAfter: 5 });
      if (!again || again.removed !== null) {
        const values = { kind, name: shown, size: data.length, pages: pages.length, created: at, removed: null, purged: null };
        await trx.insertInto('document').values({ sha256: hash, ...values }).onConflict((on) => on.column('sha256').doUpdateSet(values)).execute();
        await trx.deleteFrom('document_page').where('document', '=', hash).execute();
        for (const page of pages) await trx.insertInto('document_page').values({ document: hash, ...page }).execute();
        await appendEntry(trx, at, 'document', entryOf({ hash, kind, name: shown, size: data.length, pages: pages.length, owner }, pages.sort((a, b) => a.page - b.page)), `${hash} ${shown}`);
      }
      await hold(trx, hash, owner);
      return getDocument(trx, hash);
    });
  }

  /** Its days (retention.ts) begin anew with who hands it in again: an entry once a day, by which it is as new. */
  private async renew(trx: Trx, { sha256: hash, kind, name, size, pages }: DocumentCard, owner: number): Promise<void> {
    const at = this.o.seconds();
    const { numUpdatedRows } = await trx.updateTable('document').set({ created: at }).where('sha256', '=', hash).where('created', '<', at - DAY).executeTakeFirst();
    if (Number(numUpdatedRows) === 0) return;
    const pictures = await trx.selectFrom('document_page').select(['sha256', 'width', 'height', 'blank']).where('document', '=', hash).orderBy('page').execute();
    await appendEntry(trx, at, 'document', entryOf({ hash, kind, name, size, pages, owner }, pictures.map((one) => ({ ...one, width: Number(one.width), height: Number(one.height), blank: Number(one.blank) }))), `${hash} ${name}`);
  }

  /** Photographed pages as one document, and which of them are as they were photographed. @throws PHOTOS_OFF, PHOTO_…, DOCUMENT_… */
  async addPhotos(photos: readonly Buffer[], owner: number, language: 'zh' | 'en'): Promise<DocumentCard & { crooked: number[] }> {
    const { pdf, crooked } = await pdfOfPhotos(photos, this.o.straightener, this.o.clock);
    return { ...(await this.add(pdf, language === 'zh' ? `拍照文件（${photos.length} 页）.pdf` : `photographed, ${photos.length} pages.pdf`, owner)), crooked };
  }

  /** Picture of one page (1 is the first): PNG as large as it was drawn, or with a width in pixels WebP at most that wide. */
  async page(hash: string, page: number, width?: PageWidth): Promise<Buffer> {
    const row = await this.o.store.read((db) =>
      db.selectFrom('document_page').select('sha256').where('document', '=', hash).where('page', '=', page).executeTakeFirst(),
    );
    checkThere(await this.o.store.read((db) => getDocument(db, hash)));
    const key = `${width} ${row?.sha256}`;
    const kept = row && width !== undefined ? this.narrow.get(key) : undefined;
    if (kept) return kept;
    const data = row && (await this.o.blobs.get(row.sha256));
    if (!data) throw new Problem(COMMON.NOT_FOUND, `page ${page} of document ${hash}`);
    return width === undefined ? data : this.narrow.forceFetch(key, { context: data });
  }

  /** The file as it was handed in. */
  async original(hash: string): Promise<{ card: DocumentCard; data: Buffer }> {
    const card = await this.o.store.read((db) => getDocument(db, hash));
    checkThere(card);
    const data = await this.o.blobs.get(hash);
    if (!data) throw new Problem(COMMON.NOT_FOUND, `content of document ${hash}`);
    return { card, data };
  }
}

/** What the register says of one that was handed in. */
function entryOf({ hash, kind, ...rest }: { hash: string; kind: DocumentKind; name: string; size: number; pages: number; owner: number }, pictures: readonly { sha256: string; width: number; height: number; blank: number }[]): Record<string, Cbor> {
  return { sha256: Buffer.from(hash, 'hex'), type: kind, ...rest, pictures: pictures.map((one) => [Buffer.from(one.sha256, 'hex'), one.width, one.height, one.blank]) };
}

/** Notes that a person has this document: knowing its hash alone opens nothing. */
async function hold(trx: Db, document: string, person: number): Promise<void> {
  const known = await trx.selectFrom('document_holder').select('person').where('document', '=', document).where('person', '=', person).executeTakeFirst();
  if (!known) await trx.insertInto('document_holder').values({ document, person }).execute();
}

/** A name without folders and control characters, of bearable length. */
function cleanName(name: string): string {
  const base = name.split(/[\\/]/).pop() ?? '';
  const clean = base.replace(/[\p{C}]/gu, '').slice(0, 200).trim();
  return clean === '' ? 'document' : clean;
}
