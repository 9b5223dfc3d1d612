/** What the unit knows of its place and its movements. */
import { beside, HOME } from '../unit/whereabouts';
import type { AccelerometerFault } from '../parts/accelerometer';
import type { GnssFault } from '../parts/gnss';
import type { Bend } from '../oracle';
import type { Fault } from './fault';

function motion(fault: AccelerometerFault, zh: string, en: string): Fault {
  return {
    name: `motion ${fault}`, zh: `加速度计${zh}`, en: `the accelerometer ${en}`, bends: ['motion'],
    begin: ({ parts }) => (parts.accelerometer.fault = fault),
    end: ({ parts }) => (parts.accelerometer.fault = 'none'),
  };
}

function gnss(fault: GnssFault, zh: string, en: string, bends: readonly Bend[] = []): Fault {
  return {
    name: `fix ${fault}`, zh: `定位${zh}`, en: `the position receiver ${en}`, bends,
    begin: ({ parts }) => (parts.gnss.fault = fault),
    end: ({ parts }) => (parts.gnss.fault = 'none'),
  };
}

export const PLACE: readonly Fault[] = [
  motion('silent', '无响应', 'does not answer'),
  motion('stuck', '数据不变', 'measures no more'),
  motion('babbling', '数据杂乱', 'answers nonsense'),
  {
    name: 'motion replaced', zh: '加速度计被更换', en: 'another accelerometer, at its reset values', bends: ['motion'],
    begin: ({ parts }) => parts.accelerometer.reset(),
    end: () => undefined,
  },
  // None of these may let a stroke happen outside: where there is no good fix, it is refused.
  gnss('silent', '无响应', 'does not answer'),
  gnss('outage', '无信号', 'sees no sky'),
  gnss('poor', '精度差', 'has a poor fix'),
  gnss('stuck', '停在上一秒', 'repeats the last second'),
  gnss('bad checksum', '校验错误', 'sends wrong checksums'),
  gnss('babbling', '乱发数据', 'babbles'),
  gnss('slow', '迟到五秒', 'is five seconds late'),
  {
    name: 'fix jumps', zh: '定位跳变', en: 'the position jumps', bends: ['position'],
    begin: ({ parts }, size, random) => (parts.gnss.jump = { north: random.between(-1, 1) * 3000 * size, east: random.between(-1, 1) * 3000 * size }),
    end: ({ parts }) => (parts.gnss.jump = undefined),
  },
  {
    name: 'fix spoofed', zh: '定位被欺骗', en: 'the position is made up by somebody', bends: ['position'],
    begin: ({ parts }, size) => (parts.gnss.spoofed = size < 0.5 ? HOME : beside(HOME, 5000 * size, 0)),
    end: ({ parts }) => (parts.gnss.spoofed = undefined),
  },
];
