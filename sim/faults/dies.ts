/** What goes wrong with a unit of several dies, and with how they press. */
import { actuator } from './mechanics';
import type { Fault } from './fault';

export const DIES: readonly Fault[] = [
  // None of these may let another die than the permit's come down: not pressed, it is refused, or locks.
  {
    name: 'interlock worn', zh: '转塔联锁磨损', en: 'the revolver turns although the bolt is open', bends: [],
    begin: ({ parts }) => (parts.holders.worn = true),
    end: ({ parts }) => (parts.holders.worn = false),
  },
  {
    name: 'ram contact dead', zh: '压印位触点失灵', en: 'the die under the ram does not answer there', bends: [],
    begin: ({ parts }) => (parts.dieBus.ramDead = true),
    end: ({ parts }) => (parts.dieBus.ramDead = false),
  },
  {
    name: 'contact switch chatters', zh: '压力触点时断时续', en: 'the contact switch opens now and then', bends: ['contact'],
    begin: ({ parts }) => (parts.switches.contact.fault = 'chatters'),
    end: ({ parts }) => (parts.switches.contact.fault = 'none'),
  },
  actuator('stiff pad', '压印垫变硬', 'the pad under the page is stiff', (faults, size) => (faults.stiffness = 1.5 + 1.5 * size)),
];
