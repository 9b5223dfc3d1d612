/**
 * Notices of a seal's life (启用通知, 移交证明, …): a page each, from the seal's card and the line of its history, with the entry of
 * the register that it can be held against.
 */
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces';
import { scopesSaid, type Category } from '../applications/scope';
import type { SealEvent } from '../custody/seals';
import type { Seal } from '../register/cards';
import type { Language } from '../../common/errors';
import type { Words } from './columns';
import type { Signature } from '../signatures/signatures';
import { form } from './paper';
import { signatureTable } from './signatures';

type Text = Readonly<Record<Language, string>>;

/** Events that have a notice, and what it is called. */
const TITLES: Readonly<Record<string, Text>> = {
  engrave: { zh: '印章刻制记录', en: 'Record of an engraving that was approved' },
  activate: { zh: '印章启用通知', en: 'Notice of a seal put into use' },
  handover: { zh: '印章移交证明', en: 'Certificate of handover' },
  suspend: { zh: '印章停用通知', en: 'Notice of suspension' },
  resume: { zh: '印章恢复使用通知', en: 'Notice of return to service' },
  'take-out': { zh: '印章外带登记单', en: 'Record of a seal taken out' },
  return: { zh: '印章归还登记单', en: 'Record of a seal given back' },
  'die-out': { zh: '印章取出记录', en: 'Record of a die taken out' },
  'die-in': { zh: '印章装入记录', en: 'Record of a die put in' },
  archive: { zh: '印章封存记录', en: 'Record of a seal put away' },
  destroy: { zh: '印章销毁记录', en: 'Record of destruction' },
  change: { zh: '印章变更记录', en: 'Record of a change' },
  deputy: { zh: '印章代管通知', en: 'Notice of a deputy keeper' },
};

export const KINDS: Readonly<Record<Seal['kind'], Text>> = {
  company: { zh: '公司公章', en: 'company seal' },
  department: { zh: '部门印章', en: 'department seal' },
  contract: { zh: '合同专用章', en: 'contract seal' },
  finance: { zh: '财务专用章', en: 'finance seal' },
  'legal-representative': { zh: '法定代表人名章', en: "legal representative's seal" },
};

/** Categories of a seal's scope, as /v1/scopes has them. */
export const CATEGORIES: Readonly<Record<Category, Text>> = {
  letter: { zh: '信函、报告', en: 'letters and reports' }, internal: { zh: '部门内部', en: 'papers of the department' }, contract: { zh: '合同', en: 'contracts' }, finance: { zh: '财务', en: 'finance' }, other: { zh: '其他', en: 'other papers' },
};

/** What a seal is put into use for. What was written before it was held against the scopes stands as it was written. */
function scopeOf({ scope = '', terms }: Notice['event']['detail'], words: Words): string {
  const said = scopesSaid(scope);
  const known = said.every((one) => one in CATEGORIES) ? words.list(said.map((one) => CATEGORIES[one as Category][words.language])) : scope;
  return terms === undefined ? known : words.language === 'zh' ? `${known}（${terms}）` : `${known} (${terms})`;
}

export interface Notice {
  seal: Seal;
  event: SealEvent;
  /** Name of the device. */
  device: string;
  /** Names of persons by number. */
  names: ReadonlyMap<number, string>;
  /** The kept sample impression, JPEG or PNG as data URL. */
  sample?: string | undefined;
  /** Electronic signatures of it: of the step as it was noted, or of the ceremony and the decisions on it. */
  signatures: readonly Signature[];
  /** Register, its size and root when this was printed. */
  register: string;
  size: number;
  root: string;
}

export function hasNotice(what: string): boolean {
  return TITLES[what] !== undefined;
}

/** 2026年11月26日, or 26 November 2026, in the company's time zone. */
function dayOf(seconds: number, { language, zone }: Words): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: zone, dateStyle: 'long' }).format(seconds * 1000);
}

/** 2026年11月26日 16:00, or 26 November 2026 at 16:00. */
function momentOf(seconds: number, { language, zone }: Words): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: zone, dateStyle: 'long', timeStyle: 'short' }).format(seconds * 1000);
}

