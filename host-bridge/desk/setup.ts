/** What is made once: configuration, keys, the first person. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { COMMON, Problem } from '../common/errors';
import { makePrivateDirectory, writeDurably } from '../common/files';
import { newAuthorityKeys, sealKeys, type SealOptions } from './authority/keystore';
import type { InferInput } from 'valibot';
import type { DeskConfig } from './config';
import type { Tables } from './tables';

export interface InitOptions extends SealOptions {
  /** Folder for everything; must not hold a desk yet. */
  folder: string;
  /** Name of the register in its checkpoints, for instance example.com/register. */
  registerName: string;
  adminName: string;
  listen: { host: string; port: number };
  /** The database where it is not a file of the folder: how the configuration names it, and its address. */
  database?: { setting: string; address: string } | undefined;
  bridges: DeskConfig['bridges'];
  /** Where browsers find the desk, for the console; by tokens alone where absent. */
  origin?: string | undefined;
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
  const config: InferInput<typeof DeskConfig> = {
    listen: o.listen, database: o.database?.setting ?? 'desk.db', keys: 'authority.keys', passphrase: 'env:SMARTSEAL_PASSPHRASE', linkKeys: 'link.keys',
    documents: 'documents', photos: 'photos', bridges: o.bridges, ownApplications: false, pollMs: 2000,
    ...(o.origin === undefined ? {} : { signIn: { origin: o.origin }, publicUrl: o.origin }),
  };
  try {
    return await fillFolder(o, config, path);
  } catch (error) {
    // Half a desk would be in the way of the next attempt; nothing depends on these keys yet.
    for (const name of [...made, 'desk.db-wal', 'desk.db-shm']) rmSync(path(name), { force: true });
    throw error;
  }
}

async function fillFolder(o: InitOptions, config: object, path: (name: string) => string): Promise<{ config: string; token: string; person: number }> {
  const sealing = Promise.all([sealKeys(newAuthorityKeys(o.registerName, o.random), o), sealKeys({ linkRoot: o.random(32) }, o)]);
  // The database's modules load while other threads derive the keys' keys.
  const { openShared } = require('../common/shared') as typeof import('../common/shared');
  const { People } = require('./people/people') as typeof import('./people/people');
  const { Administrators } = require('./people/administrators') as typeof import('./people/administrators');
  const { deskMigrations } = require('./tables') as typeof import('./tables');
  const [authority, link] = await sealing;
  writeDurably(path('authority.keys'), authority, 0o600);
  writeDurably(path('link.keys'), link, 0o600);
  const store = await openShared<Tables>(o.database?.address ?? path('desk.db'), deskMigrations, { connections: 1 });
  try {
    if (await store.read((db) => db.selectFrom('person').select('id').executeTakeFirst())) throw new Problem(COMMON.CONFLICT, 'the database holds a desk already');
    const people = new People({ store, seconds: o.seconds, random: o.random, administrators: new Administrators(o.origin === undefined ? undefined : { rpId: new URL(o.origin).hostname, passwords: true, company: false }) });
    const { person, token } = await people.add(o.adminName, ['admin'], 0);
    writeDurably(path('desk.json'), `${JSON.stringify(config, null, 2)}\n`, 0o600); // bridge tokens may stand in it
    return { config: path('desk.json'), token, person: person.id };
  } finally {
    await store.close();
  }
}
