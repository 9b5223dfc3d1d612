/**
 * Carries the interpreter's requests over the two FIFOs of LINUX.md: `q` with the questions, `r` with the answers, each message
 * `length u16 BE` and as many bytes. Both are opened for reading and writing: that never blocks and never ends.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, read, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

const HEADER = 2;
const CHUNK = 65_536;

/** Cuts a stream into messages and answers each. */
export class RequestReader {
  private held: Buffer = Buffer.alloc(0);
  private readonly answer: (op: number, operands: Buffer) => Buffer;

  constructor(answer: (op: number, operands: Buffer) => Buffer) {
    this.answer = answer;
  }

  /** Bytes of questions; bytes of the answers that they complete. */
  push(bytes: Buffer): Buffer {
    this.held = Buffer.concat([this.held, bytes]);
    const out: Buffer[] = [];
    while (this.held.length >= HEADER && this.held.length >= HEADER + this.held.readUInt16BE(0)) {
      const end = HEADER + this.held.readUInt16BE(0);
      const reply = end > HEADER ? this.answer(this.held[HEADER]!, Buffer.from(this.held.subarray(HEADER + 1, end))) : Buffer.alloc(0);
      this.held = this.held.subarray(end);
      const header = Buffer.alloc(HEADER);
      header.writeUInt16BE(reply.length);
      out.push(header, reply);
    }
    return Buffer.concat(out);
  }

  /** Forgets half a question of an interpreter that is gone. */
  reset(): void {
    this.held = Buffer.alloc(0);
  }
}

/** Makes the FIFOs anew in a directory and serves them until the returned function is called. @throws what mkfifo and open throw */
export function serveFifos(directory: string, answer: (op: number, operands: Buffer) => Buffer): { reset(): void; close(): void } {
  const names = ['q', 'r'].map((name) => path.join(directory, name));
  for (const name of names) {
    rmSync(name, { force: true });
    execFileSync('mkfifo', [name]);
  }
  const [questions, answers] = names.map((name) => openSync(name, constants.O_RDWR)) as [number, number];
  const reader = new RequestReader(answer);
  const chunk = Buffer.alloc(CHUNK);
  let open = true;
  const pump = (): void => {
    read(questions, chunk, 0, chunk.length, null, (error, count) => {
      if (!open || error) {
        closeSync(questions);
        closeSync(answers);
        return;
      }
      const out = reader.push(chunk.subarray(0, count));
      for (let at = 0; at < out.length; ) at += writeSync(answers, out, at);
      pump();
    });
  };
  pump();
  return {
    reset: () => reader.reset(),
    close() {
      if (!open) return;
      open = false;
      // Wakes the read that waits.
      writeSync(questions, Buffer.alloc(1));
    },
  };
}