/** What is stated, in whole sentences. */
function sentences({ seal, event, names, device }: Notice, words: Words): string[] {
  const zh = words.language === 'zh';
  const name = (id: number): string => names.get(id) ?? String(id);
  const [giver, receiver, witness] = event.present.map(name);
  const day = dayOf(event.detail.from ?? event.at, words);
  const moment = momentOf(event.at, words);
  const present = words.list(event.present.map(name));
  switch (event.what) {
    case 'activate':
      return zh
        ? [`经批准，“${seal.name}”自${day}起启用，由${event.detail.unit}制发。`, `使用范围：${scopeOf(event.detail, words)}。`, `该印章由${name(event.custodian)}保管，安装于智能印章设备“${device}”，未经审批不得使用。`]
        : [`"${seal.name}", issued by ${event.detail.unit}, is in use from ${day}.`, `Scope: ${scopeOf(event.detail, words)}.`, `It is kept by ${name(event.custodian)} in the unit "${device}", and is not used without an approval.`];
    case 'engrave':
      return zh ? [`“${seal.name}”的刻制于${day}经${event.detail.unit}批准${event.detail.scope === undefined ? '' : `（${event.detail.scope}）`}。`] : [`The engraving of "${seal.name}" was approved by ${event.detail.unit} on ${day}${event.detail.scope === undefined ? '' : ` (${event.detail.scope})`}.`];
    case 'change':
      return zh ? [`印章“${event.detail.was}”于${moment}变更登记，现名“${seal.name}”。`] : [`The card of "${event.detail.was}" was changed at ${moment}; it is called "${seal.name}" now.`];
    case 'deputy':
      if (event.detail.person === undefined) return zh ? [`“${seal.name}”自${moment}起不再代管，仍由${name(event.custodian)}保管。`] : [`From ${moment} on nobody keeps "${seal.name}" in the place of ${name(event.custodian)} any more.`];
      return zh
        ? [`“${seal.name}”的保管人${name(event.custodian)}离岗期间，自${moment}起由${name(event.detail.person)}代管，至${momentOf(event.detail.until ?? event.at, words)}止。`]
        : [`While its keeper ${name(event.custodian)} is away, "${seal.name}" is kept by ${name(event.detail.person)} from ${moment} until ${momentOf(event.detail.until ?? event.at, words)}.`];
    case 'handover':
      return zh
        ? [`“${seal.name}”已于${moment}由${giver}移交给${receiver}，${witness}监交。`, '移交人、接收人、监交人均已在设备上验证本人在场。自移交时起，由接收人承担保管责任。']
        : [`"${seal.name}" was handed over by ${giver} to ${receiver} at ${moment}, witnessed by ${witness}.`, 'All three have proven at the device that they were there. From then on the receiver answers for the seal.'];
    case 'suspend':
      return zh ? [`“${seal.name}”自${moment}起停用。停用期间设备拒绝一切用印。`] : [`"${seal.name}" is suspended from ${moment} on. The device refuses every use.`];
    case 'resume':
      return zh ? [`“${seal.name}”自${moment}起恢复使用。`] : [`"${seal.name}" is back in service from ${moment} on.`];
    case 'take-out':
      return zh ? [`“${seal.name}”于${moment}由${present}在场办理外带。`] : [`"${seal.name}" was taken out at ${moment}; present: ${present}.`];
    case 'return':
      return zh ? [`“${seal.name}”于${moment}归还，${present}在场。`] : [`"${seal.name}" was given back at ${moment}; present: ${present}.`];
    default:
      return zh
        ? [`“${seal.name}”于${moment}办理：${TITLES[event.what]!.zh}。${event.present.length > 0 ? `在场人：${present}。` : ''}`]
        : [`"${seal.name}", ${moment}: ${TITLES[event.what]!.en.toLowerCase()}.${event.present.length > 0 ? ` Present: ${present}.` : ''}`];
  }
}

