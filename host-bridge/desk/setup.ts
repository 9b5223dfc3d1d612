/** What is made once: configuration, keys, the first person, and the identity of each unit. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Type, type Static } from 'typebox';
import { openStore } from '../common/database';
import { Listen } from '../common/config';
import { COMMON, Problem } from '../common/errors';
import { makePrivateDirectory, writeDurably } from '../common/files';
import { deviceIdentity, exportLinkKeys } from './authority/authority';
import { newAuthorityKeys, openAuthorityKeys, openLinkKeys, sealKeys, type SealOptions } from './authority/keystore';
import { People } from './people/people';
import { deskMigrations, type Tables } from './tables';

/** The desk's configuration file. Paths are meant from the file's own folder. */
export const DeskConfig = Type.Object(
  {
    listen: Listen,
    database: Type.String({ minLength: 1 }),
    /** Key file of the authority. */
    keys: Type.String({ minLength: 1 }),
    /** Passphrase of the key file: best "env:NAME", or "file:PATH". */
    passphrase: Type.String({ minLength: 1, default: 'env:SMARTSEAL_PASSPHRASE' }),
    /** Root of the link keys; needed only for provisioning, so the file may be kept elsewhere. */
    linkKeys: Type.Optional(Type.String({ minLength: 1 })),
    documents: Type.String({ minLength: 1 }),
    photos: Type.String({ minLength: 1 }),
    bridges: Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 64 }),
          url: Type.String({ pattern: '^https?://' }),
          /** The token, or "env:NAME". */
          token: Type.String({ minLength: 1 }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 1000 },
    ),
    ownApplications: Type.Boolean({ default: false }),
    pollMs: Type.Integer({ minimum: 100, maximum: 3_600_000, default: 2000 }),
  },
  { additionalProperties: false },
);

export type DeskConfig = Static<typeof DeskConfig>;

export interface InitOptions extends SealOptions {
  /** Folder for everything; must not hold a desk yet. */
  folder: string;
  /** Name of the register in its checkpoints, for instance example.com/register. */
  registerName: string;
  adminName: string;
  listen: { host: string; port: number };
  bridges: DeskConfig['bridges'];
  /** Unix seconds. */
  seconds(): number;
}

/** Makes a desk's folder: desk.json, authority.keys, link.keys, database. Returns the first person's token, shown once. */
export async function initDesk(o: InitOptions): Promise<{ config: string; token: string; person: number }> {
  const path = (name: string): string => join(o.folder, name);
  makePrivateDirectory(o.folder);
  const made = ['desk.json', 'authority.keys', 'link.keys', 'desk.db'];
  for (const name of made) {
    if (existsSync(path(name))) throw new Problem(COMMON.CONFLICT, `${path(name)} exists`);
  }
  const config: DeskConfig = {
    listen: o.listen, database: 'desk.db', keys: 'authority.keys', passphrase: 'env:SMARTSEAL_PASSPHRASE', linkKeys: 'link.keys',
    documents: 'documents', photos: 'photos', bridges: o.bridges, ownApplications: false, pollMs: 2000,
  };
  try {
    return await fillFolder(o, config, path);
  } catch (error) {
    // Half a desk would be in the way of the next attempt; nothing depends on these keys yet.
    for (const name of [...made, 'desk.db-wal', 'desk.db-shm']) rmSync(path(name), { force: true });
    throw error;
  }
}

async function fillFolder(o: InitOptions, config: DeskConfig, path: (name: string) => string): Promise<{ config: string; token: string; person: number }> {
  writeDurably(path('authority.keys'), sealKeys(newAuthorityKeys(o.registerName, o.random), o), 0o600);
  writeDurably(path('link.keys'), sealKeys({ linkRoot: o.random(32) }, o), 0o600);
  const store = openStore<Tables>(path('desk.db'), deskMigrations);
  try {
    const people = new People({ store, seconds: o.seconds, random: o.random });
    const { person, token } = await people.add(o.adminName, ['admin'], 0);
    writeDurably(path('desk.json'), `${JSON.stringify(config, null, 2)}\n`, 0o600); // bridge tokens may stand in it
    return { config: path('desk.json'), token, person: person.id };
  } finally {
    await store.close();
  }
}

/** What a unit gets at provisioning, all bytes in hexadecimal. */
export interface UnitIdentity {
  deviceId: string;
  linkKey: string;
  permitKey: string;
  evidenceKey: string;
  ackKey: string;
  /** Positions of the fingerprint reader, and the person's number there. */
  people: { slot: number; person: number }[];
  /** Dies the unit may carry; empty: any. */
  dies: string[];
}

export interface ProvisionOptions {
  keysFile: string;
  linkKeysFile: string;
  passphrase: string;
  deviceId: string;
  people?: { slot: number; person: number }[];
  dies?: string[];
}

/** The two sides of a provisioning: the unit's identity, and what the bridge may know of it (its link key only). */
export function provisionDevice(o: ProvisionOptions): { unit: UnitIdentity; bridge: Record<string, string> } {
  if (!/^[0-9a-f]{16}$/.test(o.deviceId)) throw new Problem(COMMON.INVALID, 'a device id has 16 hexadecimal digits');
  const keys = openAuthorityKeys(readFileSync(o.keysFile, 'utf8'), o.passphrase);
  const link = openLinkKeys(readFileSync(o.linkKeysFile, 'utf8'), o.passphrase);
  const id = Buffer.from(o.deviceId, 'hex');
  const made = deviceIdentity(keys, link, id);
  return {
    unit: {
      deviceId: o.deviceId, linkKey: made.linkKey.toString('hex'), permitKey: made.permitKey.toString('hex'), evidenceKey: made.evidenceKey.toString('hex'),
      ackKey: made.ackKey.toString('hex'), people: o.people ?? [], dies: o.dies ?? [],
    },
    bridge: JSON.parse(exportLinkKeys(link, [id])) as Record<string, string>,
  };
}
