/** `smartseal verify ARCHIVE`: from the file and a public key, without database or network. */
import type { Command } from 'commander';
import { existsSync, readFileSync } from 'node:fs';
import { COMMON, Problem } from '../common/errors';
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

/** A key given as text or as a file holding that text. */
function keyOf(given: string): NoteVerifier | undefined {
  const text = existsSync(given) ? readFileSync(given, 'utf8').trim() : given.trim();
  return noteVerifier(text);
}

async function run(archive: string, options: Options): Promise<number> {
  const language = languageFrom(options.lang);
  const key = options.key === undefined ? undefined : keyOf(options.key);
  if (options.key !== undefined && !key) {
    failWith(new Problem(DESK.KEY_FORMAT), language, options.json === true);
    return exitCodes.usage;
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
