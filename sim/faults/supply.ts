/** Power, flash and the crystal. */
import { EXTERNAL, INTERNAL } from '../board/espruino';
import type { Fault } from './fault';

const PAGE = 4096;

export const SUPPLY: readonly Fault[] = [
  {
    // Whoever looks after the unit charges it again.
    name: 'battery low', zh: '电量不足', en: 'the battery is low and no cable is there', bends: ['power'],
    begin: (unit, size) => {
      unit.cable.unplug();
      unit.parts.battery.charge = 0.02 + 0.1 * size;
    },
    end: (unit) => {
      unit.parts.battery.charge = 0.9;
      unit.cable.plug();
      unit.power.on();
    },
  },
  {
    name: 'battery worn', zh: '电池老化', en: 'the battery sags under load', bends: ['power'],
    begin: (unit, size) => {
      unit.cable.unplug();
      unit.parts.battery.resistance = 0.3 + 1.2 * size;
      unit.parts.battery.charge = 0.3;
    },
    end: (unit) => {
      unit.parts.battery.resistance = 0.15;
      unit.parts.battery.charge = 0.9;
      unit.cable.plug();
      unit.power.on();
    },
  },
  {
    name: 'crystal drifts', zh: '时钟漂移', en: 'the crystal drifts', bends: ['clock'],
    begin: ({ processor }, size) => processor.drift((size - 0.5) * 400),
    end: ({ processor }) => processor.drift(0),
  },
  {
    name: 'flash bit stuck', zh: '闪存位失效', en: 'a bit of the flash keeps its value', bends: ['flash'], lasting: true,
    begin: ({ flash }, _size, random) => {
      const bank = random.chance(0.2) ? INTERNAL : EXTERNAL;
      // Somewhere that has been written: a bit that nobody uses harms nobody.
      const used = [...flash.image().keys()].filter((page) => page * PAGE >= bank.base && page * PAGE < bank.base + bank.size);
      const page = used[random.below(used.length)];
      if (page !== undefined) flash.stick(page * PAGE + random.below(PAGE), 1 << random.below(8), random.chance(0.5) ? 255 : 0);
    },
    end: () => undefined,
  },
  {
    name: 'flash worn', zh: '闪存磨损', en: 'the flash is worn out', bends: ['flash'], lasting: true,
    begin: ({ flash }) => (flash.endurance = 1),
    end: () => undefined,
  },
];
