/**
 * The world's agenda: a binary heap ordered by time, equal times in the order in which they were entered. Cancelled
 * events stay until their time comes and are thrown away then; when they outnumber the living, the heap is rebuilt.
 */
export interface Event {
  /** Virtual milliseconds. */
  readonly time: number;
  /** Undefined once run or cancelled. */
  call: (() => void) | undefined;
}

interface Entry extends Event {
  time: number;
  order: number;
}

export class Agenda {
  private heap: Entry[] = [];
  private entered = 0;
  private dead = 0;

  /** Number of events still to come. */
  get length(): number {
    return this.heap.length - this.dead;
  }

  add(time: number, call: () => void): Event {
    const entry: Entry = { time, order: this.entered++, call };
    const heap = this.heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up]!;
      if (parent.time <= time) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = entry;
    return entry;
  }

  cancel(event: Event): void {
    if (event.call === undefined) return;
    event.call = undefined;
    this.dead++;
    if (this.dead > 64 && this.dead * 2 > this.heap.length) this.rebuild();
  }

  /** Time of the next event, Infinity if there is none. */
  next(): number {
    while (this.heap.length > 0 && this.heap[0]!.call === undefined) {
      this.removeTop();
      this.dead--;
    }
    return this.heap.length > 0 ? this.heap[0]!.time : Infinity;
  }

  /** Takes the next event out. Call next() before. */
  take(): () => void {
    const top = this.heap[0]!;
    const call = top.call!;
    top.call = undefined;
    this.removeTop();
    return call;
  }

  private removeTop(): void {
    const last = this.heap.pop()!;
    if (this.heap.length > 0) this.sink(last, 0);
  }

  private sink(entry: Entry, from: number): void {
    const heap = this.heap;
    const count = heap.length;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, entry)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = entry;
  }

  private rebuild(): void {
    // A sorted array is a heap, and sorting keeps the order of equal times.
    this.heap = this.heap.filter((entry) => entry.call !== undefined).sort((a, b) => a.time - b.time || a.order - b.order);
    this.dead = 0;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
