/** The authority of one unit: makes its statements with the protocol's own code, and tells the oracle of each. */
import { createHmac } from 'node:crypto';
import { nodeNatives, toBytes } from '../../host-bridge/natives';
import {
  fenceBytes, GrantKind, grantPayload, hmacKey, Offline, offlineAnswer, offlineCheck, offlineId, offlineKey, offlineSession, sealGrant, tripCode, type Bytes, type Grant, type OfflineTerms, type Pads,
} from '../../protocol';
import { digestOf, type Claims, type Order, type Statement } from '../oracle';

/** What a permit says, but for what the authority fills in. */
export interface Terms {
  count: number;
  persons: readonly number[];
  policy: number;
  epoch: number;
  die: string;
  /** Counters that other units' permits, or none, have used up meanwhile. */
  skip?: number;
  /** Seconds from now. */
  from: number;
  lasts: number;
  idle: number;
  /** Where it may be used (SPEC.md section 8), and how well the place must be known. */
  fences?: readonly (readonly number[])[];
  fix?: { age: number; accuracy: number };
  /** Of each person; absent: by finger. */
  means?: readonly number[];
}

/** What a ceremony says, but for what the authority fills in. */
export type OrderTerms = Pick<Order, 'action' | 'subject' | 'persons' | 'means' | 'epoch' | 'die' | 'tune' | 'fences' | 'silence'> & { lasts: number; /** Seconds from now. */ back?: number };

export interface Said {
  bytes: Bytes;
  statement: Statement;
}

export interface UnitKeys {
  device: Buffer;
  link: Buffer;
  permit: Buffer;
  evidence: Buffer;
}

/** What a code is for, but for what the authority fills in. */
export type CodeTerms = Pick<OfflineTerms, 'person' | 'count' | 'document' | 'epoch'> & { die: string };

const hex = (bytes: Bytes): string => Buffer.from(bytes, 'latin1').toString('hex');

export class Authority {
  private counter = 0;
  private readonly device: Bytes;
  private readonly permitPads: Pads;
  private readonly ackPads: Pads;
  private readonly codeKey: Pads;
  /** Number of the last challenge answered, serial of the last trip code. */
  private calls = 0;
  private serial = 0;

  /** @param tell hears of every statement at the moment it is made */
  constructor(keys: UnitKeys, private readonly unix: () => number, private readonly tell: (statement: Statement) => void, private readonly coded: (claims: Claims) => void) {
    this.device = toBytes(keys.device);
    this.permitPads = hmacKey(nodeNatives, toBytes(keys.permit));
    this.codeKey = offlineKey(nodeNatives, this.permitPads);
    this.ackPads = hmacKey(nodeNatives, createHmac('sha256', keys.evidence).update('smartseal/ack').digest('binary'));
  }

  permit(terms: Terms): Said & { claims: Claims } {
    const counter = (this.counter += 1 + (terms.skip ?? 0));
    const now = this.unix();
    const id = `permit ${counter}`.padEnd(16, '.');
    const claims: Claims = {
      device: hex(this.device), id: hex(id), counter, epoch: terms.epoch, die: terms.die, count: terms.count, persons: terms.persons, policy: terms.policy,
      notBefore: now + terms.from, notAfter: now + terms.from + terms.lasts,
      ...(terms.fences === undefined ? {} : { fences: terms.fences }), ...(terms.fix === undefined ? {} : { fix: terms.fix }),
      ...(terms.means === undefined ? {} : { means: terms.means }),
    };
    const bytes = this.seal({
      kind: GrantKind.PERMIT, notBefore: claims.notBefore, notAfter: claims.notAfter, permit: id, counter, epoch: terms.epoch,
      die: Buffer.from(terms.die, 'hex').toString('latin1'), count: terms.count, persons: terms.persons.flatMap((person, i) => [person, terms.means?.[i] ?? 1]),
      policy: terms.policy, document: 'D'.repeat(32), idle: terms.idle,
      ...(terms.fences === undefined ? {} : { fences: fenceBytes(terms.fences.map((fence) => [...fence])) }),
      ...(terms.fix === undefined ? {} : { maxAge: terms.fix.age, maxAccuracy: terms.fix.accuracy }),
    });
    return { ...this.say(bytes, { kind: 'permit', claims }), claims };
  }

  ceremony({ action, subject, die, tune, persons, means, epoch, lasts, back, fences, silence }: OrderTerms): Said {
    const counter = ++this.counter;
    const notBefore = this.unix() - 60;
    const id = `ceremony ${counter}`.padEnd(16, '.');
    const order: Order = { id: hex(id), counter, epoch, action, persons, means, notBefore, notAfter: notBefore + 60 + lasts,
      ...(subject === undefined ? {} : { subject }), ...(die === undefined ? {} : { die }), ...(tune === undefined ? {} : { tune }), ...(back === undefined ? {} : { until: this.unix() + back }), ...(fences === undefined ? {} : { fences }), ...(silence === undefined ? {} : { silence }),
    };
    const grant: Grant = { kind: GrantKind.CEREMONY, action, permit: id, counter, epoch, notBefore, notAfter: order.notAfter };
    if (persons.length > 0) grant.persons = persons.flatMap((person, i) => [person, means[i] ?? 1]);
    if (subject !== undefined) grant.subject = subject;
    if (die !== undefined) grant.die = Buffer.from(die, 'hex').toString('latin1');
    if (tune !== undefined) Object.assign(grant, tune);
    if (order.until !== undefined) grant.until = order.until;
    if (fences !== undefined) grant.fences = fenceBytes(fences.map((fence) => [...fence]));
    if (silence !== undefined) grant.silence = silence;
    return this.say(this.seal(grant), { kind: 'ceremony', order });
  }

