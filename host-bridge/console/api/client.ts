/** Calls of the desk, typed by its OpenAPI document. */
import createClient from 'openapi-fetch';
import type { components, paths } from '../generated/desk';
import { language } from '../i18n';
import { takeEarly } from './early';
import { Failure, failureOf } from './failure';

export type Schema<K extends keyof components['schemas']> = components['schemas'][K];

const unreachable = (): Failure => new Failure('UNREACHABLE', 0, '', '', undefined);

export const api = createClient<paths>({
  fetch: async (request) => {
    const asked = new Request(request);
    asked.headers.set('accept-language', language());
    let response: Response;
    try {
      // What was answered with an error is asked again, so that it is told in the language of the page.
      const early = await takeEarly(request);
      response = early?.ok ? early : await fetch(asked);
    } catch (error) {
      if (asked.signal.aborted) throw error;
      throw unreachable();
    }
    if (!response.ok) throw await failureOf(response);
    return response;
  },
});

/** The data of an answer; every error has been thrown as a Failure before. */
export async function take<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** Hands in a document. */
export async function upload(file: File, signal?: AbortSignal): Promise<DocumentCard> {
  const form = new FormData();
  form.set('document', file, file.name);
  return take(api.POST('/v1/documents', { body: form as never, bodySerializer: (body: unknown) => body as FormData, ...(signal === undefined ? {} : { signal }) }));
}

/** Hands in photographed pages, in their order, as one document. */
export async function uploadPages(files: readonly File[]): Promise<DocumentCard & { crooked: number[] }> {
  const form = new FormData();
  for (const file of files) form.append('page', file, file.name);
  return take(api.POST('/v1/documents/photographed', { body: form as never, bodySerializer: (body: unknown) => body as FormData }));
}

/** Hands in photos of the sheets of a cross-page stroke. @param again begins another set */
export async function uploadSheets(device: string, intent: number, files: readonly File[], sheets: number | undefined, again: boolean): Promise<Sheets> {
  const form = new FormData();
  for (const file of files) form.append('page', file, file.name);
  return take(api.POST('/v1/register/uses/{device}/{intent}/sheets', { params: { path: { device, intent }, query: { ...(sheets === undefined ? {} : { sheets }), ...(again ? { again } : {}) } }, body: form as never, bodySerializer: (body: unknown) => body as FormData }));
}

/** Hands a file to a route that takes one in its part "document". */
export async function handFile(path: `/v1/${string}`, file: File): Promise<void> {
  const form = new FormData();
  form.set('document', file, file.name);
  await take(api.POST(path as '/v1/documents', { body: form as never, bodySerializer: (body: unknown) => body as FormData }));
}

type Answer<P extends keyof paths, M extends keyof paths[P], S extends number> = paths[P][M] extends { responses: Record<S, { content: { 'application/json': infer T } }> } ? T : never;
export type Me = Answer<'/v1/me', 'get', 200>;
export type Application = Answer<'/v1/applications/{id}', 'get', 200>;
export type ApplicationLine = Answer<'/v1/applications', 'get', 200>['applications'][number];
export type Decision = Answer<'/v1/applications/{id}/decisions', 'get', 200>['decisions'][number];
export type Became = Answer<'/v1/decisions', 'get', 200>['decisions'][number];
export type Use = Answer<'/v1/register/uses', 'get', 200>['uses'][number];
export type Sheets = Answer<'/v1/register/uses/{device}/{intent}/sheets', 'get', 200>;
export type Case = Answer<'/v1/cases', 'get', 200>['cases'][number];
export type Seal = Answer<'/v1/seals', 'get', 200>['seals'][number];
export type Device = Answer<'/v1/devices', 'get', 200>['devices'][number];
export type DeviceState = Answer<'/v1/devices/{id}/state', 'get', 200>;
export type Ceremony = Answer<'/v1/ceremonies', 'get', 200>['ceremonies'][number];
export type Live = Answer<'/v1/applications/{id}/live', 'get', 200>;
export type Fence = Answer<'/v1/devices/{id}/places', 'get', 200>['permitted'][number]['fence'];
export type DocumentCard = Answer<'/v1/documents', 'post', 201>;
export type Person = Answer<'/v1/people', 'get', 200>['people'][number];
export type NewApplication = paths['/v1/applications/{id}']['put'] extends { requestBody?: { content: { 'application/json': infer T } } } ? T : never;
export type Rule = Answer<'/v1/chains', 'get', 200>['rules'][number];
export type NewRule = paths['/v1/chains']['post'] extends { requestBody?: { content: { 'application/json': { rule: infer T } } } } ? T : never;
export type Preview = Answer<'/v1/chains/preview', 'post', 200>;
export type Settings = Answer<'/v1/settings', 'get', 200>;
export type Department = Answer<'/v1/departments', 'get', 200>['departments'][number];
export type Report = Answer<'/v1/reports', 'get', 200>['reports'][number];
export type Reminder = Answer<'/v1/reminders', 'get', 200>['reminders'][number];
export type Signature = Answer<'/v1/applications/{id}/signatures', 'get', 200>['signatures'][number];
export type Code = Answer<'/v1/applications/{id}/answers', 'post', 201>;
export type TopUp = Answer<'/v1/top-ups', 'get', 200>['topUps'][number];
export type AccountNotice = Answer<'/v1/me/notices', 'get', 200>['notices'][number];
export type SecurityEvent = Answer<'/v1/security-events', 'get', 200>['events'][number];
export type Statistics = Answer<'/v1/register/statistics', 'get', 200>;
