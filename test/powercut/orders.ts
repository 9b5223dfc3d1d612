/** Scenarios of what the authority has done at the device beside stamping: custody, dies, maintenance, passcodes, top-ups. */
import { Action, MaintainPart, MaintainWhat } from '../../protocol';
import { BY_KEEPER, chooseCode, CLERK, dieIn, dieOut, KNOWN_MS, maintain, takeOut } from './custody';
import type { Scenario } from './scenario';
import { grantAndLoad, useUp } from './sheets';

const DIE = 2;

export const ORDERS: Scenario[] = [
  {
    name: 'suspension and return to service',
    prepare: (bench) => bench.setTime(),
    run: async (bench) => {
      await bench.setTime();
      const granted = await grantAndLoad(bench, { counter: 1, count: 2 });
      await useUp(bench, granted, 1);
      await bench.ceremony(Action.SUSPEND);
      await bench.ceremony(Action.RESUME, BY_KEEPER);
      await useUp(bench, granted, 1);
    },
    strokes: 2,
  },
  {
    name: 'die taken out and put in',
    prepare: async (bench) => {
      await bench.setTime();
      await bench.wait(KNOWN_MS);
    },
    run: async (bench) => {
      await bench.wait(KNOWN_MS);
      await bench.setTime();
      const granted = await grantAndLoad(bench, { counter: 1 });
      await dieOut(bench);
      await dieIn(bench);
      await useUp(bench, granted, 1);
    },
    alarms: [DIE],
    strokes: 1,
  },
  {
    name: 'maintenance without a die',
    prepare: async (bench) => {
      await bench.setTime();
      await bench.wait(KNOWN_MS);
      await dieOut(bench);
      bench.unit.hand.closeLid();
    },
    run: async (bench) => {
      await bench.setTime();
      await bench.ceremony(Action.MAINTAIN, BY_KEEPER);
      await maintain(bench, MaintainWhat.JOG, MaintainPart.PRESS, 300);
      await maintain(bench, MaintainWhat.SELF_TEST);
      await maintain(bench, MaintainWhat.END);
    },
    alarms: [DIE],
    strokes: 0,
  },
  {
    name: 'taken out and given back',
    prepare: (bench) => bench.setTime(),
    run: async (bench) => {
      await bench.setTime();
      const granted = await grantAndLoad(bench, { counter: 1, count: 2 });
      await takeOut(bench);
      await useUp(bench, granted, 1);
      await bench.ceremony(Action.RETURN, BY_KEEPER);
      await useUp(bench, granted, 1);
    },
    strokes: 2,
  },
  {
    name: 'passcode chosen, person removed',
    prepare: (bench) => bench.setTime(),
    run: async (bench) => {
      await bench.setTime();
      await chooseCode(bench);
      await bench.ceremony(Action.PERSON_REMOVE, { subject: CLERK });
    },
    strokes: 0,
  },
  {
    name: 'top-up of a permit in use',
    prepare: (bench) => bench.setTime(),
    run: async (bench) => {
      await bench.setTime();
      const granted = await grantAndLoad(bench, { counter: 1, count: 2 });
      await useUp(bench, granted, 1);
      await useUp(bench, await bench.topUp(granted, 4), 2);
    },
    strokes: 3,
  },
];
