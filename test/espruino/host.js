/** The host at the other end of a bench unit's link, in real time: HostPeer, the authority's grants, the register's checks. */
'use strict';
const { performance } = require('node:perf_hooks');
const protocol = require('../../protocol');
const { nodeNatives } = require('../../host-bridge/natives');
const { ACK_KEY, DIE, IDENTITY, until } = require('./bench');

const { GrantKind, MessageType, HostPeer } = protocol;
const natives = nodeNatives;
/** Unix seconds that the authority tells. */
const T0 = 1_800_000_000;

class Host {
  constructor(bench) {
    this.bench = bench;
    this.ready = 0;
    /** Answers that came only in the session after the one in which they were asked for. */
    this.renewed = 0;
    this.downs = [];
    this.notice = undefined;
    this.answers = [];
    /** Everything said to the unit since it was emptied. */
    this.said = [];
    this.tag = 0;
    this.counter = 0;
    this.records = [];
    this.keys = protocol.hmacKey(natives, IDENTITY.evidenceKey);
    for (const bytes of bench.records) this.take(bytes);
    this.peer = new HostPeer({
      natives,
      write: (bytes) => {
        const all = Buffer.from(bytes, 'latin1');
        this.said.push(all);
        bench.write(all);
      },
      keyFor: (id) => (id === IDENTITY.deviceId ? IDENTITY.linkKey : undefined),
      hostId: 1,
      frameMax: 2048,
      window: 4,
      events: {
        ready: () => this.ready++,
        message: (type, tag, body) => this.heard(type, tag, body),
        down: (reason) => this.downs.push(reason),
      },
    });
    /** A byte of the unit's is lost: that frame is none, and those behind it say so (SPEC.md section 5, GAP). */
    this.lose = false;
    bench.onLink = (bytes) => {
      const some = this.lose && bytes.length > 20 ? bytes.subarray(1) : bytes;
      if (some !== bytes) this.lose = false;
      this.peer.receive(some.toString('latin1'));
      this.turn();
    };
  }

  turn() {
    clearTimeout(this.timer);
    const ms = this.peer.tick(Math.floor(performance.now()));
    this.timer = setTimeout(() => this.turn(), Math.max(1, ms));
  }

  stop() {
    this.bench.onLink = () => undefined;
    clearTimeout(this.timer);
  }

  /** Milliseconds until a session stood, trying again and again; undefined: none does. */
  async connect(ms = 15_000) {
    const before = this.ready;
    const from = performance.now();
    while (this.ready === before && performance.now() - from < ms) {
      this.peer.connect();
      this.turn();
      await until(() => this.ready > before, Math.min(ms, 12_000));
    }
    return this.ready > before ? Math.round(performance.now() - from) : undefined;
  }

  heard(type, tag, body) {
    if (type === MessageType.READY) this.readyMessage = protocol.decodeReady(body);
    else if (type === MessageType.NOTICE) this.notice = protocol.decodeNotice(body);
    else this.answers.push({ type, tag, body });
  }

  /** Sends and waits for all of the answer; asks again when the session was renewed meanwhile, as the bridge does. */
  async ask(type, body = '', ms = 15_000) {
    const { ready } = this;
    const answers = await this.once(type, body, ms);
    if (answers !== undefined) return answers;
    const again = this.ready > ready ? await this.once(type, body, ms) : undefined;
    if (again === undefined) throw new Error(`no answer to message ${type}; the unit printed: ${this.bench.unit?.output()}`);
    this.renewed++;
    return again;
  }

  /** @returns undefined: no answer came, or the session ended before it did */
  async once(type, body, ms) {
    const { ready } = this;
    const tag = (this.tag = (this.tag % 255) + 1);
    this.answers = [];
    if (!this.peer.send(type, tag, body)) throw new Error(`message ${type} was not taken`);
    this.turn();
    const mine = () => this.answers.filter((answer) => answer.tag === tag);
    const whole = () => {
      const last = mine().at(-1);
      if (last?.type === MessageType.VIEW_CHUNK) return protocol.decodeViewChunk(last.body).last;
      return last !== undefined && (last.type !== MessageType.PHOTO_CHUNK || protocol.decodePhotoChunk(last.body).last);
    };
    await until(() => whole() || this.ready > ready, ms);
    return whole() ? mine() : undefined;
  }

  /** 0, or the RefusalCode. */
  async code(type, body, ms) {
    const [answer] = await this.ask(type, body, ms);
    return answer.type === MessageType.REFUSAL ? protocol.decodeRefusal(answer.body).code : 0;
  }

  async status() {
    return protocol.decodeStatus((await this.ask(MessageType.STATUS_GET))[0].body);
  }

