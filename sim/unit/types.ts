/** What a simulated unit offers to those who run it: options, hands, power, events. */
import type { Radio } from '../board/bluetooth';
import type { Processor } from '../board/processor';
import type { Program } from '../board/run';
import type { Accelerometer } from '../parts/accelerometer';
import type { Actuator } from '../parts/actuator';
import type { Battery } from '../parts/battery';
import type { Bolt } from '../parts/bolt';
import type { Camera } from '../parts/camera';
import type { Display } from '../parts/display';
import type { Expander } from '../parts/expander';
import type { Keypad } from '../parts/keypad';
import type { CutMoment, NorFlash, NorImage } from '../parts/nor';
import type { Gnss } from '../parts/gnss';
import type { OneWireBus } from '../parts/onewire';
import type { FingerReader } from '../parts/reader';
import type { Die, Page, Scene } from '../parts/scene';
import type { Switch } from '../parts/switch';
import type { World } from '../world/world';
import type { Holders } from './holders';
import type { BytePort, PortOptions, UsbPort } from './port';
import type { Identity } from './provision';
import type { StrokeTruth, Truth } from './truth';
import type { Spot } from './whereabouts';

export interface UnitOptions {
  /** Path of a built bundle, its code, or a program loaded before (saves compiling it again). */
  bundle: string | Program;
  identity: Identity;
  /** What the camera sees; default: tiny photos at once (fastScene). */
  scene?: Scene;
  /** Tells units of one world apart in traces; default 'unit'. */
  name?: string;
  /** What the interpreter runs at its start, in place of the boot file: a script that needs no firmware. */
  bootFile?: string;
  /** Flash of a unit that has run before; without it the vault is written from the identity. */
  flash?: NorImage;
  /** The die in the holder; default: a die of romCode(1) without relief. null: none. */
  die?: Die | null;
  /** Instead of it: a revolver of so many holders, the first of them under the ram. null: an empty one. */
  dies?: readonly (Die | null)[] | undefined;
  port?: PortOptions;
  /** Share of the battery's charge, default 0.9. */
  charge?: number;
}

export interface UnitEvents {
  stroke: [StrokeTruth];
  bolt: [boolean];
  /** The firmware begins to run. */
  boot: [];
  /** Power is gone. */
  cut: [];
  reset: [];
  /** The firmware hangs. */
  hang: [];
  exception: [unknown];
  print: [string];
  /** Bytes that the firmware wrote to its USB port, and bytes that reached it there. */
  sent: [Buffer];
  received: [Buffer];
  /** An output of the expander: 'buzzer' | 'green' | 'red' | 'tray'. */
  lamp: [string, boolean];
}

export interface UnitParts {
  reader: FingerReader;
  camera: Camera;
  expander: Expander;
  /** The second expander, which drives and reads the keypad. */
  keys: Expander;
  keypad: Keypad;
  display: Display;
  actuator: Actuator;
  bolt: Bolt;
  battery: Battery;
  dieBus: OneWireBus;
  holders: Holders;
  accelerometer: Accelerometer;
  gnss: Gnss;
  radio: Radio;
  switches: { lid: Switch; paper: Switch; die: Switch; bolt: Switch; home: Switch; contact: Switch; case: Switch };
}

export interface UnitHand {
  /** A person (number: as in the identity) lays a finger on the reader for so long; default 1500 ms. */
  finger(person: number | string, ms?: number): void;
  /** A finger that is enrolled nowhere. */
  wrongFinger(ms?: number): void;
  /** Types keys one after the other, each held for so long and let go for as long; default 120 ms. Returns when the last will be up, ms from now. */
  type(keys: string, ms?: number): number;
  openLid(): void;
  closeLid(): void;
  /** Takes the screws out and lifts the case off. */
  openCase(): void;
  closeCase(): void;
  insertPaper(page: Page): void;
  removePaper(): Page;
  /** Pulls the sheet out without opening the lid. */
  yankPaper(): Page;
  /** Pushes a sheet in through the slit, the lid staying as it is. */
  slipPaper(page: Page): void;
  /** Out of this holder, or the one under the ram; into it. */
  removeDie(place?: number): Die;
  fitDie(die: Die, place?: number): void;
  /** Turns the revolver to this holder; undefined: lets go of it between two. False: something keeps it. */
  turn(place: number | undefined): boolean;
  /** Takes the unit to a place, within so long; it is shaken all the way. */
  carry(spot: Spot, ms: number): void;
  /** Picks it up and sets it down where it was; default 1500 ms. */
  lift(ms?: number): void;
  /** Leans it over, degrees from upright; 0 sets it straight. */
  tilt(degrees: number): void;
  /** Lets it fall for so long (default 300 ms, some 40 cm). */
  drop(ms?: number): void;
}

export interface UnitPower {
  /** The unit has power. */
  readonly isOn: boolean;
  on(): void;
  cut(): void;
  /** Cuts at the n-th flash operation counted from now (1: the next). */
  cutAtFlashOp(n: number, how: CutMoment, tornWords?: number): void;
}

export interface Unit {
  readonly name: string;
  readonly world: World;
  readonly port: BytePort;
  /** The same port with its faults. */
  readonly cable: UsbPort;
  readonly power: UnitPower;
  readonly hand: UnitHand;
  readonly parts: UnitParts;
  readonly flash: NorFlash;
  readonly truth: Truth;
  /** Which of the two images of the firmware runs, 0 or 1; -1: none. */
  readonly slot: number;
  readonly processor: Processor;
  on<K extends keyof UnitEvents>(event: K, call: (...given: UnitEvents[K]) => void): () => void;
}
