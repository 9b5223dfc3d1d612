/** `smartseal verify ARCHIVE`: from the file and a public key, without database or network. */
import type { Command } from 'commander';
import { existsSync, readFileSync } from 'node:fs';
import { COMMON, Problem, problemOf, type Language } from '../common/errors';
import { findingText, reportLines } from '../desk/archive/report';
import { verifyArchiveFile } from '../desk/archive/file';
import { DESK } from '../desk/errors';
import { noteVerifier, type NoteVerifier } from '../desk/register/note';
import { failWith, languageFrom } from './system';

interface Options {
  key?: string;
  json?: boolean;
  lang?: string;
}

const exitCodes = { verified: 0, failed: 1, usage: 2, notVerified: 3 } as const;

/** A key given as text or as a file holding that text. @throws FILE_FAILED, KEY_FORMAT */
function keyOf(given: string, language: Language): NoteVerifier {
  const file = existsSync(given);
  let text = given;
  try {
    if (file) text = readFileSync(given, 'utf8');
  } catch (error) {
    throw new Problem(COMMON.FILE_FAILED, { detail: `${given}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`, cause: error });
  }
  const key = noteVerifier(text.trim());
  if (key) return key;
  throw new Problem(DESK.KEY_FORMAT, file ? given : language === 'zh' ? '没有这个文件，它本身也不是公钥' : 'there is no such file, and it is no key either');
}

async function run(archive: string, options: Options): Promise<number> {
  const language = languageFrom(options.lang);
  let key: NoteVerifier | undefined;
  try {
    key = options.key === undefined ? undefined : keyOf(options.key, language);
  } catch (error) {
    failWith(error, language, options.json === true);
    return problemOf(error).code === DESK.KEY_FORMAT.code ? exitCodes.usage : exitCodes.failed;
  }
  try {
    const report = await verifyArchiveFile(archive, key);
    const findings = report.findings.map((finding) => ({ ...finding, text: findingText(finding, language) }));
    process.stdout.write(options.json ? `${JSON.stringify({ ...report, findings })}\n` : `${reportLines(report, language).join('\n')}\n`);
    return report.ok ? exitCodes.verified : exitCodes.notVerified;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    failWith(code === undefined ? error : new Problem(COMMON.FILE_FAILED, { detail: `${archive}: ${code}`, cause: error }), language, options.json === true);
    return exitCodes.failed;
  }
}

export function register(program: Command): void {
  program
    .command('verify')
    .description('check an archive of the register (检验登记簿归档)')
    .argument('<archive>', 'the archive')
    .option('--key <key>', 'public key of the register, as text or file')
    .option('--json', 'the report as JSON')
    .option('--lang <language>', 'zh or en')
    .action(async (archive: string, _options: Options, command: Command) => {
      process.exitCode = await run(archive, command.optsWithGlobals());
    });
}
