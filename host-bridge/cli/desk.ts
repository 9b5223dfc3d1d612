/**
 * `smartseal desk`: the desk as a process of its own, and what is done once around it. Each command loads what it needs
 * when it runs: setting up takes a fraction of what serving does.
 */
import { InvalidArgumentError, type Command } from 'commander';
import { join } from 'node:path';
import { besideConfig, loadConfig, secretOf } from '../common/config';
import { COMMON, Problem } from '../common/errors';
import { makePrivateDirectory, writeDurably } from '../common/files';
import { DeskConfig } from '../desk/config';
import { registerBackups } from './backup';
import { registerCodes } from './codes';
import { registerCall } from './desk-call';
import { registerLooks } from './desk-look';
import { databaseOf, guarded, passphraseOf, print, random, say, type Common, type Configured } from './desk-command';
import { openDesk } from './desk-open';
import { registerInvite } from './invite';
import { registerWork } from './desk-work';
import { failWith, languageFrom, outliveOutput, systemClock, untilSignal } from './system';
import { registerToken, tokenOf } from './token';

async function serve(options: Configured): Promise<void> {
  outliveOutput();
  const stopped = untilSignal();
  const opened = await openDesk(options.config, stopped);
  if (opened === undefined) return;
  const { desk, config } = opened;
  let address: string;
  try {
    address = await desk.app.listen(config.listen);
  } catch (error) {
    await desk.close();
    throw new Problem(COMMON.CONFIG, { detail: `${config.listen.host}:${config.listen.port}: ${(error as NodeJS.ErrnoException).code ?? 'cannot listen'}`, cause: error });
  }
  desk.start();
  print(options, { url: address, registerKey: desk.rooms.authority.registerKey }, [say(options, `The desk listens at ${address}`, `审批台地址：${address}`)]);
  await stopped;
  await desk.close();
}

interface InitArguments extends Common {
  dir: string;
  register: string;
  admin: string;
  host: string;
  port: number;
  bridge: { name: string; url: string; token: string }[];
  database?: string;
  origin?: string;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65535) throw new InvalidArgumentError('0..65535');
  return value;
}

function year(text: string): number {
  if (!/^2[01]\d\d$/.test(text)) throw new InvalidArgumentError('2000..2199');
  return Number(text);
}

/** As the configuration wants it: scheme and host, and plain HTTP on this machine alone. */
function origin(text: string): string {
  if (!/^(https:\/\/[a-z0-9.-]+|http:\/\/localhost)(:\d{1,5})?$/.test(text)) throw new InvalidArgumentError('https://HOST[:PORT], or http://localhost[:PORT]');
  return text;
}

/** name=url=token; the token as "env:NAME" keeps it out of the file. */
function bridge(text: string, before: InitArguments['bridge']): InitArguments['bridge'] {
  const match = /^([^=]+)=(https?:\/\/[^=]+)=(.+)$/.exec(text);
  if (!match) throw new InvalidArgumentError('NAME=URL=TOKEN');
  return [...before, { name: match[1] as string, url: match[2] as string, token: match[3] as string }];
}

async function init(options: InitArguments): Promise<void> {
  const { isNoteName } = require('../desk/register/note') as typeof import('../desk/register/note');
  if (!isNoteName(options.register)) {
    failWith(new Problem(COMMON.CONFIG, say(options, '--register: 1 to 100 characters, without blanks and plus signs', '--register：1 至 100 个字符，不含空格和加号')), languageFrom(options.lang), options.json === true);
    process.exitCode = 2;
    return;
  }
  const { initDesk } = require('../desk/setup') as typeof import('../desk/setup');
  const made = await initDesk({
    database: options.database === undefined ? undefined : { setting: options.database, address: databaseOf(options.database, join(options.dir, 'desk.json')) },
    folder: options.dir, registerName: options.register, adminName: options.admin, listen: { host: options.host, port: options.port }, bridges: options.bridge, origin: options.origin,
    passphrase: secretOf('env:SMARTSEAL_PASSPHRASE', process.env), random, seconds: () => Math.floor(systemClock().wall() / 1000),
  });
  print(options, made, [
    say(options, `Configuration: ${made.config}`, `配置文件：${made.config}`),
    say(options, `Token of ${options.admin} (shown once): ${made.token}`, `${options.admin} 的访问令牌（仅显示一次）：${made.token}`),
  ]);
}

