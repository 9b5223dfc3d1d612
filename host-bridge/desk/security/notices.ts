/**
 * What a person is told: of their own account, that a means to sign in was set or taken away, a browser that was never seen, is told from now on or is told no more, many failures; and
 * of what they approved, that it was stamped, or that something went wrong.
 */
import type { Trx } from '../history';
import type { Db } from '../tables';

/** Of a use that this person approved: contact proven, no contact proven, outcome not known, ended by an alarm, impression or page not what was approved. */
export const useNoticeKinds = ['use-stamped', 'use-failed', 'use-unknown', 'use-alarm', 'use-differs'] as const;
export type UseNoticeKind = (typeof useNoticeKinds)[number];
export const noticeKinds = [
  'passkey', 'passkey-removed', 'password', 'password-removed', 'recovery-code', 'invitation', 'invitation-used', 'token', 'new-browser', 'failures', 'code-reused', 'push-added', 'push-removed', 'restored',
  ...useNoticeKinds,
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export interface Notice {
  id: number;
  /** Unix seconds. */
  at: number;
  kind: NoticeKind;
  /** Who did it, where it was somebody else. */
  by?: number;
  /** User-Agent and IP address it came from. */
  agent?: string;
  address?: string;
  /** Name of the passkey, User-Agent of the browser that is pushed to from now on, or no more. */
  name?: string;
  /** Failures since the last success; strokes. */
  count?: number;
  /** What was approved. */
  application?: string;
  purpose?: string;
  seen: boolean;
}

export type NoticeDetail = Omit<Notice, 'id' | 'at' | 'kind' | 'seen' | 'purpose'>;

/** Notices of one kind that are kept for a person, the oldest go first: what is told often, or made to be, pushes out nothing of another kind. */
const KEPT = 50;
/** Of each kind as many are shown, however many others are newer. */
export const OF_EACH = 3;

/** Tells a person, in the transaction that does what it tells of. @param at Unix seconds */
export async function tell(trx: Trx, person: number, kind: NoticeKind, at: number, detail: NoticeDetail = {}): Promise<void> {
  const { last } = await trx.selectFrom('account_notice').select(({ fn }) => fn.max('id').as('last')).executeTakeFirstOrThrow();
  const id = Number(last ?? 0) + 1;
  await trx.insertInto('account_notice').values({ id, person, at, kind, detail: JSON.stringify({ ...detail, ...(detail.agent === undefined ? {} : { agent: detail.agent.slice(0, 200) }) }), seen: null, pushed: 0 }).execute();
  const old = await trx.selectFrom('account_notice').select('id').where('person', '=', person).where('kind', '=', kind).orderBy('id', 'desc').offset(KEPT).limit(1).executeTakeFirst();
  if (old !== undefined) await trx.deleteFrom('account_notice').where('person', '=', person).where('kind', '=', kind).where('id', '<=', Number(old.id)).execute();
}

/** Tells of one stroke more. What has not been seen is counted up and not told anew: a hundred pages are one notice. */
export async function tellOfUse(trx: Trx, person: number, kind: UseNoticeKind, at: number, application: string): Promise<void> {
  const unseen = await trx.selectFrom('account_notice').select(['id', 'detail']).where('person', '=', person).where('kind', '=', kind).where('seen', 'is', null).orderBy('id', 'desc').execute();
  for (const { id, detail } of unseen) {
    const told = JSON.parse(detail) as NoticeDetail;
    if (told.application !== application) continue;
    await trx.updateTable('account_notice').set({ at, detail: JSON.stringify({ ...told, count: (told.count ?? 1) + 1 }) }).where('id', '=', Number(id)).execute();
    return;
  }
  await tell(trx, person, kind, at, { application, count: 1 });
}

/** The newest first: as many, and the newest of each kind. */
export async function noticesOf(db: Db, person: number, limit: number): Promise<Notice[]> {
  const all = await db.selectFrom('account_notice').select(['id', 'at', 'kind', 'detail', 'seen']).where('person', '=', person).orderBy('id', 'desc').execute();
  const counts = new Map<string, number>();
  const rows = all.filter(({ kind }, i) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return i < limit || count <= OF_EACH;
  });
  const notices = rows.map(({ id, at, kind, detail, seen }): Notice => ({ id: Number(id), at: Number(at), kind: kind as NoticeKind, ...(JSON.parse(detail) as NoticeDetail), seen: seen !== null }));
  const of = [...new Set(notices.flatMap(({ application }) => application ?? []))];
  const purposes = new Map(of.length === 0 ? [] : (await db.selectFrom('application').select(['id', 'purpose']).where('id', 'in', of).execute()).map((one) => [one.id, one.purpose]));
  return notices.map((one) => (one.application === undefined ? one : { ...one, purpose: purposes.get(one.application) ?? '' }));
}

/** The person has seen all up to this one. */
export async function seenUpTo(trx: Trx, person: number, id: number, at: number): Promise<void> {
  await trx.updateTable('account_notice').set({ seen: at }).where('person', '=', person).where('id', '<=', id).where('seen', 'is', null).execute();
}
