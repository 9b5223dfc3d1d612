/**
 * S6, a camera that sees nothing: such a picture is not stamped by, the third in a row before a stroke locks, and one behind a stroke is
 * kept and locks. Which pictures were dark the camera's own surroundings say.
 */
import type { Fact, Invariant, Written } from './facts';
import { hexOf, Kind, type Known } from './known';

const BLIND = 22;
/** Pictures in a row (firmware/core/use.ts, told here anew). */
const TRIES = 3;
/** From the third picture to the alarm: it has to be read out of the camera first, and a dark one is small. */
const SOON_MS = 2500;
const AT_ONCE_MS = 1000;
/** What was wrong so long ago does not matter any more. */
const LONG_MS = 8000;
/** What takes a picture, and a use, out of the unit's hands. */
const EXCUSES = ['camera', 'flash', 'program', 'switches', 'lid', 'paper', 'motion'] as const;

export class Blind implements Invariant {
  readonly id = 'S6';
  /** Digests of dark pictures: a dark one is always the same where it has no noise. */
  private readonly dark = new Set<string>();
  private tries = 0;
  private due: { at: number; text: string; condition: number | undefined } | undefined;

  constructor(private readonly known: Known) {}

  see(fact: Fact): void {
    this.look();
    if (fact.what === 'picture') this.picture(fact.digest, fact.dark);
    else if (fact.what === 'record') this.record(fact.record);
    else if (fact.what === 'run') this.forget();
    else if (fact.what === 'lid' || fact.what === 'paper' || fact.what === 'moved' || fact.what === 'leaned' || (fact.what === 'fault' && fact.bends.some((bend) => (EXCUSES as readonly string[]).includes(bend)))) this.forget();
  }

  private picture(digest: string, dark: boolean): void {
    const { known } = this;
    if (dark) this.dark.add(digest);
    this.tries = dark ? this.tries + 1 : 0;
    if (this.tries < TRIES || known.alarms.size > 0 || known.running === undefined || this.excused()) return;
    this.tries = 0;
    this.due ??= { at: known.now() + SOON_MS, text: `${TRIES} pictures in a row showed nothing`, condition: undefined };
  }

  private record({ kind, data, seq }: Written): void {
    const { known } = this;
    if (kind === Kind.INTENT && this.dark.has(hexOf(data.get(4)))) known.broken('S6', `intent ${seq} rests on a photo that shows nothing`);
    if (kind === Kind.ALARM && (this.due?.condition === undefined || this.due.condition === data.get(1))) this.forget();
    if (kind === Kind.CLOSED && this.due?.condition === undefined) this.forget();
    if (kind !== Kind.PHOTO) return;
    this.tries = 0;
    if (data.get(2) === 1 && this.dark.has(hexOf(data.get(3))) && !known.alarms.has(BLIND) && !known.bent(['flash', 'program', 'camera'], known.now() - LONG_MS)) {
      this.due = { at: known.now() + AT_ONCE_MS, text: `photo ${seq} behind the stroke shows nothing`, condition: BLIND };
    }
  }

  private excused(): boolean {
    return this.known.bent(EXCUSES, this.known.now() - LONG_MS);
  }

  private forget(): void {
    this.tries = 0;
    this.due = undefined;
  }

  private look(): void {
    const { due, known } = this;
    if (due === undefined || known.now() <= due.at) return;
    this.due = undefined;
    known.broken('S6', `no alarm: ${due.text}`);
  }

  end(): void {
    this.look();
  }
}
