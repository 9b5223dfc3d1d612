/** The photo that an approver judges: of a page that lies in the unit under a permit whose strokes they grant. */
import { COMMON, Problem } from '../../common/errors';
import type { Steps } from '../chains/steps';
import { DESK } from '../errors';
import { bytesAt, countAt, parseRecord } from '../register/records';
import type { Db } from '../tables';
import { getApplication, grants, type Application } from './applications';

/** @throws NOT_FOUND, OWN_APPLICATION, WRONG_STATE; WRONG_NUMBER where the number read out at the unit is not that of the photo */
export async function photoJudged(db: Db, steps: Steps, o: { permit: string; photo: string; number: number; caller: number }): Promise<{ device: string; application: Application; seq: number }> {
  const permit = await db.selectFrom('permit').select(['application', 'device', 'state']).where('id', '=', o.permit).executeTakeFirst();
  const application = permit && (await getApplication(db, permit.application));
  if (!permit || !application || !(await grants(db, application, o.caller))) throw new Problem(COMMON.NOT_FOUND, `permit ${o.permit}`);
  steps.checkOwn(application.applicant, o.caller);
  if (application.state !== 'approved' || !['issued', 'queued', 'delivered'].includes(permit.state)) throw new Problem(DESK.WRONG_STATE, permit.state);
  const seq = await photoBefore(db, permit.device, o.permit, o.photo);
  if (seq === undefined) throw new Problem(COMMON.NOT_FOUND, `photo ${o.photo}`);
  if (o.number !== seq) throw new Problem(DESK.WRONG_NUMBER, String(o.number));
  return { device: permit.device, application, seq };
}

/** Photos of the newest records that are looked through for those of one permit. */
const LOOKED = 200;

/** Photos of the page before strokes under a permit, newest first: when each was taken, whether its bytes are here, and whether a stroke was begun on it. */
export async function photosBefore(db: Db, device: string, permit: string): Promise<{ digest: string; time: number | null; stored: boolean; stroked: boolean }[]> {
  const rows = await db
    .selectFrom('photo')
    .innerJoin('record', (join) => join.onRef('record.device', '=', 'photo.device').onRef('record.seq', '=', 'photo.seq'))
    .leftJoin('stroke', (join) => join.onRef('stroke.device', '=', 'photo.device').onRef('stroke.before', '=', 'photo.digest').on('stroke.permit', '=', permit))
    .select(['photo.digest', 'photo.state', 'record.bytes', 'record.device_time', 'stroke.intent'])
    .where('photo.device', '=', device)
    .orderBy('photo.seq', 'desc')
    .limit(LOOKED)
    .execute();
  return rows.filter(({ bytes }) => ofPermit(bytes, permit, 0)).map(({ digest, state, device_time: time, intent }) => ({ digest, time: time === null ? null : Number(time), stored: state === 'stored', stroked: intent !== null }));
}

/** The stored bytes' name of a photo under one of these permits; undefined: there is none. */
export async function photoUnder(db: Db, permits: readonly { id: string; device: string }[], digest: string): Promise<string | undefined> {
  const rows = await db
    .selectFrom('photo')
    .innerJoin('record', (join) => join.onRef('record.device', '=', 'photo.device').onRef('record.seq', '=', 'photo.seq'))
    .select(['photo.device', 'photo.sha256', 'record.bytes'])
    .where('photo.digest', '=', digest)
    .where('photo.state', '=', 'stored')
    .limit(LOOKED)
    .execute();
  return rows.find(({ device, bytes }) => permits.some((permit) => permit.device === device && ofPermit(bytes, permit.id)))?.sha256 ?? undefined;
}

/** Whether a record is of a photo under a permit. @param which 0 before a stroke, 1 after it; either where not said */
function ofPermit(bytes: string, permit: string, which?: number): boolean {
  const record = parseRecord(Buffer.from(bytes, 'base64'));
  return record !== undefined && bytesAt(record, 1) === permit && (which === undefined || countAt(record, 2) === which);
}

/** Number of the newest record of this photo before a stroke under a permit; undefined: there is none, or its bytes are not here. */
async function photoBefore(db: Db, device: string, permit: string, digest: string): Promise<number | undefined> {
  const rows = await db
    .selectFrom('photo')
    .innerJoin('record', (join) => join.onRef('record.device', '=', 'photo.device').onRef('record.seq', '=', 'photo.seq'))
    .select(['photo.seq', 'record.bytes'])
    .where('photo.device', '=', device)
    .where('photo.digest', '=', digest)
    .where('photo.state', '=', 'stored')
    .orderBy('photo.seq', 'desc')
    .limit(100)
    .execute();
  const found = rows.find(({ bytes }) => ofPermit(bytes, permit, 0));
  return found && Number(found.seq);
}
