/** The sheet of an application (用印申请审批单): what was asked for, who decided what, what was granted, and the electronic signatures, on a page to be filed. */
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces';
import type { Language } from '../../common/errors';
import type { Application } from '../applications/applications';
import type { Decision } from '../approvals/approvals';
import type { TopUp } from '../approvals/topups';
import type { PlaceTerms } from '../authority/place';
import type { Signature } from '../signatures/signatures';
import type { Words } from './columns';
import { CATEGORIES } from './notices';
import { form } from './paper';
import { signatureTable } from './signatures';

type Text = Readonly<Record<Language, string>>;

const TITLE: Text = { zh: '用印申请审批单', en: 'Application for the use of a seal' };
const STATES: Readonly<Record<Application['state'], Text>> = {
  draft: { zh: '草稿', en: 'draft' }, submitted: { zh: '审批中', en: 'being decided' }, approved: { zh: '已批准', en: 'approved' }, refused: { zh: '已拒绝', en: 'refused' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' }, expired: { zh: '已过期', en: 'expired' }, used: { zh: '已用印', en: 'used' },
};

export interface ApplicationSheet {
  application: Application;
  decisions: readonly Decision[];
  topUps: readonly TopUp[];
  signatures: readonly Signature[];
  /** Of the seal and of the document. */
  seal: string;
  document: string;
  /** Names of persons by number. */
  names: ReadonlyMap<number, string>;
  /** Register, its size and root when this was printed. */
  register: string;
  size: number;
  root: string;
}

function placeText(place: PlaceTerms | null, zh: boolean): string {
  const fences = place?.fences ?? [];
  if (fences.length === 0) return zh ? '不限' : 'anywhere';
  const round = ({ latitude, longitude, radius }: { latitude: number; longitude: number; radius: number }): string => (zh ? `${latitude}, ${longitude} 周围 ${radius} 米` : `${radius} m around ${latitude}, ${longitude}`);
  const within = (corners: readonly { latitude: number; longitude: number }[]): string => `${zh ? '以下各点围成的区域：' : 'inside '}${corners.map(({ latitude, longitude }) => `${latitude}, ${longitude}`).join(' — ')}`;
  return fences.map((fence) => ('corners' in fence ? within(fence.corners) : round(fence))).join(zh ? '；' : '; ');
}

function facts({ application: a, seal, document, names }: ApplicationSheet, words: Words): [string, string][] {
  const zh = words.language === 'zh';
  const name = (id: number): string => names.get(id) ?? String(id);
  const span = ({ notBefore, notAfter }: { notBefore: number; notAfter: number }): string => `${words.time(notBefore)} — ${words.time(notAfter)}`;
  const strokes = ({ count, crossPage }: { count: number; crossPage: number }): string => `${count}${crossPage === 0 ? '' : zh ? `，骑缝 ${crossPage}` : `, over edges ${crossPage}`}`;
  const { granted } = a;
  const rows: [Text, string | undefined][] = [
    [{ zh: '申请编号', en: 'Application' }, a.id], [{ zh: '状态', en: 'State' }, STATES[a.state][words.language]], [{ zh: '申请人', en: 'Applicant' }, name(a.applicant)], [{ zh: '印章', en: 'Seal' }, seal],
    [{ zh: '用途', en: 'Purpose' }, a.purpose], [{ zh: '文件类别', en: 'Category' }, a.category === null ? undefined : CATEGORIES[a.category][words.language]],
    [{ zh: '金额（元）', en: 'Amount (yuan)' }, a.amount === null ? undefined : (a.amount / 100).toFixed(2)], [{ zh: '文件', en: 'Document' }, document], [{ zh: '文件摘要', en: 'Its SHA-256' }, a.document],
    [{ zh: '申请次数', en: 'Strokes asked for' }, strokes(a)], [{ zh: '申请时间', en: 'Time asked for' }, span(a)], [{ zh: '地点', en: 'Place' }, placeText(a.place, zh)], [{ zh: '用印人', en: 'At the unit' }, words.list(a.persons.map(name))],
    [{ zh: '远程操作员', en: 'Operator' }, a.operator === null ? undefined : name(a.operator)], [{ zh: '空白用纸', en: 'Blank paper' }, a.blank ? (zh ? `是，须于 ${words.time(a.reportBy ?? 0)} 前回报` : `yes, accounted for by ${words.time(a.reportBy ?? 0)}`) : undefined],
    [{ zh: '内容摘要', en: 'SHA-256 of the content' }, a.content ?? undefined],
    ...(a.state === 'approved' || a.state === 'used'
      ? ([[{ zh: '批准次数', en: 'Strokes granted' }, strokes(granted)], [{ zh: '批准时间', en: 'Time granted' }, span(granted)], [{ zh: '批准地点', en: 'Place granted' }, placeText(granted.place, zh)], [{ zh: '批准用印人', en: 'At the unit, as granted' }, words.list(granted.persons.map(name))]] as [Text, string][])
      : []),
    [{ zh: '外部审批', en: 'Decided by' }, a.authority ?? undefined],
  ];
  return rows.flatMap(([label, value]): [string, string][] => (value === undefined ? [] : [[label[words.language], value]]));
}

/** Who decided what, the more strokes asked for among it. */
function decided({ decisions, topUps, names }: ApplicationSheet, words: Words): Content[] {
  const zh = words.language === 'zh';
  const name = (id: number): string => names.get(id) ?? String(id);
  const rows = decisions.map((one): TableCell[] => [
    { text: String(one.step + 1) }, { text: one.behalf === null ? name(one.person) : zh ? `${name(one.person)}（代${name(one.behalf)}）` : `${name(one.person)} (for ${name(one.behalf)})` },
    { text: one.verdict === 'approved' ? (zh ? '批准' : 'approved') : zh ? '拒绝' : 'refused' }, { text: one.reason ?? '' }, { text: words.time(one.at) },
  ]);
  const heads = zh ? ['步骤', '审批人', '意见', '理由', '时间'] : ['Step', 'By', 'Verdict', 'Reason', 'When'];
  const table: Content[] = rows.length === 0 ? [] : [
    { text: zh ? '审批意见' : 'Decisions', bold: true, fontSize: 10, margin: [0, 10, 0, 4] },
    { table: { headerRows: 1, widths: [30, 90, 60, '*', 95], body: [heads.map((text): TableCell => ({ text, bold: true, fillColor: '#eeeeee' })), ...rows] }, layout: 'thin' },
  ];
  const topUpStates: Readonly<Record<TopUp['state'], Text>> = { submitted: { zh: '审批中', en: 'being decided' }, approved: { zh: '已批准', en: 'approved' }, refused: { zh: '已拒绝', en: 'refused' }, withdrawn: { zh: '已撤回', en: 'withdrawn' }, expired: { zh: '已失效', en: 'over' } };
  const more = topUps.map((one): Content => ({ text: zh ? `增加次数：共 ${one.count} 次，${topUpStates[one.state].zh}；${one.reason}（${words.time(one.created)}）` : `More strokes: ${one.count} in all, ${topUpStates[one.state].en}; ${one.reason} (${words.time(one.created)})`, margin: [0, 6, 0, 0] }));
  return [...table, ...more];
}

export function applicationForm(sheet: ApplicationSheet, words: Words): TDocumentDefinitions {
  const zh = words.language === 'zh';
  const title = TITLE[words.language];
  const { register, size, root, names, signatures } = sheet;
  return form(title, words.language, {
    content: [
      { text: title, fontSize: 20, bold: true, alignment: 'center', margin: [0, 0, 0, 14] },
      { table: { widths: [110, '*'], body: facts(sheet, words).map(([label, value]): TableCell[] => [{ text: label, bold: true }, { text: value }]) }, layout: 'thin' },
      ...decided(sheet, words),
      ...signatureTable(signatures, names, words),
      { text: zh ? `登记簿“${register}”；打印时共 ${size} 条，校验根 ${root}。电子签名的全部证据在所列登记号下，可凭归档独立核验。` : `Register “${register}”; when printed it had ${size} entries, root ${root}. The whole evidence of each signature is the entry named, and verifies from an archive alone.`, fontSize: 7, color: '#555555', margin: [0, 14, 0, 0] },
    ],
  });
}