  /** Waits for a state of Status. */
  async state(wanted, ms = 12_000) {
    const end = performance.now() + ms;
    for (;;) {
      const status = await this.status();
      if (status.state === wanted) return true;
      if (performance.now() > end) return false;
      await until(() => false, 50);
    }
  }

  seal(grant, key = grant.kind === GrantKind.ACK ? ACK_KEY : IDENTITY.permitKey, device = IDENTITY.deviceId) {
    return protocol.sealGrant(natives, protocol.hmacKey(natives, key), protocol.grantPayload(device, grant));
  }

  apply(grant) {
    return this.code(MessageType.GRANT_APPLY, protocol.encodeGrantApply({ grant: typeof grant === 'string' ? grant : this.seal(grant) }));
  }

  async setTime(time = T0 + Math.floor(performance.now() / 1000)) {
    const { nonce } = protocol.decodeTimeNonce((await this.ask(MessageType.TIME_NONCE_GET))[0].body);
    return this.apply({ kind: GrantKind.TIME, nonce, time });
  }

  permitId(counter = this.counter) {
    return `permit${counter}`.padEnd(16, '-');
  }

  /** A permit for person 7 with one photographed stroke, unless told otherwise. */
  permit(change = {}) {
    this.counter = change.counter ?? this.counter + 1;
    return this.seal({
      kind: GrantKind.PERMIT, notBefore: T0 - 100, notAfter: T0 + 1_000_000, permit: this.permitId(), counter: this.counter, epoch: 0, die: DIE, count: 1,
      persons: [7, 1], policy: 1, document: 'D'.repeat(32), idle: 60, ...change,
    });
  }

  load(grant) {
    return this.code(MessageType.PERMIT_LOAD, protocol.encodePermitLoad({ grant }));
  }

  async permitState(counter) {
    const [answer] = await this.ask(MessageType.PERMIT_GET, protocol.encodePermitGet({ permit: this.permitId(counter) }));
    return answer.type === MessageType.PERMIT_STATE ? protocol.decodePermitState(answer.body) : undefined;
  }

  /** Pulls what is new, checks chain and MACs as the register does. @returns the new records, with `values` by key. @throws where one is wrong */
  async pull() {
    const from = this.records.length;
    for (;;) {
      const [answer] = await this.ask(MessageType.RECORDS_GET, protocol.encodeRecordsGet({ fromSeq: this.records.length, maxBytes: 4096 }));
      if (answer.type !== MessageType.RECORDS) throw new Error(`records from ${this.records.length} refused: ${protocol.decodeRefusal(answer.body).code}`);
      const { records } = protocol.decodeRecords(answer.body);
      for (const bytes of records) this.take(bytes);
      if (records.length === 0) return this.records.slice(from);
    }
  }

  take(bytes) {
    const record = protocol.readRecord(bytes);
    const seq = this.records.length;
    if (record === undefined || record.seq !== seq) throw new Error(`record ${seq} is not one`);
    if (!protocol.recordFollows(natives, this.records.at(-1)?.bytes, record)) throw new Error(`record ${seq} does not follow`);
    if (!protocol.recordAuthentic(natives, this.keys, record)) throw new Error(`MAC of record ${seq}`);
    this.keys = protocol.hmacKey(natives, protocol.ratchet(natives, this.keys));
    this.records.push({ ...record, bytes });
  }

  /** A photo's bytes, checked against its digest; undefined: refused. */
  async photo(digest, size, pieces = 1) {
    let photo = '';
    for (let i = 0; i < pieces; i++) {
      const maxBytes = i === pieces - 1 ? 0 : Math.floor(size / pieces);
      const answers = await this.ask(MessageType.PHOTO_GET, protocol.encodePhotoGet({ digest, offset: photo.length, maxBytes }));
      if (answers[0].type === MessageType.REFUSAL) return undefined;
      for (const answer of answers) photo += protocol.decodePhotoChunk(answer.body).data;
    }
    let sum = protocol.ZERO_HASH;
    for (let at = 0; at < photo.length; at += protocol.CHUNK_BYTES) sum = protocol.photoStep(natives, sum, photo.slice(at, at + protocol.CHUNK_BYTES));
    if (photo.length !== size || protocol.photoEnd(natives, sum, photo.length) !== digest) throw new Error('the photo is not the one recorded');
    return photo;
  }

  /** Acknowledges everything pulled. */
  ack() {
    const through = this.records.length;
    return this.apply({ kind: GrantKind.ACK, recordsThrough: through, photosThrough: through, hash: natives.sha256(this.records.at(-1).bytes) });
  }
}

module.exports = { Host, T0 };
