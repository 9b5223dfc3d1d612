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
const PERMITS = 'firmware/core/permits';
const WATCH = 'firmware/core/watch';
const JOURNAL = 'firmware/core/journal';
const GRANT = 'firmware/commands/grant';
const LOG = 'firmware/core/log';
const PLACE = 'firmware/core/place';

function one(id: string, breaks: string, what: string, profile: string, within: number, file: string, from: string, to: string): Mutant {
  return { id, breaks, what, profile, within, changes: [{ file, from, to }] };
}

export const MUTANTS: readonly Mutant[] = [
  one('revocation forgotten', 'S1', 'a revoked permit stays usable', 'people', 300, STATE, 'one.closed = 9 /* RefusalCode.REVOKED */;', ''),
  one('one for two', 'S1', 'one person opens a permit that names two', 'people', 100, USE, 'if (s.shown.length < offer.persons.length)', 'if (s.shown.length < 1)'),
  one('same finger twice', 'S1', 'one finger shown twice counts for two persons', 'people', 100, USE, 'if (s.shown.indexOf(id) < 0) {', 'if (s.shown.length < 9) {'),
  one('before its time', 'S1', 'a permit may be used before its window', 'people', 300, PERMITS, 'return now < p.notBefore ? 6 /* RefusalCode.TOO_EARLY */ : 0;', 'return 0;'),
  one('any die', 'S1', 'whatever die is fitted is taken for the permitted one', 'people', 300, PERMITS, "return d.parts.tray.diePresent() && d.parts.die.tags().join('') === die;", 'return true;'),
  one('any authority', 'S1', "a grant's MAC is not looked at", 'hostile', 200, 'protocol/permit', 'const ack = !same(n, hmac(n, keys.permit, signed), tag);', 'const ack = false;'),
  one('no stroke grant', 'S1', 'a permit that asks for a grant for each stroke gets none', 'people', 100, USE, 'if (offer.policy & 2 /* Policy.GRANTS */)', 'if (offer.policy & 64)'),
  one('revoked before it came', 'S1', 'a permit that arrives after its revocation is taken', 'people', 2000, STATE, 'this.mark(v[2]);', ''),

  one('fence ignored', 'S1', 'a permit for a place is used anywhere', 'place', 60, PLACE, "return p.fences !== '' && fenceOf(p.fences, fix) < 1 ? 25 /* RefusalCode.OUTSIDE */ : 0;", 'return 0;'),
  one('old fix', 'S1', 'a fix is good however old it is', 'place', 300, PLACE, 'now - fix.at > p.maxAge * 1000 ||', ''),
  {
    id: 'accuracy ignored', breaks: 'S1', what: 'a fix is taken for the place itself, however inaccurate', profile: 'place', within: 600,
    changes: [{ file: PLACE, from: '|| fix.accuracy > p.maxAccuracy', to: '' }, { file: 'firmware/core/geometry', from: 'if (inner >= fix.accuracy)', to: 'if (inner >= 0)' }],
  },
  one('moved behind its photo', 'S1', 'what moves between photo and stroke is not looked at', 'place', 200, PLACE, 'if (moves & (1 /* Moves.MOVED */ | 2 /* Moves.FELL */)) this.moved = true;', ''),
  one('leaning', 'S1', 'a unit that leans over stamps', 'place', 300, PLACE, 'this.leans >= 0 || (this.moved', 'this.leans > 1e15 || (this.moved'),
  one('dock ignored', 'S1', 'a permit for the dock is used without', 'place', 200, PLACE, 'return this.usb && !this.carried && this.d.parts.power.usb();', 'return true;'),
  one('docked wherever it is', 'S1', 'being carried with USB power does not end being docked', 'place', 600, PLACE, 'this.carried = true;', ''),

  one('not charged', 'S2', 'the intent does not use up a stroke', 'people', 200, STATE, 'p.used = v[2];', ''),
  one('charged after the stroke', 'S2', 'the charge is only remembered with the outcome, and lost with the power', 'power', 600, STATE, 'p.used = v[2]; } } else if (kind === 6 /* RecordKind.OUTCOME */) { this.intent = NO_RECORD; if (p !== undefined) p.used = v[5]; }', '} } else if (kind === 6 /* RecordKind.OUTCOME */) { this.intent = NO_RECORD; if (p !== undefined) p.used++; }'),
  one('given back whatever happened', 'S2', 'every outcome gives the charge back', 'people', 200, DEVICE, 'if (result === 2 /* Stroke.FAILED */ && after > 0)', 'if (after > 0)'),
  one('unknown given back', 'S2', 'an unknown outcome gives the charge back although there may be ink', 'power', 600, DEVICE, 'if (result === 2 /* Stroke.FAILED */ && after > 0)', 'if (result !== 1 && after > 0)'),
  one('count forgotten at start', 'S2', 'a start takes every permit for unused', 'power', 300, STATE, 'p.used = getU16le(b, at + 16);', 'p.used = 0;'),
  one('records not folded at start', 'S2', 'what the records say since the last status entry is forgotten', 'power', 300, LOG, 'this.refold(j.read(seq));', ''),
  one('two permits of one number', 'S2', 'a permit handed over again counts as a new one', 'hostile', 600, PERMITS, 'if (p.hash === hash) return p;', 'if (p.hash === hash) { p.used = 0; return p; }'),

  one('intent left open', 'S3', 'an intent that a cut left open gets no outcome', 'power', 300, DEVICE, "if (intent !== NO_RECORD) { this.outcome(s.open, 3 /* Stroke.UNKNOWN */, '');", "if (intent === -7) { this.outcome(s.open, 3 /* Stroke.UNKNOWN */, '');"),
  one('stamped without contact', 'S3', 'a whole travel counts as stamped', 'mechanics', 600, 'firmware/drivers/stamper', 'if (contactAt === 0)', 'if (start === 0)'),
  one('no photo after', 'S3', 'the photo after the stroke is not taken', 'people', 50, USE, 'else if (s.phase !== 7 /* Phase.AFTER */ && offer.policy & 1 /* Policy.PHOTOS */)', 'else if (s.phase !== 7 && offer.policy & 64)'),
  one('photo not bound', 'S3', 'the intent does not name its photo', 'people', 50, DEVICE, "photo === '' ? undefined : photo", 'undefined'),
  one('failures not told', 'S3', 'only a stamped outcome is recorded', 'mechanics', 300, USE, 'if (s.offer !== undefined) fx.push({ fx: 12 /* Fx.OUTCOME */', 'if (s.offer !== undefined && result === 1) fx.push({ fx: 12 /* Fx.OUTCOME */'),
  one('failed for unknown', 'S3', 'an unknown outcome is told as failed', 'mechanics', 1000, 'firmware/drivers/stamper', 'result = far ? 3 /* Stroke.UNKNOWN */ : 2 /* Stroke.FAILED */;', 'result = 2;'),

  one('told before durable', 'S4', 'a record counts as written before its commit word', 'people', 50, JOURNAL, '&& hold(this.f, at + need - 4, COMMIT)', ''),
  one('torn taken for whole', 'S4', 'a record without its commit word counts after a start', 'power', 600, JOURNAL, 'return this.f.read(base + size(length) - 4, 4) === COMMIT ? length : -size(length);', 'return length;'),
  one('chain begun anew', 'S4', 'after a start the chain does not continue', 'power', 50, LOG, "if (last !== '') this.prev = this.d.natives.sha256(last);", ''),
  one('starts not counted', 'S4', 'the count of starts stays', 'power', 50, DEVICE, 's.boot++;', ''),
  one('photo freed too early', 'S4', "a photo's room is free before the register has it", 'people', 600, 'firmware/core/photos', 'const pages = this.pagesOf(size); this.used += pages;', 'const pages = this.pagesOf(size); this.used = pages;'),

  one('bolt left open', 'S5', 'only the one-shot closes the bolt after a stroke', 'calm', 50, USE, 'function outcome(s, fx, result, trace, park) { fx.push({ fx: 8 /* Fx.BOLT */, open: false });', 'function outcome(s, fx, result, trace, park) {'),
  one('opens with the use', 'S5', 'the bolt opens with the use, not with the intent', 'calm', 50, DEVICE, 'parts.signal.good(); return this.record(3 /* RecordKind.OPENED */', 'parts.bolt.open(); return this.record(3 /* RecordKind.OPENED */'),
  one('opens for a permit', 'S5', 'the bolt moves when a permit is loaded', 'calm', 50, PERMITS, 's.mark(p.counter); recordPermit(d, p); return p;', 's.mark(p.counter); recordPermit(d, p); d.parts.bolt.open(); return p;'),

  one('lid not looked at', 'S6', 'the lid may be opened during a stroke', 'people', 600, USE, 'else if (!lid) alarm(s, fx, 1 /* Alarm.LID */, s.phase);', ''),
  one('alarms end with the power', 'S6', 'a latched alarm is forgotten at a start', 'mixed', 600, DEVICE, 'this.use.alarms = s.alarmBits();', ''),
  one('strangers not counted', 'S6', 'wrong fingers raise no alarm', 'people', 200, WATCH, 'this.wrong = known ? 0 : this.wrong + 1;', 'this.wrong = 0;'),
  one('die not looked at', 'S6', 'the die may be taken out', 'people', 200, WATCH, 'if (!first || !this.allowed(there))', 'if (first && !this.allowed(there))'),
  one('falls not told', 'S6', 'the unit may be dropped', 'place', 60, PLACE, 'if (moves & 2 /* Moves.FELL */) this.raise(16 /* Alarm.DROP */, 0);', ''),
  one('opens under an alarm', 'S6', 'a finger opens a use although an alarm stands', 'mixed', 600, USE, 'if (s.alarms !== 0) return refuse(fx, 15 /* RefusalCode.ALARM_ACTIVE */, id);', ''),
  one('unknown without alarm', 'S6', 'an outcome left unknown by a cut raises no alarm', 'power', 300, DEVICE, 'this.send({ in: 10 /* In.ALARM */, condition: 13 /* Alarm.UNKNOWN */, detail: intent });', ''),

  one('nonce used twice', 'S7', 'a time statement works as often as it is handed over', 'hostile', 2000, 'firmware/core/clock', "this.nonce = ''; if (time <", 'if (time <'),
  one('any time', 'S7', 'a time statement needs no nonce', 'hostile', 600, 'firmware/core/clock', "if (this.nonce === '' || nonce !== this.nonce || this.uptime() - this.asked > NONCE_MS) return 1 /* TimeSet.STALE */;", ''),
  one('cleared by any statement', 'S7', 'an old clearing clears a new alarm', 'hostile', 3000, GRANT, 'if (a === undefined || a.seq !== g.seq)', 'if (a === undefined)'),
  one('clock runs ahead', 'S7', 'the clock gains a minute with each answer', 'calm', 50, 'firmware/core/clock', 'this.base = time;', 'this.base = time + 60;'),
  {
    id: 'any stroke grant', breaks: 'S7', what: 'a stroke grant for an earlier photo of the permit is taken', profile: 'hostile', within: 1500,
    changes: [
      { file: GRANT, from: 'if (!grantFits(d.use, id, g.photo) || d.state.permit(id).last !== g.seq)', to: 'if (!grantFits(d.use, id, g.photo))' },
      { file: USE, from: 's.offer.id === permit && s.photo === digest;', to: 's.offer.id === permit;' },
    ],
  },

  one('nonces repeat', 'S8', "the device's nonce is always the same", 'line', 50, 'protocol/handshake', "'N' + n.random(16) + u32le(boot) + u32le(session)", "'N'"),
  one('counter used twice', 'S8', 'two messages are sealed under one counter', 'calm', 50, 'protocol/link', 'this.txCtr++', 'this.txCtr'),
  one('retry sealed anew', 'S8', 'a retry carries other bytes', 'line', 200, 'protocol/link', 'again() { this.retries += this.sent;', 'again() { this.frames = this.frames.map((f) => frameHead(4, (this.base) & 255, this.expected + 1, 3) + f.substr(4)); this.retries += this.sent;'),
  one('key stays on flash', 'S8', 'a used evidence key is not destroyed', 'calm', 100, 'firmware/core/keys', 'this.f.write(old, ZEROS);', ''),
  one('key in a message', 'S8', 'READY carries the link key', 'calm', 10, 'firmware/core/session', 'firmware: FIRMWARE,', 'firmware: d.identity.linkKey,'),
  one('attention says more', 'S8', 'what is said in the clear names the device', 'calm', 10, 'protocol/device-peer', "7 /* FrameType.ATTENTION */, 0, 0, 0, ''", '7 /* FrameType.ATTENTION */, 0, 0, 0, this.o.deviceId'),

  one('not parked at start', 'L1', 'the actuator is not driven home at a start', 'power', 300, USE, 'go(s, fx, 9 /* Phase.PARKING */, PARK_MS); fx.push({ fx: 10 /* Fx.PARK */ }); } /** One step', 'go(s, fx, 1, 0); } /** One step'),
  one('deaf to greetings', 'L1', 'a HELLO during a session is not answered', 'line', 300, 'protocol/device-peer', 'if (body.length < HELLO_BYTES || body.length > HELLO_LIMIT)', 'if (this.link || body.length < HELLO_BYTES || body.length > HELLO_LIMIT)'),
  one('watchdog not kicked', 'L1', 'the unit restarts again and again', 'calm', 20, WATCH, 'if (d.parts.alive() && (d.due === 0 || d.uptime() < d.due + LATE)) board.kick();', ''),
  one('acknowledges nothing', 'L1', "the host's frames are never acknowledged", 'calm', 20, 'protocol/link', 'if (this.urgent || this.owed >= this.o.ackEvery) this.ack(0);', ''),

  one('failure stays charged', 'L2', 'a failed stroke is not given back', 'mechanics', 600, DEVICE, 'if (result === 2 /* Stroke.FAILED */ && after > 0)', 'if (after < 0)'),
  one('closed for good', 'L2', 'a use that idles closes its permit', 'people', 300, STATE, 'if (why === 1 /* Close.USED_UP */ || why === 2 /* Close.FINISHED */ || p.used >= p.count)', 'if (why > 0)'),
  one('left where it stuck', 'L2', 'nothing drives an actuator home that came free', 'mechanics', 1500, USE, 'if (s.phase === 1 /* Phase.IDLE */ && s.alarms === 0 &&', 'if (s.phase === 99 && s.alarms === 0 &&'),
  one('second page never', 'L2', 'the lid is not seen to open between two pages', 'calm', 50, USE, 'if (!lid && !(bits & 64 /* Tray.FAULT */)) s.turn = false;', ''),
  one('key not caught up', 'L2', 'a cut between a record and its key blocks the unit', 'power', 600, LOG, 'i < CATCH_UP &&', 'i < 0 &&'),

  one('photos never freed', 'L3', 'an acknowledgement frees no photo', 'full', 40, GRANT, 'if (d.photos.ack(photos)) changed = true;', ''),
  one('records never freed', 'L3', 'an acknowledgement frees no record', 'full', 40, GRANT, 'j.ack(d.state.acked);', ''),
  one('full too early', 'L3', 'the log counts as full although there is room', 'people', 20, LOG, 'this.journal.free() >= this.reserve(2 /* Level.ORDINARY */) + 1024', 'this.journal.free() >= 258000'),
  one('no room for alarms', 'L3', 'nothing is reserved for alarms', 'full', 60, LOG, 'return level * (page < 2048 ? 2048 : page);', 'return 0;'),

  one('last record withheld', 'L4', 'the newest record is not given out', 'calm', 20, 'firmware/commands/records', 'seq < j.next && records.length < ITEMS', 'seq < j.next - 1 && records.length < ITEMS'),
  one('a record left out', 'L4', 'one record in ten is passed over', 'calm', 20, 'firmware/commands/records', 'const one = j.read(seq);', 'if (seq % 10 === 9 && records.length > 0) continue; const one = j.read(seq);'),
  one('records cut short', 'L4', 'each record loses its last byte', 'calm', 10, 'firmware/commands/records', 'records.push(one);', 'records.push(one.substr(0, one.length - 1));'),
];
