/** Posting to webhooks. */
import type { lookup } from 'node:dns/promises';
import type { AddressRules } from '../../common/address';
import type { Clock } from '../../common/clock';
import { poster as posterOf, type Outcome } from '../../common/post';

export { type Outcome } from '../../common/post';

export type Post = (url: string, headers: Record<string, string>, body: string) => Promise<Outcome>;

/** @returns what posts, and what closes the connections kept */
export const poster = (rules: AddressRules, clock: Clock, resolve?: typeof lookup): { post: Post; close(): void } => posterOf(rules, clock, 'smartseal-bridge', resolve);
