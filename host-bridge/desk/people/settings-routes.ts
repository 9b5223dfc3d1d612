/** Routes of what the organisation has settled. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import type { Rooms } from '../rooms';
import { Reason } from '../schemas';
import { callerOf } from './access';
import { allSettings, escalations } from './settings';

const tags = ['organisation'];
const exact = { additionalProperties: false } as const;
/** Longest: an application lives a month. */
const after = (description: string) => Type.Union([Type.Integer({ minimum: 60, maximum: 31 * 86_400 }), Type.Null()], { description: `Seconds ${description}; null: never` });
const Reminders = {
  after: after('from when a step has come to its approvers until they are reminded'), every: after('from one reminder to the next'),
  escalateAfter: after('from the first reminder until the step goes to others as well'),
  escalateTo: Type.Enum(escalations, { description: 'superior: whoever stands above its approvers in the organisation; or a role, of whose holders those decide who are approvers' }),
};
const RemindersSchema = Type.Object(Reminders, exact);

export function settingsRoutes(app: App, { store, settings }: Rooms): void {
  const config = { scope: 'organisation.manage' } as const;
  app.get('/v1/settings', { config: { scope: 'organisation.read' }, schema: { tags, summary: 'What the organisation has settled', response: { 200: Type.Object({ reminders: RemindersSchema }, exact) } } }, () => store.read(allSettings));
  app.put(
    '/v1/settings/reminders',
    { config, schema: { tags, summary: 'When approvers are reminded, and to whom a step goes that nobody decides (催办与升级)', body: Type.Object({ ...Reminders, reason: Reason }, exact), response: { 200: RemindersSchema } } },
    (request) => {
      const { reason, ...value } = request.body;
      return settings.set('reminders', value, callerOf(request), reason);
    },
  );
}
