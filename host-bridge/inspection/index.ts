/** Public entry of the inspection. */
export { readApproved, type ApprovedPage, type Glyph } from './approved';
export { layOut, prepare, type Laid, type Prepared } from './compare';
export { readPhoto, photoLimits, type Photo } from './photo';
export { inspect, LIMITS, type InspectOptions } from './verdict';
export { REASONS, type Finding, type Inspection, type Reason, type ReasonCode, type SeenElement, type Verdict } from './told';
export { drawFindings } from './draw';
export { INSPECTION } from './errors';
export { InspectionService, serviceLimits, type Asked, type ServiceLimits, type ServiceOptions, type Told } from './service';
export { ELEMENTS, keyElements, contradictions, type ElementKind, type KeyElement } from './elements';
export { capitalsToCents, figuresToCents } from './amounts';
export { openSpots, type OpenSpot } from './unfilled';
export { notesOf, type Note } from './notes';
export { linesOf } from './text';
export { covering, findImpressions, GRADES, readSample, redBoxes, redness, type FoundImpression, type Grade, type Sample } from './impression';
export { judgeStamped, type Stamped, type StampedOptions } from './stamped';
export type { CrossPage } from './cross-page';
export { assemble, TOGETHER, type Assembled, type Fragment } from './fragments';
export { layoutOf, type Layout, type Table } from './layout';
