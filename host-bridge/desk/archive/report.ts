/** What a check of an archive found, and how that is said to people. */
import type { Text } from '../../common/errors';

export type ProblemCode =
  | 'NOT_AN_ARCHIVE' | 'CHANGED' | 'SIGNATURE' | 'WRONG_KEY' | 'MISPLACED' | 'TRUNCATED' | 'TRAILING' | 'MISSING' | 'UNEXPECTED' | 'MALFORMED'
  | 'CHAIN' | 'DIGEST' | 'ROOT' | 'DISAGREES' | 'OVER_COUNT' | 'COSIGNATURE';

const texts: Record<ProblemCode, Text> = {
  NOT_AN_ARCHIVE: { en: 'this is not an archive of a register', zh: '这不是登记簿归档文件' },
  CHANGED: { en: 'was changed', zh: '已被更改' },
  SIGNATURE: { en: 'its signature does not fit', zh: '签名不符' },
  WRONG_KEY: { en: 'is not the key that was given', zh: '与给定的公钥不一致' },
  MISPLACED: { en: 'does not stand where it must', zh: '不在应有的位置' },
  TRUNCATED: { en: 'ends too early', zh: '内容不完整' },
  TRAILING: { en: 'something stands behind the end', zh: '结尾之后有多余内容' },
  MISSING: { en: 'is missing', zh: '缺失' },
  UNEXPECTED: { en: 'belongs to nothing in the register', zh: '与登记簿中的任何内容都不对应' },
  MALFORMED: { en: 'cannot be read', zh: '无法解析' },
  CHAIN: { en: 'does not continue the record before it', zh: '与前一条记录不衔接' },
  DIGEST: { en: 'does not have the digest that its record names', zh: '与记录中的摘要不符' },
  ROOT: { en: 'does not fit the entries of the register', zh: '与登记簿条目不符' },
  DISAGREES: { en: 'says something else than the register', zh: '与登记簿所载不一致' },
  COSIGNATURE: { en: 'lacks cosignatures of witnesses that were asked for', zh: '缺少所要求的见证方签名' },
  OVER_COUNT: { en: 'was used more often than it allows', zh: '使用次数超出许可' },
};

export interface Finding {
  code: ProblemCode;
  /** File of the archive, or 'archive' for the whole. */
  name: string;
  detail?: string;
}

/** What a file of the archive is called to people. */
function nameOf(name: string, zh: boolean): string {
  const record = /^records\/([0-9a-f]{16})\/(\d{10})\.cbor$/.exec(name);
  if (record) return zh ? `设备 ${record[1]} 的记录 ${Number(record[2])}（${name}）` : `record ${Number(record[2])} of device ${record[1]} (${name})`;
  const kinds: [string, string, string][] = [
    ['photos/', 'photo', '照片'], ['documents/', 'document', '文件'], ['copies/', 'printed copy', '打印副本'], ['grants/', 'permit', '许可'], ['register/leaves', 'register', '登记簿'],
    ['checkpoint', 'checkpoint', '校验点'], ['witnessed', 'cosigned checkpoint', '见证校验点'], ['manifest.json', 'manifest', '清单'], ['manifest.note', 'signature of the manifest', '清单签名'],
    ['key.pub', 'public key', '公钥'], ['archive', 'the archive', '归档文件'],
  ];
  const kind = kinds.find(([prefix]) => name.startsWith(prefix));
  return kind ? `${zh ? kind[2] : kind[1]}${name === 'archive' ? '' : zh ? `（${name}）` : ` (${name})`}` : name;
}

export function findingText(finding: Finding, language: 'en' | 'zh'): string {
  const detail = finding.detail === undefined ? '' : language === 'zh' ? `：${finding.detail}` : `: ${finding.detail}`;
  return `${nameOf(finding.name, language === 'zh')}${language === 'zh' ? '' : ' '}${texts[finding.code][language]}${detail}`;
}

