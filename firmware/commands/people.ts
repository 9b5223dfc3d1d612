import { decodePeopleGet, encodePeople, MessageType, RefusalCode } from '../../protocol/generated/codec';
import type { Bytes } from '../../protocol/natives';
import type { Device } from '../core/device';
import type { Session } from '../core/session';

/** Entries in one answer. */
const ITEMS = 32;

/** PeopleGet → People. */
export function peopleGet(d: Device, s: Session, tag: number, body: Bytes): number {
  const m = decodePeopleGet(body);
  if (m === undefined) return RefusalCode.MALFORMED;
  const people = d.people.list(m.after, ITEMS + 1);
  const more = people.length > ITEMS;
  if (more) people.pop();
  s.answer(MessageType.PEOPLE, tag, encodePeople({ people: people, more: more }));
  return 0;
}