  /** @param back seconds by which its clock is behind */
  time(nonce: Bytes, back = 0): Said {
    const time = this.unix() - back;
    return this.say(this.seal({ kind: GrantKind.TIME, nonce, time }), { kind: 'time', nonce: hex(nonce), time });
  }

  stroke(permit: Bytes, photo: Bytes, seq: number): Said {
    return this.say(this.seal({ kind: GrantKind.STROKE, permit, photo, seq }), { kind: 'stroke', permit: hex(permit), photo: hex(photo), seq });
  }

  reject(permit: Bytes, photo: Bytes, seq: number): Said {
    return this.say(this.seal({ kind: GrantKind.REJECT, permit, photo, seq }), { kind: 'reject', permit: hex(permit), photo: hex(photo), seq });
  }

  topUp(claims: Claims, count: number, epoch: number): Said {
    const counter = ++this.counter;
    const permit = Buffer.from(claims.id, 'hex').toString('latin1');
    return this.say(this.seal({ kind: GrantKind.TOP_UP, permit, count, counter, epoch }), { kind: 'top-up', permit: claims.id, count, counter, epoch });
  }

  /** @param name SHA-256 of the image's header, hex */
  update(name: string, version: number): Said {
    return this.say(this.seal({ kind: GrantKind.UPDATE, image: Buffer.from(name, 'hex').toString('latin1'), version }), { kind: 'update', name, version });
  }

  clear(condition: number, seq: number): Said {
    return this.say(this.seal({ kind: GrantKind.CLEAR, condition, seq }), { kind: 'clear', condition, seq });
  }

  revoke(claims: Claims): Said {
    const permit = Buffer.from(claims.id, 'hex').toString('latin1');
    return this.say(this.seal({ kind: GrantKind.REVOKE, permit, counter: claims.counter }), { kind: 'revoke', permit: claims.id, counter: claims.counter });
  }

  raise(epoch: number): Said {
    return this.say(this.seal({ kind: GrantKind.REVOKE, epoch }), { kind: 'epoch', epoch });
  }

  acknowledge(through: number, photos: number, hash: Bytes): Said {
    return this.say(this.seal({ kind: GrantKind.ACK, recordsThrough: through, photosThrough: photos, hash }, this.ackPads), { kind: 'ack', through, photos });
  }

  /** The answer to a challenge; undefined where the check tells that something was misheard. */
  answer(terms: CodeTerms, { challenge, number, check }: { challenge: string; number: string; check: string }): string | undefined {
    const counter = this.calls + ((Number(number) - (this.calls % 10_000) + 10_000) % 10_000);
    const session = offlineSession(this.offline(terms, terms.document));
    if (offlineCheck(nodeNatives, this.codeKey, counter, challenge, session) !== check) return undefined;
    this.calls = counter;
    return this.give(terms, Offline.ANSWER, counter, terms.document, offlineAnswer(nodeNatives, this.codeKey, counter, challenge, session));
  }

  trip(terms: CodeTerms): string {
    const serial = ++this.serial;
    return this.give(terms, Offline.TRIP, serial, '', tripCode(nodeNatives, this.codeKey, serial, this.offline(terms, '')));
  }

  private give(terms: CodeTerms, how: Offline, number: number, document: string, digits: string): string {
    const { person, count, epoch, die } = terms;
    const id = hex(offlineId(nodeNatives, this.codeKey, how, number, offlineSession(this.offline(terms, document))));
    this.coded({ device: hex(this.device), id, counter: number, epoch, die, count, persons: [person], policy: 1, notBefore: -Infinity, notAfter: Infinity, code: { how, number, document, digits } });
    return digits;
  }

  private offline({ person, count, epoch, die }: CodeTerms, document: string): OfflineTerms {
    return { device: this.device, die: Buffer.from(die, 'hex').toString('latin1'), epoch, person, count, document };
  }

  private seal(grant: Grant, pads = this.permitPads): Bytes {
    return sealGrant(nodeNatives, pads, grantPayload(this.device, grant));
  }

  private say<T extends Statement extends infer S ? (S extends Statement ? Omit<S, 'sha256'> : never) : never>(bytes: Bytes, what: T): Said {
    const statement = { ...what, sha256: digestOf(Buffer.from(bytes, 'latin1')) } as unknown as Statement;
    this.tell(statement);
    return { bytes, statement };
  }
}
