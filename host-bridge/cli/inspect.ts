/** `smartseal inspect APPROVED PHOTO`: whether a photo shows the approved page, for people and for programs. */
import type { Command } from 'commander';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { COMMON, Problem, type Language, type Text } from '../common/errors';
import { ELEMENTS, InspectionService, type CrossPage, type Told } from '../inspection';
import { failWith, languageFrom, memoryOf, systemClock } from './system';

interface Options {
  page?: string;
  out?: string;
  after?: string;
  at?: string;
  with?: string[];
  json?: boolean;
  lang?: string;
}

/** For one photo, ms: nobody waits behind this one, and the computer may be busy. */
const PATIENCE_MS = 120_000;

/** Exit codes: 3 is for whatever is not the same, as for an archive that does not verify. */
const exitCodes = { same: 0, failed: 1, usage: 2, notTheSame: 3 } as const;

const WORDS = {
  en: { same: 'SAME: the photo shows the approved page', different: 'DIFFERENT: the photo does not show the approved page', unreadable: 'UNREADABLE: the photo is too poor to judge', at: 'at', mm: 'mm from the left and the top', written: 'picture', note: 'the approved document itself', open: 'left open', impression: 'impression', sheet: 'sheet', together: 'together', twice: 'twice', measured: 'measured', px: 'pixels a mm', blur: 'blur', noise: 'noise' },
  zh: { same: '一致：照片中是批准的页面', different: '不一致：照片中不是批准的页面', unreadable: '无法判断：照片质量不足', at: '位置', mm: '毫米（距左边、上边）', written: '图片', note: '批准的文件本身', open: '留有空白', impression: '印迹', sheet: '照片', together: '拼合', twice: '重叠', measured: '测量', px: '像素/毫米', blur: '模糊', noise: '噪点' },
} as const;

function lines({ inspection, impressions = [] }: Told, out: string | undefined, language: Language): string[] {
  const w = WORDS[language];
  const told: string[] = [w[inspection.verdict]];
  if (inspection.page !== undefined) told.push(language === 'zh' ? `  第 ${inspection.page} 页，共 ${inspection.pages} 页` : `  page ${inspection.page} of ${inspection.pages}`);
  const findings = new Set(inspection.findings.map((f) => f.code));
  for (const reason of inspection.reasons) if (!findings.has(reason.code)) told.push(`  - ${reason.text[language]}`);
  inspection.findings.forEach((f, i) => told.push(`  ${i + 1}. ${f.text[language]} (${w.at} ${f.x.toFixed(0)}, ${f.y.toFixed(0)} ${w.mm})`));
  for (const element of inspection.elements) told.push(`  ${element.state === 'same' ? '=' : '≠'} ${ELEMENTS[element.kind][language]}: ${element.value}${element.state === 'open' ? ` → ${w.open}` : element.seen === undefined ? '' : ` → ${element.seen}`}`);
  for (const spot of inspection.open) told.push(`  ○ ${w.open}: ${spot.label} (${w.at} ${spot.x.toFixed(0)}, ${spot.y.toFixed(0)} ${w.mm})`);
  for (const note of inspection.notes) told.push(`  ! ${w.note}: ${note.text[language]}`);
  for (const one of impressions) told.push(`  ${w.impression}: ${one.centreX.toFixed(0)}, ${one.centreY.toFixed(0)} mm, ${one.angle.toFixed(0)}°, ${Math.round(100 * one.completeness)} %`);
  const m = inspection.measured;
  if (m) told.push(`  ${w.measured}: ${m.pixelsPerMm.toFixed(1)} ${w.px}, ${w.blur} ${m.blurMm.toFixed(2)} mm, ${w.noise} ${(100 * m.noise).toFixed(1)} %`);
  if (out !== undefined) told.push(`  ${w.written}: ${out}`);
  return told;
}

function togetherLines({ verdict, reasons, sheets, fragments, complete, twice }: CrossPage, language: Language): string[] {
  const w = WORDS[language];
  const told: string[] = [w[verdict]];
  for (const reason of reasons) told.push(`  - ${reason.text[language]}`);
  sheets.forEach((sheet, i) => told.push(`  ${w.sheet} ${i + 1}: ${w[sheet.verdict]}${sheet.page === undefined ? '' : ` (${sheet.page}/${sheet.pages})`}`));
  for (const one of fragments) told.push(`  ${w.sheet} ${one.sheet + 1}: ${w.impression} ${Math.round(100 * one.share)} %, ${one.angle.toFixed(0)}°`);
  told.push(`  ${w.together}: ${Math.round(100 * complete)} %, ${w.twice} ${Math.round(100 * twice)} %`);
  return told;
}

/** More than this is neither a document nor a photo that is taken, bytes: it is not even read. */
const MOST_BYTES = 64 << 20;

/** Why a file cannot be read, where a person can do something about it. */
const UNREAD: Readonly<Record<string, Text>> = {
  ENOENT: { en: 'there is no such file', zh: '没有这个文件' },
  EISDIR: { en: 'is a folder', zh: '是文件夹' },
  EACCES: { en: 'may not be read', zh: '没有读取权限' },
};

