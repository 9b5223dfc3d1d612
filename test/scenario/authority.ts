/** The authority and the register of one unit: they hold the permit key and the ack key, and nothing else here does. */
import { createHash, createHmac } from 'node:crypto';
import {
  ackPayload, clearPayload, macGrant, permitPayload, revokePayload, strokePayload, timePayload, updatePayload, type PermitClaims,
} from '../../host-bridge/desk/authority/grants';
import { GrantKind, grantPayload, hmacKey, sealGrant, type Action, type Grant } from '../../protocol';
import { nodeNatives } from '../../host-bridge/natives';
import type { Identity } from '../../sim';

/** Unix seconds at which the authority's clock stands when a case begins. */
export const T0 = 1_800_000_000;

/** A key that looks like one, the same in every run. */
function key(name: string): Buffer {
  return createHash('sha256').update(`test key ${name}`).digest();
}

export const IDENTITY = {
  deviceId: Buffer.from('SEAL0001', 'latin1'),
  linkKey: key('link'),
  permitKey: key('permit'),
  evidenceKey: key('evidence'),
  people: [7, 8, 9, 10, 11, 12].map((person) => ({ slot: person * 2, person })),
  // Of the seed 00 01 .. 2f, as in protocol/vectors/image.json.
  makerKey: Buffer.from('202122232425262728292a2b2c2d2e2f990ce6298792b128846a8e4a3a68954c', 'hex'),
} satisfies Identity;

export const ACK_KEY = createHmac('sha256', IDENTITY.evidenceKey).update('smartseal/ack').digest();

/** What a permit says, but for its device; most of it has a default. */
export type PermitTerms = Partial<Omit<PermitClaims, 'device' | 'persons'>> & { counter: number; persons?: number[] };

/** A permit as the authority keeps it. */
export interface Granted {
  grant: Buffer;
  claims: PermitClaims;
  /** Strokes in all that a top-up, which the unit has answered, has raised it to. */
  least?: number;
}

/** What a ceremony says beside its action; most of it has a default. */
export type CeremonyTerms = Partial<Pick<Grant, 'notBefore' | 'notAfter' | 'die' | 'subject' | 'until' | 'epoch'>> & { persons?: number[] };

/** Counters of ceremonies and top-ups begin behind those of the permits that tests make. */
const ORDERS = 20;

export class Authority {
  private readonly device: Buffer;

  constructor(private readonly die: Buffer, private readonly permitKey: Buffer = IDENTITY.permitKey, device: Buffer = IDENTITY.deviceId) {
    this.device = device;
  }

  /** One stroke by person 7, valid now and for ten days, without photos, unless told otherwise. */
  permit(terms: PermitTerms): Granted {
    const { persons, ...rest } = terms;
    const claims: PermitClaims = {
      device: this.device,
      id: Buffer.from(`permit-${terms.counter}`.padEnd(16, '.'), 'latin1'),
      notBefore: T0 - 100,
      notAfter: T0 + 864_000,
      epoch: 0,
      die: this.die,
      count: 1,
      policy: 0,
      document: Buffer.alloc(32, 0xdd),
      idle: 60,
      ...rest,
      persons: (persons ?? [7]).map((person) => ({ person, means: 1 })),
    };
    return { grant: macGrant(this.permitKey, permitPayload(claims)), claims };
  }

  time(nonce: string, time: number): Buffer {
    return macGrant(this.permitKey, timePayload(this.device, Buffer.from(nonce, 'latin1'), time));
  }

  /** @param seq number of the photo's record */
  stroke(permit: Buffer, photo: Buffer, seq: number): Buffer {
    return macGrant(this.permitKey, strokePayload(this.device, permit, photo, seq));
  }

  clear(condition: number, seq: number): Buffer {
    return macGrant(this.permitKey, clearPayload(this.device, condition, seq));
  }

  revoke(what: { permit: Buffer; counter: number } | { epoch: number }): Buffer {
    return macGrant(this.permitKey, revokePayload(this.device, what));
  }

  /** @param n of the orders that a unit gets, counted from 1 */
  ceremony(action: Action, n: number, { persons, ...terms }: CeremonyTerms): Buffer {
    const shown = persons === undefined ? {} : { persons: persons.flatMap((person) => [person, 1]) };
    return this.seal({ kind: GrantKind.CEREMONY, action, permit: `ceremony ${n}`.padEnd(16), counter: ORDERS + n, epoch: 1, ...terms, ...shown });
  }

  /** @param n as for ceremony() */
  topUp({ claims }: Granted, count: number, n: number): Buffer {
    return this.seal({ kind: GrantKind.TOP_UP, permit: claims.id.toString('latin1'), counter: ORDERS + n, epoch: claims.epoch, count });
  }

  private seal(grant: Grant): Buffer {
    const payload = grantPayload(this.device.toString('latin1'), grant);
    return Buffer.from(sealGrant(nodeNatives, hmacKey(nodeNatives, this.permitKey.toString('latin1')), payload), 'latin1');
  }

  update(image: Buffer, version: number): Buffer {
    return macGrant(this.permitKey, updatePayload(this.device, image, version));
  }

  /** The register has all records below `through`, and the photos of records below `photos`. */
  ack(through: number, photos: number, hash: Buffer): Buffer {
    return macGrant(ACK_KEY, ackPayload(this.device, through, photos, hash));
  }
}

/** Secrets that must never be seen on any port, as binary strings: all keys, and the evidence keys of so many records. */
export function secrets(records: number): string[] {
  const all = [IDENTITY.linkKey, IDENTITY.permitKey, ACK_KEY];
  let evidence: Buffer = IDENTITY.evidenceKey;
  for (let seq = 0; seq <= records; seq++) {
    all.push(evidence);
    evidence = createHmac('sha256', evidence).update('smartseal/ratchet').digest();
  }
  return all.map((bytes) => bytes.toString('latin1'));
}
