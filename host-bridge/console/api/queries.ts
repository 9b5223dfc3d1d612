/** What is read of the desk, and how often. Reads are tried again with growing pauses; what changes something never is by itself. */
import { QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { api, take, type SecurityEvent } from './client';
import { Failure, passes } from './failure';

/** Tries of a read that got no answer, and the pauses between them in milliseconds. */
const TRIES = 4;
const PAUSE = { first: 500, most: 8000 };
const FRESH = 5_000;
/** Milliseconds between looks at what may change by itself. */
export const OFTEN = 4_000;
export const SELDOM = 20_000;

export function makeQueries(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        // The session is over: whatever page asked, the next thing is to sign in.
        if (error instanceof Failure && error.status === 401) client.setQueryData(me().queryKey, null);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: FRESH,
        retry: (count, error) => count < TRIES && passes(error),
        retryDelay: (count, error) => (error instanceof Failure && error.after !== undefined ? error.after * 1000 : Math.min(PAUSE.first * 2 ** count, PAUSE.most)),
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  return client;
}

export const ways = () => queryOptions({ queryKey: ['ways'], queryFn: ({ signal }) => take(api.GET('/v1/sign-in', { signal })), staleTime: Infinity });

/** Who is signed in; null: nobody. */
export const me = () =>
  queryOptions({
    queryKey: ['me'],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      try {
        return await take(api.GET('/v1/me', { signal }));
      } catch (error) {
        if (error instanceof Failure && (error.status === 401 || error.status === 403)) return null;
        throw error;
      }
    },
  });

export const directory = () => queryOptions({ queryKey: ['directory'], queryFn: async ({ signal }) => (await take(api.GET('/v1/directory', { signal }))).people, staleTime: 60_000 });
export const departments = () => queryOptions({ queryKey: ['departments'], queryFn: async ({ signal }) => (await take(api.GET('/v1/departments', { signal }))).departments, staleTime: 60_000 });
export const people = () => queryOptions({ queryKey: ['people'], queryFn: async ({ signal }) => (await take(api.GET('/v1/people', { signal }))).people });
export const seals = () => queryOptions({ queryKey: ['seals'], queryFn: async ({ signal }) => (await take(api.GET('/v1/seals', { signal }))).seals, staleTime: 60_000 });
export const sealHistory = (id: string) => queryOptions({ queryKey: ['seals', id, 'history'], queryFn: async ({ signal }) => (await take(api.GET('/v1/seals/{id}/history', { params: { path: { id } }, signal }))).events });
export const scopes = () => queryOptions({ queryKey: ['scopes'], queryFn: async ({ signal }) => (await take(api.GET('/v1/scopes', { signal }))).scopes, staleTime: 60_000 });
export const enrolments = (device: string) =>
  queryOptions({ queryKey: ['enrolments', device], queryFn: async ({ signal }) => (await take(api.GET('/v1/devices/{id}/enrolments', { params: { path: { id: device } }, signal }))).enrolments, staleTime: 60_000 });

export const applications = () => queryOptions({ queryKey: ['applications'], queryFn: async ({ signal }) => (await take(api.GET('/v1/applications', { params: { query: { limit: 200 } }, signal }))).applications, refetchInterval: SELDOM });
export const application = (id: string) => queryOptions({ queryKey: ['applications', id], queryFn: ({ signal }) => take(api.GET('/v1/applications/{id}', { params: { path: { id } }, signal })), refetchInterval: OFTEN });
export const decisions = (id: string) => queryOptions({ queryKey: ['applications', id, 'decisions'], queryFn: async ({ signal }) => (await take(api.GET('/v1/applications/{id}/decisions', { params: { path: { id } }, signal }))).decisions, refetchInterval: OFTEN });
export const applicationUses = (id: string) => queryOptions({ queryKey: ['applications', id, 'uses'], queryFn: async ({ signal }) => (await take(api.GET('/v1/applications/{id}/uses', { params: { path: { id } }, signal }))).uses, refetchInterval: OFTEN });
export const lately = (id: string) => queryOptions({ queryKey: ['applications', id, 'lately'], queryFn: async ({ signal }) => (await take(api.GET('/v1/applications/{id}/lately', { params: { path: { id } }, signal }))).uses });
export const document = (sha256: string) => queryOptions({ queryKey: ['documents', sha256], queryFn: ({ signal }) => take(api.GET('/v1/documents/{sha256}', { params: { path: { sha256 } }, signal })), staleTime: Infinity });
export const tasks = () => queryOptions({ queryKey: ['tasks'], queryFn: async ({ signal }) => (await take(api.GET('/v1/tasks', { signal }))).applications, refetchInterval: SELDOM });
export const decided = () => queryOptions({ queryKey: ['decided'], queryFn: async ({ signal }) => (await take(api.GET('/v1/decisions', { signal }))).decisions, refetchInterval: SELDOM });
export const delegations = () => queryOptions({ queryKey: ['delegations'], queryFn: async ({ signal }) => (await take(api.GET('/v1/delegations', { signal }))).delegations });

