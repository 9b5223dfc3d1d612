/** The photo that an approver judges: of a page that lies in the unit under a permit that they decide on. */
import { COMMON, Problem } from '../../common/errors';
import type { Approvals } from '../approvals/approvals';
import { DESK } from '../errors';
import { bytesAt, countAt, parseRecord } from '../register/records';
import type { Db } from '../tables';
import { getApplication, type Application } from './applications';

/** @throws NOT_FOUND, OWN_APPLICATION, WRONG_STATE; WRONG_NUMBER where the number read out at the unit is not that of the photo */
export async function photoJudged(db: Db, approvals: Approvals, o: { permit: string; photo: string; number: number; caller: number }): Promise<{ device: string; application: Application; seq: number }> {
  const permit = await db.selectFrom('permit').select(['application', 'device', 'state']).where('id', '=', o.permit).executeTakeFirst();
  const application = permit && (await getApplication(db, permit.application));
  if (!permit || !application?.chain.some((step) => step.includes(o.caller))) throw new Problem(COMMON.NOT_FOUND, `permit ${o.permit}`);
  approvals.checkOwn(application, o.caller);
  if (application.state !== 'approved' || !['issued', 'queued', 'delivered'].includes(permit.state)) throw new Problem(DESK.WRONG_STATE, permit.state);
  const seq = await photoBefore(db, permit.device, o.permit, o.photo);
  if (seq === undefined) throw new Problem(COMMON.NOT_FOUND, `photo ${o.photo}`);
  if (o.number !== seq) throw new Problem(DESK.WRONG_NUMBER, String(o.number));
  return { device: permit.device, application, seq };
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
  const found = rows.find((row) => {
    const record = parseRecord(Buffer.from(row.bytes, 'base64'));
    return record !== undefined && bytesAt(record, 1) === permit && countAt(record, 2) === 0;
  });
  return found && Number(found.seq);
}
