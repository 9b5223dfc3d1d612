/** Columns of the register of uses, in both languages, and what stands in them. */
import type { Language } from '../../common/errors';
import type { UseResult } from '../register/uses';
import type { ImpressionGrade, ImpressionVerdict } from '../impressions/judged';
import type { SheetRow } from './sheet';

type Text = Readonly<Record<Language, string>>;

const RESULTS: Readonly<Record<UseResult, Text>> = {
  stamped: { zh: '已盖章', en: 'stamped' },
  failed: { zh: '未盖上', en: 'failed' },
  unknown: { zh: '未知', en: 'unknown' },
  pending: { zh: '未完成', en: 'pending' },
};

const IMPRESSIONS: Readonly<Record<ImpressionGrade | ImpressionVerdict, Text>> = {
  good: { zh: '清晰', en: 'good' }, faint: { zh: '偏淡', en: 'faint' }, incomplete: { zh: '残缺', en: 'incomplete' }, smeared: { zh: '涂抹', en: 'smeared' }, foreign: { zh: '不是本章', en: 'other seal' }, none: { zh: '无印迹', en: 'none' },
  same: { zh: '相符', en: 'same' }, different: { zh: '不符', en: 'different' }, unreadable: { zh: '照片不清', en: 'unreadable' }, failed: { zh: '未能判定', en: 'not judged' },
};

export const TITLE: Text = { zh: '公章使用登记表', en: 'Register of seal uses' };

export interface Column {
  title: Text;
  /** Width in characters of the spreadsheet. */
  width: number;
  /** Share of the page's width in the printed form; absent: not printed. */
  share?: number;
  cell(row: SheetRow, words: Words): string | number;
}

/** How a language and a place write times and lists. */
export interface Words {
  language: Language;
  /** The company's time zone, an IANA name. */
  zone: string;
  /** Date and time to the second, ISO 8601 without its T, in the company's time zone. */
  time(seconds: number): string;
  list(names: readonly string[]): string;
}

/** @param zone an IANA name, as Asia/Shanghai. @throws RangeError where there is no such zone */
export function wordsOf(language: Language, zone: string): Words {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return { language, zone, time: (seconds) => format.format(seconds * 1000), list: (names) => names.join(language === 'zh' ? '、' : ', ') };
}

export const COLUMNS: readonly Column[] = [
  { title: { zh: '登记号', en: 'Entry' }, width: 9, share: 6, cell: (row) => row.entry },
  // A time that is not the device's own says so.
  { title: { zh: '用印时间', en: 'Time' }, width: 21, share: 10, cell: (row, words) => words.time(row.time) + (row.exact ? '' : words.language === 'zh' ? '（收到）' : ' (received)') },
  { title: { zh: '印章', en: 'Seal' }, width: 18, share: 10, cell: (row) => row.seal },
  { title: { zh: '申请人', en: 'Applicant' }, width: 12, share: 8, cell: (row) => row.applicant },
  { title: { zh: '用途', en: 'Purpose' }, width: 40, share: 20, cell: (row) => row.purpose },
  { title: { zh: '文件', en: 'Document' }, width: 28, share: 14, cell: (row) => row.document },
  { title: { zh: '次序', en: 'Stroke' }, width: 9, share: 6, cell: (row) => (row.granted === 0 ? String(row.use) : `${row.use}/${row.granted}`) },
  { title: { zh: '审批人', en: 'Approved by' }, width: 20, share: 9, cell: (row, words) => words.list(row.approvers.map(({ name, behalf }) => (behalf === null ? name : words.language === 'zh' ? `${name}（代${behalf}）` : `${name} (for ${behalf})`))) },
  { title: { zh: '用印人', en: 'Stamped by' }, width: 20, share: 9, cell: (row, words) => words.list(row.holders) },
  { title: { zh: '结果', en: 'Result' }, width: 10, share: 8, cell: (row, words) => RESULTS[row.result][words.language] },
  { title: { zh: '印迹', en: 'Impression' }, width: 12, share: 7, cell: (row, words) => (row.impression === null ? '' : IMPRESSIONS[row.impression][words.language]) },
  { title: { zh: '设备', en: 'Device' }, width: 18, cell: (row) => row.device },
  { title: { zh: '设备编号', en: 'Device id' }, width: 18, cell: (row) => row.deviceId },
  { title: { zh: '设备记录', en: 'Record' }, width: 9, cell: (row) => row.intent },
  { title: { zh: '盖章前照片', en: 'Photo before' }, width: 20, cell: (row) => row.before ?? '' },
  { title: { zh: '盖章后照片', en: 'Photo after' }, width: 20, cell: (row) => row.after ?? '' },
];

/** Titles of the sheet with statistics, and of what stands there. */
export const STATISTICS: Readonly<Record<'title' | 'seal' | 'department' | 'category' | 'purpose' | 'month' | 'all' | 'permits' | 'unused' | 'strokes' | 'strokesUnused' | 'refused' | UseResult, Text>> = {
  ...RESULTS, title: { zh: '统计', en: 'Statistics' }, seal: { zh: '印章', en: 'Seal' }, department: { zh: '部门', en: 'Department' }, category: { zh: '文件类别', en: 'Category' }, purpose: { zh: '用途', en: 'Purpose' },
  month: { zh: '月份', en: 'Month' }, all: { zh: '合计', en: 'All' }, permits: { zh: '签发许可', en: 'Permits issued' }, unused: { zh: '未使用的许可', en: 'Permits never used' }, strokes: { zh: '批准次数', en: 'Strokes granted' },
  strokesUnused: { zh: '未使用的次数', en: 'Strokes not used' }, refused: { zh: '被拒绝的申请', en: 'Applications refused' },
};
