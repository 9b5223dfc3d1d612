/**
 * Watches the flash chip for records becoming durable: the journal's layout is firmware/core/README.md, "Flash". A record is
 * on flash from the operation on that wrote its commit word, whoever may think so or not.
 */
import type { FlashOp, NorFlash } from '../parts/nor';
import { ChainReader } from './evidence';
import type { Fact } from './facts';

const COMMIT = 'DONE';
const PAGE = 4096;

export class JournalWatch {
  readonly chain: ChainReader;
  private readonly places = new Map<number, number[]>();
  private last: { address: number; length: number } | undefined;

  /** @param from, to addresses of the journal's region */
  constructor(
    private readonly flash: NorFlash,
    private readonly from: number,
    private readonly to: number,
    device: Buffer,
    firstKey: Buffer,
    private readonly tell: (fact: Fact) => void,
    private readonly broken: (text: string) => void,
    private readonly now: () => number,
  ) {
    this.chain = new ChainReader(device, firstKey);
  }

  /** An operation was carried out. */
  done(op: FlashOp): void {
    if (op.address < this.from || op.address >= this.to) return;
    if (op.kind === 'erase') {
      this.last = undefined;
      const page = Math.floor(op.address / PAGE);
      const seqs = this.places.get(page);
      this.places.delete(page);
      if (seqs !== undefined) this.tell({ what: 'erased', seqs });
      return;
    }
    const before = this.last;
    this.last = { address: op.address, length: op.length };
    if (op.length !== COMMIT.length || before === undefined || before.address + before.length !== op.address) return;
    if (Buffer.from(this.flash.read(op.address, COMMIT.length)).toString('latin1') !== COMMIT) return;
    this.committed(before.address);
  }

  private committed(address: number): void {
    const length = Buffer.from(this.flash.read(address, 2)).readUInt16LE();
    const bytes = Buffer.from(this.flash.read(address + 4, length));
    const record = this.chain.read(bytes, this.now());
    if (typeof record === 'string') return this.broken(`what was committed at ${address} as record ${this.chain.next}: ${record}`);
    const page = Math.floor(address / PAGE);
    this.places.set(page, [...(this.places.get(page) ?? []), record.seq]);
    this.tell({ what: 'record', record });
  }
}
