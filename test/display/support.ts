/** Somebody in front of a unit: does things to it, and reads its display. */
import { MessageType } from '../../protocol/generated/codec';
import { GrantKind } from '../../protocol/permit';
import { readable, Shapes } from '../../sim';
import { Rig } from '../firmware/rig';
import { font } from './font';

export type Reading = string[];

export class Person {
  readonly rig = new Rig({ font: font() });
  private readonly shapes = new Shapes(font());

  /** In front of a unit that has just been switched on and speaks this language. */
  constructor(language: number) {
    this.rig.boot();
    this.rig.run(3000);
    this.rig.device!.screen.speak(language);
    this.later(3000);
  }

  /** What stands there. */
  reads(): Reading {
    return readable(this.shapes.rows(this.rig.glass));
  }

  /** What stands there when it has been drawn. */
  soon(): Reading {
    this.rig.run(600);
    return this.reads();
  }

  later(ms: number): void {
    this.rig.run(ms);
  }

  /** The host goes away without a word. */
  silentHost(): void {
    this.rig.peer.receive = () => undefined;
    this.rig.peer.tick = () => 60_000;
    this.rig.run(60_000);
  }

  /** The authority grants the stroke that the unit waits for. */
  grantStroke(): void {
    const device = this.rig.device!;
    const grant = { kind: GrantKind.STROKE, permit: device.use.offer!.id, photo: device.use.photo, seq: device.log.journal.next - 1 };
    expect(this.rig.apply(grant)).toBe(0);
  }

  close(): void {
    expect(this.rig.code(this.rig.ask(MessageType.USE_CLOSE, ''))).toBe(0);
  }

  /** The authority clears what is latched. */
  clear(): void {
    for (const { condition, seq } of [...this.rig.device!.state.alarms]) expect(this.rig.apply({ kind: GrantKind.CLEAR, condition, seq })).toBe(0);
  }
}

/** In front of a unit with time and a host. */
export function started(language: number): Person {
  const person = new Person(language);
  expect(person.rig.connect()).toBe(true);
  expect(person.rig.setTime()).toBe(0);
  return person;
}
