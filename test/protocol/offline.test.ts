/** Codes for a use without a permit: the host's OCRA against the RFC, the device's against the host's, trip codes and how they are guessed. */
import { OfflineCodes, type OfflineTerms as DeskTerms } from '../../host-bridge/desk/authority/offline';
import { ocra, type OcraInput } from '../../host-bridge/desk/authority/ocra';
import { nodeNatives, toBuffer } from '../../host-bridge/natives';
import { hmacKey } from '../../protocol/hash';
import { checkDigit, offlineAnswer, offlineChallenge, offlineCheck, offlineId, offlineKey, offlineSession, tripCode, tripMac, type OfflineTerms } from '../../protocol/offline';
import { vectors } from '../vectors/files';
import { Random } from './random';

const SUITE = 'OCRA-1:HOTP-SHA256-8:C-QN08-S064';
const n = nodeNatives;

interface Vector extends OcraInput {
  suite: string;
  key: string;
  answer: string;
}

/** Terms of all kinds, the same ones each time. */
function anyTerms(r: Random): OfflineTerms {
  return { device: r.bytes(8), die: r.bytes(8), epoch: r.uint32(), person: r.uint32(), count: 1 + r.below(9), document: r.below(4) === 0 ? '' : eight(r) };
}

const eight = (r: Random): string => String(r.below(100_000_000)).padStart(8, '0');
const asDesk = (t: OfflineTerms): DeskTerms => ({ ...t, device: toBuffer(t.device), die: toBuffer(t.die), document: t.document });

describe('OCRA', () => {
  test.each((vectors().ocra as { rfc: Vector[] }).rfc)('RFC 6287 $section, $suite, $question: $answer', ({ suite, key, answer, ...input }) => {
    expect(ocra(suite, Buffer.from(key, 'hex'), input)).toBe(answer);
  });

  test('a suite that is none, and input that is missing, are errors', () => {
    for (const suite of ['OCRA-1:HOTP-SHA1-0:QN08', 'OCRA-2:HOTP-SHA1-6:QN08', 'OCRA-1:HOTP-MD5-6:QN08', `${SUITE}-`]) expect(() => ocra(suite, Buffer.alloc(32), { question: '1' })).toThrow(TypeError);
    expect(() => ocra(SUITE, Buffer.alloc(32), { question: '1', counter: 1 })).toThrow('session');
    expect(() => ocra(SUITE, Buffer.alloc(32), { question: '1', session: Buffer.alloc(64) })).toThrow('counter');
  });

  test('the device’s answer is the RFC’s in its suite, whatever goes in', () => {
    const r = new Random(6287);
    for (let i = 0; i < 3000; i++) {
      const key = r.bytes(32);
      const counter = r.uint32();
      const challenge = i === 0 ? '00000000' : i === 1 ? '99999999' : eight(r);
      const session = offlineSession(anyTerms(r));
      expect(session).toHaveLength(64);
      expect(offlineAnswer(n, hmacKey(n, key), counter, challenge, session)).toBe(ocra(SUITE, toBuffer(key), { counter, question: challenge, session: toBuffer(session) }));
    }
  });
});

test('desk and device come to the same codes, checks and ids', () => {
  const r = new Random(7064);
  for (let i = 0; i < 300; i++) {
    const permit = r.bytes(32);
    const t = anyTerms(r);
    const key = offlineKey(n, hmacKey(n, permit));
    const desk = new OfflineCodes(toBuffer(permit));
    const number = r.uint32();
    const challenge = eight(r);
    const session = offlineSession(t);
    expect(desk.answer(number, challenge, asDesk(t))).toBe(offlineAnswer(n, key, number, challenge, session));
    expect(desk.check(number, challenge, asDesk(t))).toBe(offlineCheck(n, key, number, challenge, session));
    expect(desk.trip(number, asDesk(t))).toBe(tripCode(n, key, number, t));
    for (const how of [1, 2] as const) expect(desk.id(how, number, asDesk(t)).toString('latin1')).toBe(offlineId(n, key, how, number, session));
  }
});

