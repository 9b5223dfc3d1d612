/** The desk's fences are those that a device reads; what no device would take is refused before it is signed. */
import { Value } from 'typebox/value';
import { fencesClaim, fixClaim, PlaceTerms } from '../../host-bridge/desk/authority/place';
import { macGrant, permitPayload, policyBits, type PermitClaims } from '../../host-bridge/desk/authority/grants';
import { nodeNatives } from '../../host-bridge/natives';
import { fenceBytes } from '../../protocol/fence';
import { grantKeys, openGrant, type Grant } from '../../protocol/permit';

const KEY = Buffer.alloc(32, 7);
const keys = grantKeys(nodeNatives, 'SEAL0001', KEY.toString('latin1'), 'A'.repeat(32));

const claims: PermitClaims = {
  device: Buffer.from('SEAL0001'), id: Buffer.alloc(16, 1), notBefore: 1_800_000_000, notAfter: 1_800_003_600, counter: 4_294_967_295, epoch: 4_294_967_295, die: Buffer.alloc(8, 2),
  count: 65_535, persons: [4_294_967_291, 4_294_967_292, 4_294_967_293, 4_294_967_294].map((person) => ({ person, means: 1 })), policy: policyBits.photos | policyBits.dock | policyBits.still,
  document: Buffer.alloc(32, 3), idle: 65_535,
};
const read = (place: PlaceTerms): Grant | number => openGrant(nodeNatives, keys, macGrant(KEY, permitPayload({ ...claims, place })).toString('latin1'));

const circle = { latitude: -0.1807, longitude: -78.4678, radius: 200 };
const octagon = { corners: Array.from({ length: 8 }, (_, i) => ({ latitude: -80 + Math.sin((i * Math.PI) / 4), longitude: -170 + Math.cos((i * Math.PI) / 4) })) };

test('a device reads what was written', () => {
  const grant = read({ fences: [circle, { corners: octagon.corners.slice(0, 3) }], maxAge: 10, maxAccuracy: 25 }) as Grant;
  expect(grant).toMatchObject({ policy: 13, maxAge: 10, maxAccuracy: 25 });
  expect(grant.fences).toBe(fenceBytes([[-1_807_000, -784_678_000, 200], fencesClaim({ fences: [octagon] })![0]!.slice(0, 6)]));
});

test('three polygons of eight corners go with four persons; one more does not', () => {
  expect((read({ fences: [octagon, octagon, octagon], maxAge: 3600, maxAccuracy: 10_000 }) as Grant).kind).toBe(1);
  expect(read({ fences: [octagon, octagon, octagon, octagon], maxAge: 3600, maxAccuracy: 10_000 })).toBe(1);
});

test('without an age or an accuracy the usual ones count', () => {
  expect(read({ fences: [circle] })).toMatchObject({ maxAge: 15, maxAccuracy: 50 });
  expect([fixClaim({ maxAge: 5 }), fixClaim({ maxAccuracy: 5 }), fixClaim({})]).toEqual([[5, 50], [15, 5], undefined]);
  expect((read({}) as Grant).fences).toBeUndefined();
});

test.each<[string, unknown]>([
  ['five fences', { fences: [circle, circle, circle, circle, circle] }],
  ['no fence', { fences: [] }],
  ['a radius of nothing', { fences: [{ ...circle, radius: 0 }] }],
  ['half a metre', { fences: [{ ...circle, radius: 0.5 }] }],
  ['a radius beyond 100 km', { fences: [{ ...circle, radius: 100_001 }] }],
  ['too far north', { fences: [{ ...circle, latitude: 85.1 }] }],
  ['too far west', { fences: [{ ...circle, longitude: -180.1 }] }],
  ['two corners', { fences: [{ corners: octagon.corners.slice(0, 2) }] }],
  ['nine corners', { fences: [{ corners: [...octagon.corners, ...octagon.corners.slice(0, 1)] }] }],
  ['neither circle nor polygon', { fences: [{ ...circle, corners: octagon.corners }] }],
  ['an age of nothing', { maxAge: 0 }],
  ['an accuracy beyond 10 km', { maxAccuracy: 10_001 }],
  ['something else', { where: 'here' }],
])('%s is no place', (_name, place) => expect(Value.Check(PlaceTerms, place)).toBe(false));

test('what has a right form, and makes no sense', () => {
  const across = [179, -179, 179].map((longitude, i) => ({ latitude: i, longitude }));
  expect(() => fencesClaim({ fences: [{ corners: across }] })).toThrow('antimeridian');
  expect(() => fencesClaim({ fences: [{ corners: [circle, circle, octagon.corners[0]!].map(({ latitude, longitude }) => ({ latitude, longitude })) }] })).toThrow('three corners');
});
