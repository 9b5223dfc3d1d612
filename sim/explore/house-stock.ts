/**
 * What all houses of one process share: keys, people, and a desk's files as they are on the first day, made once, because
 * rendering a document takes a process of its own. Nothing in it depends on when or how often it is asked.
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { SILENT, type Clock } from '../../host-bridge/common';
import { createDesk, deviceIdentity, newAuthorityKeys, type DeviceIdentity } from '../../host-bridge/desk';
import { seededRandom } from '../world/random';

/** Milliseconds of Unix time at which a world begins. */
export const WALL = 1_800_000_000_000;

/** 8 × 8 pixels of grey. */
const PAGE = 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAADklEQVR4nGM4AQUMlDEACLEyAaio5RMAAAAASUVORK5CYII=';

const STAFF = {
  admin: ['admin'], auditor: ['auditor'], custodian: ['custodian'], chief: ['approver'], director: ['approver'],
  holder7: ['applicant'], holder8: ['applicant'], holder9: ['applicant'],
} as const;
export type Who = keyof typeof STAFF;

export interface Opening {
  tokens: Record<Who, string>;
  ids: Record<Who, number>;
  document: string;
}

const still: Clock = { wall: () => WALL, now: () => 0, after: () => () => undefined };

export class Stock {
  readonly keys = newAuthorityKeys('house/register', drawn('keys'));
  private made: Promise<Opening> | undefined;
  private worlds = 0;

  /**
   * @param folder for databases and photos; best in memory (tmpfs), for every commit is synced
   * @param turn resolves when the event loop has gone round once
   */
  constructor(private readonly folder: string, readonly turn: () => Promise<void>) {}

  identity(device: Buffer): DeviceIdentity {
    return deviceIdentity(this.keys, { linkRoot: Buffer.alloc(32, 9) }, device);
  }

  /** A folder for one world. */
  ground(): string {
    const folder = path.join(this.folder, `world ${++this.worlds}`);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Its world is over. */
  clear(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
  }

  /** The files of a desk on its first day, put into this folder. */
  async open(folder: string): Promise<Opening> {
    const opening = await (this.made ??= this.make());
    cpSync(path.join(this.folder, 'first day'), folder, { recursive: true });
    return opening;
  }

  private async make(): Promise<Opening> {
    const folder = path.join(this.folder, 'first day');
    mkdirSync(folder, { recursive: true });
    const desk = await createDesk({ ...deskFiles(folder), keys: this.keys, clock: still, random: drawn('first day'), log: SILENT, bridges: [] });
    const opening = { tokens: {}, ids: {}, document: '' } as Opening;
    try {
      const { people, documents } = desk.rooms;
      for (const who of Object.keys(STAFF) as Who[]) {
        const { person, token } = await people.add(who, [...STAFF[who]], 0);
        opening.tokens[who] = token;
        opening.ids[who] = person.id;
      }
      for (const who of ['holder7', 'holder8', 'holder9'] as const) opening.document = (await documents.add(Buffer.from(PAGE, 'base64'), 'contract.png', opening.ids[who])).sha256;
    } finally {
      await desk.close();
    }
    return opening;
  }
}

/** Where a desk keeps what it has, below a folder. */
export function deskFiles(folder: string): { database: string; documents: string; photos: string } {
  return { database: path.join(folder, 'desk.db'), documents: path.join(folder, 'documents'), photos: path.join(folder, 'photos') };
}

function drawn(name: string): (length: number) => Buffer {
  const random = seededRandom(1).fork(name);
  return (length) => random.bytes(length);
}
