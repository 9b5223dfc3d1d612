/** Decoders of an update: image headers, signatures, and a device whose host sends anything. */
import { handle } from '../../firmware/commands/index';
import type { Session } from '../../firmware/core/session';
import { FINE, GOOD, Mark, PAGE } from '../../firmware/board/files';
import { slotOfCode } from '../../firmware/core/provision';
import type { Flash } from '../../firmware/board/board';
import { CODE_MAX, imageHeader, readImageHeader, RESOURCES_MAX } from '../../protocol/image';
import { encodeUpdateBegin, encodeUpdateChunk, MessageType } from '../../protocol/generated/codec';
import { hmacKey } from '../../protocol/hash';
import { grantPayload } from '../../protocol/payload';
import { GrantKind, sealGrant } from '../../protocol/permit';
import { SLH_STEPS, SlhVerifier } from '../../protocol/slhdsa';
import { DEVICE, host, PERMIT } from '../firmware/identity';
import { newImage, Stores } from '../powercut/stores';
import { vectors } from '../vectors/files';
import { BUDGET, bytesOf, damaged, fuzz, ONE_TEST_MS, tell } from './fuzz';

const v = vectors().image;
const header = bytesOf(v.header);
const signature = bytesOf(v.signature);
const key = bytesOf(v.key);
const PAGES = 49;

afterAll(tell);

test('image headers: what is read says the same again, and fits', () => {
  fuzz('image headers', 61, (random) => {
    const b = damaged(random, [header], 200);
    const h = readImageHeader(b);
    if (h === undefined) return undefined;
    if (imageHeader(h) !== b) return 'not the one encoding';
    return h.code > 0 && h.code <= CODE_MAX && h.resources <= RESOURCES_MAX && h.version > 0 ? undefined : 'out of range';
  });
});

test('signatures: nothing but the true one is good, and it always ends', () => {
  fuzz('signatures', 62, (random) => {
    const at = random.below(signature.length);
    const bad = signature.substring(0, at) + String.fromCharCode(signature.charCodeAt(at) ^ (1 << random.below(8))) + signature.substring(at + 1);
    const given = random.below(3) ? bad : damaged(random, [signature], 8000);
    const verifier = new SlhVerifier(host, key, 'smartseal/image', header, (from, length) => given.substring(from, from + length).padEnd(length, '\0'));
    for (let i = 0; i < SLH_STEPS; i++) {
      const result = verifier.step();
      if (result !== 0) return result < 0 || given.substring(0, signature.length) === signature ? undefined : 'a forgery';
    }
    return 'does not end';
  }, Math.ceil(BUDGET / 200));
}, ONE_TEST_MS);

/** A slot in memory. */
function slot(content = ''): Flash & { bytes: Buffer } {
  const bytes = Buffer.alloc(PAGES * PAGE, 0xff);
  bytes.write(content, 0, 'latin1');
  return {
    bytes, page: PAGE, pages: PAGES,
    read: (at, length) => bytes.toString('latin1', at, at + length),
    write: (at, data) => Buffer.from(data, 'latin1').forEach((byte, i) => (bytes[at + i]! &= byte)),
    erase: (page) => bytes.fill(0xff, page * PAGE, (page + 1) * PAGE),
  };
}

test('a host that sends anything: the running slot stays as it is, nothing is chosen that is not signed', () => {
  const running = slotOfCode(host, 1, 'print(1)', 'texts', key);
  const image = bytesOf(v.image) + signature;
  const grants = [7, 8].map((version) => sealGrant(host, hmacKey(host, PERMIT), grantPayload(DEVICE, { kind: GrantKind.UPDATE, image: bytesOf(v.name), version })));
  const good = encodeUpdateBegin({ grant: grants[0]!, size: image.length });
  // Begun for another version or size, the slot is erased anew.
  const others = [encodeUpdateBegin({ grant: grants[1]!, size: image.length }), encodeUpdateBegin({ grant: grants[0]!, size: image.length + 4 })];
  const types = [MessageType.UPDATE_BEGIN, MessageType.UPDATE_GET, MessageType.UPDATE_CHUNK, MessageType.UPDATE_CHUNK, MessageType.UPDATE_FINISH];
  const flashed = newImage();
  let answers = 0;
  const session = { answer: () => answers++ } as unknown as Session;
  const stages = new Set<number>();
  const fresh = () => {
    const own = slot(running);
    const other = slot();
    const timers: (() => void)[] = [];
    const stores = new Stores(flashed);
    stores.images = { board: 1, slots: [own, other], running: 0 };
    stores.after = (call) => void timers.push(call);
    stores.start();
    return { own, other, timers, stores, before: Buffer.from(own.bytes) };
  };
  let unit = fresh();
  let restarts = 0;
  fuzz('updates (device)', 63, (random) => {
    const { own, other, timers, stores, before } = unit;
    const { d } = stores;
    const type = random.pick(types);
    const at = d.update.transfer?.offset ?? 0;
    const chunk = encodeUpdateChunk({ offset: at, data: image.substring(at, at + 4 * (1 + random.below(128))) });
    const body = type === MessageType.UPDATE_CHUNK ? chunk : random.below(300) ? good : random.pick(others);
    answers = 0;
    handle(d, session, type, 1, random.below(40) ? body : damaged(random, [body], 600).substring(0, 640));
    if (answers !== 1) return `${answers} answers`;
    let over = false;
    for (const call of timers.splice(0)) {
      try {
        if (random.below(4)) call();
        else timers.push(call);
      } catch (error) {
        if (!/resets itself/.test(String(error))) throw error;
        over = true;
      }
    }
    stages.add(d.update.transfer?.stage ?? 0);
    if (!own.bytes.equals(before)) return 'the running slot was written to';
    const marks = other.bytes.toString('latin1', 0, Mark.END);
    if (marks.substr(Mark.PASSED, 4) === FINE) return 'passed without a start';
    const chosen = marks.substr(Mark.CHOSEN, 4) === GOOD;
    if (chosen && other.bytes.toString('latin1', PAGE, PAGE + image.length) !== image) return 'chosen without a signature';
    if (!over) return undefined;
    unit = fresh();
    restarts++;
    return chosen ? undefined : 'restarted without a choice';
  });
  expect([...stages].sort()).toEqual([...Array(7).keys()]);
  expect(restarts).toBeGreaterThan(3);
}, ONE_TEST_MS);
