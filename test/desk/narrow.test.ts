/** Where, before whom and how a seal may be used: asked for, narrowed by approvers and never widened, carried by the permits. */
import { fencesClaim } from '../../host-bridge/desk/authority/place';
import { placeWithin } from '../../host-bridge/desk/authority/within';
import { fenceBytes } from '../../protocol/fence';
import { applicationOf, approved, deviceId, hexBytes, openOffice, type Answer, type Json, type Office } from './support';

const square = (size: number) => ({ corners: [[-1, -1], [-1, 1], [1, 1], [1, -1]].map(([y, x]) => ({ latitude: 30 + y! * size, longitude: 120 + x! * size })) });
const circle = (radius: number, north = 0) => ({ latitude: 30 + north / 111_702, longitude: 120, radius });

let office: Office;
beforeEach(async () => {
  office = await openOffice();
  await office.desk.rooms.cards.enrol({ device: deviceId, person: office.ids.director, number: 10, means: 1 }, office.ids.admin);
});
afterEach(() => office.close());

type Who = keyof Office['tokens'];
const ask = (who: Who, method: string, url: string, body?: unknown): Promise<Answer> => office.call(office.tokens[who], method, url, body);
const apply = (more: Record<string, unknown>): Promise<Answer> => ask('applicant', 'POST', '/v1/applications', applicationOf(office, more));
const narrowing = ({ id, content }: Json, narrow: Record<string, unknown>, who: Who = 'chief'): Promise<Answer> => ask(who, 'POST', `/v1/applications/${id}/approve`, { content, narrow });
const delivered = async (): Promise<Json[]> => {
  await office.desk.round();
  await office.desk.round();
  return [...office.bridge.permits.values()].map((grant) => office.bridge.open(grant));
};

describe('places', () => {
  test('what was asked for reaches the permit as the device reads it', async () => {
    const place = { fences: [circle(200), square(0.01)], maxAge: 10 };
    expect((await approved(office, { place, dock: true, still: true, small: true })).granted.place).toEqual(place);
    expect(await delivered()).toMatchObject([{ policy: 1 + 4 + 8 + 16, fences: fenceBytes(fencesClaim({ fences: place.fences })!), maxAge: 10, maxAccuracy: 50 }]);
  });

  test('an approver names a smaller place, or one where none was named; the next may only make it smaller still', async () => {
    const anywhere = (await apply({})).body;
    expect((await narrowing(anywhere, { place: { fences: [circle(500)] } })).body.granted.place).toEqual({ fences: [circle(500)] });
    for (const place of [{ fences: [circle(501)] }, { maxAge: 5 }, { fences: [circle(400, 200)] }, { fences: [circle(500)], maxAge: 16 }, { fences: [circle(10), circle(10, 1000)] }]) {
      expect((await narrowing(anywhere, { place }, 'director')).body.code).toBe('WIDENED');
    }
    expect((await narrowing(anywhere, { place: { fences: [circle(100, 200)], maxAccuracy: 20 } }, 'director')).body.state).toBe('approved');
    expect(await delivered()).toMatchObject([{ fences: fenceBytes(fencesClaim({ fences: [circle(100, 200)] })!), maxAccuracy: 20 }]);
  });

  test.each([
    ['across the antimeridian', { fences: [{ corners: [179, -179, 179].map((longitude, i) => ({ latitude: i, longitude })) }] }], ['nothing', {}], ['no fence', { fences: [] }],
  ])('%s is no place', async (_name, place) => {
    expect((await apply({ place })).body.code).toBe('INVALID');
    expect((await narrowing((await apply({})).body, { place })).body.code).toBe('INVALID');
  });

  test('places are part of what is approved', async () => {
    const contents = await Promise.all([apply({}), apply({ place: { fences: [circle(5)] } }), apply({ place: { fences: [circle(6)] } })]);
    expect(new Set(contents.map(({ body }) => body.content)).size).toBe(3);
  });

  test.each<[string, object, object | null, boolean]>([
    ['anything in anywhere', { maxAge: 3600 }, null, true], ['itself', { fences: [circle(5)] }, { fences: [circle(5)] }, true], ['the same polygon', { fences: [square(1)] }, { fences: [square(1)] }, true],
    ['another polygon, though smaller', { fences: [square(0.5)] }, { fences: [square(1)] }, false], ['a polygon in a circle', { fences: [square(0.001)] }, { fences: [circle(200)] }, true],
    ['a polygon with a corner outside', { fences: [square(0.01)] }, { fences: [circle(1400)] }, false], ['a circle in a polygon', { fences: [circle(1)] }, { fences: [square(1)] }, false],
    ['a circle that touches from inside', { fences: [circle(100, 100)] }, { fences: [circle(200)] }, false], ['one of two', { fences: [circle(5)] }, { fences: [circle(9, 5000), circle(5)] }, true],
    ['a fix of any age where the usual was asked', { fences: [circle(5)], maxAge: 16 }, { fences: [circle(5)] }, false], ['nowhere said', {}, { fences: [circle(5)] }, false],
    ['over the antimeridian', { fences: [{ latitude: 0, longitude: -179.999, radius: 10 }] }, { fences: [{ latitude: 0, longitude: 179.999, radius: 1000 }] }, true],
  ])('within: %s', (_name, inner, outer, is) => expect(placeWithin(inner, outer)).toBe(is));
});

