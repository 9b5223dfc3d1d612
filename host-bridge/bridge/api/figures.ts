/** Figures for Prometheus that are collected when they are asked for. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../common/clock';

/** Sets one value of a figure, with the values of its labels in their order. */
export type SetFigure = (value: number, ...labels: string[]) => void;

/** Makes figures: a counter where the name ends in _total, else a gauge. */
export function figures(registry: Registry) {
  return (name: string, help: string, labelNames: string[], collect: (set: SetFigure) => void | Promise<void>): void => {
    const labelled = (labels: readonly string[]): Record<string, string> => Object.fromEntries(labelNames.map((label, i) => [label, labels[i] ?? '']));
    const settings = { name: `smartseal_${name}`, help, labelNames, registers: [registry] };
    if (name.endsWith('_total')) {
      new Counter({
        ...settings,
        async collect() {
          this.reset();
          await collect((value, ...labels) => this.inc(labelled(labels), value));
        },
      });
      return;
    }
    new Gauge({
      ...settings,
      async collect() {
        this.reset();
        await collect((value, ...labels) => this.set(labelled(labels), value));
      },
    });
  };
}

/** What takes a while to find out, found out once in so many milliseconds. */
export function lasting<T>(clock: Clock, ms: number, find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  let at = -Infinity;
  return () => {
    if (found === undefined || clock.now() - at >= ms) {
      const asked = (found = find());
      at = clock.now();
      asked.catch(() => (found = undefined));
    }
    return found;
  };
}
