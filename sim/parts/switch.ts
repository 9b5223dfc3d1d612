/**
 * A mechanical switch to ground, read through a pull-up: closed is 0.
 *
 * Fault model: bounces for some milliseconds after each change, or opens now and then while it should be closed (must be survived); stuck open, stuck closed, inverted
 * (must be noticed where another sensor contradicts). Nothing is lost by any of these.
 */
import type { World } from '../world/world';

export type SwitchFault = 'none' | 'stuck open' | 'stuck closed' | 'inverted' | 'chatters';

/** A switch that chatters is open for so long of so long, ms. */
const CHATTER_MS = 25;
const CHATTER_EVERY_MS = 140;
/** One bounce, ms. */
const BOUNCE_PERIOD_MS = 0.6;

export class Switch {
  /** How long it bounces after a change, ms. */
  bounceMs: number;
  /** Called when the level that the pin sees may have changed. */
  onChange: (() => void) | undefined;

  private readonly world: World;
  private state: boolean;
  private changedAt = -Infinity;
  private broken: SwitchFault = 'none';

  constructor(world: World, closed: boolean, bounceMs: number) {
    this.world = world;
    this.state = closed;
    this.bounceMs = bounceMs;
  }

  /** The mechanical truth: contacts together, whatever the wire says. */
  get pressed(): boolean {
    return this.state;
  }

  set fault(fault: SwitchFault) {
    this.broken = fault;
    this.onChange?.();
  }

  get fault(): SwitchFault {
    return this.broken;
  }

  press(closed: boolean): void {
    if (closed === this.state) return;
    this.state = closed;
    this.changedAt = this.world.now;
    this.onChange?.();
  }

  /** What the wire says now: true when closed. */
  closed(): boolean {
    switch (this.broken) {
      case 'stuck open':
        return false;
      case 'stuck closed':
        return true;
      case 'inverted':
        return !this.state;
      case 'chatters':
        return this.state && this.world.now % CHATTER_EVERY_MS >= CHATTER_MS;
      case 'none': {
        const since = this.world.now - this.changedAt;
        if (since >= this.bounceMs) return this.state;
        return Math.floor(since / BOUNCE_PERIOD_MS) % 2 === 0 ? this.state : !this.state;
      }
    }
  }
}
