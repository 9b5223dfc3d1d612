/** The register of uses on paper: a table across the page, and behind it, where they are wanted, each stroke's two photos. */
import sharp from 'sharp';
import type { Column, Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces';
import { COLUMNS, TITLE, type Words } from './columns';
import { form } from './paper';
import type { SheetRow } from './sheet';

/** What the sheet says of itself. */
export interface Heading {
  /** Unix seconds of the first and behind the last moment, where it was bounded. */
  from?: number | undefined;
  until?: number | undefined;
  /** When it was made, Unix seconds. */
  made: number;
  /** Name of the register, and its size and root then: what it can be held against. */
  register: string;
  size: number;
  root: string;
}

/** Pixels across of a photo on paper: 102 mm at 160 dpi. */
const PHOTO_WIDTH = 640;
/** Points across on the page. */
const PHOTO_POINTS = 290;
/** Photos that a store gave and that are no picture are not printed, and said to be missing. */
const MOST_PIXELS = 50_000_000;

/** A photo as small as print needs it, as data URL; undefined where it is none. */
async function thumbnail(photo: Buffer | undefined): Promise<string | undefined> {
  if (photo === undefined) return undefined;
  try {
    const jpeg = await sharp(photo, { limitInputPixels: MOST_PIXELS }).rotate().resize(PHOTO_WIDTH, undefined, { withoutEnlargement: true }).jpeg({ quality: 75 }).toBuffer();
    return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
  } catch {
    return undefined;
  }
}

function headLines({ from, until, made, register, size, root }: Heading, words: Words, rows: number): string[] {
  const zh = words.language === 'zh';
  // `until` is the first moment that is not meant; people name the last one that is.
  const span = zh
    ? `${from === undefined ? '启用之日' : words.time(from)} 至 ${until === undefined ? words.time(made) : words.time(until - 1)}`
    : `${from === undefined ? 'the beginning' : words.time(from)} to ${until === undefined ? words.time(made) : words.time(until - 1)}`;
  return zh
    ? [`期间：${span}　共 ${rows} 次用印`, `制表时间：${words.time(made)}　登记簿：${register}，${size} 条，校验根 ${root}`]
    : [`Period: ${span}; ${rows} uses`, `Made: ${words.time(made)}; register: ${register}, ${size} entries, root ${root}`];
}

/** The form. @param photo gives a stored photo by its SHA-256; absent: without pictures */
export async function usesForm(rows: readonly SheetRow[], heading: Heading, words: Words, photo?: (sha256: string) => Promise<Buffer | undefined>): Promise<TDocumentDefinitions> {
  const { language } = words;
  const printed = COLUMNS.filter(({ share }) => share !== undefined);
  const whole = printed.reduce((sum, { share }) => sum + share!, 0);
  const table: TableCell[][] = [
    printed.map(({ title }) => ({ text: title[language], bold: true, alignment: 'center', fillColor: '#eeeeee' })),
    ...rows.map((row) => printed.map((column): TableCell => ({ text: String(column.cell(row, words)) }))),
  ];
  const content: Content[] = [
    { text: TITLE[language], fontSize: 18, bold: true, alignment: 'center', margin: [0, 0, 0, 8] },
    ...headLines(heading, words, rows.length).map((text): Content => ({ text, fontSize: 8, margin: [0, 0, 0, 2] })),
    { margin: [0, 6, 0, 0], table: { headerRows: 1, dontBreakRows: true, widths: printed.map(({ share }) => `${(100 * share!) / whole}%`), body: table }, layout: 'thin' },
    {
      margin: [0, 16, 0, 0], columns: (language === 'zh' ? ['制表人：', '审核人：', '日期：'] : ['Made by:', 'Checked by:', 'Date:']).map((text) => ({ text: `${text}${language === 'zh' ? '' : ' '}________________`, fontSize: 9 })),
    },
  ];
  if (photo !== undefined) content.push(...(await pictures(rows, words, photo)));
  return form(TITLE[language], language, { pageOrientation: 'landscape', pageMargins: [36, 36, 36, 40], content });
}

async function pictures(rows: readonly SheetRow[], words: Words, photo: (sha256: string) => Promise<Buffer | undefined>): Promise<Content[]> {
  const zh = words.language === 'zh';
  const content: Content[] = [];
  for (const [i, row] of rows.entries()) {
    const cell = async (sha256: string | null, when: string): Promise<Column> => {
      const image = await thumbnail(sha256 === null ? undefined : await photo(sha256));
      const caption: Content = { text: sha256 === null ? when : `${when}　SHA-256 ${sha256}`, fontSize: 6 };
      return { width: '*', stack: [image === undefined ? { text: zh ? '（没有照片）' : '(no photo)', margin: [0, 20, 0, 20] } : { image, width: PHOTO_POINTS }, caption] };
    };
    content.push({
      ...(i === 0 ? { pageBreak: 'before' as const } : {}), unbreakable: true, margin: [0, 0, 0, 12],
      stack: [
        { text: `${row.entry}　${words.time(row.time)}　${row.seal}　${row.purpose}`, bold: true, margin: [0, 0, 0, 3] },
        { columns: [await cell(row.before, zh ? '盖章前' : 'Before'), await cell(row.after, zh ? '盖章后' : 'After')], columnGap: 12 },
      ],
    });
  }
  return content;
}
