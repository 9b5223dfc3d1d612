/** Strokes with photos of one's own, for the tests of what the desk finds in them. */
import { createHash } from 'node:crypto';
import type { Told, ToldTogether } from '../../host-bridge/inspection';
import { approved, Form, hexBytes, type Json, type Office } from './support';

/** Keeps the seal's sample. */
export async function sampleOf(office: Office, picture: Buffer): Promise<void> {
  const answer = await office.call(office.tokens.admin, 'PUT', `/v1/seals/${office.seal}/sample`, new Form().file('document', 'sample.png', picture));
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
}

export interface Stroke {
  before: Buffer;
  after: Buffer;
  /** 1 stamped, 2 failed, 3 unknown. */
  result?: number;
}

/** An application all the way to its strokes at the unit; nothing has reached the desk yet. Returns it with the intents. */
export async function strokes(office: Office, made: readonly Stroke[], more: Record<string, unknown> = {}): Promise<{ application: Json; intents: number[] }> {
  const application = await approved(office, { count: made.length, ...more });
  await office.desk.round();
  const permit = application.permits.at(-1).id as string;
  const { device } = office;
  device.write(2, [hexBytes(permit), createHash('sha256').update(office.bridge.permits.get(permit)!).digest().toString('latin1'), made.length]);
  device.write(3, [hexBytes(permit), { cbor: '\x81\x07' }]);
  const intents = made.map(({ before, after, result = 1 }, i) => {
    const digest = device.photo(permit, 0, i + 1, before);
    const intent = device.records.length;
    device.write(5, [hexBytes(permit), i + 1, i + 1, digest]);
    device.write(6, [hexBytes(permit), i + 1, result, hexBytes('0102'), intent, i + 1]);
    device.photo(permit, 1, i + 1, after);
    return intent;
  });
  return { application, intents };
}

const INSPECTION = { verdict: 'same', page: 1, pages: 1, reasons: [], findings: [], elements: [], open: [], notes: [] } as const;
const IMPRESSION = { x: 30, y: 200, width: 42, height: 42, centreX: 51, centreY: 221, angle: 1.25, likeness: 0.912345, completeness: 0.97, smear: 0.02, ink: 0.8, grade: 'good', off: 1.23, covers: [] } as const;

/** What an inspection may say of a photo. */
export function toldOf(inspection: object = {}, impressions: readonly object[] = [{}]): Told {
  return { inspection: { ...INSPECTION, ...inspection } as unknown as Told['inspection'], impressions: impressions.map((one) => ({ ...IMPRESSION, ...one })) as unknown as NonNullable<Told['impressions']>, picture: Buffer.from('jpeg') };
}

const STRIP = { sheet: 0, x: 200, y: 100, width: 10, height: 42, centreX: 210, centreY: 121, angle: 1, likeness: 0.8, share: 0.45 } as const;

/** What an inspection may say of two sheets of a cross-page stroke. */
export function togetherOf(more: object = {}): ToldTogether {
  const sheets = [1, 2].map((page) => ({ ...INSPECTION, page, pages: 2 }));
  return { verdict: 'same', reasons: [], sheets, fragments: [STRIP, { ...STRIP, sheet: 1, x: 0 }], complete: 0.9, twice: 0, picture: Buffer.from('jpeg'), ...more } as unknown as ToldTogether;
}
