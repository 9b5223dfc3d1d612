/** Whom a device knows. */
import { Type, type Static } from 'typebox';
import type { App } from '../../common/app';
import { toBuffer } from '../../common/bytes';
import { Problem } from '../../common/errors';
import { BRIDGE } from '../faults';
import type { Session } from '../session';
import { ASKS_DEVICE, DeviceParams, known, type ApiContext } from './context';

const PersonView = Type.Object(
  {
    person: Type.Integer({ minimum: 0, description: 'Number on the device, by which permits name the person' }),
    until: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { description: 'Unix seconds from which the person is nobody again; null: no end' }),
    fingers: Type.Integer({ minimum: 0, description: 'Fingers enrolled' }),
    passcode: Type.Boolean(),
    locked: Type.Boolean({ description: 'The passcode is locked after wrong tries' }),
  },
  { $id: 'Person' },
);

/** Bytes of an entry (smartseal.proto, People). */
const ENTRY = 10;
/** Answers read at most: more people than a reader has places for. */
const PAGES = 200;

async function peopleOf(session: Session, device: string): Promise<Static<typeof PersonView>[]> {
  const people: Static<typeof PersonView>[] = [];
  let after = 0;
  for (let page = 0; page < PAGES; page++) {
    const answer = await session.peopleGet(after);
    for (const bytes of answer.people) {
      const entry = toBuffer(bytes);
      if (entry.length !== ENTRY) throw new Problem(BRIDGE.DEVICE_PROTOCOL, `${device}: people`);
      const person = entry.readUInt32LE(0);
      if (person < after) throw new Problem(BRIDGE.DEVICE_PROTOCOL, `${device}: people out of order`);
      after = person;
      const until = entry.readUInt32LE(4);
      people.push({ person, until: until === 0 ? null : until, fingers: entry[8] ?? 0, passcode: ((entry[9] ?? 0) & 1) !== 0, locked: ((entry[9] ?? 0) & 2) !== 0 });
    }
    if (!answer.more || answer.people.length === 0) break;
  }
  return people;
}

export function peopleRoutes(app: App, context: ApiContext): void {
  app.get(
    '/v1/devices/:device/people',
    {
      config: { scope: 'read', errors: ASKS_DEVICE },
      schema: {
        operationId: 'listPeople', tags: ['people'], summary: 'Whom the device knows', params: DeviceParams,
        description: 'Asked of the device itself, and only numbers: names are the business of your system. People are enrolled and removed by ceremonies (kind 7), handed in with POST …/grants.',
        response: { 200: Type.Object({ people: Type.Array(PersonView) }) },
      },
    },
    async (request) => {
      const { device } = request.params;
      known(context, device);
      return { people: await peopleOf(context.fleet.online(device), device) };
    },
  );
}