test('a challenge is eight digits, all of them alike often, and another one for each counter of a dead generator', () => {
  const key = offlineKey(n, hmacKey(n, 'k'.repeat(32)));
  const dead = { ...n, random: (length: number) => '\0'.repeat(length) };
  const seen = new Set<string>();
  const first = new Array<number>(10).fill(0);
  for (let i = 0; i < 5000; i++) {
    const c = offlineChallenge(dead, key, i);
    expect(c).toMatch(/^\d{8}$/);
    first[Number(c[0])]!++;
    seen.add(c);
  }
  expect(seen.size).toBeGreaterThan(4990);
  for (const often of first) expect(Math.abs(often - 500)).toBeLessThan(110);
});

test('the check digit sees one wrong digit, and two that changed places, wherever they stand', () => {
  const r = new Random(11);
  let swaps = 0;
  let seen = 0;
  for (let i = 0; i < 200; i++) {
    const code = tripCode(n, offlineKey(n, hmacKey(n, r.bytes(32))), r.uint32(), anyTerms(r));
    const good = (row: string): boolean => checkDigit(row.slice(0, 15)) === row[15];
    expect(good(code)).toBe(true);
    for (let at = 0; at < 16; at++) {
      for (let d = 0; d < 10; d++) if (String(d) !== code[at]) expect(good(code.slice(0, at) + d + code.slice(at + 1))).toBe(false);
      if (at === 15 || code[at] === code[at + 1]) continue;
      swaps++;
      if (!good(code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2))) seen++;
    }
  }
  // ISO/IEC 7064: MOD 11,10 does not see every transposition.
  console.info(`check digit: ${((100 * seen) / swaps).toFixed(1)} of 100 swaps of neighbours seen`);
  expect(seen / swaps).toBeGreaterThan(0.97);
});

/** Trip codes with a MAC of so many digits, judged as the device judges them: what of many that are typed at random opens something. */
function tripHits(tries: number, macDigits: number, knowing: boolean): number {
  const r = new Random(16);
  const key = offlineKey(n, hmacKey(n, r.bytes(32)));
  const t = anyTerms(r);
  let hits = 0;
  for (let i = 0; i < tries; i++) {
    const count = knowing ? 1 + r.below(9) : r.below(10);
    const last = r.below(1000);
    const two = knowing ? (last + 1 + r.below(50)) % 100 : r.below(100);
    const mac = String(r.below(10 ** macDigits)).padStart(macDigits, '0');
    const row = `${count}${String(two).padStart(2, '0')}${mac}`;
    if (!knowing && String(r.below(10)) !== checkDigit(row)) continue;
    const ahead = (two - (last % 100) + 100) % 100;
    if (count === 0 || ahead === 0 || ahead > 50) continue;
    if (tripMac(n, key, last + ahead, offlineSession({ ...t, count, document: '' })).startsWith(mac)) hits++;
  }
  return hits;
}

test('guesses hit as often as SPEC.md says, measured with fewer digits', () => {
  const r = new Random(8);
  const key = offlineKey(n, hmacKey(n, r.bytes(32)));
  const tries = 100_000;
  let answers = 0;
  for (let i = 0; i < tries; i++) if (Number(offlineAnswer(n, key, i, eight(r), offlineSession(anyTerms(r)))) % 1000 === r.below(1000)) answers++;
  const knowing = tripHits(tries, 3, true);
  const blind = tripHits(1_000_000, 3, false);
  console.info(
    `answers of 3 digits: ${answers} of ${tries} guessed, 100 expected; trip codes with a MAC of 3 digits: ${knowing} of ${tries} by who knows the form, 100 expected; ` +
    `${blind} of 1000000 blindly, 45 expected. At full length: answer 1.02e-8, trip code 1.00e-12, blindly 4.5e-14 a try`,
  );
  for (const [seen, expected] of [[answers, 100], [knowing, 100], [blind, 45]] as const) expect(Math.abs(seen - expected)).toBeLessThan(4 * Math.sqrt(expected));
});
