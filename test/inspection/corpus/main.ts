/**
 * Photographs a corpus and has it judged: node dist/test/inspection/corpus/main.js [--documents DIR] [--pages N]
 * [--width PIXELS] [--part I/N] [--held-back] [--honest N] [--poor N] [--changes N] [--only CHANGE,CHANGE] [--photos DIR] > results.jsonl, then --table results.jsonl...
 *
 * Without --documents the two contracts of the simulator are all there is. With it every PDF below DIR gives one page in eight of those
 * with text enough, eight at most, and N pages are taken in all. Photos are kept in the folder --photos, and those that are there are judged as they are.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect, prepare, readApproved, readPhoto, type ApprovedPage, type Inspection } from '../../../host-bridge/inspection';
import { Page, PhotoScene } from '../../../sim/paper';
import { seedOf } from '../../../sim/paper/field';
import { printed, shot } from './conditions';
import { plan, type Shot } from './plan';
import { DPI, print } from './sheet';
import { table, type Row } from './table';
import { tamper, watermarked } from './tamper';

const shipped = path.resolve(__dirname, '../../../../sim/assets');

const option = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};

function pdfs(folder: string): string[] {
  return readdirSync(folder).sort().flatMap((name) => {
    const file = path.join(folder, name);
    return statSync(file).isDirectory() ? pdfs(file) : name.endsWith('.pdf') ? [file] : [];
  });
}

/** Pages with so many characters and more are printed matter; of these sizes, sheets that the tray takes. */
const fit = (p: ApprovedPage): boolean => p.glyphs.length >= 250 && Math.max(p.widthMm, p.heightMm) <= 300 && Math.min(p.widthMm, p.heightMm) <= 217 && Math.min(p.widthMm, p.heightMm) > 140;

async function main(): Promise<void> {
  const width = Number(option('width', '2048'));
  const [part, parts] = option('part', '1/1').split('/').map(Number) as [number, number];
  const folder = option('documents', '');
  const files = [...(process.argv.includes('--no-shipped') ? [] : [path.join(shipped, 'contract-zh.pdf'), path.join(shipped, 'contract-en.pdf')]), ...(folder === '' ? [] : pdfs(folder).sort((a, b) => seedOf(path.basename(a)) - seedOf(path.basename(b))))];
  const most = Number(option('pages', '40'));
  const pages: { file: string; page: number }[] = [];
  for (const file of files) {
    if (pages.length >= most) break; // the rest need not even be read
    try {
      const found = await readApproved(readFileSync(file));
      const usable = found.filter(fit);
      if (file.startsWith(shipped)) pages.push(...usable.map((p) => ({ file, page: p.number })));
      else {
        const each = Math.min(8, Math.ceil(usable.length / 8));
        for (let i = 0; i < each; i++) pages.push({ file, page: usable[Math.floor(((i + 0.5) * usable.length) / each)]!.number });
      }
    } catch {
      process.stderr.write(`${path.basename(file)}: not readable, left out\n`);
    }
  }
  const chosen = process.argv.includes('--held-back') ? pages.filter((one) => plan([one], 1, 0, 0)[0]!.heldBack) : pages;
  const mine = chosen.filter((_, i) => i % parts === part - 1);
  for (const one of mine) {
    const approved = await readApproved(readFileSync(one.file));
    // A long document is cut to the pages around: its own neighbours are the likeliest to be taken for it.
    const near = approved.filter((p) => Math.abs(p.number - one.page) <= 3);
    const prepared = await prepare(near);
    const sheet = await print(one.file, one.page);
    const at = pages.indexOf(one);
    const other = [...pages.slice(at + 1), ...pages.slice(0, at)].find((p) => p.file !== one.file) ?? one;
    const only = option('only', '');
    for (const s of plan([one], Number(option('honest', '5')), Number(option('poor', '2')), Number(option('changes', '13')))) {
      if (only !== '' && !only.split(',').includes(s.tamper)) continue;
      const row = await run(s, sheet, near.find((p) => p.number === one.page)!, prepared, other, width);
      if (row) process.stdout.write(`${JSON.stringify(row)}\n`);
    }
  }
}

async function run(s: Shot, sheet: Page, approved: ApprovedPage, prepared: Awaited<ReturnType<typeof prepare>>, other: { file: string; page: number }, width: number): Promise<Row | undefined> {
  let picture = sheet.picture!;
  let widthMm = sheet.widthMm;
  let heightMm = sheet.heightMm;
  let what = '';
  let size = 0;
  let judge = prepared;
  let at: { x: number; y: number; width: number; height: number } | undefined;
  if (s.tamper === 'other') {
    if (other.file === s.file) return undefined;
    const page = await print(other.file, other.page);
    [picture, widthMm, heightMm] = [page.picture!, page.widthMm, page.heightMm];
  } else if (s.tamper === 'watermark') {
    const marked = watermarked(approved);
    if (!marked) return undefined;
    judge = await prepare([{ ...approved, picture: { ...approved.picture, data: marked.data } }]);
    at = marked.box;
  } else if (s.tamper !== 'none') {
    const changed = tamper({ picture, widthMm: approved.widthMm, glyphs: approved.glyphs }, s.tamper, s.seed);
    if (!changed) return undefined;
    ({ picture, what, size } = changed);
    at = changed;
  }
  const kept = option('photos', '');
  const name = path.join(kept, `${s.seed}-${s.tamper}-${width}.jpg`);
  const take = async (): Promise<Buffer> => {
    const paper = new Page(`sheet ${s.seed}`, widthMm, heightMm, await printed(picture, widthMm, s.condition, s.seed), DPI);
    return shot(await new PhotoScene(s.seed).jpeg({ page: paper, width, height: (width * 3) / 4, photo: 1, ...(s.condition.photo ? { quality: 95 } : {}) }), s.condition, s.seed);
  };
  const jpeg = kept !== '' && existsSync(name) ? readFileSync(name) : await take();
  if (kept !== '') writeFileSync(name, jpeg);
  const cpu = process.cpuUsage();
  let verdict = 'error';
  let told: Inspection | undefined;
  try {
    told = (await inspect(await readPhoto(jpeg), judge)).inspection;
    verdict = told.verdict;
  } catch (error) {
    process.stderr.write(`${path.basename(s.file)} ${s.tamper}: ${String(error)}\n`);
  }
  const used = process.cpuUsage(cpu);
  const hit = at && told ? told.findings.some((f) => f.x < at.x + at.width + 1.5 && f.x + f.width > at.x - 1.5 && f.y < at.y + at.height + 1.5 && f.y + f.height > at.y - 1.5) : undefined;
  return {
    file: path.basename(s.file), page: s.page, heldBack: s.heldBack, condition: s.condition.name, good: s.condition.good, tamper: s.tamper, what, size, width,
    verdict, reasons: told?.reasons.map((r) => r.code) ?? [], strength: Math.max(0, ...(told?.findings.map((f) => f.strength) ?? [])), findings: told?.findings.length ?? 0, hit,
    first: told?.findings.slice(0, 2).map((f) => `${f.kind} ${f.x.toFixed(1)},${f.y.toFixed(1)} ${f.width.toFixed(1)}x${f.height.toFixed(1)} s${f.strength.toFixed(2)} ${f.approved.slice(0, 16)}`) ?? [],
    cpu: (used.user + used.system) / 1e6, rss: process.memoryUsage.rss() / 1e6, measured: told?.measured, seed: s.seed,
  };
}

if (process.argv.includes('--table')) {
  const files = process.argv.slice(process.argv.indexOf('--table') + 1);
  const rows = files.flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Row));
  process.stdout.write(table(rows));
} else
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  });
