/**
 * What of PDF/A-2b (ISO 19005-2:2011, by section) can be judged from the objects of a file, as qpdf lists them. It is no whole validator: the
 * content streams and the font programs are not gone into, for which there is veraPDF, which Debian does not have.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Value = any;

/** What is wrong with it, by section; nothing: []. @throws where qpdf is missing */
export function pdfaFaults(pdf: Buffer): string[] {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'pdfa-')), 'x.pdf');
  writeFileSync(file, pdf);
  const checked = spawnSync('qpdf', ['--check', file], { encoding: 'utf8' });
  if (checked.error) throw new Error('qpdf is missing: .ci/run installs it');
  const listed = spawnSync('qpdf', ['--json=2', '--json-key=qpdf', '--json-stream-data=inline', '--decode-level=generalized', file], { encoding: 'utf8', maxBuffer: 1 << 30 });
  const faults: string[] = [];
  const wrong = (section: string, what: string): void => void faults.push(`${section} ${what}`);
  if (checked.status !== 0) wrong('syntax', checked.stdout + checked.stderr);
  if (listed.status !== 0) return [...faults, `qpdf ${listed.status}: ${listed.stderr}`];
  const objects = (JSON.parse(listed.stdout) as Value).qpdf[1] as Record<string, Value>;
  const dictOf = (object: Value): Value => object?.value ?? object?.stream?.dict;
  const at = (value: Value): Value => (typeof value === 'string' && /^\d+ \d+ R$/.test(value) ? dictOf(objects[`obj:${value}`]) : value);
  const streamOf = (reference: Value): Buffer => Buffer.from(objects[`obj:${reference}`]?.stream?.data ?? '', 'base64');

  if (!/^%PDF-1\.[0-7]\n%[\x80-\xff]{4}/.test(pdf.subarray(0, 40).toString('latin1').replace(/\r\n?/, '\n'))) wrong('6.1.2', 'head of the file');
  const trailer = objects['trailer'].value;
  if (!Array.isArray(trailer['/ID']) || trailer['/Encrypt'] !== undefined) wrong('6.1.3', 'trailer');
  const catalog = at(trailer['/Root']);
  for (const name of ['/AA', '/OCProperties', '/NeedsRendering', '/Requirements']) if (catalog[name] !== undefined) wrong('6.5', name);
  if (at(catalog['/Names'])?.['/JavaScript'] !== undefined || at(catalog['/Names'])?.['/EmbeddedFiles'] !== undefined) wrong('6.5', 'names');

  const xmp = streamOf(catalog['/Metadata']).toString('utf8');
  if (!/<\?xpacket begin=/.test(xmp) || !/pdfaid:part>2</.test(xmp) || !/pdfaid:conformance>B</.test(xmp)) wrong('6.6.4', 'identification');
  const intents = (at(catalog['/OutputIntents']) ?? []).map(at).filter((one: Value) => one['/S'] === '/GTS_PDFA1');
  if (intents.length !== 1) wrong('6.2.3', 'output intent');
  const profile = intents.length === 1 ? streamOf(intents[0]['/DestOutputProfile']) : Buffer.alloc(0);
  if (profile.subarray(36, 40).toString('latin1') !== 'acsp' || profile.subarray(16, 20).toString('latin1') !== 'RGB ') wrong('6.2.3', 'profile');

  const each = (value: Value, look: (dict: Value) => void): void => {
    if (Array.isArray(value)) for (const one of value) each(one, look);
    else if (value !== null && typeof value === 'object') {
      look(value);
      for (const one of Object.values(value)) each(one, look);
    }
  };
  for (const [name, object] of Object.entries(objects)) {
    const filters = [object.stream?.dict?.['/Filter']].flat();
    if (filters.includes('/LZWDecode') || object.stream?.dict?.['/F'] !== undefined) wrong('6.1.7', name);
    each(dictOf(object), (dict) => {
      if (dict['/Type'] === '/Font') font(dict, name);
      if (['/JavaScript', '/Launch', '/Sound', '/Movie', '/ResetForm', '/ImportData', '/Hide', '/SetOCGState', '/Rendition', '/Trans', '/GoTo3DView'].includes(dict['/S']) && dict['/Type'] !== '/Group') wrong('6.5.1', name);
      if (dict['/Subtype'] === '/PS' || dict['/Subtype2'] === '/PS' || dict['/Ref'] !== undefined) wrong('6.2.9', name);
      if (dict['/Subtype'] === '/Image' && (dict['/Interpolate'] === true || dict['/Alternates'] !== undefined || dict['/OPI'] !== undefined)) wrong('6.2.8', name);
      if (dict['/Type'] === '/ExtGState' && (dict['/TR'] !== undefined || (dict['/BM'] !== undefined && dict['/BM'] !== '/Normal'))) wrong('6.2.5', name);
      if ([dict['/CS'], dict['/ColorSpace']].flat().includes('/DeviceCMYK')) wrong('6.2.4.3', name);
      if (dict['/Type'] === '/Annot' && (dict['/AP'] === undefined || (Number(dict['/F'] ?? 0) & 4) === 0)) wrong('6.3', name);
    });
  }

  function font(dict: Value, name: string): void {
    const kind = dict['/Subtype'];
    if (kind === '/Type0') {
      if (dict['/ToUnicode'] === undefined) wrong('6.2.11.7', name);
      if (!['/Identity-H', '/Identity-V'].includes(dict['/Encoding'])) wrong('6.2.11.3', `${name} ${dict['/Encoding']}`);
      return;
    }
    const descriptor = at(dict['/FontDescriptor']);
    const program = descriptor && (descriptor['/FontFile2'] ?? descriptor['/FontFile3'] ?? descriptor['/FontFile']);
    if (kind === '/Type3' || program === undefined || streamOf(program).length === 0) wrong('6.2.11.4', `${name} ${dict['/BaseFont']} is not embedded`);
    if (kind === '/CIDFontType2' && dict['/CIDToGIDMap'] === undefined) wrong('6.2.11.3.2', name);
  }
  return faults;
}
