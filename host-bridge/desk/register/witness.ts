/**
 * The client's half of C2SP tlog-witness: `add-checkpoint` with a consistency proof, and what a witness answers to it. Nothing a
 * witness says is believed but a cosignature that verifies, and that it knows another tree, which a person then looks at.
 */
import { cosignedAt, type NoteVerifier } from './note';

export interface Reach {
  fetch: typeof fetch;
  timeout(ms: number): AbortSignal;
}

export type Answer =
  | { kind: 'cosigned'; line: string; time: number }
  /** It has cosigned so many entries, not as many as it was told. */
  | { kind: 'elsewhere'; size: number }
  /** It has cosigned a tree that this one does not continue. */
  | { kind: 'conflict'; why: string }
  /** It does not know this register, or cannot read what it is sent. */
  | { kind: 'refused'; why: string }
  | { kind: 'away'; why: string };

/** Longest answer that is read, bytes: some dozen signature lines. */
const ANSWER_MAX = 16_384;
const TIMEOUT_MS = 10_000;

/** What is sent: the size it cosigned last, the proof from there, an empty line, the checkpoint. */
export function requestBody(old: number, proof: readonly Buffer[], note: string): string {
  return `old ${old}\n${proof.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${note}`;
}

/** @param asked the checkpoint, its text and size, and what the witness was told that it cosigned last */
export async function addCheckpoint(reach: Reach, url: string, witness: NoteVerifier, asked: { old: number; size: number; proof: readonly Buffer[]; note: string; text: string }): Promise<Answer> {
  let status: number;
  let body: string;
  try {
    const response = await reach.fetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
      method: 'POST', body: requestBody(asked.old, asked.proof, asked.note), headers: { 'content-type': 'text/plain; charset=utf-8' }, redirect: 'error', signal: reach.timeout(TIMEOUT_MS),
    });
    status = response.status;
    body = await bounded(response);
  } catch (error) {
    const cause = (error as Error).cause as { code?: string } | undefined;
    return { kind: 'away', why: cause?.code ?? (error instanceof Error ? error.message : String(error)) };
  }
  return answerOf(status, body, witness, asked);
}

export function answerOf(status: number, body: string, witness: NoteVerifier, asked: { old: number; size: number; text: string }): Answer {
  if (status === 200) {
    for (const line of body.split('\n')) {
      const time = cosignedAt(witness, asked.text, line);
      if (time !== undefined) return { kind: 'cosigned', line, time };
    }
    return { kind: 'refused', why: 'no cosignature by its key' };
  }
  if (status === 409) {
    const told = /^(0|[1-9]\d{0,14})\n$/.exec(body)?.[1];
    if (told !== undefined && Number(told) !== asked.old) return { kind: 'elsewhere', size: Number(told) };
    // Of the same size, and yet another tree.
    if (asked.old === asked.size) return { kind: 'conflict', why: `another root of ${asked.size} entries` };
    return { kind: 'refused', why: '409 without a size' };
  }
  if (status === 422) return { kind: 'conflict', why: `its tree of ${asked.old} entries is not the beginning of this one` };
  if (status === 404) return { kind: 'refused', why: 'it does not know this register' };
  if (status === 403) return { kind: 'refused', why: "it does not trust the register's key" };
  return status >= 500 || status === 429 ? { kind: 'away', why: `HTTP ${status}` } : { kind: 'refused', why: `HTTP ${status}` };
}

async function bounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    const bytes = part as Uint8Array;
    size += bytes.length;
    if (size > ANSWER_MAX) throw new Error('the answer is too long');
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}