describe('persons', () => {
  test('an approver may ask for one more who must be there, never for one fewer', async () => {
    const { applicant, chief, director, other } = office.ids;
    const asked = (await apply({ persons: [applicant, chief] })).body;
    for (const persons of [[applicant], [chief], [applicant, director]]) expect((await narrowing(asked, { persons })).body.code).toBe('WIDENED');
    expect((await narrowing(asked, { persons: [applicant, chief, other] })).body.code).toBe('NOT_ENROLLED');
    expect((await narrowing(asked, { persons: [applicant, chief, chief] })).body.code).toBe('INVALID');
    expect((await narrowing(asked, { persons: [applicant, chief, director] })).body.granted.persons).toEqual([applicant, chief, director]);
    expect((await narrowing(asked, {}, 'director')).body).toMatchObject({ state: 'approved', persons: [applicant, chief] });
    expect(await delivered()).toMatchObject([{ persons: [7, 1, 8, 3, 10, 1] }]);
  });
});

describe('strokes over edges (骑缝)', () => {
  test('have a permit and a quota of their own; the application is used when both are', async () => {
    const { id, permits, ...rest } = await approved(office, { count: 2, crossPage: 3 });
    expect(rest).toMatchObject({ crossPage: 3, granted: { count: 2, crossPage: 3 } });
    expect(permits).toMatchObject([{ count: 2, crossPage: false, state: 'issued' }, { count: 3, crossPage: true, state: 'issued' }]);
    expect(await delivered()).toMatchObject([{ count: 2, policy: 1 }, { count: 3, policy: 65 }]);
    const use = async (at: number, strokes: number): Promise<string> => {
      office.device.use(permits[at].id, office.bridge.permits.get(permits[at].id)!, strokes);
      await office.desk.round();
      return (await ask('applicant', 'GET', `/v1/applications/${id}`)).body.state;
    };
    expect(await use(0, 2)).toBe('approved');
    expect(await use(1, 3)).toBe('used');
    const sheet = (await ask('auditor', 'GET', '/v1/register/uses.csv?lang=en')).body as string;
    expect(sheet.match(/\b[1-3]\/[23]\b/g)).toEqual(['1/2', '2/2', '1/3', '2/3', '3/3']);
  });

  test('are narrowed like the others, to none where nobody should', async () => {
    const asked = (await apply({ crossPage: 2 })).body;
    expect((await narrowing(asked, { crossPage: 3 })).body.code).toBe('WIDENED');
    expect((await narrowing(asked, { crossPage: 0 })).body.granted.crossPage).toBe(0);
    expect((await narrowing(asked, {}, 'director')).body.permits).toMatchObject([{ crossPage: false }]);
  });

  test('a withdrawal takes both back', async () => {
    const { id, permits } = await approved(office, { crossPage: 1 });
    await delivered();
    await ask('applicant', 'POST', `/v1/applications/${id}/withdraw`, {});
    await office.desk.round();
    // Both are made in the same second: neither has to go first.
    expect(office.bridge.grants.filter(({ kind }) => kind === 5).map(({ permit }) => permit).sort()).toEqual(permits.map((one: Json) => hexBytes(one.id)).sort());
  });
});

test.each([['strokeGrants'], ['still'], ['small']])('%s goes with photos only', async (name) => expect((await apply({ photos: false, [name]: true })).body.code).toBe('INVALID'));

test.each([[{ place: { fences: [circle(5)] } }], [{ crossPage: 1 }], [{ dock: true }], [{ still: true }]])('no code is given in place of a permit with %j, for it could not carry it', async (more) => {
  const { id } = await approved(office, more);
  expect((await ask('chief', 'POST', `/v1/applications/${id}/trip-codes`, {})).body.code).toBe('NO_CODE');
});
