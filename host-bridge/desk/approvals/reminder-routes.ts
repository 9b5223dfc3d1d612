/** Route of the steps that wait too long. */
import { Type } from 'typebox';
import type { App } from '../../common/app';
import { callerOf, seesAll } from '../people/access';
import { getPerson } from '../people/people';
import type { Rooms } from '../rooms';
import { PersonId, Seconds } from '../schemas';
import { giversOf } from '../chains/delegations';
import { listReminders, waitingKinds, type Reminder } from './reminders';

const exact = { additionalProperties: false } as const;
const ReminderSchema = Type.Object(
  {
    kind: Type.Enum(waitingKinds), id: Type.String({ description: 'Of the application, ceremony or top-up' }), step: Type.Integer(), since: Type.Unsafe<number>({ ...Seconds, description: 'When the step came to those who decide it' }),
    count: Type.Integer({ description: 'How often they were reminded' }), last: Seconds,
    escalated: Type.Union([Seconds, Type.Null()], { description: 'When it went to others as well' }), added: Type.Array(PersonId, { description: 'To whom' }),
  },
  exact,
);

export function reminderRoutes(app: App, { store, history }: Rooms): void {
  app.get(
    '/v1/reminders',
    {
      config: { scope: 'applications.read' },
      schema: { tags: ['applications'], summary: 'Steps that wait too long: those with me, and of what I asked for; all of them for those who check (催办)', response: { 200: Type.Object({ reminders: Type.Array(ReminderSchema) }) } },
    },
    (request) =>
      store.read(async (db) => {
        const me = await getPerson(db, callerOf(request));
        const now = history.seconds();
        const deciding = [me.id, ...(await giversOf(db, me.id, now))];
        const reminders: Reminder[] = [];
        for (const { reminder, waiting } of await listReminders(db, now)) {
          if (seesAll(me) || waiting.asks === me.id || waiting.chain[waiting.step]?.some((person) => deciding.includes(person))) reminders.push(reminder);
        }
        return { reminders };
      }),
  );
}
