/** Pages of A4 in one of the fonts that every reader of PDF has (Helvetica; ISO 32000-1, 9.6.2.2). */
const PT = 72 / 25.4;

/** A line in so many points, its foot at that place, mm from the top left corner. Without brackets and backslashes. */
export const lineOf = (points: number, x: number, y: number, line: string): string => `BT /F ${points} Tf ${(x * PT).toFixed(2)} ${((297 - y) * PT).toFixed(2)} Td (${line}) Tj ET\n`;

/** The file of a page with these lines. */
export function pageOf(text: string): Buffer {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${(210 * PT).toFixed(2)} ${(297 * PT).toFixed(2)}] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>`,
    `<< /Length ${text.length} >>\nstream\n${text}endstream`, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let out = '%PDF-1.4\n';
  const at = objects.map((object, i) => {
    const here = out.length;
    out += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return here;
  });
  const start = out.length;
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${at.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(out, 'latin1');
}
