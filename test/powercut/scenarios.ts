/** What a unit goes through in this test, each from a unit at rest; power may go at any of its flash operations. */
import { JOURNAL, PAGE, STATE, VAULT_ADDRESS, type RegionFile } from '../../firmware/board/files';
import { MessageType } from '../../protocol';
import { EXTERNAL } from '../../sim/board/espruino';
import { FileArea } from '../../sim/board/storage';
import type { Bench, Snapshot } from '../scenario/bench';
import type { Scenario } from './scenario';
import { grantAndLoad, useUp } from './sheets';

const ALARM = { STALL: 3, FINGER: 9 };
const VAULT = { from: VAULT_ADDRESS, to: VAULT_ADDRESS + 2 * PAGE };

/** A unit that knows the time, and so has written a few records. */
const withTime = (bench: Bench): Promise<void> => bench.setTime();

interface Range {
  from: number;
  to: number;
}

/** Where the whole pages of a file of the Storage area lie. */
function regionOf(bench: Bench, file: RegionFile): Range {
  const { data } = new FileArea(bench.unit.flash, EXTERNAL.base, EXTERNAL.size).find(file.name)!;
  const from = Math.ceil(data / PAGE) * PAGE;
  return { from, to: from + file.pages * PAGE };
}

/**
 * Repeats a step until it erases a page of a range for the n-th time; what the unit was before that step (and `back` steps
 * earlier).
 */
async function beforeErase(bench: Bench, { from, to }: Range, times: number, step: () => Promise<void>, back = 0): Promise<Snapshot> {
  let erased = 0;
  const past: Snapshot[] = [];
  bench.unit.flash.onOp = ({ kind, address }) => {
    if (kind === 'erase' && address >= from && address < to) erased++;
  };
  while (erased < times) {
    await bench.pull(0);
    past.push(bench.snapshot());
    if (past.length > back + 1) past.shift();
    await step();
  }
  bench.unit.flash.onOp = undefined;
  return past[0]!;
}

/** Each time grant leaves a record. */
async function someRecords(bench: Bench): Promise<void> {
  for (let i = 0; i < 10; i++) await bench.setTime();
  await bench.pull(0);
  await bench.acknowledge();
}

/** Each start leaves a status entry and a record. */
async function anotherStart(bench: Bench): Promise<void> {
  bench.unit.power.cut();
  await bench.world.run(50);
  await bench.start();
}

