/** `smartseal verify ARCHIVE|RECEIPT`: from the file and a public key, without database or network. */
import { InvalidArgumentError, type Command } from 'commander';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { COMMON, Problem, problemOf, type Language } from '../common/errors';
import { findingText, reportLines } from '../desk/archive/report';
import { verifyArchiveFile } from '../desk/archive/file';
import { DESK } from '../desk/errors';
import { cosignerVerifier, noteVerifier, type NoteVerifier } from '../desk/register/note';
import { checkReceipt, RECEIPT_MAX, type Quorum, type ReceiptFault } from '../desk/register/receipt-check';
import { failWith, languageFrom } from './system';

interface Options {
  key?: string;
  document?: string;
  witness: string[];
  quorum?: number;
  json?: boolean;
  lang?: string;
}

const exitCodes = { verified: 0, failed: 1, usage: 2, notVerified: 3 } as const;

/** A key given as text or as a file holding that text. @throws FILE_FAILED, KEY_FORMAT */
function keyOf(given: string, language: Language, read: (text: string) => NoteVerifier | undefined = noteVerifier): NoteVerifier {
  const file = existsSync(given);
  let text = given;
  try {
    if (file) text = readFileSync(given, 'utf8');
  } catch (error) {
    throw new Problem(COMMON.FILE_FAILED, { detail: `${given}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`, cause: error });
  }
  const key = read(text.trim());
  if (key) return key;
  throw new Problem(DESK.KEY_FORMAT, file ? given : language === 'zh' ? '没有这个文件，它本身也不是公钥' : 'there is no such file, and it is no key either');
}

const FAULTS: Record<ReceiptFault, { zh: string; en: string }> = {
  MALFORMED: { zh: '凭证格式不正确', en: 'the receipt cannot be read' },
  WRONG_KEY: { zh: '不是由给定公钥的登记簿出具', en: 'it is not of the register with the key that was given' },
  SIGNATURE: { zh: '签名不符', en: 'a signature does not fit' },
  ROOT: { zh: '与登记簿的校验点不符', en: "it does not stand under the register's checkpoint" },
  DISAGREES: { zh: '凭证内容前后不一致', en: 'its parts do not agree' },
  MISSING: { zh: '凭证缺少内容', en: 'a part is missing' },
  COSIGNATURE: { zh: '缺少所要求的见证方签名', en: 'it lacks cosignatures of witnesses that were asked for' },
  OTHER_DOCUMENT: { zh: '不是所批准的文件', en: 'this is not the document that was approved' },
};

/** A receipt, by itself. Without --key it is only shown to be of one piece. */
function runReceipt(content: string, options: Options, key: NoteVerifier | undefined, quorum: Quorum, language: Language): number {
  const document = options.document === undefined ? undefined : readFileSync(options.document);
  const checked = checkReceipt(content, key, document, quorum);
  if (options.json === true) process.stdout.write(`${JSON.stringify(checked)}\n`);
  else if (!checked.ok) process.stdout.write(`✗ ${FAULTS[checked.fault][language]}${checked.detail === '' ? '' : ` (${checked.detail})`}\n`);
  else {
    const { facts } = checked;
    const time = facts.time === null ? '—' : new Date(facts.time * 1000).toISOString();
    const rows = language === 'zh'
      ? [`✓ 凭证有效${key === undefined ? '（未给定公钥：只证明凭证自身完整）' : ''}${document === undefined ? '' : '，文件即所批准的文件'}`, `  印章    ${facts.seal.name}`, `  时间    ${time}`, `  结果    ${facts.result}`, `  文件    ${facts.document ?? '—'}`, `  设备    ${facts.device} 记录 ${facts.intent}`, `  登记簿  ${facts.register}`]
      : [`✓ the receipt is good${key === undefined ? ' (no key was given: this shows only that it is of one piece)' : ''}${document === undefined ? '' : ', and the document is the one that was approved'}`, `  seal      ${facts.seal.name}`, `  time      ${time}`, `  result    ${facts.result}`, `  document  ${facts.document ?? '—'}`, `  device    ${facts.device} record ${facts.intent}`, `  register  ${facts.register}`];
    for (const { name, time: at } of facts.cosignatures) rows.push(language === 'zh' ? `  见证方  ${name} ${new Date(at * 1000).toISOString()}` : `  witness   ${name} ${new Date(at * 1000).toISOString()}`);
    process.stdout.write(`${rows.join('\n')}\n`);
  }
  return checked.ok ? exitCodes.verified : exitCodes.notVerified;
}

/** The text of a file that begins as JSON does and is no larger than a receipt; undefined: it is none. */
function receiptIn(path: string): string | undefined {
  if (!existsSync(path) || !statSync(path).isFile() || statSync(path).size > RECEIPT_MAX) return undefined;
  const content = readFileSync(path, 'utf8');
  return content.trimStart().startsWith('{') ? content : undefined;
}

async function run(archive: string, options: Options): Promise<number> {
  const language = languageFrom(options.lang);
  let key: NoteVerifier | undefined;
  let quorum: Quorum;
  try {
    key = options.key === undefined ? undefined : keyOf(options.key, language);
    const witnesses = options.witness.map((given) => keyOf(given, language, cosignerVerifier));
    quorum = { witnesses, need: options.quorum ?? witnesses.length };
  } catch (error) {
    failWith(error, language, options.json === true);
    return problemOf(error).code === DESK.KEY_FORMAT.code ? exitCodes.usage : exitCodes.failed;
  }
  try {
    const receipt = receiptIn(archive);
    if (receipt !== undefined) return runReceipt(receipt, options, key, quorum, language);
    const report = await verifyArchiveFile(archive, key, quorum);
    const findings = report.findings.map((finding) => ({ ...finding, text: findingText(finding, language) }));
    process.stdout.write(options.json ? `${JSON.stringify({ ...report, findings })}\n` : `${reportLines(report, language).join('\n')}\n`);
    return report.ok ? exitCodes.verified : exitCodes.notVerified;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    failWith(code === undefined ? error : new Problem(COMMON.FILE_FAILED, { detail: `${archive}: ${code}`, cause: error }), language, options.json === true);
    return exitCodes.failed;
  }
}

function quorumOf(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('1..999');
  return Number(text);
}

export function register(program: Command): void {
  program
    .command('verify')
    .description('check an archive of the register, or a receipt of one use (检验登记簿归档或用印凭证)')
    .argument('<archive>', 'the archive, or the receipt')
    .option('--key <key>', 'public key of the register, as text or file')
    .option('--witness <key>', 'key of a witness who must have cosigned, as text or file; repeatable', (one: string, before: string[]) => [...before, one], [])
    .option('--quorum <n>', 'how many of them must have; all where not said', quorumOf)
    .option('--document <file>', 'of a receipt: the document that it should be of')
    .option('--json', 'the report as JSON')
    .option('--lang <language>', 'zh or en')
    .action(async (archive: string, _options: Options, command: Command) => {
      process.exitCode = await run(archive, command.optsWithGlobals());
    });
}
