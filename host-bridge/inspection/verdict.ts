/**
 * The verdict on a photo: *same*, *different* or *unreadable*. Only *same* may lead to a grant, so whatever is not
 * positively known to be the same is one of the other two.
 */
import type { Text } from '../common/errors';
import type { ApprovedPage, Glyph } from './approved';
import { compare, density, layOut, type Laid, type Prepared, type Unreadable } from './compare';
import { ELEMENTS, keyElements, type ElementKind, type KeyElement } from './elements';
import { redBoxes, redness } from './impression';
import { notesOf, type Note } from './notes';
import { meets } from './text';
import type { Difference, DifferenceKind } from './differences';
import { project } from './lens';
import type { Model } from './model';
import type { Photo } from './photo';
import type { Plane } from './plane';

export type Verdict = 'same' | 'different' | 'unreadable';

export type ReasonCode = 'USED' | 'NO_IMPRESSION' | 'IMPRESSION_POOR' | 'MISPLACED' | 'COVERS' | 'ADDED' | 'MISSING' | 'CHANGED' | 'OTHER_PAGE' | 'WRONG_PAGE' | 'BLANK' | 'SHAPE'
  | 'NO_SHEET' | 'CUT_OFF' | 'SMALL' | 'DARK' | 'GLARE' | 'BLURRED' | 'NOISY' | 'NO_MATCH';

export interface Reason {
  code: ReasonCode;
  text: Text;
}

export interface Finding extends Reason {
  kind: DifferenceKind;
  /** On the page, mm from its top left corner. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** The same box in the photo: four corners in pixels, from the page's top left one clockwise. */
  corners: [number, number][];
  /** What the approved page has there, where its file has text. */
  approved: string;
  /** Multiple of the threshold, 1 and more. */
  strength: number;
  /** Key elements of the approved page that the box touches. */
  elements: ElementKind[];
}

/** A key element of the approved page, and whether the photo shows it as approved. */
export type SeenElement = KeyElement & { state: 'same' | 'different' };

export interface Inspection {
  verdict: Verdict;
  /** Page of the approved document, from 1; undefined: none of them. */
  page?: number;
  /** Pages of the approved document. */
  pages: number;
  /** Quarter turns clockwise by which the page lies off upright in the photo. */
  turned?: number;
  reasons: Reason[];
  findings: Finding[];
  /** Key elements of the page, where the approved file has text; each of them was looked at. */
  elements: SeenElement[];
  /** What the approved document itself leaves open or says two ways, on any page. */
  notes: Note[];
  /** What was measured, where the sheet was found: for people who set up a camera. */
  measured?: {
    /** Pixels of the photo a millimetre of the page. */
    pixelsPerMm: number;
    /** Blur of the photo, sigma in mm on the page. */
    blurMm: number;
    /** Camera noise, share of white. */
    noise: number;
    /** Share of the page that is burnt out. */
    glare: number;
    /** Brightness of the paper, share of the camera's white. */
    paper: number;
    /** Share of the places with print that were found again, and how far they were off at last, mm. */
    matched: number;
    offMm: number;
  };
}

/** Measured limits beyond which a photo is not judged; README.md says what they come from. */
export const LIMITS = {
  /** Pixels a millimetre: less, and a changed digit of 9 points hides. */
  pixelsPerMm: 4.5,
  blurMm: 0.3,
  noise: 0.06,
  paper: 0.2,
  glare: 0.002,
  /** Likeness of the coarse prints: below, it is another page; places found again: below, it is none of ours. */
  likeness: 0.5,
  matched: 0.7,
  offMm: 0.3,
} as const;

/** No seal is smaller, mm. */
const SEAL_MM = 12;

/** Findings told one by one; the rest is counted. */
const MOST_FINDINGS = 40;

