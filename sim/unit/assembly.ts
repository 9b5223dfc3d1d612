/** Puts the parts of a unit together, and lets an oracle look at them. */
import { Radio } from '../board/bluetooth';
import { Accelerometer } from '../parts/accelerometer';
import { Actuator, HOME_SWITCH_MM } from '../parts/actuator';
import { Battery } from '../parts/battery';
import { Bolt } from '../parts/bolt';
import { Camera } from '../parts/camera';
import { Display } from '../parts/display';
import { Expander } from '../parts/expander';
import { Gnss } from '../parts/gnss';
import { Keypad } from '../parts/keypad';
import { OneWireBus } from '../parts/onewire';
import { FingerReader } from '../parts/reader';
import type { Scene } from '../parts/scene';
import { Switch } from '../parts/switch';
import { Holders } from './holders';
import type { Random, World } from '../world/world';
import type { Tray } from './tray';
import type { Truth } from './truth';
import type { UnitParts } from './types';
import type { Whereabouts } from './whereabouts';

/** What hangs on port B of the expander, from GPB0 on. */
export const LAMPS = ['buzzer', 'green', 'red', 'tray'] as const;
/** Behind them: only the die under the ram answers. */
const RAM_ONLY = 4;
const BOUNCE_MS = { lid: 5, paper: 6, die: 4, bolt: 2, home: 2, contact: 3, case: 4 };
/** The bolt can close while the carrier is no further out. */
const BOLT_FREE_MM = 0.9;

function lampOf(expander: Expander, name: (typeof LAMPS)[number]): boolean {
  return expander.output(8 + LAMPS.indexOf(name));
}

/** @param tray asked only once the unit runs, so that it may be made afterwards */
export function makeParts(world: World, random: Random, scene: Scene, charge: number, where: Whereabouts, tray: () => Tray): UnitParts {
  const make = (name: keyof typeof BOUNCE_MS, closed: boolean): Switch => new Switch(world, closed, BOUNCE_MS[name]);
  const switches = {
    lid: make('lid', true), paper: make('paper', false), die: make('die', false),
    bolt: make('bolt', true), home: make('home', true), contact: make('contact', false), case: make('case', true),
  };
  const { lid, paper, die, bolt: boltSwitch, home, contact, case: shell } = switches;
  const chance = random.fork('expander');
  const expander = new Expander([lid, paper, die, boltSwitch, home, contact, shell], chance);
  const keypad = new Keypad(world);
  // GPA0..GPA3 drive the rows, GPA4..GPA7 read the columns.
  const keys = new Expander([undefined, undefined, undefined, undefined, ...keypad.columns], random.fork('keys'), 0x21);
  keypad.rowLow = (row) => keys.drivesLow(row);
  keys.onOutput = () => keypad.changed();
  const actuator: Actuator = new Actuator(world, random.fork('actuator'), home, contact, () => bolt.open, () => holders.die !== undefined);
  const bolt: Bolt = new Bolt(world, boltSwitch, () => actuator.positionMm < BOLT_FREE_MM);
  const dieBus = new OneWireBus();
  dieBus.ramOnly = () => expander.output(8 + RAM_ONLY);
  const holders = new Holders(world, die, dieBus, (worn) => actuator.positionMm <= HOME_SWITCH_MM && (worn || !bolt.open));
  return {
    reader: new FingerReader(world, random.fork('reader')),
    camera: new Camera(world, scene, () => ({
      page: tray().page,
      laid: tray().laid,
      dark: tray().lidClosed && !lampOf(expander, 'tray'),
    })),
    expander,
    keys,
    keypad,
    // Of the expander's stream, so that no other part's shifts.
    display: new Display(chance.fork('display')),
    actuator,
    bolt,
    battery: new Battery(world, true, charge),
    dieBus,
    holders,
    accelerometer: new Accelerometer(world, random.fork('accelerometer'), where),
    gnss: new Gnss(world, random.fork('gnss'), where),
    radio: new Radio(world),
    switches,
  };
}

export function makeTruth(parts: UnitParts, tray: Tray, where: Whereabouts, powered: () => boolean): Truth {
  const { expander } = parts;
  return {
    strokes: [],
    bolt: [],
    runs: [],
    exceptions: [],
    consoleBytes: 0,
    strokeCount: 0,
    where,
    get boltOpen() {
      return parts.bolt.open;
    },
    get lidClosed() {
      return tray.lidClosed;
    },
    get caseClosed() {
      return parts.switches.case.pressed;
    },
    get page() {
      return tray.page;
    },
    get die() {
      return parts.holders.die;
    },
    get carrierMm() {
      return parts.actuator.positionMm;
    },
    get touching() {
      return parts.actuator.touching;
    },
    get powered() {
      return powered();
    },
    get lamps() {
      return { buzzer: lampOf(expander, 'buzzer'), green: lampOf(expander, 'green'), red: lampOf(expander, 'red'), tray: lampOf(expander, 'tray') };
    },
    forget() {
      this.strokes = [];
      this.bolt = [];
      this.runs = [];
      this.exceptions = [];
    },
  };
}
