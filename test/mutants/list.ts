/**
 * Ways in which firmware or protocol could be wrong, at least three for each invariant of SAFETY.md. Each is a replacement
 * in the compiled code of one module (white space counts as any white space) that must fit exactly once, and the number
 * before an enum's name for any number; a mutant that fits no more fails the run, so the list stays true.
 */
export interface Change {
  /** Module, without extension. */
  file: string;
  from: string;
  to: string;
}

export interface Mutant {
  id: string;
  /** The invariant that it breaks; another may notice first. */
  breaks: string;
  what: string;
  changes: readonly Change[];
  /** Kind of world in which it is looked for. */
  profile: string;
  /** Seeds within which it must be caught. */
  within: number;
}

const USE = 'firmware/core/use';
const DEVICE = 'firmware/core/device';
const STATE = 'firmware/core/state';
const START = 'firmware/core/start';
const STROKE = 'firmware/core/stroke';
const PERMITS = 'firmware/core/permits';
const WATCH = 'firmware/core/watch';
const JOURNAL = 'firmware/core/journal';
const GRANT = 'firmware/commands/grant';
const PHOTO = 'firmware/commands/photo';
const LOG = 'firmware/core/log';
const PLACE = 'firmware/core/place';
const CEREMONY = 'firmware/core/ceremony';
const CUSTODY = 'firmware/core/custody';
const PEOPLE = 'firmware/core/people';
const OFFLINE = 'firmware/core/offline';
const DIES = 'firmware/core/dies';
const MAINTENANCE = 'firmware/core/maintenance';
const TRANSFER = 'firmware/core/transfer';
const UPDATE = 'firmware/core/update';
const ENERGY = 'firmware/core/energy';

function one(id: string, breaks: string, what: string, profile: string, within: number, file: string, from: string, to: string): Mutant {
  return { id, breaks, what, profile, within, changes: [{ file, from, to }] };
}