export const REASONS: Readonly<Record<ReasonCode, Text>> = {
  ADDED: { en: 'something stands here that was not approved', zh: '此处有未经批准的内容' },
  MISSING: { en: 'something approved is missing here', zh: '此处缺少已批准的内容' },
  CHANGED: { en: 'this is not what was approved', zh: '此处内容与批准的不一致' },
  USED: { en: 'the page carries a red impression already that was not approved with it', zh: '该页上已有印迹（批准的页面上没有），可能已经用过' },
  NO_IMPRESSION: { en: 'no impression of this seal was found', zh: '未找到该印章的印迹' },
  IMPRESSION_POOR: { en: 'the impression is not as the kept sample', zh: '印迹与留样不符' },
  MISPLACED: { en: 'the impression is not where it was meant to be', zh: '印迹位置不符' },
  COVERS: { en: 'the impression covers', zh: '印迹压盖了' },
  OTHER_PAGE: { en: 'the page is none of the approved document', zh: '该页不是批准文件中的任何一页' },
  WRONG_PAGE: { en: 'the page is another page of the approved document than the one awaited', zh: '该页不是批准文件中应盖章的那一页' },
  BLANK: { en: 'the sheet is blank', zh: '纸上没有内容（空白页）' },
  SHAPE: { en: 'the sheet has another size than the approved page', zh: '纸张尺寸与批准的页面不同' },
  NO_SHEET: { en: 'no sheet was found: lay one sheet flat on the dark tray, all four edges to be seen', zh: '未找到纸张：请将一张纸平放在托盘上，四边都要露出' },
  CUT_OFF: { en: 'the sheet is not wholly in the picture: move it to the middle of the tray', zh: '纸张未完全进入画面：请移到托盘中央' },
  SMALL: { en: 'the page is too small in the picture: a finer camera setting or a nearer camera is needed', zh: '页面在画面中太小：请提高相机分辨率或靠近拍摄' },
  DARK: { en: 'the picture is too dark: switch on the light', zh: '画面太暗：请打开照明' },
  GLARE: { en: 'light is mirrored on the page: turn the lamp away or lay the sheet flat', zh: '页面反光：请移开光源或将纸压平' },
  BLURRED: { en: 'the picture is blurred: clean the lens, hold still, lay the sheet flat', zh: '画面模糊：请擦净镜头，保持不动，将纸压平' },
  NOISY: { en: 'the picture is too noisy: more light is needed', zh: '画面噪点过多：请增加照明' },
  NO_MATCH: { en: 'the print cannot be brought to match: smooth the sheet and lay it flat', zh: '无法与批准的页面对齐：请将纸展平后重放' },
};

const UNREADABLE: Readonly<Record<Unreadable, ReasonCode>> = { 'no-sheet': 'NO_SHEET', 'cut-off': 'CUT_OFF', small: 'SMALL', 'other-shape': 'SHAPE' };

const reason = (code: ReasonCode): Reason => ({ code, text: REASONS[code] });

export interface InspectOptions {
  /** The page that is awaited; absent: any page of the document. */
  page?: number;
}

export interface Seen {
  laid: Laid;
  model: Model;
}

/** The verdict, and what it was taken from where the sheet was found. */
export async function inspect(photo: Photo, prepared: Prepared, options: InspectOptions = {}): Promise<{ inspection: Inspection; seen?: Seen }> {
  const pages = prepared.pages.length;
  const notes = notesOf(prepared.pages);
  const laid = await layOut(photo, prepared);
  if (typeof laid === 'string') {
    const code = UNREADABLE[laid];
    return { inspection: { verdict: code === 'SHAPE' ? 'different' : 'unreadable', pages, notes, elements: [], reasons: [reason(code)], findings: [] } };
  }
  const { model, differences } = compare(laid);
  const measured = measure(laid, model);
  const poor = poorness(measured, laid.location.likeness);
  const base = { pages, notes, elements: [] as SeenElement[], turned: laid.location.turned, measured };
  const seen = { laid, model };
  // An empty tray is dark and of a sheet's shape; what is printed on a sheet shows even in poor light.
  if (poor.includes('DARK') && laid.printed && laid.location.likeness < LIMITS.likeness) poor.splice(0, poor.length, 'NO_SHEET');
  if (poor.length > 0) return { inspection: { ...base, verdict: 'unreadable', reasons: poor.map(reason), findings: [] }, seen };
  if (laid.printed && (laid.location.likeness < LIMITS.likeness || measured.matched < 0.3)) {
    return { inspection: { ...base, verdict: 'different', reasons: [reason(isBlank(laid) ? 'BLANK' : 'OTHER_PAGE')], findings: [] }, seen };
  }
  const found = differences.filter((d, i) => !differences.slice(0, i).some((other) => covers(other, d)));
  const keys = keyElements(laid.page);
  const findings = found.slice(0, MOST_FINDINGS).map((d) => finding(d, laid, keys));
  base.elements = keys.map((key) => ({ ...key, state: found.some((d) => meets(d, key)) ? 'different' : 'same' }));
  const reasons: Reason[] = [];
  if (options.page !== undefined && options.page !== laid.page.number) reasons.push(reason('WRONG_PAGE'));
  // Red that the approved page lacks, as wide as a seal: it may have been used up by an earlier stroke (F5).
  const used = findings.some((f) => f.kind !== 'missing') && redBoxes(onBarePaper(redness(photo, laid), laid), laid.scale).some((box) => Math.max(box.width, box.height) >= SEAL_MM && findings.some((f) => f.kind !== 'missing' && meets(f, box)));
  if (used) reasons.push(reason('USED'));
  for (const code of ['CHANGED', 'ADDED', 'MISSING'] as const) if (findings.some((f) => f.code === code)) reasons.push(reason(code));
  if (reasons.length === 0 && (measured.matched < LIMITS.matched || measured.offMm > LIMITS.offMm)) {
    return { inspection: { ...base, page: laid.page.number, verdict: 'unreadable', reasons: [reason('NO_MATCH')], findings: [] }, seen };
  }
  return { inspection: { ...base, page: laid.page.number, verdict: reasons.length > 0 ? 'different' : 'same', reasons, findings }, seen };
}

