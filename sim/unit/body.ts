/**
 * A unit without its processor: all parts, what lies in the tray, the hands that touch it, and the truth about it. The
 * simulated processor (unit.ts) and the real interpreter (board/linux-bus.ts) both drive one of these.
 */
import { fastScene } from '../paper/fast-scene';
import { romCode } from '../parts/onewire';
import type { Die, Scene } from '../parts/scene';
import type { Random, World } from '../world/world';
import { LAMPS, makeParts, makeTruth } from './assembly';
import type { Identity } from './provision';
import { Tray } from './tray';
import type { StrokeTruth, Truth } from './truth';
import type { UnitHand, UnitParts } from './types';
import { Whereabouts } from './whereabouts';

export interface I2cPart {
  readonly address: number;
  /** One write transaction; false: not acknowledged. */
  write(bytes: Uint8Array): boolean;
  /** One read transaction; undefined: not acknowledged. */
  read(length: number): Uint8Array | undefined;
}

export interface BodyOptions {
  identity: Pick<Identity, 'people'>;
  scene?: Scene;
  /** Default: a die of romCode(1) without relief. null: none. */
  die?: Die | null;
  /** Instead of it: the holders of a revolver, the first of them under the ram. */
  dies?: readonly (Die | null)[] | undefined;
  /** Share of the battery's charge, default 0.9. */
  charge?: number;
}

/** Processor, sensors, reader and radio, mA; the display when it is lit; each lamp, the light over the tray, the buzzer; the camera awake and at rest; coil of the bolt. */
const BASE_MA = 6;
const DISPLAY_MA = 8;
const LAMP_MA = 3;
const TRAY_MA = 40;
const BUZZER_MA = 20;
const CAMERA_MA = 50;
const CAMERA_REST_MA = 2;
const COIL_MA = 700;
/** The position receiver at work, mA. */
const GNSS_MA = 25;
const FINGER_MS = 1500;
const KEY_MS = 120;
/** A lid that is opened or shut shakes the unit a little. */
const LID_MS = 25;
const LID_MG = 600;
const LIFT_MS = 1500;
const LIFT_MG = 450;
const FALL_MS = 300;

export class Body {
  readonly parts: UnitParts;
  readonly tray: Tray;
  readonly truth: Truth;
  readonly hand: UnitHand;
  onStroke: ((stroke: StrokeTruth) => void) | undefined;
  onBolt: ((open: boolean) => void) | undefined;
  onLamp: ((lamp: string, on: boolean) => void) | undefined;
  onBrownOut: (() => void) | undefined;

  private readonly world: World;
  private readonly name: string;
  private supplied = false;
  private standing: StrokeTruth | undefined;
  private fingers = 0;

  constructor(world: World, random: Random, name: string, options: BodyOptions) {
    this.world = world;
    this.name = name;
    const scene = options.scene ?? fastScene();
    const where = new Whereabouts(world);
    this.parts = makeParts(world, random, scene, options.charge ?? 0.9, where, () => this.tray);
    for (const { slot, person } of options.identity.people) this.parts.reader.templates.set(slot, `person:${person}`);
    this.tray = new Tray(world, this.parts.switches, scene, random.uint32());
    const die = options.die === undefined ? { rom: romCode(1), face: { name: 'die', widthMm: 40, heightMm: 40 } } : options.die;
    const dies = options.dies ?? [die];
    if (options.dies !== undefined) this.parts.holders.revolver(dies.length);
    dies.forEach((one, i) => one === null || this.parts.holders.fit(one, i));
    this.truth = makeTruth(this.parts, this.tray, where, () => this.supplied);
    this.hand = this.makeHand();
    this.wire();
  }

  /** The part that answers at an address of the I2C bus. */
  i2c(address: number): I2cPart | undefined {
    const { expander, keys, display, accelerometer, gnss } = this.parts;
    return [expander, keys, display, accelerometer, gnss].find((part) => part.address === address);
  }

  get powered(): boolean {
    return this.supplied;
  }

  /** Supply of all parts. It may break down under the first of them: look at `powered`. */
  power(on: boolean): void {
    if (on === this.supplied) return;
    this.supplied = on;
    const { expander, keys, display, reader, camera, actuator, accelerometer, gnss } = this.parts;
    for (const part of [expander, keys, display, reader, camera, actuator, accelerometer, gnss]) {
      part.power(on);
      // What has just been supplied drew so much that everything is dark again.
      if (this.supplied !== on) return;
    }
    this.load();
  }