interface ProvisionArguments extends Configured {
  id: string;
  out: string;
  person: { slot: number; person: number }[];
  die: string[];
}

function person(text: string, before: ProvisionArguments['person']): ProvisionArguments['person'] {
  const match = /^(\d{1,5}):(\d{1,10})$/.exec(text);
  if (!match) throw new InvalidArgumentError('SLOT:PERSON');
  return [...before, { slot: Number(match[1]), person: Number(match[2]) }];
}

async function provision(options: ProvisionArguments): Promise<void> {
  const path = options.config;
  const config = loadConfig(DeskConfig, path);
  if (config.linkKeys === undefined) throw new Problem(COMMON.CONFIG, `${path}: linkKeys`);
  const { provisionDevice } = require('../desk/provision') as typeof import('../desk/provision');
  const made = await provisionDevice({
    keysFile: besideConfig(path, config.keys), linkKeysFile: besideConfig(path, config.linkKeys), passphrase: passphraseOf(config.passphrase, path),
    deviceId: options.id, people: options.person, dies: options.die, permitKeys: tokenOf(config, path),
  });
  makePrivateDirectory(options.out);
  const unit = join(options.out, `${options.id}.unit.json`);
  const link = join(options.out, `${options.id}.link.json`);
  writeDurably(unit, `${JSON.stringify(made.unit, null, 2)}\n`, 0o600);
  writeDurably(link, `${JSON.stringify(made.bridge, null, 2)}\n`, 0o600);
  print(options, { unit, bridge: link }, [
    say(options, `For the unit, then to be destroyed: ${unit}`, `写入设备后应销毁：${unit}`),
    say(options, `For the bridge: ${link}`, `交给网桥：${link}`),
  ]);
}

async function consent(options: Configured & { id: string; image: string; out: string }): Promise<void> {
  const config = loadConfig(DeskConfig, options.config);
  const { consentToUpdate } = require('../desk/provision') as typeof import('../desk/provision');
  const { readFileSync } = require('node:fs') as typeof import('node:fs');
  const made = await consentToUpdate({
    keysFile: besideConfig(options.config, config.keys), passphrase: passphraseOf(config.passphrase, options.config), deviceId: options.id, image: readFileSync(options.image),
    permitKeys: tokenOf(config, options.config),
  });
  writeDurably(options.out, `${made.grant.toString('base64')}\n`, 0o600);
  print(options, { grant: options.out, version: made.version, image: made.name.toString('hex') }, [
    say(options, `Consent to version ${made.version} for ${options.id}: ${options.out}`, `${options.id} 的版本 ${made.version} 更新许可：${options.out}`),
  ]);
}

async function archive(options: Configured & { out: string; copies?: number }): Promise<void> {
  const { desk } = await openDesk(options.config);
  try {
    const { writeArchiveFile } = require('../desk/archive/save') as typeof import('../desk/archive/save');
    const { rooms } = desk;
    await rooms.witnesses.now();
    const { copySourcesOf, printCopies } = require('../desk/print/copies') as typeof import('../desk/print/copies');
    const copies = options.copies === undefined ? undefined : await printCopies(copySourcesOf(rooms), options.copies, languageFrom(options.lang));
    const size = await writeArchiveFile({ history: rooms.history, authority: rooms.authority, documents: rooms.documentBlobs, photos: rooms.photoBlobs, copies: copies?.files }, options.out).finally(() => copies?.remove());
    print(options, { archive: options.out, size, key: rooms.authority.registerKey }, [say(options, `${options.out}: ${size} bytes`, `${options.out}：${size} 字节`)]);
  } finally {
    await desk.close();
  }
}