export interface UseFilter {
  search?: string;
  seal?: string;
  device?: string;
  result?: 'pending' | 'stamped' | 'failed' | 'unknown';
  from?: number;
  until?: number;
}
export const USES_PAGE = 30;
export const uses = (filter: UseFilter, page: number) =>
  queryOptions({ queryKey: ['uses', filter, page], queryFn: async ({ signal }) => (await take(api.GET('/v1/register/uses', { params: { query: { ...filter, offset: page * USES_PAGE, limit: USES_PAGE + 1 } }, signal }))).uses, refetchInterval: SELDOM });

export const devices = () => queryOptions({ queryKey: ['devices'], queryFn: async ({ signal }) => (await take(api.GET('/v1/devices', { signal }))).devices, staleTime: 60_000 });
export const deviceState = (id: string) => queryOptions({ queryKey: ['devices', id, 'state'], queryFn: ({ signal }) => take(api.GET('/v1/devices/{id}/state', { params: { path: { id } }, signal })), refetchInterval: OFTEN });
export const cases = (open: boolean) => queryOptions({ queryKey: ['cases', open], queryFn: async ({ signal }) => (await take(api.GET('/v1/cases', { params: { query: open ? { open } : {} }, signal }))).cases, refetchInterval: OFTEN * 2 });
export const ceremonies = () => queryOptions({ queryKey: ['ceremonies'], queryFn: async ({ signal }) => (await take(api.GET('/v1/ceremonies', { signal }))).ceremonies, refetchInterval: SELDOM });
export const actions = () => queryOptions({ queryKey: ['actions'], queryFn: async ({ signal }) => (await take(api.GET('/v1/ceremonies/actions', { signal }))).actions, staleTime: Infinity });
export const myCeremonies = () => queryOptions({ queryKey: ['ceremonies', 'mine'], queryFn: async ({ signal }) => (await take(api.GET('/v1/ceremonies', { params: { query: { mine: true } }, signal }))).ceremonies, refetchInterval: SELDOM });
export const passkeys = () => queryOptions({ queryKey: ['me', 'passkeys'], queryFn: async ({ signal }) => (await take(api.GET('/v1/me/passkeys', { signal }))).passkeys });
export const sessions = () => queryOptions({ queryKey: ['me', 'sessions'], queryFn: ({ signal }) => take(api.GET('/v1/me/sessions', { signal })) });

/** @param often whether to look often, because nothing tells when there is something new */
export const live = (id: string, often: boolean) => queryOptions({ queryKey: ['applications', id, 'live'], queryFn: ({ signal }) => take(api.GET('/v1/applications/{id}/live', { params: { path: { id } }, signal })), refetchInterval: often ? OFTEN : SELDOM });
export const messages = (id: string, often: boolean) => queryOptions({ queryKey: ['applications', id, 'messages'], queryFn: async ({ signal }) => (await take(api.GET('/v1/applications/{id}/messages', { params: { path: { id } }, signal }))).messages, refetchInterval: often ? OFTEN : SELDOM });
export const comparisonUnder = (id: string, digest: string) => queryOptions({ queryKey: ['comparisons', id, digest], queryFn: ({ signal }) => take(api.GET('/v1/applications/{id}/photos/{digest}/comparison', { params: { path: { id, digest } }, signal })), staleTime: Infinity, retry: false });
export const places = (device: string) => queryOptions({ queryKey: ['devices', device, 'places'], queryFn: ({ signal }) => take(api.GET('/v1/devices/{id}/places', { params: { path: { id: device } }, signal })), refetchInterval: SELDOM });
export const lease = (device: string) => queryOptions({ queryKey: ['devices', device, 'lease'], queryFn: async ({ signal }) => (await take(api.GET('/v1/devices/{id}/lease', { params: { path: { id: device } }, signal }))).lease, refetchInterval: SELDOM });
/** null: there was no update. */
export const firmwareUpdate = (device: string) =>
  queryOptions({
    queryKey: ['devices', device, 'update'],
    queryFn: async ({ signal }) => {
      try {
        return await take(api.GET('/v1/devices/{id}/update', { params: { path: { id: device } }, signal }));
      } catch (error) {
        if (error instanceof Failure && error.status === 404) return null;
        throw error;
      }
    },
    refetchInterval: OFTEN,
  });
