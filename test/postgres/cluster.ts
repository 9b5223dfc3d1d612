/** A PostgreSQL of its own in a temporary folder, without a network, thrown away at the end. It runs as somebody who is not root, for it refuses that. */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';

// Compiled for the bench this stands in dist/, and what is no TypeScript does not.
const here = existsSync(path.join(__dirname, 'programs.js')) ? __dirname : path.resolve(__dirname, '../../../test/postgres');
const { postgresPrograms } = createRequire(__filename)(path.join(here, 'programs.js')) as { postgresPrograms(): string | undefined };

export interface Cluster {
  /** Address of a database of this name. */
  address(database: string): string;
  stop(): void;
}

const NOBODY = 65_534;

/** Starts it; undefined where there is no PostgreSQL on this machine. */
export function startCluster(): Cluster | undefined {
  const programs = postgresPrograms();
  if (programs === undefined) return undefined;
  const root = process.getuid?.() === 0;
  const folder = mkdtempSync(path.join(tmpdir(), 'postgres-'));
  if (root) chownSync(folder, NOBODY, NOBODY);
  const run = (name: string, ...args: string[]): void => {
    const done = spawnSync(path.join(programs, name), args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], ...(root ? { uid: NOBODY, gid: NOBODY } : {}) });
    if (done.status !== 0) throw new Error(`${name}: ${done.error?.message ?? done.stderr}`);
  };
  const data = path.join(folder, 'data');
  run('initdb', '-D', data, '-U', 'smartseal', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
  run('pg_ctl', '-D', data, '-w', '-l', path.join(folder, 'log'), '-o', `-k ${folder} -h '' -F -c max_connections=200`, 'start');
  return {
    address: (database) => `postgresql://smartseal@/${database}?host=${encodeURIComponent(folder)}`,
    stop: () => {
      run('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a database: an empty one, or a copy of one that nobody uses. @param address of any other database of the same cluster */
export async function makeDatabase(address: string, name: string, template = 'template1'): Promise<void> {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE ${client.escapeIdentifier(template)}`);
  } finally {
    await client.end();
  }
}
