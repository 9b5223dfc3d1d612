/** The bench office on the phone: answers to challenges, and trip codes. What it says needs no session with the unit. */
import { createHash } from 'node:crypto';
import { nodeNatives } from '../../host-bridge/natives';
import { offlineAnswer, offlineCheck, offlineKey, offlineSession, tripCode, type Bytes, type OfflineTerms, type Pads } from '../../protocol';
import { SimError } from '../cli/texts';
import type { Challenge } from '../people/glass';
import type { Entry } from './journal';

/** What is to be allowed by phone. */
export interface CodeTerms {
  person: number;
  /** 1 to 9. */
  count: number;
  /** Hexadecimal. */
  die: string;
}

/** Of the numbers that the display shows. */
const NUMBERS = 10_000;

/** The eight digits on an application that stand for its document (SPEC.md, "Offline"). */
export function documentCode(document: Buffer): string {
  return String(createHash('sha256').update(document).digest().readBigUInt64BE() % 100_000_000n).padStart(8, '0');
}

export class Codes {
  /** The code said last: what the person types. */
  said = '';
  private readonly key: Pads;
  /** Number of the last challenge that is known of, and serial of the last trip code. */
  private calls = 0;
  private serial = 0;

  constructor(private readonly device: Bytes, permit: Pads) {
    this.key = offlineKey(nodeNatives, permit);
  }

  /** A record has come in: numbers that were used before this office came are not used again. */
  hear({ kind, fields }: Entry): void {
    const number = Number(fields['number'] ?? 0);
    if (kind === 'challenge') this.calls = Math.max(this.calls, number);
    if (kind === 'code' && fields['how'] === 'trip') this.serial = Math.max(this.serial, number);
  }

  /** The answer to a challenge. @throws SimError MISHEARD where the check says that something was misheard */
  answer(terms: CodeTerms, document: string, { challenge, number, check }: Challenge): string {
    const session = offlineSession(this.terms(terms, document));
    const counter = this.calls + ((Number(number) - (this.calls % NUMBERS) + NUMBERS) % NUMBERS);
    if (offlineCheck(nodeNatives, this.key, counter, challenge, session) !== check) throw new SimError('MISHEARD');
    this.calls = counter;
    return (this.said = offlineAnswer(nodeNatives, this.key, counter, challenge, session));
  }

  /** A new trip code; of those given before, none works once this one was used. */
  trip(terms: CodeTerms): string {
    return (this.said = tripCode(nodeNatives, this.key, ++this.serial, this.terms(terms, '')));
  }

  private terms({ person, count, die }: CodeTerms, document: string): OfflineTerms {
    return { device: this.device, die: Buffer.from(die, 'hex').toString('latin1'), epoch: 0, person, count, document };
  }
}
