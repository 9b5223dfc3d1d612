/** Power, flash and the crystal. */
import { EXTERNAL, INTERNAL } from '../board/espruino';
import type { Fault } from './fault';

const PAGE = 4096;

/** A cell of this inner resistance, at a charge that hides it at rest. */
function worn(name: string, zh: string, en: string, ohm: (size: number) => number): Fault {
  return {
    name, zh, en, bends: ['power'],
    begin: (unit, size) => {
      unit.cable.unplug();
      unit.parts.battery.resistance = ohm(size);
      unit.parts.battery.charge = 0.3;
    },
    end: (unit) => {
      unit.parts.battery.resistance = 0.15;
      unit.parts.battery.charge = 0.9;
      unit.cable.plug();
      unit.power.on();
    },
  };
}

/** One that bears the bolt's coil, and perhaps a motor that runs free. */
export const OLD_CELL = worn('battery old', '电池旧', 'the battery is old', (size) => 0.25 + 0.35 * size);

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
  worn('battery worn', '电池老化', 'the battery sags under load', (size) => 0.3 + 1.2 * size),
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
