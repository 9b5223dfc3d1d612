/**
 * S8 No key leaves the device; who is not authenticated learns its public identity and the protocol's version, nothing
 * else; the interpreter's console takes no input. What the channel rests on (counters, nonces) is looked at in wire.ts.
 */
import { createHmac } from 'node:crypto';
import type { Fact, Invariant } from './facts';
import type { Known } from './known';
import { WireReader } from './wire';

export interface Keys {
  link: Buffer;
  permit: Buffer;
  evidence: Buffer;
}

/** Sent in the clear: CHALLENGE, ACK, ATTENTION (protocol/SPEC.md section 3). A LOG would tell whoever listens more than the unit's name. */
const CLEAR = new Map([[2, 46], [5, 0], [7, 0]]);

export class Secrets implements Invariant {
  readonly id = 'S8';
  private readonly wire: WireReader;
  private readonly secrets: Buffer[];
  private tail: Buffer = Buffer.alloc(0);
  /** Evidence keys up to the one that is due. */
  private readonly used: Buffer[] = [];

  constructor(
    private readonly known: Known,
    keys: Keys,
    private readonly truth: { readonly consoleBytes: number },
    /** The evidence key that is due, and the vault as it stands on flash. */
    private readonly flash: { key(): Buffer; vault(): Buffer },
    /** Hears what the device says in a session, in plain. */
    heard: (plain: Buffer) => void,
  ) {
    this.used.push(keys.evidence);
    this.secrets = [keys.link, keys.permit, createHmac('sha256', keys.evidence).update('smartseal/ack').digest(), createHmac('sha256', keys.permit).update('smartseal/offline').digest(), keys.evidence];
    this.wire = new WireReader(keys.link, {
      message: (toDevice, plain) => {
        if (toDevice) return;
        this.search(plain, 'a message');
        heard(plain);
      },
      clear: (type, body) => {
        const most = CLEAR.get(type);
        if (most === undefined || body.length > most) known.broken('S8', `a frame of type ${type} with ${body.length} bytes in the clear`);
      },
      broken: (text) => known.broken('S8', text),
    });
  }

  see(fact: Fact): void {
    if (fact.what === 'wire') {
      this.wire.push(fact.toDevice, fact.bytes);
      if (fact.toDevice) return;
      const seen = Buffer.concat([this.tail, fact.bytes]);
      this.search(seen, 'the line');
      this.tail = Buffer.from(seen.subarray(-31));
    } else if (fact.what === 'record') this.used.push(this.flash.key());
    else if (fact.what === 'run' || fact.what === 'plugged') this.wire.reset();
  }

  private search(bytes: Buffer, where: string): void {
    if (bytes.length < 32) return;
    for (const secret of this.secrets) if (bytes.includes(secret)) this.known.broken('S8', `a key on ${where}`);
    if (bytes.includes(this.flash.key())) this.known.broken('S8', `the evidence key on ${where}`);
  }

  end(): void {
    const { known } = this;
    if (this.truth.consoleBytes > 0) known.broken('S8', `the console took ${this.truth.consoleBytes} bytes`);
    if (known.bent(['flash'], -Infinity)) return;
    const vault = this.flash.vault();
    const left = this.used.slice(0, -1).findIndex((key) => vault.includes(key));
    if (left >= 0) known.broken('S8', `the evidence key of record ${left} is still on flash, ${known.records.length} is due`);
  }
}
