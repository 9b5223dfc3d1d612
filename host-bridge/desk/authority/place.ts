/**
 * Where a permit may be used, as people say it, and as a permit carries it (protocol/SPEC.md section 8, claims 19 and 20). Checked
 * here before anything is signed, for a device only says MALFORMED.
 */
import { Type, type Static } from 'typebox';
import { COMMON, Problem } from '../../common/errors';

const exact = { additionalProperties: false } as const;
/** Degrees. Beyond these no fence can be reckoned with. */
const Latitude = Type.Number({ minimum: -85, maximum: 85 });
const Longitude = Type.Number({ minimum: -180, maximum: 180 });

/** A circle (metres), or a polygon of three to eight corners that does not cross the antimeridian. */
export const Fence = Type.Union([
  Type.Object({ latitude: Latitude, longitude: Longitude, radius: Type.Integer({ minimum: 1, maximum: 100_000 }) }, exact),
  Type.Object({ corners: Type.Array(Type.Object({ latitude: Latitude, longitude: Longitude }, exact), { minItems: 3, maxItems: 8 }) }, exact),
]);

export type Fence = Static<typeof Fence>;

/** What a permit asks of the unit's place: inside one of the fences, by a fix at most so old (s) and so inaccurate (m). */
export const PlaceTerms = Type.Object(
  {
    fences: Type.Optional(Type.Array(Fence, { minItems: 1, maxItems: 4 })),
    maxAge: Type.Optional(Type.Integer({ minimum: 1, maximum: 3600 })),
    maxAccuracy: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  },
  exact,
);
export type PlaceTerms = Static<typeof PlaceTerms>;

/** A permit's age and accuracy where only one of both is given (SPEC.md). */
export const usual = { maxAge: 15, maxAccuracy: 50 } as const;

const e7 = (degrees: number): number => Math.round(degrees * 1e7);

/** Claim 19 of a permit. @throws Problem INVALID where a fence encloses nothing, or cannot be told from its other side */
export function fencesClaim(terms: PlaceTerms): number[][] | undefined {
  return terms.fences?.map((fence) => {
    if ('radius' in fence) return [e7(fence.latitude), e7(fence.longitude), fence.radius];
    const longitudes = fence.corners.map(({ longitude }) => e7(longitude));
    if (Math.max(...longitudes) - Math.min(...longitudes) > 1_800_000_000) throw new Problem(COMMON.INVALID, 'a polygon across the antimeridian: make two of it');
    if (new Set(fence.corners.map(({ latitude, longitude }) => `${e7(latitude)} ${e7(longitude)}`)).size < 3) throw new Problem(COMMON.INVALID, 'a polygon of fewer than three corners');
    return fence.corners.flatMap(({ latitude, longitude }) => [e7(latitude), e7(longitude)]);
  });
}

/** Claim 20 of a permit. */
export function fixClaim({ maxAge, maxAccuracy }: PlaceTerms): number[] | undefined {
  return maxAge === undefined && maxAccuracy === undefined ? undefined : [maxAge ?? usual.maxAge, maxAccuracy ?? usual.maxAccuracy];
}
