/** Electronic signatures on paper: who, when, with which key, over which digest, and where the register has the whole of each. */
import type { Content, TableCell } from 'pdfmake/interfaces';
import type { Language } from '../../common/errors';
import { sha256 } from '../hashes';
import type { SignedDecision } from '../register/signature';
import type { Signature } from '../signatures/signatures';
import type { Words } from './columns';

type Text = Readonly<Record<Language, string>>;

const DECISIONS: Readonly<Record<SignedDecision, Text>> = {
  applied: { zh: '申请', en: 'applied' }, asked: { zh: '申请', en: 'asked' }, approved: { zh: '批准', en: 'approved' }, refused: { zh: '拒绝', en: 'refused' },
  granted: { zh: '放行盖章', en: 'granted a stroke' }, rejected: { zh: '退回盖章', en: 'rejected a stroke' }, noted: { zh: '登记', en: 'noted' },
};

/** What was signed, as the challenge names it, and the key it was signed with: SHA-256 in hexadecimal. */
export function digestsOf({ form, key }: Pick<Signature, 'form' | 'key'>): { form: string; key: string } {
  const digest = (base64: string): string => sha256(Buffer.from(base64, 'base64')).toString('hex');
  return { form: digest(form), key: digest(key) };
}

/** A table, with its heading; nothing where nothing was signed. @param names of persons by number */
export function signatureTable(signatures: readonly Signature[], names: ReadonlyMap<number, string>, words: Words): Content[] {
  if (signatures.length === 0) return [];
  const zh = words.language === 'zh';
  const heads = zh ? ['签名人', '事项', '时间', '签名内容与公钥（SHA-256）', '登记号'] : ['Signed by', 'What', 'When', 'Over, and with the key (SHA-256)', 'Entry'];
  const rows = signatures.map((one): TableCell[] => {
    const { form, key } = digestsOf(one);
    return [
      { text: names.get(one.person) ?? String(one.person) }, { text: DECISIONS[one.decision][words.language] }, { text: words.time(one.at) },
      { stack: [zh ? `内容 ${form}` : `over ${form}`, zh ? `公钥 ${key}` : `key ${key}`, zh ? `通行密钥 ${one.passkey}` : `passkey ${one.passkey}`], fontSize: 5.5 }, { text: String(one.entry) },
    ];
  });
  return [
    { text: zh ? '电子签名' : 'Electronic signatures', bold: true, fontSize: 10, margin: [0, 10, 0, 4] },
    { table: { headerRows: 1, widths: [54, 44, 76, '*', 28], body: [heads.map((text): TableCell => ({ text, bold: true, fillColor: '#eeeeee' })), ...rows], dontBreakRows: true }, layout: 'thin', fontSize: 8 },
  ];
}