export interface Summary {
  origin: string;
  made: number;
  entries: number;
  devices: number;
  records: number;
  permits: number;
  documents: number;
  photos: number;
  strokes: { stamped: number; failed: number; unknown: number };
  /** Photos that records name and the archive does not hold, as the manifest itself says. */
  missingPhotos: number;
  /** Records whose absence a person accepted, in all. */
  acceptedGaps: number;
  /** Documents that were removed under the rule of how long they stay, and when first and last, Unix seconds; absent where there is none. */
  removed?: { documents: number; first: number; last: number };
  /** Electronic signatures checked; absent where there is none. */
  signatures?: number;
  /** Impressions that were judged, and those that were not as they should be; absent where there is none. */
  impressions?: { judged: number; different: number };
  /** Files of printed copies, which are as they were signed for; absent where there is none. */
  copies?: number;
  /** Witnesses, of those the reader trusts, who cosigned so many of the first entries; absent where the reader names none. */
  cosignatures?: { name: string; time: number; size: number }[];
}

export interface Report {
  ok: boolean;
  key: string | null;
  /** Whether the key was given by the reader; otherwise it is only what the archive says of itself. */
  keyGiven: boolean;
  summary: Summary | null;
  /** At most maxFindings; the first is the nearest to the cause. */
  findings: Finding[];
}

export const maxFindings = 50;

/** That documents are not there, and that this is no fault. */
export function removedLine({ documents, first, last }: NonNullable<Summary['removed']>, language: 'en' | 'zh'): string {
  const [from, until] = [first, last].map((seconds) => new Date(seconds * 1000).toISOString());
  return language === 'zh' ? `文件 ${documents} 份按保存规则移除（${from} 至 ${until}），摘要仍在登记簿中` : `${documents} documents were removed under the rule of how long they stay (${from} to ${until}); their digests stand in the register`;
}

/** The report in plain words, line by line. */
export function reportLines(report: Report, language: 'en' | 'zh'): string[] {
  const zh = language === 'zh';
  const lines: string[] = [];
  const s = report.summary;
  if (s) {
    const made = new Date(s.made * 1000).toISOString();
    lines.push(zh ? `登记簿 ${s.origin}，归档时间 ${made}，条目 ${s.entries} 条` : `Register ${s.origin}, archived ${made}, ${s.entries} entries`);
    lines.push(
      zh
        ? `设备 ${s.devices} 台，记录 ${s.records} 条，许可 ${s.permits} 个，文件 ${s.documents} 份，照片 ${s.photos} 张`
        : `${s.devices} devices, ${s.records} records, ${s.permits} permits, ${s.documents} documents, ${s.photos} photos`,
    );
    const { stamped, failed, unknown } = s.strokes;
    lines.push(zh ? `用印 ${stamped} 次，未盖成 ${failed} 次，结果不明 ${unknown} 次` : `Strokes: ${stamped} stamped, ${failed} failed, ${unknown} unknown`);
    if (s.signatures !== undefined) lines.push(zh ? `电子签名 ${s.signatures} 个` : `Electronic signatures: ${s.signatures}`);
    if (s.impressions !== undefined) lines.push(zh ? `判定印迹 ${s.impressions.judged} 次，其中不符 ${s.impressions.different} 次` : `Impressions judged: ${s.impressions.judged}, not as they should be: ${s.impressions.different}`);
    if (s.copies !== undefined) lines.push(zh ? `打印副本（PDF/A）${s.copies} 份` : `Printed copies (PDF/A): ${s.copies}`);
    for (const { name, time, size } of s.cosignatures ?? []) lines.push(zh ? `见证方 ${name} 于 ${new Date(time * 1000).toISOString()} 签认前 ${size} 条` : `Witness ${name} cosigned the first ${size} entries at ${new Date(time * 1000).toISOString()}`);
    if (s.removed !== undefined) lines.push(removedLine(s.removed, language));
    if (s.missingPhotos > 0) lines.push(zh ? `归档时尚缺照片 ${s.missingPhotos} 张` : `${s.missingPhotos} photos had not arrived when the archive was made`);
    if (s.acceptedGaps > 0) lines.push(zh ? `经人确认缺失的记录 ${s.acceptedGaps} 条` : `${s.acceptedGaps} records are missing, which a person accepted`);
  }
  for (const finding of report.findings) lines.push(`✗ ${findingText(finding, language)}`);
  if (report.ok && !report.keyGiven) {
    lines.push(zh ? `公钥取自归档文件本身，请另行核对：${report.key ?? ''}` : `The key was taken from the archive itself; compare it with the one you trust: ${report.key ?? ''}`);
  }
  lines.push(report.ok ? (zh ? '✓ 验证通过' : '✓ verified') : zh ? '✗ 未通过验证' : '✗ not verified');
  return lines;
}
