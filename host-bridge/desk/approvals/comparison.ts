/**
 * Whether the photo that waits for a stroke grant shows a page of the approved document (C5, B7). The comparison itself is
 * handed in; here stands what follows from it. Nothing but a clean *same* leads to a grant: a comparison that fails, takes
 * too long or says anything else is an error that names why.
 */
import { createHash } from 'node:crypto';
import { Problem, type Text } from '../../common/errors';
import { objectionTo } from '../../inspection/judgement';
import type { Blobs } from '../documents/blobs';
import { DESK } from '../errors';

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What the desk uses of a comparison (host-bridge/inspection). */
export interface Compared {
  verdict: 'same' | 'different' | 'unreadable';
  /** Page of the document, from 1. */
  page?: number;
  pages: number;
  reasons: { code: string; text: Text }[];
  findings: (Area & { code: string; text: Text; approved: string; seen?: string })[];
  elements: (Area & { kind: string; value: string; state: string; seen?: string })[];
  /** Places of the page that are open beside their labels. */
  open: (Area & { kind: string; label: string })[];
  notes: (Area & { code: string; page: number; text: Text })[];
}

export interface PageComparer {
  /** Rejects where there is no verdict. */
  inspect(asked: { approved: Buffer; photo: Buffer; picture: boolean }): Promise<{ inspection: Compared; picture?: Buffer }>;
  close(): void;
}

export interface Looked {
  compared: Compared;
  /** The page with what differs framed, JPEG. */
  picture: Buffer | undefined;
}

/** Comparisons kept for who looks at them again: a picture is half a megabyte. */
const KEPT = 16;

export class Comparison {
  private readonly kept = new Map<string, Promise<Looked>>();

  constructor(
    private readonly documents: Blobs,
    private readonly photos: Blobs,
    private readonly comparer: PageComparer | undefined,
  ) {}

  /** Whether this desk compares at all. */
  get on(): boolean {
    return this.comparer !== undefined;
  }

  /** @param photo SHA-256 of its bytes. @throws NOT_COMPARED, and what the comparison throws: INSPECTION_…, PHOTO_…, DOCUMENT_… */
  of(document: string, photo: string): Promise<Looked> {
    const key = `${document} ${photo}`;
    const known = this.kept.get(key);
    if (known) return known;
    const looked = this.look(document, photo);
    this.kept.set(key, looked);
    // What failed may go well the next time.
    looked.catch(() => this.kept.delete(key));
    for (const old of [...this.kept.keys()].slice(0, Math.max(0, this.kept.size - KEPT))) this.kept.delete(old);
    return looked;
  }

  private async look(document: string, photo: string): Promise<Looked> {
    const approved = await this.documents.get(document);
    const seen = await this.photos.get(photo);
    if (!this.comparer) throw new Problem(DESK.NOT_COMPARED, 'comparePages');
    if (!approved || !seen) throw new Problem(DESK.NOT_COMPARED, approved ? 'photo' : 'document');
    const { inspection, picture } = await this.comparer.inspect({ approved, photo: seen, picture: true });
    return { compared: inspection, picture };
  }

  /**
   * What stands in the way of a stroke on this photo; undefined: nothing.
   * @param filled whether open places were looked at and taken on by who may
   */
  objection(compared: Compared, filled: boolean): Problem | undefined {
    const found = objectionTo(compared, filled);
    if (!found) return undefined;
    const say = ({ zh, en }: Text): string => (zh === en ? zh : `${zh} / ${en}`);
    return new Problem(DESK[found.code], { detail: found.because.slice(0, 6).map(say).join('; '), extra: { reasons: compared.reasons.map(({ code }) => code) } });
  }
}

/** Names a comparison in the register: hash of what it said. */
export const digestOf = (compared: Compared): Buffer => createHash('sha256').update(JSON.stringify(compared)).digest();
