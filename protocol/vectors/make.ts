/** All vectors, from pinned inputs. The same code gives the same files; a test holds the files in the repository to it. */
import type { Natives } from '../natives';
import { grantVectors, keyVectors, messageVectors, offlineVectors } from './make-data';
import { evidenceVectors, photoVectors } from './make-evidence';
import { channelVectors, cobsVectors, frameVectors, handshakeVectors, sessionVectors } from './make-link';

/** File name → contents, to be written as JSON into protocol/vectors/. All bytes are hexadecimal. */
export function makeVectors(n: Natives): { [file: string]: unknown } {
  return {
    'cobs.json': cobsVectors(),
    'frame.json': frameVectors(n),
    'handshake.json': handshakeVectors(n),
    'channel.json': channelVectors(n),
    'session.json': sessionVectors(n),
    'keys.json': keyVectors(n),
    'messages.json': messageVectors(),
    'grants.json': grantVectors(n),
    'evidence.json': evidenceVectors(n),
    'photo.json': photoVectors(n),
    'offline.json': offlineVectors(n),
  };
}

/** A file's text. */
export function vectorText(content: unknown): string {
  return `${JSON.stringify(content, undefined, 1)}\n`;
}