export const SCENARIOS: Scenario[] = [
  {
    name: 'first start of a unit',
    cold: true,
    run: async (bench) => {
      await bench.start();
      await bench.pull();
      await bench.world.run(1200);
    },
    strokes: 0,
  },
  {
    name: 'time grant',
    prepare: async () => undefined,
    run: async (bench) => {
      await bench.setTime();
      await bench.pull();
      await bench.setTime();
    },
    strokes: 0,
  },
  {
    name: 'permit load',
    prepare: withTime,
    run: async (bench) => {
      await bench.setTime();
      const one = await grantAndLoad(bench, { counter: 1 });
      await bench.load(one);
      await grantAndLoad(bench, { counter: 2, count: 2, persons: [8, 9], policy: 1 });
    },
    strokes: 0,
  },
  {
    name: 'use by one person, with photos',
    prepare: withTime,
    run: async (bench) => {
      await bench.setTime();
      const granted = await grantAndLoad(bench, { counter: 1, count: 2, policy: 1 });
      await useUp(bench, granted, 2);
    },
    strokes: 2,
  },
  {
    name: 'use by two persons',
    prepare: withTime,
    run: async (bench) => {
      await bench.setTime();
      const granted = await grantAndLoad(bench, { counter: 1, persons: [7, 8] });
      await useUp(bench, granted, 1);
    },
    strokes: 1,
  },
  {
    name: 'use with a grant for the stroke',
    prepare: withTime,
    run: async (bench) => {
      await bench.setTime();
      const granted = await grantAndLoad(bench, { counter: 1, policy: 3 });
      await useUp(bench, granted, 1);
    },
    strokes: 1,
  },
  {
    name: 'failed stroke, then one without contact',
    prepare: withTime,
    run: async (bench) => {
      const { faults } = bench.unit.parts.actuator;
      await bench.setTime();
      const granted = await grantAndLoad(bench, { counter: 1, count: 2 });
      // Held before the home switch opens: proven not to have stamped, the charge comes back.
      faults.jamAt = 0.2;
      await useUp(bench, granted, 1);
      faults.jamAt = undefined;
      await bench.clearAlarms([ALARM.STALL]);
      faults.noFloor = true;
      await useUp(bench, granted, 1);
      faults.noFloor = false;
      await bench.clearAlarms([ALARM.STALL]);
      await useUp(bench, granted, 1);
    },
    alarms: [ALARM.STALL],
    strokes: 1,
  },
  {
    name: 'use that idles, use that is finished early',
    prepare: withTime,
    run: async (bench) => {
      await bench.setTime();
      const granted = await grantAndLoad(bench, { counter: 1, count: 3, idle: 5 });
      await useUp(bench, granted, 1);
      await bench.wait(6000);
      await useUp(bench, granted, 1);
      await bench.link.ask(MessageType.USE_CLOSE);
    },
    strokes: 2,
  },
  {
    name: 'alarm and its clearing',
    prepare: withTime,
    run: async (bench) => {
      await bench.setTime();
      await grantAndLoad(bench, { counter: 1 });
      for (let i = 0; i < 5; i++) {
        bench.unit.hand.wrongFinger(1500);
        await bench.wait(2900);
      }
      await bench.clearAlarms([ALARM.FINGER]);
    },
    alarms: [ALARM.FINGER],
    strokes: 0,
  },
  {
    name: 'revocation of a permit in use, and of all',
    prepare: withTime,
    run: async (bench) => {
      await bench.setTime();
      const one = await grantAndLoad(bench, { counter: 1, count: 3 });
      await grantAndLoad(bench, { counter: 2, persons: [8] });
      await useUp(bench, one, 1);
      await bench.revoke(one);
      // One that overtakes its permit: it must not be taken any more.
      await bench.revoke(bench.grant({ counter: 4, persons: [10] }));
      await bench.revoke(1);
      await grantAndLoad(bench, { counter: 3, epoch: 1, persons: [9] });
    },
    strokes: 1,
  },
  {
    name: 'acknowledgement of records and photos, journal recycled',
    prepare: async (bench) => {
      await bench.setTime();
      const granted = await grantAndLoad(bench, { counter: 1, count: 2, policy: 1 });
      await useUp(bench, granted, 1);
      // Through the whole ring once: from here on every new page is one that was used before.
      return beforeErase(bench, regionOf(bench, JOURNAL), JOURNAL.pages + 2, () => someRecords(bench));
    },
    run: async (bench) => {
      await bench.setTime();
      await useUp(bench, bench.granted[0]!, 1);
      await bench.pull();
      await bench.pullPhotos();
      await bench.acknowledge();
      for (let i = 0; i < 6; i++) await bench.setTime();
      await bench.pull();
      await bench.acknowledge();
    },
    strokes: 1,
  },
  {
    name: 'change of the vault page',
    prepare: async (bench) => {
      await bench.setTime();
      return beforeErase(bench, VAULT, 2, () => someRecords(bench));
    },
    run: async (bench) => {
      await bench.setTime();
      for (let i = 0; i < 9; i++) await bench.setTime();
      await bench.pull();
    },
    strokes: 0,
  },
  {
    name: 'compaction of the state at a start',
    cold: true,
    prepare: async (bench) => {
      await bench.setTime();
      await useUp(bench, await grantAndLoad(bench, { counter: 1, count: 2 }), 1);
      return beforeErase(bench, regionOf(bench, STATE), 2 * STATE.pages, () => anotherStart(bench));
    },
    run: async (bench) => {
      await bench.start();
      await bench.setTime();
      await useUp(bench, bench.granted[0]!, 1);
    },
    strokes: 1,
  },
  {
    name: 'compaction of the state by a permit',
    prepare: async (bench) => {
      await bench.setTime();
      await useUp(bench, await grantAndLoad(bench, { counter: 1, count: 2 }), 1);
      return beforeErase(bench, regionOf(bench, STATE), 2 * STATE.pages, () => anotherStart(bench), 1);
    },
    run: async (bench) => {
      await bench.setTime();
      for (const counter of [2, 3]) await grantAndLoad(bench, { counter, persons: [6 + counter] });
      await useUp(bench, bench.granted[0]!, 1);
    },
    strokes: 1,
  },
  {
    name: 'photos round the end of their ring',
    preparePhotoBytes: 39 * PAGE - 200,
    prepare: async (bench) => {
      await bench.setTime();
      // Four uses of two photos of 39 pages each: two more photos of six pages cross the end of 320 pages.
      for (let counter = 1; counter <= 4; counter++) {
        await useUp(bench, await grantAndLoad(bench, { counter, policy: 1 }), 1);
        await bench.pull();
        await bench.pullPhotos();
        await bench.acknowledge();
      }
      return bench.snapshot([]);
    },
    photoBytes: 5 * PAGE,
    run: async (bench) => {
      await bench.setTime();
      await useUp(bench, await grantAndLoad(bench, { counter: 9, policy: 1 }), 1);
      await bench.pull();
      await bench.pullPhotos();
      await bench.acknowledge();
    },
    strokes: 1,
  },
];