export const MUTANTS: readonly Mutant[] = [
  one('revocation forgotten', 'S1', 'a revoked permit stays usable', 'people', 300, STATE, 'one.closed = 9 /* RefusalCode.REVOKED */;', ''),
  one('one for two', 'S1', 'one person opens a permit that names two', 'people', 100, USE, 'if (present(s, offer) < offer.persons.length)', 'if (s.shown.length < 1)'),
  {
    id: 'same finger twice', breaks: 'S1', what: 'one finger shown twice counts for two persons', profile: 'people', within: 100,
    changes: [
      { file: USE, from: 'if (present(s, offer) < offer.persons.length)', to: 'if (s.shown.length < offer.persons.length)' },
      { file: USE, from: 'if (at < 0 || !(s.by[at] & means)) {', to: 'if (s.shown.length < 9) {' },
      { file: USE, from: 'if (at < 0) s.shown = s.shown.concat([id]);', to: 's.shown = s.shown.concat([id]);' },
    ],
  },
  one('before its time', 'S1', 'a permit may be used before its window', 'people', 300, PERMITS, 'return now < p.notBefore ? 6 /* RefusalCode.TOO_EARLY */ : 0;', 'return 0;'),
  one('any die', 'S1', 'whatever die is fitted is taken for the permitted one', 'people', 300, DIES, 'if (!d.parts.tray.diePresent()) return 5 /* RefusalCode.WRONG_DIE */;', 'return 0;'),
  one('any die of the unit', 'S1', 'a die that is in the unit is taken for the one under the ram', 'dies', 60, DIES, '=== undefined ? 5 /* RefusalCode.WRONG_DIE */ : 34 /* RefusalCode.TURN_DIE */', '=== undefined ? 5 : 0'),
  one('charged with another die', 'S1', 'which die is under the ram is not looked at before the intent', 'dies', 100, STROKE, 'const code = ready(d, p) || d.people.ended(d.use.shown) || d.place.hold(p);', 'let code = ready(d, p) || d.place.hold(p); if (code === 34) code = 0;'),
  {
    id: 'die looked at once', breaks: 'S1', what: 'which die is under the ram is looked at only when the use opens', profile: 'dies', within: 100,
    changes: [
      { file: STROKE, from: 'const code = ready(d, p) || d.people.ended(d.use.shown) || d.place.hold(p);', to: 'let code = ready(d, p) || d.place.hold(p); if (code === 34) code = 0;' },
      { file: STROKE, from: 'if (p === undefined || d.parts.die.atRam() !== p.die) {', to: 'if (p === undefined) {' },
    ],
  },
  one('turned behind the intent', 'S1', 'nobody looks at the die once the bolt is open', 'dies', 300, STROKE, 'if (p === undefined || d.parts.die.atRam() !== p.die) {', 'if (p === undefined) {'),
  one('turned between two persons', 'S1', 'the second person opens a use whatever die is under the ram', 'dies', 200, 'firmware/core/presence', 'if (turned !== 0) return d.deny(turned, opening, person);', ''),
  one('any authority', 'S1', "a grant's MAC is not looked at", 'hostile', 200, 'protocol/permit', 'const ack = !same(n, hmac(n, keys.permit, signed), tag);', 'const ack = false;'),
  one('no stroke grant', 'S1', 'a permit that asks for a grant for each stroke gets none', 'people', 100, USE, 'if (offer.policy & 2 /* Policy.GRANTS */)', 'if (offer.policy & 64)'),
  one('revoked before it came', 'S1', 'a permit that arrives after its revocation is taken', 'people', 2000, STATE, 'else this.mark(v[2]);', ''),
  one("register's key grants", 'S1', "a permit under the register's key counts", 'forgery', 40, 'protocol/permit', 'if (typeof g !== \'number\' && ack !== (g.kind === 6 /* GrantKind.ACK */)) return 3 /* RefusalCode.NOT_AUTHENTIC */;', ''),
  one('time guessed', 'S1', 'without the time of day, what was known before the power went is taken for it', 'power', 100, PERMITS, 'if (now === 0) return 8 /* RefusalCode.TIME_UNKNOWN */; return now < p.notBefore', 'return (now > 0 ? now : s.floor) < p.notBefore'),
  one('named otherwise', 'S1', 'OPENED names the first person only', 'people', 50, 'firmware/core/presence', 'for (const one of d.use.shown) persons += cborUint(one);', "persons = '\\x81' + cborUint(d.use.shown[0]);"),
  one('old epoch taken', 'S1', 'a permit of an epoch that is over is taken', 'people', 200, PERMITS, 'if (p.epoch < s.epoch) return 9 /* RefusalCode.REVOKED */;', ''),
  one('epoch lost at start', 'S1', 'a start forgets the epoch', 'forgery', 200, STATE, 'this.epoch = getU32le(b, 5);', ''),
  one('same sheet again', 'S1', 'one sheet after the other is stamped without anybody opening the lid', 'people', 50, USE, 's.turn = true;', ''),

  one('fence ignored', 'S1', 'a permit for a place is used anywhere', 'place', 60, PLACE, "return p.fences !== '' && fenceOf(p.fences, fix) < 1 ? 25 /* RefusalCode.OUTSIDE */ : 0;", 'return 0;'),
  one('old fix', 'S1', 'a fix is good however old it is', 'indoors', 200, PLACE, 'now - fix.at > age * 1000 ||', ''),
  {
    id: 'accuracy ignored', breaks: 'S1', what: 'a fix is taken for the place itself, however inaccurate', profile: 'indoors', within: 400,
    changes: [{ file: PLACE, from: '|| fix.accuracy > accuracy', to: '' }, { file: 'firmware/core/geometry', from: 'if (inner >= fix.accuracy)', to: 'if (inner >= 0)' }],
  },
  one('moved behind its photo', 'S1', 'what moves between photo and stroke is not looked at', 'place', 200, PLACE, 'if (moves & (1 /* Moves.MOVED */ | 2 /* Moves.FELL */)) this.moved = true;', ''),
  one('leaning', 'S1', 'a unit that leans over stamps', 'place', 300, PLACE, 'if (leans || (this.moved', 'if ((this.moved'),
  one('dock ignored', 'S1', 'a permit for the dock is used without', 'place', 200, PLACE, 'return this.usb && !this.carried && this.d.parts.power.usb();', 'return true;'),
  one('docked wherever it is', 'S1', 'being carried with USB power does not end being docked', 'place', 600, PLACE, 'this.carried = true;', ';'),

  one('removed in name only', 'S1', 'who was removed still opens permits', 'custody', 200, CEREMONY, 'if (!d.people.remove(person)) return 18 /* RefusalCode.HARDWARE */;', ''),
  one('suspended in name only', 'S1', 'a seal out of service stamps', 'custody', 200, PERMITS, 'if (d.state.service !== 0 || d.maintenance', 'if (d.maintenance'),
  one('any passcode', 'S1', 'whatever is typed shows the person', 'custody', 100, PEOPLE, 'if (!same(d.natives, mac, verifier)) {', 'if (verifier.length < 9) {'),
  one('tries not counted', 'S1', 'a wrong passcode is only counted in memory', 'passcodes', 100, PEOPLE, 'if (!this.put(person, getU32le(e, 7), e.charCodeAt(11) + 1, slotsOf(e), verifier)) return 18 /* RefusalCode.HARDWARE */;', ''),
  one('no waiting', 'S1', 'the next passcode is looked at at once', 'passcodes', 100, PEOPLE, 'return this.wait(person) > 0 ? 37 /* RefusalCode.WAIT */ : 0;', 'return 0;'),
  one('ceremony before one', 'S1', 'the first of the persons named is enough', 'custody', 100, CEREMONY, 'if ((this.shown[k] & wanted) !== wanted) all = false;', ''),
  one('ceremony before nobody', 'S1', 'a ceremony is carried out as soon as it is handed over', 'custody', 50, CEREMONY, 'if (g.persons === undefined && g.action !== 4 /* Action.READER_PAIR */) return this.act(g, grant);', 'return this.act(g, grant);'),
  one('topped up twice', 'S2', 'the same top-up counts again and again', 'hostile', 600, 'firmware/commands/grant', 'if (s.seen(g.counter)) return 11 /* RefusalCode.REPLAYED */; if (p.closed !== 0) return p.closed; if (p.until > 0 || p.count >= g.count)', 'if (p.closed !== 0) return p.closed; if (p.until > 0)'),
  one('topped up in an old epoch', 'S1', 'a top-up of an epoch that is over is taken', 'hostile', 600, 'firmware/commands/grant', 'if (g.epoch < s.epoch) return 9 /* RefusalCode.REVOKED */; if (s.seen', 'if (s.seen'),
  one('adds where it should set', 'S2', 'a top-up is added to what there was', 'people', 100, STATE, 'topped.count = v[1];', 'topped.count = topped.count + v[1];'),
  one('rejected and stamped', 'S1', 'the rejection of a page is taken for its grant', 'people', 300, 'firmware/commands/grant', 'if (no) d.send({ in: 9 /* In.CLOSE */, reason: 9 /* Close.PAGE */ }); else', ''),
  one('never overdue', 'S6', 'what was taken out need not come back', 'outing', 60, CUSTODY, 'this.d.raise(25 /* Alarm.OVERDUE */, g.subject);', ';'),
  one('silence not heard', 'S6', 'a unit that nobody hears of does not mind', 'outing', 100, CUSTODY, 'this.d.raise(23 /* Alarm.LINK */, g.silence);', ';'),
  one('any host is the office', 'S6', 'a time that is refused counts as one of the authority', 'unheard', 200, 'firmware/commands/grant', 'if (done === 1 /* TimeSet.STALE */) return 18 /* RefusalCode.STALE */; d.custody.heard = d.uptime();', 'd.custody.heard = d.uptime(); if (done === 1) return 18;'),
  one('taken out anywhere', 'S6', 'the fences of a take-out are not looked at', 'outing', 200, CUSTODY, 'else if (fix.at !== this.outside) this.d.raise(17 /* Alarm.FENCE */, 1);', ''),
  one('carried off its base', 'S6', 'a unit at its base can be carried off', 'outing', 200, CUSTODY, 'if (!out && d.place.carried) this.d.raise(18 /* Alarm.MOVED */, 1);', ''),
  one('custody lost at start', 'S6', 'a start forgets that the unit was taken out', 'outing', 200, STATE, 'this.custody = b.substr(at, bits & 16);', ''),
  one('any answer', 'S1', 'whatever is typed is taken for the answer or the trip code', 'offline', 40, OFFLINE, 'if (right) this.open(key, number); else this.wrong();', 'this.open(key, number);'),
  one('anybody proves it', 'S1', 'somebody else shows a finger for who was named', 'offline', 60, OFFLINE, 'if (person !== this.person || (', 'if (('),
  {
    id: 'code outlives the power', breaks: 'S1', what: 'what a code has opened can be used after a power loss', profile: 'offline', within: 100,
    changes: [
      { file: STATE, from: 'means: [3 /* Means.BOTH */]', to: 'means: [1]' },
      { file: STATE, from: 'closed: 7 /* RefusalCode.EXPIRED */, last: last', to: 'closed: 0, last: last' },
      { file: PERMITS, from: 'return judge(d, p) || dieCode(d, p.die) ||', to: "return judge(d, p) || (p.die === '' ? 0 : dieCode(d, p.die)) ||" },
    ],
  },
  one('trip code twice', 'S7', 'the serial of a trip code is forgotten', 'offline', 60, STATE, 'if (v[1] === 2 /* Offline.TRIP */) this.serial = v[2];', ''),
  one('challenge number twice', 'S7', 'the number of a challenge is not counted on', 'offline', 40, STATE, 'this.calls = v[0];', ';'),
  one('serial lost at start', 'S7', 'a start forgets the serial of the last trip code', 'offline', 300, STATE, 'this.serial = getU32le(b, 55);', ''),

  one('not charged', 'S2', 'the intent does not use up a stroke', 'people', 200, STATE, 'p.used = v[2];', ''),
  one('charged after the stroke', 'S2', 'the charge is only remembered with the outcome, and lost with the power', 'power', 600, STATE, 'p.used = v[2]; } } else if (kind === 6 /* RecordKind.OUTCOME */) { this.intent = NO_RECORD; if (v[2] === 2 /* Stroke.FAILED */) by = -1; if (p !== undefined) p.used = v[5]; }', '} } else if (kind === 6 /* RecordKind.OUTCOME */) { this.intent = NO_RECORD; if (p !== undefined) p.used++; }'),
  one('given back whatever happened', 'S2', 'every outcome gives the charge back', 'people', 200, DEVICE, 'if (result === 2 /* Stroke.FAILED */ && after > 0)', 'if (after > 0)'),
  one('unknown given back', 'S2', 'an unknown outcome gives the charge back although there may be ink', 'power', 600, DEVICE, 'if (result === 2 /* Stroke.FAILED */ && after > 0)', 'if (result !== 1 && after > 0)'),
  one('count forgotten at start', 'S2', 'a start takes every permit for unused', 'power', 300, STATE, 'p.used = getU16le(b, at + 16);', 'p.used = 0;'),
  one('records not folded at start', 'S2', 'what the records say since the last status entry is forgotten', 'power', 300, LOG, 'this.refold(j.read(seq));', ''),
  one('two permits of one number', 'S2', 'a permit handed over again counts as a new one', 'hostile', 600, PERMITS, 'if (p.hash !== hash) continue; recordPermits(d); return p;', 'if (p.hash !== hash) continue; p.used = 0; return p;'),
  one('counters not looked at', 'S2', 'a permit that was forgotten can be loaded anew', 'forgery', 40, PERMITS, 'if (s.seen(p.counter) || s.permit(p.id) !== undefined)', 'if (s.permit(p.id) !== undefined)'),
  one('old counters taken', 'S2', 'a counter too old to be remembered counts as new', 'forgery', 60, STATE, 'return age >= 32 || (age', 'return (age < 32 && age'),
  one('counters lost at start', 'S2', 'a start forgets which counters were used', 'forgery', 80, STATE, 'this.window = getU32le(b, 17);', 'this.window = 0;'),
  one('maintained with a die', 'S1', 'maintenance begins with a die in the unit', 'maintenance', 40, CEREMONY, 'if (tray.diePresent() || d.parts.die.tags().length > 0) return 48 /* RefusalCode.DIE_FITTED */;', ''),
  one('maintained for ever', 'S1', 'no record says that maintenance is over', 'maintenance', 40, MAINTENANCE, 'note(maintenanceOver(reason), 0 /* Level.ALARM */);', ''),
  {
    id: 'jogged with a die', breaks: 'S1', what: 'a die that is put in keeps nothing from moving', profile: 'maintenance', within: 60,
    changes: [
      { file: MAINTENANCE, from: 'if (die()) return 48 /* RefusalCode.DIE_FITTED */;', to: '' },
      { file: MAINTENANCE, from: "if (die()) over(7 /* Why.STOPPED */, ''); else go();", to: 'go();' },
      { file: MAINTENANCE, from: 'if (!tray.fault() && tray.diePresent()) d.raise(2 /* Alarm.DIE */, 1); else if', to: 'if' },
    ],
  },
  one('maintained beside a die', 'S6', 'a die that is put in does not end maintenance', 'maintenance', 40, MAINTENANCE, 'if (open && condition === 2 /* Alarm.DIE */) close(3 /* MaintenanceEnd.DIE */);', ''),
  one('battery not looked at', 'S5', 'a stroke is begun on a battery that is low', 'battery', 60, ENERGY, 'return this.low || this.worn ? 22 /* RefusalCode.BATTERY_LOW */ : 0;', 'return this.worn ? 22 : 0;'),
  one('sag not looked at', 'S5', 'the motor moves whatever the coil did to the battery', 'battery', 100, ENERGY, 'return !this.worn;', 'return true;'),
  one('maintained untold', 'S5', 'maintenance begins without a record', 'maintenance', 40, MAINTENANCE, 'if (d.record(16 /* RecordKind.MAINTENANCE */, [0, { cbor: persons }, grant], 2 /* Level.ORDINARY */) < 0) return false;', ''),
  one('ceremony twice', 'S2', 'a ceremony that was done can be handed over again', 'custody', 400, CEREMONY, 'return s.seen(g.counter) ? 11 /* RefusalCode.REPLAYED */ : 0;', 'return 0;'),
  one('motor before the charge', 'S2', 'the motor runs before the intent stands', 'calm', 20, STROKE, 'const seq = d.record(5 /* RecordKind.INTENT */', 'd.board.motor(1); const seq = d.record(5 /* RecordKind.INTENT */'),

  one('intent left open', 'S3', 'an intent that a cut left open gets no outcome', 'power', 300, DEVICE, "this.outcome(s.open, 3 /* Stroke.UNKNOWN */, '', 0);", ''),
  one('stamped without contact', 'S3', 'a whole travel counts as stamped', 'mechanics', 600, 'firmware/drivers/stamper', 'if (contactAt === 0)', 'if (start === 0)'),
  one('no photo after', 'S3', 'the photo after the stroke is not taken', 'people', 50, USE, 'else if (s.phase !== 7 /* Phase.AFTER */ && offer.policy & 1 /* Policy.PHOTOS */)', 'else if (s.phase !== 7 && offer.policy & 64)'),
  one('photo not bound', 'S3', 'the intent does not name its photo', 'people', 50, STROKE, "photo === '' ? undefined : photo", 'undefined'),
  one('failures not told', 'S3', 'only a stamped outcome is recorded', 'mechanics', 300, USE, 'if (s.offer !== undefined) fx.push({ fx: 12 /* Fx.OUTCOME */', 'if (s.offer !== undefined && result === 1) fx.push({ fx: 12 /* Fx.OUTCOME */'),
  one('failed for unknown', 'S3', 'an unknown outcome is told as failed', 'mechanics', 1000, 'firmware/drivers/stamper', 'result = far ? 3 /* Stroke.UNKNOWN */ : 2 /* Stroke.FAILED */;', 'result = 2;'),
  one('never proven', 'S3', 'every stroke is told as unknown', 'calm', 10, 'firmware/drivers/stamper', 'let result = 1 /* Stroke.STAMPED */;', 'let result = 3;'),
  one('use without a number', 'S3', 'every use of a permit has the same number', 'people', 20, STATE, 'p.tried = v[1];', 'p.tried = 0;'),
  one('photo before twice', 'S3', 'the photo before the stroke is told as the one after it', 'people', 20, STROKE, 'photos.begin();', "if (which === 1) { const p = d.state.permit(offer.id), old = d.use.photo; d.record(4, [offer.id, which, old, photos.find(old), p === undefined ? 0 : p.tried], 1); return d.send({ in: 4, code: 0, detail: 0, digest: old }); } photos.begin();"),
  one('no photo after an alarm', 'S3', 'the photo after is only taken where all went well', 'people', 150, USE, 'else if (s.phase !== 7 /* Phase.AFTER */ && offer.policy', 'else if (s.alarms === 0 && s.phase !== 7 && offer.policy'),
  one('lid free while waiting', 'S3', 'the lid may be opened while a stroke grant is awaited', 'forgery', 400, USE, '(s.phase === 4 /* Phase.LOOKING */ || s.phase === 5 /* Phase.GRANT */) && !(lid && paper)', 's.phase === 4 && !(lid && paper)'),

  one('pieces anywhere', 'S3', "a piece of the host's photo is taken wherever it belongs", 'hostcamera', 60, PHOTO, 'if (!first && m.offset !== w.size) return 42 /* RefusalCode.IMAGE_OFFSET */;', ''),
  one('any picture', 'S3', "what is no JPEG counts as the host's photo", 'hostcamera', 60, PHOTO, "|| (first && m.data.substr(0, 2) !== '\\xff\\xd8')", ''),
  one("own photo for the host's", 'S3', 'the unit takes the photo itself where it was to be handed over', 'hostcamera', 20, STROKE, 'if (offer.policy & 32 /* Policy.HOST_CAMERA */) { d.wanted', 'if (offer.policy & 4096) { d.wanted'),
  one('half a photo', 'S3', "the host's photo counts before its last piece has come", 'hostcamera', 60, PHOTO, 'if (m.last) taken(', 'if (w.size > 0) taken('),

  one('match not proved', 'S1', 'a reader that was put there unseen is believed', 'readers', 200, 'firmware/drivers/fingerprint', 'return ask(VERIFY + tried, proved);', 'return proved(0);'),
  one('another reader not told', 'S6', "a reader that does not know the unit's password raises no alarm", 'mechanics', 300, START, 'if (code === 3 /* ReaderFault.FOREIGN */) d.raise(20 /* Alarm.READER */, 0);', ''),
  one('any change in a ceremony', 'S1', 'while a die may be changed any change is recorded as the one ordered', 'exchange', 60, CEREMONY, 'return without(out ? before : tags, die) === (out ? tags : before) && this.record(g, die) === 0;', 'return this.record(g, die) === 0;'),
  one('no alarm in a ceremony', 'S6', 'while a ceremony is under way no change of the die raises its alarm', 'exchange', 60, WATCH, 'if (!meant && (!first', 'if (!meant && d.stage === 0 && (!first'),
  one('back without an order', 'S6', 'a die that was taken out may come back by itself', 'exchange', 60, WATCH, 'const meant = d.ceremony !== undefined &&', "const meant = d.state.die === '-' || d.ceremony !== undefined &&"),

  one('told before durable', 'S4', 'a record counts as written before its commit word', 'people', 50, JOURNAL, '&& hold(this.f, at + need - 4, COMMIT)', ''),
  one('torn taken for whole', 'S4', 'a record without its commit word counts after a start', 'power', 600, JOURNAL, 'return this.f.read(base + size(length) - 4, 4) === COMMIT ? length : -size(length);', 'return length;'),
  one('chain begun anew', 'S4', 'after a start the chain does not continue', 'power', 50, LOG, "if (last !== '') this.prev = this.d.natives.sha256(last);", ''),
  one('starts not counted', 'S4', 'the count of starts stays', 'power', 50, START, 's.boot++;', ''),
  one('photo freed too early', 'S4', "a photo's room is free before the register has it", 'people', 600, 'firmware/core/photos', 'const pages = this.pagesOf(size); this.used += pages;', 'const pages = this.pagesOf(size); this.used = pages;'),
  one('any history', 'S4', 'an acknowledgement of a chain that is not the own one frees photos', 'forgery', 80, GRANT, "if (last === '' ? through > d.state.acked : d.natives.sha256(last) !== g.hash) return 18 /* RefusalCode.STALE */;", ''),
  one('any history behind', 'S4', 'an acknowledgement of another chain, no longer than what is acknowledged, frees photos', 'forgery', 2000, GRANT, "if (last === '' ? through > d.state.acked : d.natives.sha256(last) !== g.hash) return 18 /* RefusalCode.STALE */;", 'if (through > d.state.acked && d.natives.sha256(last) !== g.hash) return 18;'),
  one('photo freed with its record', 'S4', 'what is acknowledged of records frees their photos', 'people', 60, GRANT, 'd.photos.ack(photos)) changed', 'd.photos.ack(through)) changed'),
  one('running since never', 'S4', 'no record says how long the unit runs', 'calm', 10, LOG, 'uptime: d.uptime(),', 'uptime: 0,'),

  one('exceptions not caught', 'S5', 'what a timer calls is not guarded', 'stumble', 40, 'firmware/core/guard', 'board.after = (ms, call) => after(ms, () => run(call));', ''),
  one('bolt left open', 'S5', 'only the one-shot closes the bolt after a stroke', 'calm', 50, USE, 'function outcome(s, fx, result, trace, grade, park) { fx.push({ fx: 8 /* Fx.BOLT */, open: false });', 'function outcome(s, fx, result, trace, grade, park) {'),
  one('opens with the use', 'S5', 'the bolt opens with the use, not with the intent', 'calm', 50, DEVICE, 'parts.signal.good(); return recordOpened(', 'parts.bolt.open(); return recordOpened('),
  one('opens for a permit', 'S5', 'the bolt moves when a permit is loaded', 'calm', 50, PERMITS, 's.mark(p.counter); recordPermits(d); return p;', 's.mark(p.counter); recordPermits(d); d.parts.bolt.open(); return p;'),

  one('lid not looked at', 'S6', 'the lid may be opened during a stroke', 'people', 600, USE, 'else if (!lid) alarm(s, fx, 1 /* Alarm.LID */, s.phase);', ''),
  one('alarms end with the power', 'S6', 'a latched alarm is forgotten at a start', 'mixed', 600, START, 'd.use.alarms = s.alarmBits();', ''),
  one('strangers not counted', 'S6', 'wrong fingers raise no alarm', 'people', 200, WATCH, 's.strangers = known || d.use.alarms & (1 << 9 /* Alarm.FINGER */) ? 0 : before + 1;', 's.strangers = 0;'),
  one('strangers forgotten', 'S6', 'the count of wrong fingers does not outlive a start', 'aimed', 100, STATE, 'this.strangers = wrong >> 4;', 'this.strangers = 0;'),
  one('die not looked at', 'S6', 'the die may be taken out', 'people', 200, WATCH, 'if (!meant && (!first || !this.allowed(there)))', 'if (first && !this.allowed(there))'),
  one('falls not told', 'S6', 'the unit may be dropped', 'place', 60, PLACE, 'if (moves & 2 /* Moves.FELL */) this.d.raise(16 /* Alarm.DROP */, 0);', ''),
  one('opens under an alarm', 'S6', 'a finger opens a use although an alarm stands', 'mixed', 600, USE, 'if (s.alarms !== 0) return refuse(fx, 15 /* RefusalCode.ALARM_ACTIVE */, id);', ''),
  one('an old order', 'S7', 'an order that was held back undoes a later one on the same matter', 'withheld', 60, CEREMONY, 'if (g.counter < last) return 18 /* RefusalCode.STALE */;', ''),
  one('an old order after a start', 'S7', 'which order was the last is forgotten with the power', 'withheld', 300, STATE, 'this.ordered = at + 4 <= b.length ? getU32le(b, at) : 0;', 'this.ordered = 0;'),
  one('outcome before its alarm', 'S6', 'a cut behind the outcome of a stroke that was not proven loses its alarm', 'mechanics', 100, USE, 'if (c !== 0 || (input.result !== 1 /* Stroke.STAMPED */ && s.alarms === 0)) ended(s, fx, c === 0 ? 3 /* Alarm.STALL */ : c, input.why); outcome(s, fx, input.result, input.trace, input.grade, input.why !== 0 /* Why.FINE */);', 'const owed = c !== 0 || (input.result !== 1 && s.alarms === 0); outcome(s, fx, input.result, input.trace, input.grade, input.why !== 0); if (owed) alarm(s, fx, c === 0 ? 3 : c, input.why);'),
  one('unknown before its alarm', 'S6', 'a second cut loses the alarm for an outcome that the first has left unknown', 'power', 300, DEVICE, "this.raise(13 /* Alarm.UNKNOWN */, intent); this.outcome(s.open, 3 /* Stroke.UNKNOWN */, '', 0);", "this.outcome(s.open, 3, '', 0); this.raise(13, intent);"),
  one('unknown without alarm', 'S6', 'an outcome left unknown by a cut raises no alarm', 'power', 300, DEVICE, 'this.raise(13 /* Alarm.UNKNOWN */, intent);', ''),
  one('paper not looked at', 'S6', 'the sheet may be pulled away during a stroke', 'people', 200, USE, 'else if (!paper) alarm(s, fx, 10 /* Alarm.PAPER */, s.phase);', ''),
  one('failed without alarm', 'S6', 'a stroke that failed raises no alarm', 'mechanics', 60, USE, 'if (c !== 0 || (input.result !== 1 /* Stroke.STAMPED */ && s.alarms === 0))', 'if (input.result === 3)'),
  one('darkness not seen', 'S6', 'a photo that shows nothing counts as one', 'mechanics', 200, 'firmware/drivers/camera', 'size * NOTHING < pixels', 'size < 0'),
  one('stamps in the dark', 'S6', 'a photo that shows nothing is stamped by', 'mechanics', 200, STROKE, '(error === 6 /* PhotoError.BLIND */ && which === 1)', 'error === 6'),
  one('dark behind a stroke', 'S6', 'a photo after the stroke that shows nothing raises no alarm', 'aimed', 60, USE, 'if (detail === 6 /* PhotoError.BLIND */) alarm(s, fx, 22 /* Alarm.BLIND */, 1);', ''),
  one('tries in the dark for ever', 'S6', 'photos that show nothing are taken again and again', 'mechanics', 200, USE, 'else if (++s.tries < CAPTURES)', 'else if (detail === 6 || ++s.tries < CAPTURES)'),
  one('bolt not looked at', 'S6', 'a bolt that does not say that it is closed raises no alarm at rest', 'mechanics', 200, WATCH, 'if (this.unbolted % AGAIN === LOOKS) this.d.raise(5 /* Alarm.BOLT */, 0);', ''),
  one('wrong passcodes not heard', 'S6', 'wrong passcodes in a row raise no alarm', 'custody', 200, WATCH, 'this.wrongCodes = right ? 0 : this.wrongCodes + 1;', 'this.wrongCodes = 0;'),
  {
    id: 'case not looked at', breaks: 'S6', what: 'the case may be taken apart at rest', profile: 'place', within: 60,
    changes: [
      { file: USE, from: 'if (!(bits & (64 /* Tray.CASE */ | 128 /* Tray.FAULT */))) alarm(s, fx, 21 /* Alarm.CASE */, s.phase);', to: '' },
      { file: WATCH, from: 'if (this.opened % AGAIN === LOOKS) this.d.raise(21 /* Alarm.CASE */, 0);', to: '' },
    ],
  },
  one('silence not heard', 'S6', 'switches that do not answer raise no alarm', 'mechanics', 60, WATCH, 'if (this.silent % AGAIN === LOOKS) this.d.raise(11 /* Alarm.SENSORS */, 0);', ''),
  one('host not told', 'S6', 'the host hears of nothing that it has not asked for', 'calm', 20, 'firmware/core/session', 'this.news = true; this.later(GATHER);', ''),
  one('alarms not named', 'S6', 'a notice names no alarm', 'people', 100, 'firmware/core/session', 'alarms: d.use.alarms >>> 0 };', 'alarms: 0 };'),
  one('no sign of alarm', 'S6', 'neither lamp nor buzzer tell of an alarm', 'people', 100, DEVICE, 'signal.alarm(this.use.alarms);', ''),

  one('nonce used twice', 'S7', 'a time statement works as often as it is handed over', 'hostile', 2000, 'firmware/core/clock', "this.nonce = ''; if (time <", 'if (time <'),
  one('any time', 'S7', 'a time statement needs no nonce', 'hostile', 600, 'firmware/core/clock', "if (this.nonce === '' || nonce !== this.nonce || this.uptime() - this.asked > NONCE_MS) return 1 /* TimeSet.STALE */;", ''),
  one('cleared by any statement', 'S7', 'an old clearing clears a new alarm', 'aimed', 100, GRANT, 'if (a === undefined || a.seq !== g.seq)', 'if (a === undefined)'),
  one('clock runs ahead', 'S7', 'the clock gains a minute with each answer', 'calm', 50, 'firmware/core/clock', 'this.base = time;', 'this.base = time + 60;'),
  {
    id: 'any stroke grant', breaks: 'S7', what: 'a stroke grant for an earlier photo of the permit is taken', profile: 'forgery', within: 60,
    changes: [
      { file: GRANT, from: 'if (!grantFits(d.use, id, g.photo) || d.state.permit(id).last !== g.seq)', to: 'if (!grantFits(d.use, id, g.photo))' },
      { file: USE, from: 's.offer.id === permit && s.photo === digest;', to: 's.offer.id === permit;' },
    ],
  },
  one('clock stands still', 'S7', 'the time is what the authority said last', 'people', 20, 'firmware/core/clock', 'const t = this.base + Math.floor((this.uptime() - this.at) / 1000);', 'const t = this.base;'),
  one('late answers', 'S7', 'an answer with the time may come as late as it likes', 'forgery', 80, 'firmware/core/clock', '|| this.uptime() - this.asked > NONCE_MS', ''),
  {
    id: 'set back', breaks: 'S7', what: 'the authority may set the clock back', profile: 'forgery', within: 30,
    changes: [
      { file: 'firmware/core/clock', from: 'if (time < this.floor - (this.now() > 0 ? AHEAD : 0) || time === 0)', to: 'if (time === 0)' },
      { file: 'firmware/core/clock', from: 'if (t > this.floor) this.floor = t; return this.floor;', to: 'this.floor = t; return this.floor;' },
    ],
  },
  one('ceremony too late', 'S7', 'a ceremony is done after its time', 'aimed', 60, CEREMONY, 'if ((now > 0 ? now : s.floor) >= g.notAfter) return 7 /* RefusalCode.EXPIRED */;', ''),
  one('ceremony of an old epoch', 'S7', 'a ceremony of an epoch that is over is done', 'custody', 300, CEREMONY, 'if (g.epoch < s.epoch) return 9 /* RefusalCode.REVOKED */;', ''),
  one('set back after a start', 'S7', 'a start forgets what is past', 'forgery', 60, START, 'd.clock.floor = s.floor;', ''),
  one('grant by its photo alone', 'S7', 'a stroke grant counts again for the next page, where the camera has frozen', 'forgery', 80, GRANT, '|| d.state.permit(id).last !== g.seq', ''),

  one('nonces repeat', 'S8', "the device's nonce is always the same", 'line', 50, 'protocol/handshake', "'N' + n.random(16) + u32le(boot) + u32le(session)", "'N'"),
  one('counter used twice', 'S8', 'two messages are sealed under one counter', 'calm', 50, 'protocol/link', 'this.txCtr++', 'this.txCtr'),
  one('retry sealed anew', 'S8', 'a retry carries other bytes', 'line', 200, 'protocol/link', 'again() { this.retries += this.sent;', 'again() { this.frames = this.frames.map((f) => frameHead(4, (this.base) & 255, this.expected + 1, 3) + f.substr(4)); this.retries += this.sent;'),
  one('key stays on flash', 'S8', 'a used evidence key is not destroyed', 'calm', 100, 'firmware/core/keys', 'this.f.write(old, ZEROS);', ''),
  one('key in a message', 'S8', 'READY carries the link key', 'calm', 10, 'firmware/core/session', 'firmware: FIRMWARE,', 'firmware: d.identity.linkKey,'),
  one('attention says more', 'S8', 'what is said in the clear names the device', 'line', 40, 'protocol/device-peer', "7 /* FrameType.ATTENTION */, 0, 0, 0, ''", '7 /* FrameType.ATTENTION */, 0, 0, 0, this.o.deviceId'),
  {
    id: 'older keys stay', breaks: 'S8', what: 'a key that a cut has left is not destroyed at the next start', profile: 'power', within: 60,
    changes: [
      { file: 'firmware/core/keys', from: "if (key !== '') this.f.write(this.at, ZEROS);", to: '' },
      { file: 'firmware/core/keys', from: '} else this.f.write(at, ZEROS);', to: '}' },
    ],
  },
  one('any proof', 'S8', 'a session is opened for whoever asks', 'hostile', 20, 'protocol/device-peer', '|| !same(n, macHost(n, pads, slot.th, slot.body.substr(30)), body)', ''),

  one('watchdog feeds itself', 'L1', 'nothing restarts a unit that has lost its timers', 'stumble', 40, 'firmware/board/xiao', 'E.enableWatchdog(10, false);', 'E.enableWatchdog(10, true);'),
  one('not parked at start', 'L1', 'the actuator is not driven home at a start', 'power', 300, USE, 'go(s, fx, 9 /* Phase.PARKING */, PARK_MS); fx.push({ fx: 10 /* Fx.PARK */ }); } /** One step', 'go(s, fx, 1, 0); } /** One step'),
  one('deaf to greetings', 'L1', 'a HELLO during a session is not answered', 'line', 300, 'protocol/device-peer', 'if (body.length < HELLO_BYTES || body.length > HELLO_LIMIT)', 'if (this.link || body.length < HELLO_BYTES || body.length > HELLO_LIMIT)'),
  one('watchdog not kicked', 'L1', 'the unit restarts again and again', 'calm', 20, WATCH, 'if (d.parts.alive() && (d.due === 0 || d.uptime() < d.due + LATE)) board.kick();', ''),
  one('acknowledged in vain', 'S8', 'a frame that was acknowledged is not forgotten', 'calm', 20, 'protocol/link', 'this.base = ack;', ''),

  one('failure stays charged', 'L2', 'a failed stroke is not given back', 'mechanics', 600, DEVICE, 'if (result === 2 /* Stroke.FAILED */ && after > 0)', 'if (after < 0)'),
  one('any signature', 'S7', 'an image is taken whoever signed it', 'update', 60, TRANSFER, 'if (result < 0) return this.fail(4 /* Fault.SIGNATURE */);', ''),
  one('changed behind its header', 'S7', 'the digest of an image is not compared', 'update', 60, TRANSFER, 'if (photoEnd(n, this.digest, content) !== h.digest) return this.fail(3 /* Fault.DIGEST */);', ''),
  one('older image', 'S7', 'an image may be older than the one that runs', 'update', 60, TRANSFER, 'if (version <= running || version <= d.state.version) return 30 /* RefusalCode.IMAGE_OLD */;', ''),
  {
    id: 'another image', breaks: 'S7', what: 'an image is taken that is not the one consented to', profile: 'update', within: 100,
    changes: [
      { file: TRANSFER, from: '&& d.natives.sha256(head) === this.name)', to: ')' },
      { file: TRANSFER, from: 'if (n.sha256(head) !== this.name) return this.fail(2 /* Fault.HEADER */);', to: '' },
    ],
  },
  one('passed at once', 'S7', 'an image counts as proven as soon as it runs', 'update', 100, UPDATE, "this.trial = own.read(100 /* Mark.PASSED */, 4) !== FINE;", 'this.trial = false;'),
  one('rolled back in silence', 'S7', 'nobody hears of an image that did not come up', 'update', 100, UPDATE, 'this.d.raise(24 /* Alarm.UPDATE */, version);', ''),
  one('aside for good', 'L2', 'a permit that is put aside is closed', 'dies', 60, STATE, 'if (why === 1 /* Close.USED_UP */ || why === 2 /* Close.FINISHED */ || p.used >= p.count)', 'if (why === 1 || why === 2 || why === 10 || p.used >= p.count)'),
  one('closed for good', 'L2', 'a use that idles closes its permit', 'people', 300, STATE, 'if (why === 1 /* Close.USED_UP */ || why === 2 /* Close.FINISHED */ || p.used >= p.count)', 'if (why > 0)'),
  one('left where it stuck', 'L2', 'nothing drives an actuator home that came free', 'mechanics', 1500, USE, 'if (s.phase === 1 /* Phase.IDLE */ && s.alarms === 0 &&', 'if (s.phase === 99 && s.alarms === 0 &&'),
  one('second page never', 'L2', 'the lid is not seen to open between two pages', 'calm', 50, USE, 'if (!lid && !(bits & 64 /* Tray.FAULT */)) s.turn = false;', ''),
  one('key not caught up', 'L2', 'a cut between a record and its key blocks the unit', 'power', 600, LOG, 'i < CATCH_UP &&', 'i < 0 &&'),

  one('photos never freed', 'L3', 'an acknowledgement frees no photo', 'full', 40, GRANT, "if (last !== '' && d.state.alarms.length === 0 && d.photos.ack(photos)) changed = true;", ''),
  one('records never freed', 'L3', 'an acknowledgement frees no record', 'full', 40, GRANT, 'd.log.release();', ''),
  one('full too early', 'L3', 'the log counts as full although there is room', 'people', 20, LOG, 'this.journal.free() >= this.reserve(2 /* Level.ORDINARY */) + 1024', 'this.journal.free() >= 258000'),
  one('no room for alarms', 'L3', 'nothing is reserved for alarms', 'full', 60, LOG, 'return level * (page < 2048 ? 2048 : page);', 'return 0;'),

  one('last record withheld', 'L4', 'the newest record is not given out', 'calm', 20, 'firmware/commands/records', 'seq < j.next && records.length < ITEMS', 'seq < j.next - 1 && records.length < ITEMS'),
  one('a record left out', 'L4', 'one record in ten is passed over', 'calm', 20, 'firmware/commands/records', 'const one = j.read(seq);', 'const one = j.read(seq % 10 === 9 ? ++seq : seq);'),
  one('records cut short', 'L4', 'each record loses its last byte', 'calm', 10, 'firmware/commands/records', 'records.push(one);', 'records.push(one.substr(0, one.length - 1));'),
];
