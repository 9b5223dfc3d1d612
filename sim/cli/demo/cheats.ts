/** What a dishonest bridge and a dishonest archivist would do, done for the demo. */
import { DatabaseSync } from '@photostructure/sqlite';
import { readFileSync, writeFileSync } from 'node:fs';
import { extract } from 'tar-stream';

export interface Forged {
  /** Permit id in the changed permit, hexadecimal. */
  id: string;
  /** Base64. */
  grant: string;
}

/** Claim 5 (count) with the value 1 behind claim 4 (die, 8 bytes): see protocol/SPEC.md, "Permit". */
const COUNT = /\x04\x48[\s\S]{8}\x05(\x01)\x06/;

/** Takes a permit as the bridge holds it and raises its count from 1 to 9, under an id of its own. @throws where it is not there */
export function flippedPermit(database: string, permit: string): Forged {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    const row = db.prepare("SELECT bytes FROM delivery WHERE kind = 'permit' AND key = ?").get(permit) as { bytes: Uint8Array } | undefined;
    if (!row) throw new Error(`the bridge holds no permit ${permit}`);
    const grant = Buffer.from(row.bytes);
    const count = COUNT.exec(grant.toString('latin1'));
    const id = grant.indexOf(Buffer.from(permit, 'hex'));
    if (!count || id < 0) throw new Error('the permit is not laid out as expected');
    grant[count.index + count[0].length - 2] = 9;
    grant[id + 15]! ^= 1;
    return { id: grant.subarray(id, id + 16).toString('hex'), grant: grant.toString('base64') };
  } finally {
    db.close();
  }
}

/** Copies an archive with one byte in the middle of one record changed; tells which entry. */
export async function changeArchive(from: string, to: string): Promise<{ entry: string; name: string }> {
  const bytes = readFileSync(from);
  const entries = await new Promise<string[]>((resolve, reject) => {
    const names: string[] = [];
    const tar = extract();
    tar.on('entry', (header, stream, next) => {
      names.push(header.name);
      stream.on('end', next).resume();
    });
    tar.on('finish', () => resolve(names));
    tar.on('error', reject);
    tar.end(bytes);
  });
  const records = entries.filter((name) => name.startsWith('records/') && name.endsWith('.cbor'));
  const entry = records[Math.floor(records.length / 2)];
  if (entry === undefined) throw new Error('the archive holds no record');
  // A header starts on a block boundary with the entry's name; elsewhere (in the manifest) the name is only mentioned.
  let at = bytes.indexOf(entry);
  while (at % 512 !== 0) at = bytes.indexOf(entry, at + 1);
  bytes[at + 512 + 40]! ^= 1;
  writeFileSync(to, bytes);
  return { entry, name: /(\d+)\.cbor$/.exec(entry)?.[1] ?? entry };
}
