import { documentLimits, renderDocument } from '../../host-bridge/desk/documents/render';

/** Text, pages and pictures of a PDF. */
export async function readPdf(pdf: Buffer): Promise<{ text: string; pages: number; images: number }> {
  const pages: string[] = [];
  await renderDocument(pdf, 'pdf', documentLimits, (page) => pages.push(String.fromCodePoint(...page.text!.codes)), { text: true });
  return { text: pages.join('').replaceAll('\r\n', ''), pages: pages.length, images: (pdf.toString('latin1').match(/\/Subtype\s*\/Image/g) ?? []).length };
}
