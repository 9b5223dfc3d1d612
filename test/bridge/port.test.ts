import { HANDSHAKE_WITHIN, OPEN_WITHIN, pauseAfter, portStep, type PortEffect, type PortInput, type PortState } from '../../host-bridge/bridge/port';
import { BRIDGE } from '../../host-bridge/bridge/faults';

const FAULTS = Object.values(BRIDGE).filter((fault) => fault.status === 503);
const STATES: PortState[] = [
  { name: 'absent', tries: 3 }, { name: 'opening', tries: 3 }, { name: 'handshaking', tries: 3 }, { name: 'ready', tries: 3 }, { name: 'backingOff', tries: 3 }, { name: 'stopped' },
];
const INPUTS: PortInput[] = [
  { type: 'start' }, { type: 'stop' }, { type: 'timer' }, { type: 'appeared' }, { type: 'opened' }, { type: 'lost' }, { type: 'ready' }, { type: 'renewing' },
  ...FAULTS.flatMap((fault): PortInput[] => [{ type: 'openFailed', fault }, { type: 'down', fault }]),
];

/** What each input does in each state; what is not named changes nothing. `wait`: a timer of the fault's own length. */
const TABLE: Record<PortState['name'], Record<string, string>> = {
  stopped: { start: 'opening: timer 10000, open' },
  absent: { stop: 'stopped: cancelTimer, close', timer: 'opening: timer 10000, open', appeared: 'opening: timer 10000, open' },
  backingOff: { stop: 'stopped: cancelTimer, close', timer: 'opening: timer 10000, open', appeared: 'opening: timer 10000, open' },
  opening: { stop: 'stopped: cancelTimer, close', opened: 'handshaking: timer 60000, handshake', timer: 'backingOff: close, wait', openFailed: 'backingOff: wait', 'openFailed PORT_MISSING': 'absent: wait' },
  handshaking: {
    stop: 'stopped: cancelTimer, close', ready: 'ready: timer 10000', timer: 'backingOff: close, wait', lost: 'absent: close, wait', down: 'backingOff: close, wait', 'down PORT_MISSING': 'absent: close, wait',
  },
  ready: {
    stop: 'stopped: cancelTimer, close', timer: 'ready: ', renewing: 'handshaking: timer 60000', lost: 'absent: close, wait', down: 'backingOff: close, wait', 'down PORT_MISSING': 'absent: close, wait',
  },
};
const fixed = new Set([OPEN_WITHIN, HANDSHAKE_WITHIN, 10_000]);
const told = (effect: PortEffect): string => (effect.type !== 'timer' ? effect.type : fixed.has(effect.ms) ? `timer ${effect.ms}` : 'wait');

test.each(STATES.map((state) => [state.name, state] as const))('%s: every input, and what comes of it', (name, state) => {
  for (const input of INPUTS) {
    const { state: next, effects } = portStep(state, input, 0.5);
    const named = 'fault' in input ? TABLE[name][`${input.type} ${input.fault.code}`] : undefined;
    const wanted = named ?? TABLE[name][input.type];
    const got = next === state ? undefined : `${next.name}: ${effects.map(told).join(', ')}`;
    expect([input, got]).toEqual([input, wanted]);
    if (next === state) expect(effects).toEqual([]);
  }
});

test('no state is left for good but by stop: whoever waits has a timer', () => {
  for (const state of STATES) {
    for (const input of INPUTS) {
      const { state: next, effects } = portStep(state, input, 0.5);
      if (next !== state && !['stopped', 'ready'].includes(next.name)) expect(effects.map((effect) => effect.type)).toContain('timer');
    }
  }
});

test('pauses grow, with jitter, up to what the fault deserves', () => {
  for (const fault of FAULTS) {
    let last = 0;
    for (let tries = 0; tries < 200; tries++) {
      const [low, high] = [pauseAfter(fault, tries, 0), pauseAfter(fault, tries, 0.999999)];
      expect(low).toBeLessThan(high);
      expect(high).toBeGreaterThanOrEqual(last);
      expect(high).toBeLessThanOrEqual(60_000);
      last = high;
    }
  }
  expect(pauseAfter(BRIDGE.PORT_MISSING, 99, 0.99)).toBeLessThanOrEqual(2_000);
  expect(pauseAfter(BRIDGE.NO_ANSWER, 99, 0.99)).toBeLessThanOrEqual(2_000);
  expect(pauseAfter(BRIDGE.NOT_A_DEVICE, 99, 0.99)).toBeGreaterThan(50_000);
});

test('trouble is forgotten only after a session has lived for a while', () => {
  const ready = portStep({ name: 'handshaking', tries: 7 }, { type: 'ready' }, 0).state;
  expect(portStep(ready, { type: 'down', fault: BRIDGE.LINK_BROKEN }, 0).state).toEqual({ name: 'backingOff', tries: 8 });
  const steady = portStep(ready, { type: 'timer' }, 0).state;
  expect(portStep(steady, { type: 'down', fault: BRIDGE.LINK_BROKEN }, 0).state).toEqual({ name: 'backingOff', tries: 1 });
});
