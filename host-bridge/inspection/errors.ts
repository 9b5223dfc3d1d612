/** Errors of the inspection, beside those every host program has. None of them is ever a verdict "same". */
import { faults } from '../common/errors';

export const INSPECTION = faults({
  PHOTO_UNREADABLE: [422, 'The photo cannot be read: JPEG, PNG or WebP is wanted', '照片无法读取，须为 JPEG、PNG 或 WebP'],
  PHOTO_TOO_LARGE: [413, 'The photo is too large', '照片过大'],
  APPROVED_COARSE: [422, 'The approved document is a picture too coarse to compare with', '批准的文件是一张像素过少的图片，无法用于比对'],
  INSPECTION_FAILED: [500, 'The comparison failed; nothing is allowed by it', '比对未能完成，不予放行'],
  INSPECTION_TIMEOUT: [504, 'The comparison took too long; nothing is allowed by it', '比对超时，不予放行'],
  INSPECTION_BUSY: [429, 'Too many comparisons wait already', '排队的比对过多，请稍后再试'],
  SHEETS: [422, 'A cross-page impression is over two to twelve sheets, a photo each', '骑缝章须有二至十二页，每页一张照片'],
  PAGE_NUMBER: [422, 'The approved document has no such page', '批准的文件没有这一页'],
});