  private wire(): void {
    const { parts, world } = this;
    parts.battery.onBrownOut = () => this.onBrownOut?.();
    parts.bolt.onCoil = () => this.load();
    parts.bolt.onMove = (open) => {
      this.truth.bolt.push({ at: world.now, open });
      world.trace(this.name, 'bolt', open ? 'open' : 'closed');
      parts.actuator.refresh();
      this.onBolt?.(open);
    };
    parts.actuator.onLoad = () => this.load();
    parts.gnss.onWork = () => this.load();
    parts.display.onLit = () => this.load();
    parts.camera.onRest = () => this.load();
    parts.actuator.onHome = () => parts.bolt.carrierCameHome();
    parts.actuator.onTouch = () => this.touched();
    parts.actuator.onLeave = (force) => this.left(force);
    this.tray.onFloor = () => parts.actuator.floorChanged();
    parts.holders.onChange = () => parts.actuator.holderChanged();
    parts.expander.onOutput = (pin, level) => {
      const lamp = LAMPS[pin - 8];
      this.load();
      if (lamp !== undefined) this.onLamp?.(lamp, level);
    };
  }

  private makeHand(): UnitHand {
    const { parts, tray, world } = this;
    const { where } = this.truth;
    const moved = (act: () => void): void => {
      world.catchUp?.();
      act();
    };
    const lid = (act: () => void): void => {
      act();
      where.shake(LID_MS, LID_MG);
    };
    const lay = (finger: string, ms: number): void => {
      world.catchUp?.();
      const touch = ++this.fingers;
      world.trace(this.name, 'finger', finger);
      parts.reader.touch(finger);
      world.after(ms, () => {
        if (touch === this.fingers) parts.reader.touch(undefined);
      });
    };
    return {
      finger: (person, ms = FINGER_MS) => lay(typeof person === 'number' ? `person:${person}` : person, ms),
      wrongFinger: (ms = FINGER_MS) => lay('nobody', ms),
      type: (keys, ms = KEY_MS) => {
        world.catchUp?.();
        [...keys].forEach((key, i) => {
          world.after(2 * ms * i, () => parts.keypad.press(key));
          world.after(2 * ms * i + ms, () => parts.keypad.release(key));
        });
        return 2 * ms * keys.length;
      },
      openLid: () => lid(() => tray.openLid()),
      closeLid: () => lid(() => tray.closeLid()),
      openCase: () => moved(() => parts.switches.case.press(false)),
      closeCase: () => moved(() => parts.switches.case.press(true)),
      insertPaper: (page) => tray.insert(page),
      removePaper: () => tray.remove(),
      yankPaper: () => tray.yank(),
      slipPaper: (page) => tray.slip(page),
      removeDie: (place) => parts.holders.unfit(place),
      fitDie: (die, place) => parts.holders.fit(die, place),
      turn: (place) => parts.holders.turn(place),
      carry: (spot, ms) => moved(() => where.carry(spot, ms)),
      lift: (ms = LIFT_MS) => moved(() => where.shake(ms, LIFT_MG)),
      tilt: (degrees) => moved(() => where.turn(degrees)),
      drop: (ms = FALL_MS) => moved(() => where.drop(ms)),
    };
  }

  private load(): void {
    const { battery, actuator, bolt, gnss, display, camera } = this.parts;
    const { lamps } = this.truth;
    const loads: [boolean, number][] = [
      [bolt.energised, COIL_MA], [gnss.working, GNSS_MA], [display.lit, DISPLAY_MA], [lamps.green, LAMP_MA], [lamps.red, LAMP_MA], [lamps.tray, TRAY_MA], [lamps.buzzer, BUZZER_MA],
      [!camera.resting, CAMERA_MA], [camera.resting, CAMERA_REST_MA],
    ];
    battery.load(this.supplied ? loads.reduce((sum, [on, ma]) => (on ? sum + ma : sum), BASE_MA + actuator.loadMa()) : 0);
  }

  private touched(): void {
    // A carrier without its die touches nothing.
    const { die } = this.parts.holders;
    if (die === undefined) return;
    const stroke: StrokeTruth = { at: this.world.now, until: undefined, die, page: this.tray.page, ...this.tray.landing(), force: 0 };
    this.standing = stroke;
    this.truth.strokes.push(stroke);
    this.truth.strokeCount++;
    this.world.trace(this.name, 'stroke', `${die.rom} ${stroke.page?.id ?? 'bare'}`);
    this.onStroke?.(stroke);
  }

  private left(force: number): void {
    const stroke = this.standing;
    if (stroke === undefined) return;
    this.standing = undefined;
    stroke.until = this.world.now;
    stroke.force = force;
    if (stroke.page !== undefined) this.tray.ink(stroke.page, stroke.die, stroke.x, stroke.y, stroke.angle, force);
  }
}