function read(file: string, language: Language): Buffer {
  const failed = (why: string, cause?: unknown): Problem => new Problem(COMMON.FILE_FAILED, { detail: `${file}: ${why}`, cause });
  try {
    const stat = statSync(file);
    // Pipes and devices may never end.
    if (!stat.isFile() && !stat.isDirectory()) throw failed(language === 'zh' ? '不是普通文件' : 'is no ordinary file');
    if (stat.size > MOST_BYTES) throw failed(language === 'zh' ? `超过 ${MOST_BYTES >> 20} MiB` : `is larger than ${MOST_BYTES >> 20} MiB`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Problem) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw failed(UNREAD[code]?.[language] ?? code, error);
  }
}

/** Three files are given: an error of one of them says of which. */
function named(error: unknown, approved: string, photo: string, sample: string | undefined): unknown {
  if (!(error instanceof Problem)) return error;
  const file = /^(DOCUMENT_|APPROVED_)/.test(error.code) ? approved : !error.code.startsWith('PHOTO_') ? undefined : error.detail === 'sample' ? sample : photo;
  return file === undefined ? error : new Problem(error.fault, { detail: error.detail === undefined || error.detail === 'sample' ? file : `${file} (${error.detail})`, cause: error });
}

/** What is wrong with the options; undefined: nothing. */
function misused({ page, at, after, with: others }: Options): Text | undefined {
  if (page !== undefined && !/^[1-9]\d{0,3}$/.test(page)) return { en: `--page ${page}: a whole number from 1 is wanted`, zh: `--page ${page}：须为从 1 起的整数` };
  if (at !== undefined && !PLACE.test(at)) return { en: `--at ${at}: two numbers of millimetres are wanted, as in 55,225`, zh: `--at ${at}：须为两个毫米数，如 55,225` };
  if (at !== undefined && after === undefined) return { en: '--at goes with --after', zh: '--at 须与 --after 同用' };
  if (others !== undefined && after === undefined) return { en: '--with goes with --after', zh: '--with 须与 --after 同用' };
  return others !== undefined && (at ?? page) !== undefined ? { en: '--with goes with neither --at nor --page', zh: '--with 不能与 --at、--page 同用' } : undefined;
}

const PLACE = /^(\d{1,3}(?:\.\d+)?),(\d{1,3}(?:\.\d+)?)$/;

function keepPicture(file: string | undefined, picture: Buffer | undefined): void {
  if (file === undefined || picture === undefined) return;
  try {
    writeFileSync(file, picture, { mode: 0o600 });
  } catch (error) {
    throw new Problem(COMMON.FILE_FAILED, { detail: `${file}: ${(error as NodeJS.ErrnoException).code ?? 'unwritable'}`, cause: error });
  }
}

async function run(approved: string, photo: string, options: Options): Promise<number> {
  const language = languageFrom(options.lang);
  const json = options.json === true;
  const wrong = misused(options);
  if (wrong !== undefined) {
    failWith(new Problem(COMMON.INVALID, wrong[language]), language, json);
    return exitCodes.usage;
  }
  const place = PLACE.exec(options.at ?? '');
  const service = new InspectionService({ clock: systemClock(), memoryOf, limits: { timeMs: PATIENCE_MS } });
  try {
    if (options.with !== undefined && options.after !== undefined) {
      const { picture, ...whole } = await service.crossPage(read(approved, language), [photo, ...options.with].map((file) => read(file, language)), read(options.after, language), { picture: options.out !== undefined });
      keepPicture(options.out, picture);
      process.stdout.write(json ? `${JSON.stringify(whole)}\n` : `${togetherLines(whole, language).join('\n')}\n`);
      return whole.verdict === 'same' ? exitCodes.same : exitCodes.notTheSame;
    }
    const told: Told = await service.inspect({ approved: read(approved, language), photo: read(photo, language), picture: options.out !== undefined, ...(options.page === undefined ? {} : { page: Number(options.page) }), ...(options.after === undefined ? {} : { after: { sample: read(options.after, language), ...(place ? { x: Number(place[1]), y: Number(place[2]) } : {}) } }) });
    keepPicture(options.out, told.picture);
    process.stdout.write(json ? `${JSON.stringify({ ...told.inspection, ...(told.impressions ? { impressions: told.impressions } : {}) })}\n` : `${lines(told, options.out, language).join('\n')}\n`);
    return told.inspection.verdict === 'same' ? exitCodes.same : exitCodes.notTheSame;
  } catch (error) {
    // Of several sheets it is not known which photo it was.
    failWith(named(error, approved, [photo, ...(options.with ?? [])].join(', '), options.after), language, json);
    return exitCodes.failed;
  } finally {
    service.close();
  }
}

export function register(program: Command): void {
  program
    .command('inspect')
    .description('compare a photo with the approved document (比对照片与批准的文件)')
    .argument('<approved>', 'the approved document: PDF, PNG, JPEG, docx or xlsx')
    .argument('<photo>', 'the photo: JPEG, PNG or WebP')
    .option('--page <n>', 'the page that must be seen; any where not said')
    .option('--out <file>', 'the page with what differs framed, or with --with the strips laid together, JPEG')
    .option('--after <sample>', 'the photo is of the page after the stroke: the kept sample of the impression, PNG at 300 dpi')
    .option('--at <x,y>', 'with --after: where its middle should be, mm from the left and the top')
    .option('--with <photos...>', 'with --after: photos of the other sheets of a cross-page stroke (骑缝章)')
    .option('--json', 'the result as JSON')
    .option('--lang <language>', 'zh or en')
    .action(async (approved: string, photo: string, _options: Options, command: Command) => {
      process.exitCode = await run(approved, photo, command.optsWithGlobals());
    });
}
