/** Routes of what the organisation has settled. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { DESK } from '../errors';
import type { Rooms } from '../rooms';
import { Reason } from '../schemas';
import { callerOf } from './access';
import { allSettings, escalations } from './settings';
import { configured } from './sign-in';

const tags = ['organisation'];
const exact = { additionalProperties: false } as const;
/** Longest: an application lives a month. */
const after = (description: string) => Type.Union([Type.Integer({ minimum: 60, maximum: 31 * 86_400 }), Type.Null()], { description: `Seconds ${description}; null: never` });
const Reminders = {
  after: after('from when a step has come to its approvers until they are reminded'), every: after('from one reminder to the next'),
  escalateAfter: after('from the first reminder until the step goes to others as well'),
  escalateTo: Type.Enum(escalations, { description: 'superior: whoever stands above its approvers in the organisation; or a role, of whose holders those decide who are approvers' }),
};
const span = (minimum: number, description: string) => Type.Integer({ minimum, maximum: 366 * 86_400, description: `Seconds ${description}` });
const Papers = {
  archiveWithin: Type.Union([span(60, ''), Type.Null()], { description: 'Seconds from the end of a use until its stamped paper is filed, where the rule of its chain says nothing; null: it need not be' }),
  remindBefore: span(0, 'before the date from when on the applicant is reminded'), every: span(60, 'from one reminder to the next'),
  sheetsAfter: Type.Union([span(60, ''), Type.Null()], { description: 'Seconds from a cross-page stroke until its applicant is reminded of the photos of its sheets; null: never' }),
};
const PapersSchema = Type.Object(Papers, exact);
const Signatures = {
  applicant: Type.Boolean({ description: 'Who applies must sign, also for more strokes' }), approvers: Type.Boolean({ description: 'Who decides on that must sign' }),
  custody: Type.Boolean({ description: 'Who asks for, decides on or notes what is done to seals and units must sign (刻制、启用、移交、外带、停用、销毁等)' }), strokes: Type.Boolean({ description: 'Who grants or rejects single strokes from afar must sign' }),
};
const SignaturesSchema = Type.Object(Signatures, exact);
const RemindersSchema = Type.Object(Reminders, exact);

export function settingsRoutes(app: App, { store, settings, signIn }: Rooms): void {
  const config = { scope: 'organisation.manage' } as const;
  app.get('/v1/settings', { config: { scope: 'organisation.read' }, schema: { tags, summary: 'What the organisation has settled', response: { 200: Type.Object({ reminders: RemindersSchema, papers: PapersSchema, signatures: SignaturesSchema }, exact) } } }, () => store.read(allSettings));
  app.put(
    '/v1/settings/reminders',
    { config, schema: { tags, summary: 'When approvers are reminded, and to whom a step goes that nobody decides (催办与升级)', body: Type.Object({ ...Reminders, reason: Reason }, exact), response: { 200: RemindersSchema } } },
    (request) => {
      const { reason, ...value } = request.body;
      return settings.set('reminders', value, callerOf(request), reason);
    },
  );
  app.put(
    '/v1/settings/papers',
    { config, schema: { tags, summary: 'What has to come back after a use, and when its applicant is reminded (回报与归档)', description: 'Of the sheets, what is not said stays as it is.', body: Type.Object({ ...Papers, sheetsAfter: Type.Optional(Papers.sheetsAfter), reason: Reason }, exact), response: { 200: PapersSchema } } },
    (request) => {
      const { reason, ...value } = request.body;
      return settings.set('papers', value, callerOf(request), reason);
    },
  );
  app.put(
    '/v1/settings/signatures',
    { config: { ...config, errors: [DESK.SIGN_IN_OFF] }, schema: { tags, summary: 'Who must sign electronically, with a passkey (电子签名)', description: 'What is not said stays as it is.', body: Type.Object({ ...Type.Partial(Type.Object(Signatures)).properties, reason: Reason }, exact), response: { 200: SignaturesSchema } } },
    (request) => {
      const { reason, ...value } = request.body;
      // Without passkeys nobody could apply any more.
      if (Object.values(value).includes(true)) configured(signIn);
      return settings.set('signatures', value, callerOf(request), reason);
    },
  );
}
