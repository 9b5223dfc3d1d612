/**
 * The life of one port as a pure function: (state, input, random) → (state, effects). The supervisor carries the effects
 * out. It never reaches an end by itself: whatever happens, it tries again.
 *
 *   absent ⇄ opening → handshaking → ready
 *      ↖________ backingOff ↙_________/
 */
import type { Fault } from '../common/errors';
import { BRIDGE } from './faults';

export type PortState =
  /** Nothing is at the port; it is looked for again when the timer fires. */
  | { name: 'absent'; tries: number }
  | { name: 'opening'; tries: number }
  /** Open, and the handshake is under way. */
  | { name: 'handshaking'; tries: number }
  /** A device is connected and authenticated. Only when it has stayed for a while is past trouble forgotten. */
  | { name: 'ready'; tries: number }
  /** Something is at the port but it did not work; the next attempt comes when the timer fires. */
  | { name: 'backingOff'; tries: number }
  | { name: 'stopped' };

export type PortInput =
  | { type: 'start' }
  | { type: 'stop' }
  | { type: 'timer' }
  /** Something has just been plugged in here: it is looked at at once. */
  | { type: 'appeared' }
  | { type: 'opened' }
  /** The transport could not be opened. */
  | { type: 'openFailed'; fault: Fault }
  /** An open transport ended. */
  | { type: 'lost' }
  /** The handshake succeeded and the device was accepted. */
  | { type: 'ready' }
  /** The session ended and the peer begins the next by itself (the device restarted, or the session was worn out). */
  | { type: 'renewing' }
  /** The handshake failed, or the session ended. */
  | { type: 'down'; fault: Fault };

export type PortEffect =
  | { type: 'open' }
  | { type: 'close' }
  | { type: 'handshake' }
  | { type: 'timer'; ms: number }
  | { type: 'cancelTimer' };

export interface PortStep {
  state: PortState;
  effects: PortEffect[];
}

/**
 * Longest pause in milliseconds after a fault. 2 s where a device may come back any moment: the link has to stand again
 * 5 s after the cable is back (SAFETY.md L1). Slow where a person has to do something first.
 */
function longestPause(fault: Fault): number {
  switch (fault) {
    case BRIDGE.NOT_A_DEVICE:
    case BRIDGE.NO_KEY:
    case BRIDGE.WRONG_KEY:
    case BRIDGE.VERSION:
    case BRIDGE.DUPLICATE:
      return 60_000;
    case BRIDGE.PORT_BUSY:
    case BRIDGE.PORT_DENIED:
    case BRIDGE.PORT_NOT_SERIAL:
    case BRIDGE.LINK_BROKEN:
      return 10_000;
    default:
      return 2_000;
  }
}

/** First pause, and by how much each further one grows. */
const FIRST_PAUSE = 250;
const GROWTH = 1.8;
/** Milliseconds a session must live before the next failure counts as the first. */
const STEADY_AFTER = 10_000;
/** Milliseconds an opening may take: a driver that hangs is told and tried again, not waited for in silence. */
export const OPEN_WITHIN = 10_000;
/** Milliseconds a handshake may take with all its repetitions; HostPeer gives up well before. */
export const HANDSHAKE_WITHIN = 60_000;

/** Milliseconds to wait: exponential, between 75 % and 100 % of the full pause so that ports do not march in step. */
export function pauseAfter(fault: Fault, tries: number, random: number): number {
  const full = Math.min(longestPause(fault), FIRST_PAUSE * GROWTH ** Math.min(tries, 30));
  return Math.round(full * (0.75 + 0.25 * random));
}

/** `random` in [0, 1) for the jitter. An input that does not belong to the state changes nothing. */
export function portStep(state: PortState, input: PortInput, random: number): PortStep {
  if (input.type === 'stop') {
    return state.name === 'stopped' ? same(state) : { state: { name: 'stopped' }, effects: [{ type: 'cancelTimer' }, { type: 'close' }] };
  }
  switch (state.name) {
    case 'stopped':
      return input.type === 'start' ? opening(0) : same(state);
    case 'absent':
    case 'backingOff':
      if (input.type === 'appeared') return opening(0);
      return input.type === 'timer' ? opening(state.tries) : same(state);
    case 'opening':
      if (input.type === 'opened') return { state: { name: 'handshaking', tries: state.tries }, effects: [{ type: 'timer', ms: HANDSHAKE_WITHIN }, { type: 'handshake' }] };
      if (input.type === 'timer') return pause(BRIDGE.PORT_FAILED, state.tries, random, [{ type: 'close' }]);
      if (input.type !== 'openFailed') return same(state);
      return pause(input.fault, state.tries, random, []);
    case 'handshaking':
      if (input.type === 'ready') return { state: { name: 'ready', tries: state.tries }, effects: [{ type: 'timer', ms: STEADY_AFTER }] };
      if (input.type === 'timer') return pause(BRIDGE.NO_ANSWER, state.tries, random, [{ type: 'close' }]);
      if (input.type === 'lost') return pause(BRIDGE.PORT_MISSING, state.tries, random, [{ type: 'close' }]);
      if (input.type === 'down') return pause(input.fault, state.tries, random, [{ type: 'close' }]);
      return same(state);
    case 'ready':
      if (input.type === 'timer') return { state: { name: 'ready', tries: 0 }, effects: [] };
      if (input.type === 'lost') return pause(BRIDGE.PORT_MISSING, state.tries, random, [{ type: 'close' }]);
      if (input.type === 'down') return pause(input.fault, state.tries, random, [{ type: 'close' }]);
      if (input.type === 'renewing') return { state: { name: 'handshaking', tries: state.tries }, effects: [{ type: 'timer', ms: HANDSHAKE_WITHIN }] };
      return same(state);
  }
}

function opening(tries: number): PortStep {
  return { state: { name: 'opening', tries }, effects: [{ type: 'timer', ms: OPEN_WITHIN }, { type: 'open' }] };
}

function same(state: PortState): PortStep {
  return { state, effects: [] };
}

function pause(fault: Fault, tries: number, random: number, before: PortEffect[]): PortStep {
  const timer: PortEffect = { type: 'timer', ms: pauseAfter(fault, tries, random) };
  // What comes back to an empty port may be something else: the patience lost with the last one is not held against it.
  if (fault === BRIDGE.PORT_MISSING) return { state: { name: 'absent', tries: Math.min(tries + 1, 4) }, effects: [...before, timer] };
  return { state: { name: 'backingOff', tries: tries + 1 }, effects: [...before, timer] };
}
