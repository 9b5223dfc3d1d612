/** What the bench office takes in from its unit: records, then their photos; then it says what it has. One pull at a time. */
import { decodePhotoChunk, decodeRecords, encodePhotoGet, encodeRecordsGet, MessageType, type Bytes } from '../../protocol';
import { SimError } from '../cli/texts';
import type { World } from '../world/world';
import { Refused, type Exchange } from './exchange';
import type { Entry } from './journal';
import type { Register } from './register';

/** Bytes of records, and of a photo, that are asked for at a time. */
const RECORDS = 4096;
const PIECE = 65_536;

/** A unit acknowledges nothing in the middle of a stroke: asked again after so long, virtual ms. */
const AGAIN_MS = 1000;

export interface IntakeOptions {
  world: World;
  line: Exchange;
  /** Says to the unit that records and photos below these are kept. */
  acknowledge: (recordsThrough: number, photosThrough: number, hash: Bytes) => Promise<void>;
  onRecord: (entry: Entry) => void;
  onResumed?: ((offset: number, size: number) => void) | undefined;
  onEvidenceError?: ((error: Error) => void) | undefined;
}

export class Intake {
  register: Register | undefined;
  /** False: the register is away. What comes is held, and nothing of it acknowledged. */
  present = true;
  /** Number of the unit's next record, as it told last. */
  private told = 0;
  private acknowledged = -1;
  private job: Promise<void> | undefined;
  private again = false;

  constructor(private readonly o: IntakeOptions) {}

  /** A session is up. @param next number of the unit's next record, @param make the register, where there is none yet */
  begin(next: number, make: () => Register): void {
    this.told = next;
    this.register ??= make();
  }

  get complete(): boolean {
    const { register } = this;
    return register !== undefined && register.next >= this.told && register.missing.length === 0 && this.acknowledged === register.next && this.job === undefined;
  }

  /** Fetches what is there below `next`, and waits for it. @throws SimError, Refused, EvidenceError */
  pull(next: number): Promise<void> {
    this.told = Math.max(this.told, next);
    this.again = true;
    this.job ??= this.pullAll().finally(() => (this.job = undefined));
    return this.job;
  }

  private async pullAll(): Promise<void> {
    const { register } = this;
    if (register === undefined) return;
    try {
      while (this.again) {
        this.again = false;
        await this.pullRecords(register);
        await this.pullPhotos(register);
        if (!this.present || register.next === this.acknowledged) continue;
        const { next } = register;
        await this.o.acknowledge(next, register.missing[0]?.seq ?? next, register.hash);
        this.acknowledged = next;
      }
    } catch (error) {
      if (!(error instanceof SimError)) this.o.onEvidenceError?.(error as Error);
      if (error instanceof Refused && error.refusal === 'BUSY') this.o.world.after(AGAIN_MS, () => void this.pull(this.told).catch(() => undefined));
      throw error;
    }
  }

  private async pullRecords(register: Register): Promise<void> {
    for (;;) {
      const answer = decodeRecords(await this.o.line.ask(MessageType.RECORDS_GET, encodeRecordsGet({ fromSeq: register.next, maxBytes: RECORDS })))!;
      if (answer.records.length === 0) return;
      for (const bytes of answer.records) this.o.onRecord(register.take(bytes));
      this.told = Math.max(this.told, register.next);
    }
  }

  private async pullPhotos(register: Register): Promise<void> {
    while (register.missing.length > 0) {
      const { digest, size } = register.missing[0]!;
      if (register.begun !== '') {
        register.resumed++;
        this.o.onResumed?.(register.begun.length, size);
      }
      try {
        while (register.begun.length < size) await this.photoPiece(register, digest);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        // Not on the unit any more, or not readable: what follows must not wait for it.
        register.losePhoto();
        continue;
      }
      register.takePhoto();
    }
  }

  /** What comes is kept as it comes: a break costs what was on its way, and the next session asks for what is behind it. */
  private async photoPiece(register: Register, digest: Bytes): Promise<void> {
    const from = register.begun.length;
    await this.o.line.stream(MessageType.PHOTO_GET, encodePhotoGet({ digest, offset: from, maxBytes: PIECE }), (body) => {
      const chunk = decodePhotoChunk(body);
      if (chunk !== undefined && chunk.offset === register.begun.length) register.begun += chunk.data;
      return chunk?.last !== false;
    });
    if (register.begun.length === from) throw new SimError('NO_ANSWER');
  }
}
