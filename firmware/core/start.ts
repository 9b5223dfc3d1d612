/** What a start does: memory as flash says it was, then ears for everything that comes. */
import { RecordKind } from '../../protocol/evidence';
import { Alarm } from './alarms';
import type { Device } from './device';
import { tuned } from './dies';
import { Level } from './log';
import { ReaderFault, Stroke } from './parts';
import { recordPermits, restorePermit } from './permits';
import { fingerShown } from './presence';
import { FIRMWARE, Session } from './session';
import { NO_RECORD } from './state';
import { In, trayBits } from './states';

/** Reads the stores and closes what a power cut left open. */
export function restore(d: Device): void {
  const s = d.state;
  let known = false;
  let status = '';
  d.store.open((entry) => {
    if (entry.charAt(0) === 'P' || entry.charAt(0) === 'D') {
      if (status !== '') s.decode(status);
      status = '';
      if (entry.charAt(0) === 'P') restorePermit(d, entry);
      else {
        s.dies = tuned(s.dies, s.die, entry.substr(1));
        for (const one of s.dies) if (one.entry === entry.substr(1)) one.owed = false;
      }
    } else if (entry.charAt(0) === 'H') d.people.restore(entry);
    else if (entry.charAt(0) === 'C') d.custody.restore(entry);
    else {
      // Of those in a row, and there may be eighty, the last one says it all.
      known = true;
      status = entry;
    }
  });
  if (status !== '') s.decode(status);
  // A permit that is on flash but not in the record of its number was cut off from it.
  d.log.open();
  d.clock.floor = s.floor;
  d.custody.settle();
  const next = d.log.journal.next;
  d.photos.open(s.photoTail, s.photoNumber, !known && next === 0);
  d.savedSeq = next;
  const lost = !known && next > 0;
  if (lost) s.vaultVoid = true;
  s.boot++;
  if (s.version === 0) s.version = d.update.version;
  const saved = d.save();
  d.record(RecordKind.BOOT, [d.board.resetCause, { cbor: String.fromCharCode(96 + FIRMWARE.length) + FIRMWARE }, s.intent === NO_RECORD ? undefined : Stroke.UNKNOWN], Level.USE);
  recordPermits(d);
  d.use.alarms = s.alarmBits();
  d.unfinished();
  d.update.start();
  if (d.log.fault !== 0) d.broken(d.log.fault);
  if (lost || !saved) d.broken(2);
}

/** Comes to rest, and begins to listen to parts and hosts. */
export function listen(d: Device): void {
  const parts = d.parts;
  const reader = parts.reader;
  reader.secret(d.people.readerSecret(), d.state.paired, () => {
    d.state.paired = true;
    d.save();
  });
  reader.onFinger((slot) => fingerShown(d, slot));
  // One that does not answer lets nobody in; that is all. One that does not know this unit's password is another one.
  reader.onFault((code) => {
    if (code === ReaderFault.FOREIGN) d.raise(Alarm.READER, 0);
    d.notice();
  });
  parts.keypad.onKey((key) => d.dialog.key(key));
  parts.tray.onChange(() => d.look());
  d.send({ in: In.START, tray: trayBits(parts) });
  for (const port of d.board.links) d.sessions.push(new Session(d, port));
  d.watch.run();
}