function measure(laid: Laid, model: Model): NonNullable<Inspection['measured']> {
  const { registration, light, scale, page, map } = laid;
  let paper = 0;
  for (let i = 0; i < light.field.data.length; i += 97) paper += light.field.data[i]! / Math.ceil(light.field.data.length / 97);
  return {
    pixelsPerMm: density(map, page.widthMm, page.heightMm),
    blurMm: model.sigma / scale,
    noise: light.noise,
    glare: light.glare,
    paper,
    matched: registration.patches === 0 ? 1 : registration.matched / registration.patches,
    offMm: registration.error / density(map, page.widthMm, page.heightMm),
  };
}

function poorness(m: NonNullable<Inspection['measured']>, likeness: number): ReasonCode[] {
  const out: ReasonCode[] = [];
  if (m.pixelsPerMm < LIMITS.pixelsPerMm) out.push('SMALL');
  if (m.paper < LIMITS.paper) out.push('DARK');
  if (m.glare > LIMITS.glare) out.push('GLARE');
  // A page that is none of ours fits no blur; then blur is not what is wrong with it.
  if (likeness >= LIMITS.likeness && m.blurMm > LIMITS.blurMm) out.push('BLURRED');
  if (m.noise > LIMITS.noise) out.push('NOISY');
  return out;
}

/** Less ink on the whole sheet than a line of small print. */
const BLANK_INK_MM2 = 12;

/** Red where the approved page has nothing: charts and letterheads have red of their own. */
function onBarePaper(red: Plane, laid: Laid): Plane {
  for (let i = 0; i < red.data.length; i++) if (laid.reference.data[i]! < 0.85) red.data[i] = 0;
  return red;
}

function isBlank({ evened, skip, scale }: Laid): boolean {
  let ink = 0;
  for (let i = 0; i < evened.data.length; i++) if (!skip[i] && evened.data[i]! < 0.75) ink += 1 - evened.data[i]!;
  return ink / (scale * scale) < BLANK_INK_MM2;
}

const covers = (a: Difference, b: Difference): boolean => b.x >= a.x - 1 && b.y >= a.y - 1 && b.x + b.width <= a.x + a.width + 1 && b.y + b.height <= a.y + a.height + 1;

function finding(d: Difference, laid: Laid, keys: readonly KeyElement[]): Finding {
  const code = ({ added: 'ADDED', missing: 'MISSING', changed: 'CHANGED' } as const)[d.kind];
  const approved = textIn(laid.page, d);
  const elements = [...new Set(keys.filter((key) => meets(d, key)).map((key) => key.kind))];
  const named = elements.map((kind) => ELEMENTS[kind]);
  const en = `${named.length > 0 ? `${named.map((n) => n.en).join(', ')}: ` : ''}${REASONS[code].en}`;
  const zh = `${named.length > 0 ? `${named.map((n) => n.zh).join('、')}：` : ''}${REASONS[code].zh}`;
  const text = approved === '' ? { en, zh } : { en: `${en}; approved is “${approved}”`, zh: `${zh}；批准的内容是“${approved}”` };
  const corners = [[d.x, d.y], [d.x + d.width, d.y], [d.x + d.width, d.y + d.height], [d.x, d.y + d.height]].map(([x, y]) => project(laid.map, x!, y!));
  return { code, text, kind: d.kind, x: d.x, y: d.y, width: d.width, height: d.height, corners, approved, strength: d.strength, elements };
}

/** The approved text that a box touches, and the rest of the number or word that it belongs to. */
function textIn(page: ApprovedPage, box: { x: number; y: number; width: number; height: number }): string {
  const touches = (g: Glyph): boolean => g.x < box.x + box.width && g.x + g.width > box.x && g.y < box.y + box.height && g.y + g.height > box.y;
  const hit = page.glyphs.map((g, i) => (touches(g) ? i : -1)).filter((i) => i >= 0);
  if (hit.length === 0) return '';
  let [from, to] = [hit[0]!, hit.at(-1)!];
  const together = (a: Glyph, b: Glyph): boolean => /[\w.,%¥￥-]/.test(a.char) && /[\w.,%¥￥-]/.test(b.char) && Math.abs(a.y + a.height - b.y - b.height) < 2 && b.x - a.x - a.width < 1;
  while (from > 0 && hit[0]! - from < 20 && together(page.glyphs[from - 1]!, page.glyphs[from]!)) from--;
  while (to < page.glyphs.length - 1 && to - hit.at(-1)! < 20 && together(page.glyphs[to]!, page.glyphs[to + 1]!)) to++;
  return page.glyphs.slice(from, Math.min(to + 1, from + 60)).map((g) => g.char).join('').replace(/\s+/g, ' ').trim();
}
