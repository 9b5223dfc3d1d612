/** .on/.emit as every object of the interpreter has them: listeners run as turns of their own, in order. */
import type { Processor } from './processor';

type Listener = (...parameters: unknown[]) => void;

export class Emitter {
  protected readonly processor: Processor;
  private readonly listeners = new Map<string, Listener[]>();

  constructor(processor: Processor) {
    this.processor = processor;
  }

  on(event: string, listener: Listener): void {
    this.processor.check();
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  removeListener(event: string, listener: Listener): void {
    this.processor.check();
    this.listeners.set(event, (this.listeners.get(event) ?? []).filter((one) => one !== listener));
  }

  removeAllListeners(event?: string): void {
    this.processor.check();
    if (event === undefined) this.listeners.clear();
    else this.listeners.delete(event);
  }

  emit(event: string, ...parameters: unknown[]): void {
    this.processor.check();
    this.raise(event, ...parameters);
  }

  /** True when somebody listens. */
  protected has(event: string): boolean {
    return (this.listeners.get(event)?.length ?? 0) > 0;
  }

  /** From outside of a turn. */
  raise(event: string, ...parameters: unknown[]): void {
    for (const listener of this.listeners.get(event) ?? []) this.processor.enter(() => listener(...parameters));
  }

  /** Within a turn: the listeners run at once. */
  protected tell(event: string, parameter: unknown): void {
    const listeners = this.listeners.get(event);
    if (listeners !== undefined) for (let i = 0; i < listeners.length; i++) listeners[i]!(parameter);
  }
}
