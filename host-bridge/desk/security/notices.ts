/** What a person is told of their own account: that a means to sign in was set or taken away, a browser that was never seen or is told no more, many failures. */
import type { Trx } from '../history';
import type { Db } from '../tables';

export const noticeKinds = [
  'passkey', 'passkey-removed', 'password', 'password-removed', 'recovery-code', 'invitation', 'invitation-used', 'token', 'new-browser', 'failures', 'code-reused', 'push-removed', 'restored',
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
  /** Name of the passkey, User-Agent of the browser that is pushed to no more. */
  name?: string;
  /** Failures since the last success. */
  count?: number;
  seen: boolean;
}

export type NoticeDetail = Omit<Notice, 'id' | 'at' | 'kind' | 'seen'>;

/** Notices kept for a person; the oldest go first. */
const KEPT = 200;

/** Tells a person, in the transaction that does what it tells of. @param at Unix seconds */
export async function tell(trx: Trx, person: number, kind: NoticeKind, at: number, detail: NoticeDetail = {}): Promise<void> {
  const { last } = await trx.selectFrom('account_notice').select(({ fn }) => fn.max('id').as('last')).executeTakeFirstOrThrow();
  const id = Number(last ?? 0) + 1;
  await trx.insertInto('account_notice').values({ id, person, at, kind, detail: JSON.stringify({ ...detail, ...(detail.agent === undefined ? {} : { agent: detail.agent.slice(0, 200) }) }), seen: null, pushed: 0 }).execute();
  const old = await trx.selectFrom('account_notice').select('id').where('person', '=', person).orderBy('id', 'desc').offset(KEPT).limit(1).executeTakeFirst();
  if (old !== undefined) await trx.deleteFrom('account_notice').where('person', '=', person).where('id', '<=', Number(old.id)).execute();
}

/** The newest first. */
export async function noticesOf(db: Db, person: number, limit: number): Promise<Notice[]> {
  const rows = await db.selectFrom('account_notice').select(['id', 'at', 'kind', 'detail', 'seen']).where('person', '=', person).orderBy('id', 'desc').limit(limit).execute();
  return rows.map(({ id, at, kind, detail, seen }) => ({ id: Number(id), at: Number(at), kind: kind as NoticeKind, ...(JSON.parse(detail) as NoticeDetail), seen: seen !== null }));
}

/** The person has seen all up to this one. */
export async function seenUpTo(trx: Trx, person: number, id: number, at: number): Promise<void> {
  await trx.updateTable('account_notice').set({ seen: at }).where('person', '=', person).where('id', '<=', id).where('seen', 'is', null).execute();
}
