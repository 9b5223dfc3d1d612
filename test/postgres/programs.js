/** Where the programs of a PostgreSQL server are on this machine. */
'use strict';
const { existsSync, readdirSync } = require('node:fs');
const path = require('node:path');

/** The folder; undefined: none is installed. Debian keeps them apart by version, outside of PATH. */
exports.postgresPrograms = () => {
  const versions = '/usr/lib/postgresql';
  const debian = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)).map((version) => path.join(versions, version, 'bin')) : [];
  return [...debian, ...(process.env.PATH ?? '').split(path.delimiter)].find((folder) => ['initdb', 'pg_ctl', 'postgres'].every((name) => existsSync(path.join(folder, name))));
};
