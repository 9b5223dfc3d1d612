/** What an inspection tells: verdict, reasons, findings, elements; in words, in Chinese and in English. */
import type { Text } from '../common/errors';
import type { DifferenceKind } from './differences';
import type { ElementKind, KeyElement } from './elements';
import type { Note } from './notes';
import type { OpenSpot } from './unfilled';

export type Verdict = 'same' | 'different' | 'unreadable';

export type ReasonCode = 'USED' | 'NO_STRIP' | 'NOT_WHOLE' | 'TWO_STROKES' | 'PAGE_TWICE' | 'NO_IMPRESSION' | 'IMPRESSION_POOR' | 'MISPLACED' | 'COVERS' | 'CHANGED_SINCE' | 'ADDED' | 'MISSING' | 'CHANGED' | 'READS' | 'OTHER_PAGE' | 'WRONG_PAGE' | 'BLANK' | 'SHAPE'
  | 'NO_SHEET' | 'CUT_OFF' | 'SMALL' | 'SMALL_PRINT' | 'DARK' | 'GLARE' | 'BLURRED' | 'NOISY' | 'NO_MATCH';

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
  /** What the photo has there, where it could be read. */
  seen?: string;
  /** Multiple of the threshold, 1 and more. */
  strength: number;
  /** Key elements of the approved page that the box touches. */
  elements: ElementKind[];
}

/** A key element of the approved page, whether the photo shows it as approved or its place open, and what is read there instead. */
export type SeenElement = KeyElement & { state: 'same' | 'different' | 'open'; seen?: string };

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
  /** What the approved document itself leaves open or says two ways: on any page with text of its own, and on this one. */
  notes: Note[];
  /** Places of this page that the photo shows open, beside labels: nobody should stamp it without having looked (B7). */
  open: OpenSpot[];
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

export const REASONS: Readonly<Record<ReasonCode, Text>> = {
  ADDED: { en: 'something stands here that was not approved', zh: '此处有未经批准的内容' },
  MISSING: { en: 'something approved is missing here', zh: '此处缺少已批准的内容' },
  READS: { en: 'what is read here is not what was approved', zh: '此处读出的内容与批准的不一致' },
  CHANGED: { en: 'this is not what was approved', zh: '此处内容与批准的不一致' },
  USED: { en: 'the page carries a red impression already that was not approved with it', zh: '该页上已有印迹（批准的页面上没有），可能已经用过' },
  NO_STRIP: { en: 'a sheet has no strip of this seal over its edge', zh: '有一页边缘没有该印章的骑缝印迹' },
  NOT_WHOLE: { en: 'the strips do not make a whole impression: a sheet is missing or was exchanged', zh: '各页骑缝印迹拼不成完整的印章，可能缺页或换页' },
  TWO_STROKES: { en: 'the strips overlap: they are of more than one stroke', zh: '各页骑缝印迹有重叠，不是同一次盖的章' },
  PAGE_TWICE: { en: 'the same page was photographed twice', zh: '同一页拍了两次' },
  NO_IMPRESSION: { en: 'no impression of this seal was found', zh: '未找到该印章的印迹' },
  IMPRESSION_POOR: { en: 'the impression is not as the kept sample', zh: '印迹与留样不符' },
  MISPLACED: { en: 'the impression is not where it was meant to be', zh: '印迹位置不符' },
  COVERS: { en: 'the impression covers', zh: '印迹压盖了' },
  CHANGED_SINCE: { en: 'this is not the page as it was photographed before the stroke', zh: '与盖章前照片中的页面不一致' },
  OTHER_PAGE: { en: 'the page is none of the approved document', zh: '该页不是批准文件中的任何一页' },
  WRONG_PAGE: { en: 'the page is another page of the approved document than the one awaited', zh: '该页不是批准文件中应盖章的那一页' },
  BLANK: { en: 'the sheet is blank', zh: '纸上没有内容（空白页）' },
  SHAPE: { en: 'the sheet has another size than the approved page', zh: '纸张尺寸与批准的页面不同' },
  NO_SHEET: { en: 'no sheet was found: lay one sheet flat on the dark tray, all four edges to be seen', zh: '未找到纸张：请将一张纸平放在托盘上，四边都要露出' },
  CUT_OFF: { en: 'the sheet is not wholly in the picture: move it to the middle of the tray', zh: '纸张未完全进入画面：请移到托盘中央' },
  SMALL: { en: 'the page is too small in the picture: a finer camera setting or a nearer camera is needed', zh: '页面在画面中太小：请提高相机分辨率或靠近拍摄' },
  SMALL_PRINT: { en: 'the print of this page is too small for this picture: a changed letter could hide; a finer camera setting or a nearer camera is needed', zh: '该页字号太小，在此分辨率下个别文字的改动可能看不出来：请提高相机分辨率或靠近拍摄' },
  DARK: { en: 'the picture is too dark: switch on the light', zh: '画面太暗：请打开照明' },
  GLARE: { en: 'light is mirrored on the page: turn the lamp away or lay the sheet flat', zh: '页面反光：请移开光源或将纸压平' },
  BLURRED: { en: 'the picture is blurred: clean the lens, hold still, lay the sheet flat', zh: '画面模糊：请擦净镜头，保持不动，将纸压平' },
  NOISY: { en: 'the picture is too noisy: more light is needed', zh: '画面噪点过多：请增加照明' },
  NO_MATCH: { en: 'the print cannot be brought to match: smooth the sheet and lay it flat', zh: '无法与批准的页面对齐：请将纸展平后重放' },
};
