/**
 * `smartseal grant`: for a company whose own system is the authority. Makes the keys of a unit, and the statements that it
 * obeys, without a desk. A system of one's own does the same with any library for CBOR and HMAC: protocol/SPEC.md, "Grants".
 */
import { InvalidArgumentError, type Command } from 'commander';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GrantKind, Policy, type Grant } from '../../protocol';
import { COMMON, Problem, type Language } from '../common/errors';
import { makePrivateDirectory, writeDurably } from '../common/files';
import { deriveAckKey } from '../desk/authority/authority';
import { registerCeremony } from './ceremony';
import { bytes, common, give, guarded, hex, holder, keyed, keysOf, nextCounter, U32, whole, type Common, type Keyed } from './grant-keys';
import { systemClock } from './system';

/** Seconds that a permit lasts where nothing is said. */
const HOUR = 3600;
const POLICIES: Record<string, number> = { photos: Policy.PHOTOS, grants: Policy.STROKE_GRANT, dock: Policy.DOCK, still: Policy.STILL, small: Policy.SMALL, hostcamera: Policy.HOST_CAMERA, crosspage: Policy.CROSS_PAGE };

/** SLOT:NUMBER. */
function slot(text: string, before: { slot: number; person: number }[]): { slot: number; person: number }[] {
  const match = /^(\d{1,5}):(\d{1,10})$/.exec(text);
  if (!match) throw new InvalidArgumentError('SLOT:NUMBER');
  return [...before, { slot: Number(match[1]), person: Number(match[2]) }];
}

function policy(text: string): number {
  return text.split(',').reduce((bits, word) => {
    if (!Object.hasOwn(POLICIES, word)) throw new InvalidArgumentError(Object.keys(POLICIES).join(','));
    return bits | (POLICIES[word] ?? 0);
  }, 0);
}

function die(text: string, before: string[]): string[] {
  return [...before, hex(8)(text)];
}

function makeUnit(options: Common & { id: string; out: string; person: { slot: number; person: number }[]; die: string[] }, language: Language): void {
  const { id, out, person, die: dies } = options;
  makePrivateDirectory(out);
  const files = ['unit.json', 'authority.json', 'link.json', 'counter'].map((name) => join(out, `${id}.${name}`));
  const there = files.find((file) => existsSync(file));
  if (there !== undefined) throw new Problem(COMMON.CONFLICT, `${there} exists`);
  const key = (): string => randomBytes(32).toString('hex');
  const [linkKey, permitKey, evidenceKey] = [key(), key(), key()];
  const ackKey = deriveAckKey(Buffer.from(evidenceKey, 'hex')).toString('hex');
  const contents = [{ deviceId: id, linkKey, permitKey, evidenceKey, ackKey, people: person, dies }, { deviceId: id, permitKey, ackKey, evidenceKey }, { [id]: linkKey }];
  for (const [i, content] of contents.entries()) writeDurably(files[i] as string, `${JSON.stringify(content, null, 2)}\n`, 0o600);
  const [unit, authority, link] = files as [string, string, string];
  const text = language === 'zh'
    ? [`设备身份（烧录后销毁）：${unit}`, `授权方密钥（只归授权方）：${authority}`, `链路密钥（给网桥）：${link}`]
    : [`Identity of the unit (destroy it after flashing): ${unit}`, `Keys of the authority (yours alone): ${authority}`, `Link key (for the bridge): ${link}`];
  process.stdout.write(options.json === true ? `${JSON.stringify({ unit, authority, link })}\n` : `${text.join('\n')}\n`);
}

/** SHA-256 given, or of a file. */
function documentOf(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  try {
    return createHash('sha256').update(readFileSync(text)).digest('hex');
  } catch (error) {
    throw new Problem(COMMON.FILE_FAILED, { detail: `${text}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`, cause: error });
  }
}

interface PermitOptions extends Keyed {
  die: string[];
  person: number[];
  document: string;
  count: number;
  policy: number;
  for: number;
  from?: number;
  id?: string;
  counter?: number;
  epoch: number;
  idle?: number;
}

function makePermit(options: PermitOptions): void {
  const keys = keysOf(options.key);
  const [rom, ...more] = options.die;
  if (rom === undefined || more.length > 0) throw new Problem(COMMON.INVALID, '--die, once');
  if (options.person.length === 0 || options.person.length > 8) throw new Problem(COMMON.INVALID, '--person, 1 to 4');
  const document = documentOf(options.document);
  const notBefore = options.from ?? Math.floor(systemClock().wall() / 1000) - 60; // clocks differ a little
  const id = options.id ?? randomBytes(16).toString('hex');
  const counter = options.counter ?? nextCounter(options.key);
  const grant: Grant = {
    kind: GrantKind.PERMIT, notBefore, notAfter: Math.min(U32, notBefore + options.for), permit: bytes(id), counter, epoch: options.epoch, die: bytes(rom), count: options.count, persons: options.person, policy: options.policy, document: bytes(document),
    ...(options.idle === undefined ? {} : { idle: options.idle }),
  };
  give(options, keys, grant, { permit: id, counter, document }, id);
}

interface Subject extends Keyed {
  permit?: string;
  photo?: string;
  seq?: number;
  nonce?: string;
  at?: number;
  counter?: number;
  epoch?: number;
  condition?: number;
  count?: number;
  records?: number;
  photos?: number;
  hash?: string;
}