/** Exit code 3, as of an archive that does not verify. */
async function check(options: Configured): Promise<void> {
  const { desk } = await openDesk(options.config);
  try {
    const { rooms } = desk;
    const { auditDesk } = require('../desk/audit/audit') as typeof import('../desk/audit/audit');
    const differences = await rooms.store.snapshot((db) => auditDesk(db, { authority: rooms.authority, documents: rooms.documentBlobs, photos: rooms.photoBlobs }));
    const { registerSize } = require('../desk/register/register') as typeof import('../desk/register/register');
    const size = await rooms.store.read((db) => registerSize(db));
    const { removedDocuments } = require('../desk/documents/retention') as typeof import('../desk/documents/retention');
    const { removedLine } = require('../desk/archive/report') as typeof import('../desk/archive/report');
    const removed = await rooms.store.read((db) => removedDocuments(db));
    const told = { changed: say(options, 'changed', '被改动'), missing: say(options, 'missing', '缺失'), unexpected: say(options, 'not of the register', '登记簿中没有') };
    print(options, { ok: differences.length === 0, entries: size, differences, ...(removed === undefined ? {} : { removed }) }, [
      ...differences.map(({ table, key, what, columns }) => `${table} ${key}: ${told[what]}${columns === undefined ? '' : ` (${columns.join(', ')})`}`),
      ...(removed === undefined ? [] : [say(options, removedLine({ documents: removed.count, ...removed }, 'en'), removedLine({ documents: removed.count, ...removed }, 'zh'))]),
      differences.length === 0 ? say(options, `The database is what the register of ${size} entries says`, `数据库与登记簿（${size} 条）一致`) : say(options, `${differences.length} differences`, `${differences.length} 处不符`),
    ]);
    if (differences.length > 0) process.exitCode = 3;
  } finally {
    await desk.close();
  }
}

/** Version-stable words on the command line; texts of options are short and in English, results in both languages. */
export function register(program: Command): void {
  const desk = program
    .command('desk')
    .description('the approval desk (审批台)')
    .option('--config <file>', 'configuration file')
    .option('--json', 'results as JSON')
    .option('--lang <language>', 'zh or en')
    .action(guarded(serve, 'config'));
  desk
    .command('init')
    .description('make a folder with configuration, keys and the first administrator; passphrase in SMARTSEAL_PASSPHRASE')
    .requiredOption('--dir <folder>', 'the folder')
    .option('--register <name>', 'name of the register', 'smartseal.local/register')
    .option('--admin <name>', 'name of the administrator', 'admin')
    .option('--host <host>', 'address to listen at', '127.0.0.1')
    .option('--port <port>', 'port to listen at', port, 8620)
    .option('--origin <url>', 'where browsers find the desk, as https://desk.example.com: serves the console there', origin)
    .option('--database <address>', 'postgresql://… where not a file, or env:NAME')
    .option('--bridge <name=url=token>', 'a bridge to follow; repeatable', bridge, [])
    .action(guarded(init));
  desk
    .command('provision-device')
    .description('derive the keys of a unit: one file for the unit, one for the bridge')
    .requiredOption('--id <hex>', 'device id, 16 hexadecimal digits')
    .requiredOption('--out <folder>', 'where the two files go')
    .option('--person <slot:person>', 'whose finger is at a position of the reader; repeatable', person, [])
    .option('--die <hex>', 'a die the unit may carry; repeatable', (die: string, before: string[]) => [...before, die], [])
    .action(guarded(provision, 'config'));
  desk
    .command('consent')
    .description("the owner's consent that a unit is updated to an image; for `device update`")
    .requiredOption('--id <hex>', 'device id, 16 hexadecimal digits')
    .requiredOption('--image <file>', 'the signed image')
    .requiredOption('--out <file>', 'the grant')
    .action(guarded(consent, 'config'));
  desk
    .command('archive')
    .description('write the register with its evidence as an archive')
    .requiredOption('--out <file>', 'the archive')
    .option('--copies <year>', 'with printed copies of this year (PDF/A): the register, and a sheet for each use', year)
    .action(guarded(archive, 'config'));
  desk
    .command('check')
    .description('hold the database and the files against the register: what was changed, added or removed behind the desk')
    .action(guarded(check, 'config'));
  registerInvite(desk);
  registerBackups(desk);
  registerCodes(desk);
  registerLooks(desk);
  registerToken(desk);
  registerWork(desk);
  registerCall(desk);
}
