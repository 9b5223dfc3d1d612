/** What a compared photo says at the places that count: the key elements, and every place that differs. */
import { textGlyphs, type Glyph } from './approved';
import type { Laid } from './compare';
import { ELEMENTS, type KeyElement } from './elements';
import { layoutOf, placeOf } from './layout';
import { leftUnder } from './letters';
import type { Model } from './model';
import { isBare, plain, readElement, readPlace, scriptOf, type Readable, type Reading } from './reading';
import { meets, type Box } from './text';
import { REASONS, type Finding, type SeenElement } from './told';

/** Places read one by one: each takes a twentieth of a second. */
const MOST = { elements: 24, findings: 8 } as const;
/** What counts most is read first. */
const FIRST: readonly KeyElement['kind'][] = ['amount', 'account-number', 'contract-number', 'date', 'party', 'name', 'amount-in-capitals'];

const WHERE = { table: { en: 'in the table', zh: '在表格中' }, signature: { en: 'at the signature line', zh: '在签字处' } } as const;

/**
 * Reads the photo at the elements and at the findings, and adds to their words what is read.
 * @returns the elements as seen, and findings for elements that read otherwise though no stroke differs enough
 */
export async function readBack(laid: Laid, model: Model, keys: readonly KeyElement[], differs: (box: Box) => boolean, findings: Finding[], corners: (box: Box) => [number, number][]): Promise<{ elements: SeenElement[]; more: Finding[] }> {
  const glyphs = textGlyphs(laid.page);
  const page: Readable = { seen: model.seen, expected: model.expected, scale: laid.scale, script: scriptOf(glyphs) };
  const chosen = new Set([...keys].sort((a, b) => Number(differs(b)) - Number(differs(a)) || FIRST.indexOf(a.kind) - FIRST.indexOf(b.kind)).slice(0, MOST.elements));
  const elements: SeenElement[] = [];
  const more: Finding[] = [];
  for (const key of keys) {
    const different = differs(key);
    if (different && isBare(page, key)) {
      elements.push({ ...key, state: 'open' });
      continue;
    }
    const reading = chosen.has(key) ? await readElement(page, key) : undefined;
    const otherwise = reading !== undefined && reading.others.length > 0 && (different || !misread(model, glyphs, laid.scale, key, reading));
    // What the strokes disprove is not told as what the photo says.
    const seen = reading && reading.text !== key.value && (otherwise || reading.others.length === 0) ? { seen: reading.text } : {};
    elements.push({ ...key, state: different || otherwise ? 'different' : 'same', ...seen });
    if (!different && otherwise) more.push(contradiction(key, reading.text, corners(key)));
  }
  const layout = findings.length > 0 ? layoutOf(laid.page) : undefined;
  for (const finding of findings.slice(0, MOST.findings)) {
    const touched = elements.filter((element) => meets(element, finding));
    const open = touched.find((element) => element.state === 'open');
    const said = open ? undefined : (touched.find((element) => element.seen !== undefined)?.seen ?? (touched.length > 0 || finding.kind === 'missing' ? undefined : await readPlace(page, finding)));
    const where = layout && placeOf(layout, finding);
    let { en, zh } = finding.text;
    if (where) [en, zh] = [`${en} (${WHERE[where].en})`, `${zh}（${WHERE[where].zh}）`];
    if (open) [en, zh] = [`${en}; the photo shows an open place there`, `${zh}；照片中该处留空`];
    else if (said !== undefined && said !== '' && said !== finding.approved) [en, zh] = [`${en}; the photo reads “${said}”`, `${zh}；照片中读作“${said}”`];
    finding.text = { en, zh };
    if (said) finding.seen = said;
  }
  return { elements, more };
}

/** More left under the character that was read than under the approved one, by this much: the reader errs. README.md says what was measured. */
const ERRS = 2;

/**
 * Whether the page itself disproves what was read: for each character that is said to be another one, the page has that other one
 * elsewhere in this photo, and the strokes here are those of the approved one by far.
 */
function misread(model: Model, glyphs: readonly Glyph[], scale: number, key: KeyElement, { others }: Reading): boolean {
  const own = glyphs.filter((g) => plain(g.char, key.kind) !== '' && g.x + g.width / 2 >= key.x && g.x + g.width / 2 <= key.x + key.width && g.y + g.height / 2 >= key.y && g.y + g.height / 2 <= key.y + key.height).sort((a, b) => a.x - b.x);
  const wanted = plain(key.value, key.kind);
  const chars = own.map((g) => plain(g.char, key.kind));
  // One glyph a character: of others (㈱, ⑩, Ⅷ) a place in the value is none among the glyphs.
  if (chars.join('') !== wanted || chars.some((char) => [...char].length !== 1)) return false;
  return others.every(({ at, char }) => {
    const left = leftUnder(model, glyphs, own[at]!, char, scale);
    return left !== undefined && left > ERRS;
  });
}

function contradiction(key: KeyElement, seen: string, corners: [number, number][]): Finding {
  const name = ELEMENTS[key.kind];
  return {
    code: 'READS', kind: 'changed', strength: 1, approved: key.value, seen, elements: [key.kind], corners, x: key.x, y: key.y, width: key.width, height: key.height,
    text: {
      en: `${name.en}: ${REASONS.READS.en}; approved is “${key.value}”; the photo reads “${seen}”`,
      zh: `${name.zh}：${REASONS.READS.zh}；批准的内容是“${key.value}”；照片中读作“${seen}”`,
    },
  };
}