/** Names of the other statements, with the options each needs. */
const OTHERS: Record<string, { zh: string; en: string; needs: (keyof Subject)[]; grant(o: Required<Subject>): Grant }> = {
  time: { zh: '校时', en: 'tell the time', needs: ['nonce'], grant: (o) => ({ kind: GrantKind.TIME, nonce: bytes(o.nonce), time: o.at ?? Math.floor(systemClock().wall() / 1000) }) },
  stroke: { zh: '准许盖一次', en: 'grant one stroke on the page of a photo', needs: ['permit', 'photo', 'seq'], grant: (o) => ({ kind: GrantKind.STROKE, permit: bytes(o.permit), photo: bytes(o.photo), seq: o.seq }) },
  reject: { zh: '退回此页', en: 'reject the page of a photo', needs: ['permit', 'photo', 'seq'], grant: (o) => ({ kind: GrantKind.REJECT, permit: bytes(o.permit), photo: bytes(o.photo), seq: o.seq }) },
  revoke: { zh: '撤销许可', en: 'revoke a permit, by its id and counter', needs: ['permit', 'counter'], grant: (o) => ({ kind: GrantKind.REVOKE, permit: bytes(o.permit), counter: o.counter }) },
  epoch: { zh: '作废全部许可', en: 'revoke everything below a new epoch', needs: ['epoch'], grant: (o) => ({ kind: GrantKind.REVOKE, epoch: o.epoch }) },
  clear: { zh: '解除报警', en: 'clear an alarm, by its condition and record', needs: ['condition', 'seq'], grant: (o) => ({ kind: GrantKind.CLEAR, condition: o.condition, seq: o.seq }) },
  'top-up': { zh: '增加次数', en: 'set how many strokes a permit has, in all', needs: ['permit', 'count', 'counter', 'epoch'], grant: (o) => ({ kind: GrantKind.TOP_UP, permit: bytes(o.permit), count: o.count, counter: o.counter, epoch: o.epoch }) },
  ack: { zh: '确认已归档', en: 'acknowledge records that are kept', needs: ['records', 'photos', 'hash'], grant: (o) => ({ kind: GrantKind.ACK, recordsThrough: o.records, photosThrough: o.photos, hash: bytes(o.hash) }) },
};

export function register(program: Command): void {
  const grant = program.command('grant').description('be the authority yourself: keys of a unit, permits and other statements / 自有授权方：设备密钥、许可与其他授权');
  common(grant.command('unit').description('make the keys of a unit, without a desk / 生成设备密钥'))
    .requiredOption('--id <device>', 'device id, 16 hexadecimal digits / 设备编号', hex(8))
    .requiredOption('--out <folder>', 'where to / 输出目录')
    .option('--person <slot:number>', 'position of the fingerprint reader, and the person there / 指纹位置与人员编号', slot, [])
    .option('--die <rom>', 'a die that it may carry; any where absent / 允许的印章', die, [])
    .action(guarded(makeUnit));

  keyed(grant.command('permit').description('permit strokes / 签发用印许可'))
    .requiredOption('--die <rom>', 'the die, 16 hexadecimal digits / 印章编号', die, [])
    .requiredOption('--person <number[:means]>', 'who may open it, by finger, passcode or both; several: all of them / 用印人', holder, [])
    .requiredOption('--document <file or sha256>', 'the document / 文件')
    .option('--count <n>', 'strokes / 次数', whole(1, 65_535), 1)
    .option('--policy <words>', `${Object.keys(POLICIES).join(',')} / 条款`, policy, Policy.PHOTOS)
    .option('--from <seconds>', 'Unix seconds; a minute ago where absent / 开始时间', whole(0, U32))
    .option('--for <seconds>', 'how long / 有效秒数', whole(1, U32), HOUR)
    .option('--id <permit>', 'its id; made up where absent / 许可编号', hex(16))
    .option('--counter <n>', 'never the same twice for a unit; counted beside the keys where absent / 计数', whole(0, U32))
    .option('--epoch <n>', 'of the last revocation of everything / 撤销纪元', whole(0, U32), 0)
    .option('--idle <seconds>', 'an opened use ends after so long without a stroke / 空闲秒数', whole(1, 65_535))
    .action(guarded(makePermit));

  registerCeremony(grant);
  for (const [name, { zh, en, needs, grant: make }] of Object.entries(OTHERS)) {
    const command = keyed(grant.command(name).description(`${en} / ${zh}`));
    const option = (key: keyof Subject, flags: string, text: string, parse: (given: string) => unknown): void => {
      if (needs.includes(key)) command.requiredOption(flags, text, parse);
    };
    option('permit', '--permit <id>', 'permit id / 许可编号', hex(16));
    option('photo', '--photo <digest>', 'digest of the photo / 照片摘要', hex(32));
    option('seq', '--seq <n>', 'number of its record, as the display of the unit shows it / 记录编号（设备屏幕上的编号）', whole(0, U32 - 1));
    option('nonce', '--nonce <nonce>', 'nonce of the unit / 设备随机数', hex(16));
    option('counter', '--counter <n>', name === 'top-up' ? 'its own, never used before / 新的计数' : 'counter of the permit / 许可计数', whole(0, U32));
    option('epoch', '--epoch <n>', name === 'top-up' ? 'the present epoch / 当前纪元' : 'the new epoch / 新纪元', whole(0, U32));
    option('count', '--count <n>', 'strokes, in all / 总次数', whole(1, 65_535));
    option('condition', '--condition <n>', 'alarm condition / 报警种类', whole(1, 32));
    option('records', '--records <n>', 'records below this are kept / 已归档记录', whole(1, U32));
    option('photos', '--photos <n>', 'photos of records below this are kept / 已归档照片', whole(0, U32));
    option('hash', '--hash <sha256>', 'of the last record kept / 最后一条记录的摘要', hex(32));
    if (name === 'time') command.option('--at <seconds>', 'Unix seconds; now where absent / 时间', whole(0, U32));
    command.action(guarded((options: Subject & Keyed) => give(options, keysOf(options.key), make(options as Required<Subject>), {}, options.out ?? '')));
  }
}
