/** Where a unit was, by its own records, and where it may be: for people who look for it. */
import type { Fence, PlaceTerms } from '../authority/place';
import { parseRecord, type EvidenceRecord } from '../register/records';
import type { Db } from '../tables';

export interface Spot {
  seq: number;
  /** The device's trusted time, Unix seconds. */
  time: number | null;
  latitude: number;
  longitude: number;
  /** Metres. */
  accuracy: number;
}

export interface Permitted {
  why: 'permit' | 'take-out';
  /** The application, or the ceremony. */
  subject: string;
  fence: Fence;
}

export interface Outing {
  borrower: number;
  /** Unix seconds. */
  until: number;
  ceremony: string;
}

const PLACE = 17;
const SPOTS = 50;
const FENCES = 40;

/** Newest first. */
export async function spotsOf(db: Db, device: string): Promise<Spot[]> {
  const rows = await db.selectFrom('record').select('bytes').where('device', '=', device).where('kind', '=', PLACE).orderBy('seq', 'desc').limit(SPOTS).execute();
  return rows.flatMap(({ bytes }) => {
    const record = parseRecord(Buffer.from(bytes, 'base64'));
    return (record && spotOf(record)) ?? [];
  });
}

/** Keys 2 and 3 are whole 1e-7 degrees of either sign (protocol/SPEC.md section 9). */
function spotOf(record: EvidenceRecord): Spot | undefined {
  const [latitude, longitude, accuracy] = [2, 3, 4].map((key) => record.data.get(key));
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return undefined;
  return { seq: record.seq, time: record.time, latitude: latitude / 1e7, longitude: longitude / 1e7, accuracy: typeof accuracy === 'number' ? accuracy : 0 };
}

/** Fences of permits that are not over, and of the take-out under way. */
export async function permittedPlaces(db: Db, device: string, now: number): Promise<Permitted[]> {
  const rows = await db
    .selectFrom('application').innerJoin('permit', 'permit.application', 'application.id').select(['application.id', 'application.place', 'application.granted']).distinct()
    .where('permit.device', '=', device).where('permit.state', 'in', ['issued', 'queued', 'delivered']).where('application.not_after', '>=', now).limit(FENCES).execute();
  const out: Permitted[] = [];
  for (const row of rows) {
    const granted = row.granted === null ? undefined : (JSON.parse(row.granted) as { place?: PlaceTerms | null }).place;
    const place = granted ?? (row.place === null ? null : (JSON.parse(row.place) as PlaceTerms));
    for (const fence of place?.fences ?? []) out.push({ why: 'permit', subject: row.id, fence });
  }
  const away = await db.selectFrom('outing').innerJoin('ceremony', 'ceremony.id', 'outing.ceremony').select(['ceremony.id', 'ceremony.wanted']).where('outing.device', '=', device).executeTakeFirst();
  const fences = away === undefined ? [] : ((JSON.parse(away.wanted) as { fences?: Fence[] }).fences ?? []);
  for (const fence of fences) out.push({ why: 'take-out', subject: away!.id, fence });
  return out.slice(0, FENCES);
}

/** The take-out under way. */
export async function outingOf(db: Db, device: string): Promise<Outing | null> {
  const row = await db.selectFrom('outing').selectAll().where('device', '=', device).executeTakeFirst();
  return row === undefined ? null : { borrower: Number(row.borrower), until: Number(row.until), ceremony: row.ceremony };
}
