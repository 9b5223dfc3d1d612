/**
 * The sound of an open alarm. Browsers make none before the person has touched the page, so it is switched on by an act of their
 * own; from then on it comes again every few seconds until somebody has taken the alarm, or who hears it has silenced this one.
 */
import { useEffect, useSyncExternalStore } from 'react';
import { useClock } from './clock';

const KEPT = 'sound';
const EVERY = 5_000;
/** Two tones that carry through an office, hertz, each so many seconds. */
const TONES = [880, 660] as const;
const LONG = 0.25;

let context: AudioContext | undefined;
let silenced: string | undefined;
const listeners = new Set<() => void>();
const changed = (): void => listeners.forEach((call) => call());

export const soundOn = (): boolean => localStorage.getItem(KEPT) === 'on';

/** Switches it on or off; on, it is heard once. To be called from what the person does. */
export function setSound(on: boolean): void {
  if (on) localStorage.setItem(KEPT, 'on');
  else localStorage.removeItem(KEPT);
  if (on) ring();
  changed();
}

function ring(): void {
  context ??= new AudioContext();
  const sound = context;
  void sound.resume().then(() => {
    TONES.forEach((hertz, index) => {
      const [tone, loud] = [sound.createOscillator(), sound.createGain()];
      tone.frequency.value = hertz;
      loud.gain.value = 0.3;
      tone.connect(loud).connect(sound.destination);
      tone.start(sound.currentTime + index * LONG);
      tone.stop(sound.currentTime + (index + 1) * LONG);
    });
  });
}

/** No more sound for this alarm at this browser; the bar stays. */
export function silence(alarm: string): void {
  silenced = alarm;
  changed();
}

const subscribe = (call: () => void): (() => void) => {
  listeners.add(call);
  return () => listeners.delete(call);
};

export const useSoundOn = (): boolean => useSyncExternalStore(subscribe, soundOn);

/** Sounds while this alarm is open. @returns whether it does */
export function useSound(alarm: string | undefined): boolean {
  const clock = useClock();
  const on = useSoundOn();
  const quiet = useSyncExternalStore(subscribe, () => silenced);
  const sounds = on && alarm !== undefined && quiet !== alarm;
  useEffect(() => {
    if (!sounds) return undefined;
    ring();
    return clock.every(EVERY, ring);
  }, [sounds, alarm, clock]);
  return sounds;
}
