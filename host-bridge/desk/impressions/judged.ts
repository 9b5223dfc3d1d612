/** What is kept of an inspection after the stroke: verdict, grade, figures, reasons and boxes, bounded and rounded. */
import type { Problem, Text } from '../../common/errors';
import { changedSince } from '../../inspection/since';
import type { SealSize } from '../../inspection/impression';
import type { Asked, Told, ToldTogether } from '../../inspection/service';
import { REASONS } from '../../inspection/told';

/** Compares a photo after the stroke, in a process of its own (host-bridge/inspection). */
export interface Judge {
  /** Rejects where there is no verdict. */
  inspect(asked: Asked): Promise<Told>;
  /** The sheets of a cross-page stroke, a photo each. Rejects where there is no verdict. */
  crossPage(approved: Buffer, photos: readonly Buffer[], sample: Buffer, options: { size: SealSize; picture: boolean }): Promise<ToldTogether>;
  /** There is nothing more to judge for now. */
  rest(): void;
  close(): void;
}

/** Raised whenever the same photo may be judged otherwise than before. */
export const JUDGEMENT_VERSION = 1;

/** failed: there is no verdict, after as many tries as there are. */
export const impressionVerdicts = ['same', 'different', 'unreadable', 'failed'] as const;
export type ImpressionVerdict = (typeof impressionVerdicts)[number];
/** foreign: of another seal only; none: the stroke left nothing. */
export const impressionGrades = ['good', 'faint', 'incomplete', 'smeared', 'foreign', 'none'] as const;
export type ImpressionGrade = (typeof impressionGrades)[number];

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Boxes and places in mm from the page's top left corner, shares 0..1. */
export interface JudgedImpression extends Area {
  centreX: number;
  centreY: number;
  /** Turn against the sample, degrees clockwise. */
  angle: number;
  likeness: number;
  completeness: number;
  smear: number;
  ink: number;
  grade: Exclude<ImpressionGrade, 'none'>;
  /** How far its middle is from where it was meant to be, mm. */
  off?: number;
  covers: { kind: string; value: string }[];
}

/** One sheet of a cross-page stroke. */
export interface JudgedSheet {
  /** Page of the approved document that its photo shows, from 1. */
  page: number | null;
  verdict: 'same' | 'different' | 'unreadable';
  /** Codes. */
  reasons: string[];
  /** Its part of the impression, where it has one: mm on the page; `share` of the relief. */
  strip: (Area & { angle: number; likeness: number; share: number }) | null;
}

export interface Judged {
  verdict: ImpressionVerdict;
  /** Of the impression that is most like the sample; null: the page could not be judged. */
  grade: ImpressionGrade | null;
  /** Page of the approved document, from 1. */
  page: number | null;
  version: number;
  /** Size of the seal by which it was judged, mm. */
  size?: { widthMm: number; heightMm: number };
  /** Whether it is the page that was photographed before the stroke. */
  since: 'same' | 'changed' | 'unknown';
  reasons: { code: string; text: Text }[];
  /** `sheet`: which photo of a cross-page stroke, from 1. */
  findings: (Area & { code: string; text: Text; approved: string; seen: string; sheet?: number })[];
  /** Of this stroke, most like the sample first. */
  impressions: JudgedImpression[];
  /** Impressions that the page carried before. */
  earlier: JudgedImpression[];
  /** Of a cross-page stroke: its sheets in the order they were handed in, shares of the relief that are on one of them and on more than one, and pages that none of them shows. */
  sheets?: JudgedSheet[];
  complete?: number;
  twice?: number;
  unseen?: number[];
}

/** Kept at most, so that an entry of the register stays small: findings, impressions, characters of a text. */
export const MOST = { findings: 20, impressions: 12, pages: 100, text: 300 } as const;

export const clip = (text: string): string => text.slice(0, MOST.text);
export const both = ({ en, zh }: Text): Text => ({ en: clip(en), zh: clip(zh) });
export const round = (value: number, by = 100): number => Math.round(value * by) / by;
export const area = ({ x, y, width, height }: Area): Area => ({ x: round(x), y: round(y), width: round(width), height: round(height) });

type Stamped = NonNullable<Told['impressions']>[number];

function kept(one: Stamped): JudgedImpression {
  return {
    ...area(one), centreX: round(one.centreX), centreY: round(one.centreY), angle: round(one.angle, 10), likeness: round(one.likeness, 1000), completeness: round(one.completeness, 1000),
    smear: round(one.smear, 1000), ink: round(one.ink, 1000), grade: one.grade, ...(one.off === undefined ? {} : { off: round(one.off, 10) }),
    covers: one.covers.slice(0, MOST.impressions).map(({ kind, value }) => ({ kind, value: clip(value) })),
  };
}

const likest = (all: readonly Stamped[]): Stamped[] => [...all].sort((a, b) => Number(a.grade === 'foreign') - Number(b.grade === 'foreign') || b.likeness - a.likeness).slice(0, MOST.impressions);

/**
 * What two inspections say of a stroke.
 * @param before of the photo before the stroke, with the sample as well; undefined: there is none, or it could not be judged
 * @param after of the photo after it
 */
export function judgedOf(before: Told | undefined, after: Told): Judged {
  const { inspection, impressions = [] } = after;
  const earlier = before?.impressions ?? [];
  const fresh = likest(impressions);
  const read = inspection.verdict !== 'unreadable' && inspection.page !== undefined;
  const changed = before && changedSince(before.inspection, inspection, [...fresh, ...earlier]);
  const reasons = inspection.reasons.map(({ code, text }) => ({ code: code as string, text: both(text) }));
  if (changed === true) reasons.push({ code: 'CHANGED_SINCE', text: REASONS.CHANGED_SINCE });
  return {
    verdict: inspection.verdict === 'same' && reasons.length > 0 ? 'different' : inspection.verdict,
    grade: read ? (fresh[0]?.grade ?? 'none') : null,
    page: inspection.page ?? null,
    version: JUDGEMENT_VERSION,
    since: changed === undefined ? 'unknown' : changed ? 'changed' : 'same',
    reasons,
    findings: inspection.findings.slice(0, MOST.findings).map((one) => ({ ...area(one), code: one.code, text: both(one.text), approved: clip(one.approved), seen: clip(one.seen ?? '') })),
    impressions: fresh.map(kept),
    earlier: likest(earlier).map(kept),
  };
}

/** What is written down where there is no verdict: a photo that is none is unreadable, anything else has failed. */
export function failedOf({ code, fault }: Problem): Judged {
  const photo = code.startsWith('PHOTO_');
  return { verdict: photo ? 'unreadable' : 'failed', grade: null, page: null, version: JUDGEMENT_VERSION, since: 'unknown', reasons: [{ code, text: fault.title }], findings: [], impressions: [], earlier: [] };
}
