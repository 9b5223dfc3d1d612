import { pauseAfter, portStep, type PortInput, type PortState } from '../../host-bridge/bridge/port';
import { BRIDGE } from '../../host-bridge/bridge/faults';

const FAULTS = Object.values(BRIDGE).filter((fault) => fault.status === 503);
const STATES: PortState[] = [
  { name: 'absent', tries: 3 }, { name: 'opening', tries: 3 }, { name: 'handshaking', tries: 3 }, { name: 'ready', tries: 3 }, { name: 'backingOff', tries: 3 }, { name: 'stopped' },
];
const INPUTS: PortInput[] = [
  { type: 'start' }, { type: 'stop' }, { type: 'timer' }, { type: 'opened' }, { type: 'lost' }, { type: 'ready' }, { type: 'renewing' },
  ...FAULTS.flatMap((fault): PortInput[] => [{ type: 'openFailed', fault }, { type: 'down', fault }]),
];

test('whoever waits has a timer: no input leads to a state that nothing leads out of', () => {
  for (const state of STATES) {
    for (const input of INPUTS) {
      const { state: next, effects } = portStep(state, input, 0.5);
      const kinds = effects.map((effect) => effect.type);
      if (next === state) expect(effects).toEqual([]);
      else if (next.name === 'absent' || next.name === 'backingOff') expect(kinds).toContain('timer');
      else if (next.name === 'opening') expect(kinds).toEqual(['open']);
      else if (next.name === 'stopped') expect(kinds).toContain('close');
      // What was open is closed before it is opened again.
      if ((state.name === 'handshaking' || state.name === 'ready') && (next.name === 'absent' || next.name === 'backingOff')) expect(kinds[0]).toBe('close');
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
