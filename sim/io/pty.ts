/**
 * A unit's cable as a pseudo-terminal, so that a host program opens a real tty. The terminal is raw from the start:
 * every byte value passes, nothing is echoed, whoever opens it and however.
 *
 * The pty comes from the native half of @lydell/node-pty (openpty(3), no process is started). Raw mode is set by opening
 * it once with the serial binding, which leaves its termios behind; one slave descriptor is kept open so that a host may
 * close and open again. Writing goes past libuv's tty stream, which would block the whole program while a host does not
 * read.
 */
import { closeSync, lstatSync, readlinkSync, renameSync, symlinkSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { ReadStream } from 'node:tty';
import type { Cable, Timers } from './cable';
import { WAITING_LIMIT } from './cable';

/** Why there is no terminal. `code` is stable. */
export class PtyError extends Error {
  constructor(
    readonly code: 'PTY_UNAVAILABLE' | 'PTY_PATH_TAKEN',
    message: string,
  ) {
    super(message);
    this.name = 'PtyError';
  }
}

export interface PtyOptions {
  /** A name that stays the same over closing and reopening: a symbolic link to the terminal. */
  link?: string;
  timers: Timers;
}

export interface Pty {
  /** The terminal's device, as /dev/pts/3. */
  readonly device: string;
  /** The link if there is one, else the device: what a host opens. */
  readonly path: string;
  /** Bytes to and from the host, and lost because it did not read. */
  readonly counters: { toHost: number; fromHost: number; lost: number };
  /** The terminal goes away; a host that has it open sees the line break. */
  close(): Promise<void>;
}

interface NativePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

/** How soon a terminal whose host does not read is tried again. */
const RETRY_MS = 2;
/** Largest piece that is written at once: what the kernel takes of it may be less. */
const PIECE = 4096;

/** @throws PtyError */
export async function openPty(cable: Cable, options: PtyOptions): Promise<Pty> {
  const { master, slave, pty: device } = await openRaw();
  try {
    if (options.link !== undefined) link(device, options.link);
  } catch (error) {
    closeSync(master);
    closeSync(slave);
    throw error;
  }
  const counters = { toHost: 0, fromHost: 0, lost: 0 };
  const waiting: Buffer[] = [];
  let bytesWaiting = 0;
  let retry: (() => void) | undefined;
  let closed = false;

  const reader = new ReadStream(master);
  reader.on('data', (bytes: Buffer) => {
    counters.fromHost += bytes.length;
    if (!closed && cable.connected) cable.write(Buffer.from(bytes));
  });
  // While a slave is held open no error is expected; one must not end the program.
  reader.on('error', () => undefined);

  const flush = (): void => {
    retry = undefined;
    while (!closed && waiting.length > 0) {
      const head = waiting[0]!;
      let written: number;
      try {
        written = writeSync(master, head, 0, Math.min(head.length, PIECE));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
          counters.lost += bytesWaiting;
          bytesWaiting = 0;
          waiting.length = 0;
          return;
        }
        retry = options.timers.after(RETRY_MS, flush);
        return;
      }
      bytesWaiting -= written;
      counters.toHost += written;
      if (written === head.length) waiting.shift();
      else waiting[0] = head.subarray(written);
    }
  };
  const deaf = cable.onData((bytes) => {
    if (bytesWaiting + bytes.length > WAITING_LIMIT) {
      counters.lost += bytes.length;
      return;
    }
    waiting.push(bytes);
    bytesWaiting += bytes.length;
    if (!retry) flush();
  });

  return {
    device,
    path: options.link ?? device,
    counters,
    close() {
      if (closed) return Promise.resolve();
      closed = true;
      retry?.();
      deaf();
      if (options.link !== undefined) unlink(device, options.link);
      return new Promise((resolve) => {
        reader.once('close', () => resolve());
        reader.destroy();
        closeSync(slave);
      });
    },
  };
}

async function openRaw(): Promise<{ master: number; slave: number; pty: string }> {
  let opened: { master: number; slave: number; pty: string };
  try {
    const { native } = await loadNative();
    opened = native.open(80, 24);
  } catch (error) {
    throw new PtyError('PTY_UNAVAILABLE', `no pseudo-terminal can be opened here: ${(error as Error).message.split('\n')[0]}`);
  }
  try {
    const { autoDetect } = await import('@serialport/bindings-cpp');
    const port = await autoDetect().open({ path: opened.pty, baudRate: 115200, lock: false, hupcl: false });
    await port.close();
  } catch (error) {
    closeSync(opened.master);
    closeSync(opened.slave);
    throw new PtyError('PTY_UNAVAILABLE', `${opened.pty} cannot be made raw: ${(error as Error).message}`);
  }
  return opened;
}

/** The package's own way to its binary, without the JavaScript around it. */
async function loadNative(): Promise<{ native: NativePty }> {
  const { requireBinary } = (await import('@lydell/node-pty/requireBinary.js' as string)) as { requireBinary(file: string): NativePty };
  return { native: requireBinary('pty.node') };
}

/** Replaces a link to a terminal, never a file. The new link is there at once (rename). */
function link(device: string, at: string): void {
  const there = lstatSync(at, { throwIfNoEntry: false });
  if (there && !there.isSymbolicLink()) throw new PtyError('PTY_PATH_TAKEN', `${at} exists and is not a link to a terminal`);
  if (there && !/^\/dev\/(pts\/|tty)/.test(readlinkSync(at))) throw new PtyError('PTY_PATH_TAKEN', `${at} is a link to something else than a terminal`);
  const fresh = path.join(path.dirname(at), `.${path.basename(at)}.${path.basename(device)}`);
  try {
    symlinkSync(device, fresh);
    renameSync(fresh, at);
  } catch (error) {
    throw new PtyError('PTY_PATH_TAKEN', `${at}: ${(error as Error).message}`);
  }
}

/** Takes the link away if it still leads to this terminal. */
function unlink(device: string, at: string): void {
  try {
    if (readlinkSync(at) === device) unlinkSync(at);
  } catch {
    // Somebody else took it away already.
  }
}
