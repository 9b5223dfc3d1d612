/** Actuator, bolt and the switches that tell of them. */
import type { Unit, UnitParts } from '../unit/types';
import type { Bend } from '../oracle';
import type { SwitchFault } from '../parts/switch';
import type { Fault } from './fault';

/** The die meets the paper here (sim/parts/actuator.ts), mm. */
const TOUCH = 20;

export function actuator(name: string, zh: string, en: string, change: (faults: UnitParts['actuator']['faults'], size: number) => void, bends: readonly Bend[] = ['motor']): Fault {
  return {
    name, zh, en, bends,
    begin: ({ parts }, size) => {
      change(parts.actuator.faults, size);
      parts.actuator.refresh();
    },
    end: ({ parts }) => {
      Object.assign(parts.actuator.faults, { jamAt: undefined, jamHomeAt: undefined, strength: 1, noFloor: false, welded: false, currentSenseDead: false, stiffness: 1 });
      parts.actuator.refresh();
    },
  };
}

function bolt(name: string, zh: string, en: string, fault: Unit['parts']['bolt']['fault']): Fault {
  return {
    name, zh, en, bends: ['bolt'],
    begin: ({ parts }) => (parts.bolt.fault = fault),
    end: ({ parts }) => (parts.bolt.fault = 'none'),
  };
}

function contacts(which: keyof UnitParts['switches'], zh: string, en: string): Fault[] {
  const bends: Bend[] = [which];
  const make = (fault: SwitchFault, how: string, zhHow: string): Fault => ({
    name: `${which} switch ${fault}`, zh: `${zh}${zhHow}`, en: `${en} ${how}`, bends,
    begin: ({ parts }) => (parts.switches[which].fault = fault),
    end: ({ parts }) => (parts.switches[which].fault = 'none'),
  });
  return [make('stuck open', 'never closes', '始终断开'), make('stuck closed', 'always closed', '始终闭合'), make('inverted', 'says the opposite', '信号相反')];
}

export const MECHANICS: readonly Fault[] = [
  actuator('jam', '执行机构卡住', 'the actuator jams on its way out', (faults, size) => (faults.jamAt = size * (TOUCH + 1))),
  actuator('jam home', '执行机构回程卡住', 'the actuator jams on its way home', (faults, size) => (faults.jamHomeAt = 0.5 + size * TOUCH)),
  actuator('weak motor', '电机无力', 'the motor is weak', (faults, size) => (faults.strength = 0.15 + 0.6 * size)),
  actuator('no floor', '托盘下无支撑', 'nothing lies under the die', (faults) => (faults.noFloor = true)),
  actuator('welded driver', '电机驱动短路', 'the motor driver is welded shut', (faults) => (faults.welded = true), ['motor', 'driver']),
  actuator('current sense dead', '电流检测失效', 'the motor current is not seen', (faults) => (faults.currentSenseDead = true), ['current']),
  bolt('bolt jammed closed', '锁销打不开', 'the bolt does not open', 'jammed closed'),
  bolt('bolt jammed open', '锁销锁不上', 'the bolt does not close', 'jammed open'),
  bolt('bolt coil open', '锁销线圈断路', "the bolt's coil is broken", 'no coil'),
  ...contacts('contact', '压力触点', 'the contact switch is'),
  ...contacts('home', '原位开关', 'the home switch is'),
  ...contacts('bolt', '锁销反馈开关', "the bolt's feedback is"),
  ...contacts('lid', '盖开关', 'the lid switch is'),
  ...contacts('paper', '纸张传感器', 'the paper sensor is'),
  ...contacts('die', '印章在位开关', 'the die switch is'),
];

export const SHELL: readonly Fault[] = contacts('case', '外壳开关', 'the switch of the case is');