export const unitCeremonies = (device: string) => queryOptions({ queryKey: ['ceremonies', 'of', device], queryFn: async ({ signal }) => (await take(api.GET('/v1/ceremonies', { params: { query: { device } }, signal }))).ceremonies, refetchInterval: OFTEN });
export const rules = () => queryOptions({ queryKey: ['rules'], queryFn: async ({ signal }) => (await take(api.GET('/v1/chains', { signal }))).rules, staleTime: 60_000 });
export const settings = () => queryOptions({ queryKey: ['settings'], queryFn: ({ signal }) => take(api.GET('/v1/settings', { signal })), staleTime: 60_000 });
export const authorities = () => queryOptions({ queryKey: ['authorities'], queryFn: async ({ signal }) => (await take(api.GET('/v1/outside', { signal }))).authorities, staleTime: 60_000 });
export const reminders = () => queryOptions({ queryKey: ['reminders'], queryFn: async ({ signal }) => (await take(api.GET('/v1/reminders', { signal }))).reminders, refetchInterval: SELDOM });
export const reports = () => queryOptions({ queryKey: ['reports'], queryFn: async ({ signal }) => (await take(api.GET('/v1/reports', { signal }))).reports, refetchInterval: SELDOM });
export const signatures = (id: string) => queryOptions({ queryKey: ['applications', id, 'signatures'], queryFn: async ({ signal }) => (await take(api.GET('/v1/applications/{id}/signatures', { params: { path: { id } }, signal }))).signatures });
export const ceremonySignatures = (id: string) => queryOptions({ queryKey: ['ceremonies', id, 'signatures'], queryFn: async ({ signal }) => (await take(api.GET('/v1/ceremonies/{id}/signatures', { params: { path: { id } }, signal }))).signatures });
export const sealSignatures = (id: string) => queryOptions({ queryKey: ['seals', id, 'signatures'], queryFn: async ({ signal }) => (await take(api.GET('/v1/seals/{id}/signatures', { params: { path: { id } }, signal }))).signatures });
export const topUps = () => queryOptions({ queryKey: ['top-ups'], queryFn: async ({ signal }) => (await take(api.GET('/v1/top-ups', { signal }))).topUps, refetchInterval: OFTEN });
export const myTopUps = () => queryOptions({ queryKey: ['top-ups', 'mine'], queryFn: async ({ signal }) => (await take(api.GET('/v1/top-ups', { params: { query: { mine: true } }, signal }))).topUps, refetchInterval: SELDOM });
export const statistics = (filter: Omit<UseFilter, 'result'>, lang: 'zh' | 'en') => queryOptions({ queryKey: ['statistics', filter, lang], queryFn: ({ signal }) => take(api.GET('/v1/register/statistics', { params: { query: { ...filter, lang } }, signal })) });
export const registerKey = () => queryOptions({ queryKey: ['register-key'], queryFn: ({ signal }) => take(api.GET('/v1/register/key', { signal })), staleTime: Infinity });
export const signInOf = (id: number) => queryOptions({ queryKey: ['people', id, 'sign-in'], queryFn: ({ signal }) => take(api.GET('/v1/people/{id}/sign-in', { params: { path: { id } }, signal })) });
export const push = () => queryOptions({ queryKey: ['push'], queryFn: ({ signal }) => take(api.GET('/v1/push', { signal })), staleTime: 60_000 });
export const notices = () => queryOptions({ queryKey: ['me', 'notices'], queryFn: async ({ signal }) => (await take(api.GET('/v1/me/notices', { signal }))).notices, refetchInterval: SELDOM });
export const SECURITY_PAGE = 50;
export const securityEvents = (filter: { kind?: SecurityEvent['kind']; person?: number }, before: number | undefined) =>
  queryOptions({ queryKey: ['security-events', filter, before], queryFn: async ({ signal }) => (await take(api.GET('/v1/security-events', { params: { query: { ...filter, ...(before === undefined ? {} : { before }), limit: SECURITY_PAGE } }, signal }))).events, refetchInterval: SELDOM });
export const hasPassword = () => queryOptions({ queryKey: ['me', 'password'], queryFn: async ({ signal }) => (await take(api.GET('/v1/me/password', { signal }))).set });
