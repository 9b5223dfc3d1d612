/** The sheet of each use (用印登记单): a page with all that the register says of it, and the photos before and after. */
import type { Column, Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces';
import { COLUMNS, type Words } from './columns';
import { form } from './paper';
import type { SheetRow } from './sheet';
import { thumbnail, type Heading } from './uses';

const TITLE = { zh: '用印登记单', en: 'Record of a use' } as const;
/** Points across of a photo on the page. */
const PHOTO_POINTS = 235;

/** One page a use. @param photo the bytes under this SHA-256; undefined where they are not there */
export async function useSheets(rows: readonly SheetRow[], heading: Heading, words: Words, photo: (sha256: string) => Promise<Buffer | undefined>): Promise<TDocumentDefinitions> {
  const { language } = words;
  const content: Content[] = [];
  for (const [i, row] of rows.entries()) content.push(...(await page(row, heading, words, photo, i > 0)));
  return form(TITLE[language], language, { content });
}

async function page(row: SheetRow, { register, size, root }: Heading, words: Words, photo: (sha256: string) => Promise<Buffer | undefined>, next: boolean): Promise<Content[]> {
  const zh = words.language === 'zh';
  // The photos' digests stand below the photos.
  const facts = COLUMNS.slice(0, -2).map(({ title, cell }): [string, string] => [title[words.language], String(cell(row, words))]);
  const picture = async (sha256: string | null, when: string): Promise<Column> => {
    const image = await thumbnail(sha256 === null ? undefined : await photo(sha256));
    return { width: '*', stack: [{ text: when, bold: true, margin: [0, 0, 0, 3] }, image === undefined ? { text: zh ? '（没有照片）' : '(no photo)', margin: [0, 20, 0, 20] } : { image, fit: [PHOTO_POINTS, PHOTO_POINTS] }, { text: sha256 === null ? '' : `SHA-256 ${sha256}`, fontSize: 6 }] };
  };
  const table = facts.map(([label, value]): TableCell[] => [{ text: label, bold: true }, { text: value }]);
  return [
    { ...(next ? { pageBreak: 'before' as const } : {}), text: TITLE[words.language], fontSize: 18, bold: true, alignment: 'center', margin: [0, 0, 0, 10] },
    { table: { widths: [110, '*'], body: table }, layout: 'thin', margin: [0, 0, 0, 12] },
    { columns: [await picture(row.before, zh ? '盖章前' : 'Before'), await picture(row.after, zh ? '盖章后' : 'After')], columnGap: 12 },
    { text: zh ? `登记簿“${register}”第 ${row.entry} 条。制作时登记簿共 ${size} 条，校验根 ${root}。` : `Register “${register}”, entry ${row.entry}. When this was made it had ${size} entries, root ${root}.`, fontSize: 7, color: '#555555', margin: [0, 10, 0, 0] },
  ];
}