/** The seal's card. */
function card({ seal, event, names, sample }: Notice, words: Words): Content {
  const zh = words.language === 'zh';
  const size = seal.width === null || seal.height === null ? '' : `${seal.width} × ${seal.height} mm`;
  const rows: [string, string][] = zh
    ? [['印章名称', seal.name], ['印章类别', KINDS[seal.kind].zh], ['规格、枚数', `${size}${size === '' ? '' : '，'}${seal.pieces} 枚`], ['制发部门', seal.issuedBy], ['领取人', seal.recipient], ['领取时间', seal.received === null ? '' : dayOf(seal.received, words)], ['保管人', names.get(event.custodian) ?? ''], ['印章标识', seal.die]]
    : [['Name', seal.name], ['Kind', KINDS[seal.kind].en], ['Size, pieces', `${size}${size === '' ? '' : ', '}${seal.pieces}`], ['Issued by', seal.issuedBy], ['Received by', seal.recipient], ['Received', seal.received === null ? '' : dayOf(seal.received, words)], ['Keeper', names.get(event.custodian) ?? ''], ['Identity', seal.die]];
  const picture: TableCell = sample === undefined ? { text: zh ? '（未留样）' : '(no sample)', alignment: 'center', rowSpan: rows.length, margin: [0, 60, 0, 0] } : { image: sample, fit: [150, 150], alignment: 'center', rowSpan: rows.length, margin: [0, 6, 0, 6] };
  const body = rows.map(([label, value], i): TableCell[] => [{ text: label, bold: true }, { text: value }, i === 0 ? picture : {}]);
  return { margin: [0, 12, 0, 12], table: { widths: [80, '*', 170], body: [[{ text: zh ? '登记项目' : 'Register card', bold: true, colSpan: 2, alignment: 'center', fillColor: '#eeeeee' }, {}, { text: zh ? '留样' : 'Sample impression', bold: true, alignment: 'center', fillColor: '#eeeeee' }], ...body] }, layout: 'thin' };
}

/** The notice. @throws never: whoever asks has seen by hasNotice that there is one */
export function noticeForm(notice: Notice, words: Words): TDocumentDefinitions {
  const { event, register, size, root } = notice;
  const { language } = words;
  const zh = language === 'zh';
  const title = TITLES[event.what]![language];
  const lines = [...sentences(notice, words), ...(event.reason === null ? [] : [zh ? `事由：${event.reason}` : `Reason: ${event.reason}`])];
  // Two characters in, as Chinese letters are set.
  const paragraphs = lines.map((text): Content => ({ text, leadingIndent: zh ? 24 : 0, fontSize: 12, lineHeight: 1.6, margin: [0, 0, 0, 6], alignment: 'justify' }));
  const proof = zh
    ? `登记簿“${register}”第 ${event.entry} 条${event.ceremony === null ? '' : `；现场办理编号 ${event.ceremony}`}。打印时登记簿共 ${size} 条，校验根 ${root}。`
    : `Register "${register}", entry ${event.entry}${event.ceremony === null ? '' : `; ceremony ${event.ceremony}`}. When printed it had ${size} entries, root ${root}.`;
  const signers = event.what === 'handover' ? (zh ? ['移交人：', '接收人：', '监交人：'] : ['Gave:', 'Received:', 'Witnessed:']) : zh ? ['经办人：', '负责人：'] : ['Done by:', 'Responsible:'];
  return form(title, language, {
    content: [
      { text: title, fontSize: 22, bold: true, alignment: 'center', margin: [0, 10, 0, 20] },
      ...paragraphs,
      card(notice, words),
      { columns: signers.map((text) => ({ text: `${text}${zh ? '' : ' '}____________`, fontSize: 11 })), margin: [0, 16, 0, 16] },
      { text: event.detail.unit ?? '', alignment: 'right', fontSize: 12 },
      { text: dayOf(event.at, words), alignment: 'right', fontSize: 12, margin: [0, 4, 0, notice.signatures.length === 0 ? 24 : 4] },
      ...signatureTable(notice.signatures, notice.names, words),
      { text: proof, margin: [0, 8, 0, 0], fontSize: 7, color: '#555555' },
    ],
  });
}
