/** The device's own decoders behind the link: messages of a host that knows the key, and what stands on its flash. */
import { handle } from '../../firmware/commands/index';
import type { Session } from '../../firmware/core/session';
import { MAX_PERMITS } from '../../firmware/core/state';
import { MESSAGES } from '../../protocol/generated/messages';
import { seededRandom } from '../../sim';
import { newImage, REGIONS, Stores, type Region } from '../powercut/stores';
import { life, Register } from '../powercut/stores-cuts';
import { vectors } from '../vectors/files';
import { BUDGET, bytesOf, damaged, fuzz, noiseOf, ONE_TEST_MS, tell } from './fuzz';

const v = vectors();
const bodies: string[] = v.messages.map((m: { body: string }) => bytesOf(m.body));
const grants: string[] = v.grants.accepted.concat(v.grants.refused).map((g: { cose: string }) => bytesOf(g.cose));
const numbers = MESSAGES.map((m) => m.type);
/** Largest sealed message that a device takes (firmware/core/session.ts). */
const BODY_MAX = 640;
const ANSWER_MAX = 2400;

afterAll(tell);

test('messages of a host: one answer each, nothing used, nothing grows', () => {
  const stores = new Stores(newImage());
  stores.start();
  stores.time();
  const counter = stores.load(3);
  let answers = 0;
  let longest = 0;
  const session = {
    answer: (_type: number, _tag: number, body: string) => {
      answers++;
      longest = Math.max(longest, body.length);
    },
    photo: () => answers++,
    look: () => answers++,
    view: false,
    seen: () => undefined,
  } as unknown as Session;
  fuzz('messages (device)', 41, (random, i) => {
    const { d } = stores;
    const body = damaged(random, random.below(3) ? bodies : grants).substring(0, BODY_MAX);
    answers = 0;
    handle(d, session, random.below(8) ? random.pick(numbers) : random.below(256), random.below(256), body);
    if (answers > 1) return `${answers} answers`;
    if (longest > ANSWER_MAX) return `an answer of ${longest} bytes`;
    const { permits, alarms, epoch } = d.state;
    if (permits.length > MAX_PERMITS || alarms.length > 0 || epoch !== 0) return `${permits.length} permits, ${alarms.length} alarms, epoch ${epoch}`;
    const mine = d.state.permits.find((p) => p.counter === counter);
    if (mine === undefined || mine.used !== 0 || mine.closed !== 0) return 'the permit was touched';
    if (i % 1000 === 999) stores.acknowledge();
    return undefined;
  });
}, ONE_TEST_MS);

test('flash that holds anything: the device starts or stays locked, and goes on', () => {
  const moments = life(seededRandom(5), 40, new Register());
  const images = moments.filter((_, i) => i % 30 === 29).map(({ image, told, now }) => ({ image, told, now }));
  const regions = (Object.keys(REGIONS) as Region[]).filter((name) => name !== 'vault');
  fuzz('flash (device)', 42, (random) => {
    const { image, now } = random.pick(images);
    const stores = new Stores(image);
    stores.now = now;
    for (let k = random.below(6); k >= 0; k--) {
      const bytes = stores.image[random.pick(regions)];
      const at = random.below(bytes.length);
      const good = bytes.toString('latin1', at, at + 64);
      bytes.write(damaged(random, [good], 64).substring(0, bytes.length - at), at, 'latin1');
    }
    try {
      stores.start();
    } catch (error) {
      // Records lost, keys ahead: it resets and stays locked, rather than go on with what it cannot trust.
      return error instanceof Error && error.message.startsWith('S4: the firmware resets') ? undefined : String(error);
    }
    const { d } = stores;
    if (d.state.permits.length > MAX_PERMITS + 1 || d.state.alarms.length > 15) return `${d.state.permits.length} permits, ${d.state.alarms.length} alarms`;
    stores.time();
    stores.look();
    noiseOf(random, 1);
    return undefined;
  }, Math.ceil(BUDGET / 20));
}, ONE_TEST_MS);
