/** `smartseal device maker-key | image | update`: the maker's side of the firmware, and its way to a device through the bridge. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { BoardId } from '../../protocol';
import { sleep } from '../common/clock';
import { faults, Problem, type Language } from '../common/errors';
import { imageInfo, imageSignedBy } from '../common/images';
import { MAKER_SECRET, MAKER_SEED, makerKeys, signedImage } from '../common/maker';
import { ask, BRIDGE, type Options } from './client';
import { systemClock } from './system';

const FIRMWARE = faults({
  KEY_FILE: [422, 'Not a key file of a maker', '不是固件签发者的密钥文件'],
  IMAGE_FILE: [422, 'Not a whole image of the firmware', '不是完整的固件镜像'],
  FILE: [422, 'A file cannot be read or written', '文件无法读写'],
  UPDATE_FAILED: [502, 'The update failed', '固件更新失败'],
});

type Run = (options: Options, work: (language: Language) => Promise<void>) => Promise<void>;

interface Progress {
  version: number;
  state: string;
  percent: number;
  code?: string;
}

const WORDS: Record<string, readonly [zh: string, en: string]> = {
  waiting: ['等待设备', 'waiting for the device'], erasing: ['擦除', 'erasing'], sending: ['传输', 'sending'], checking: ['验证', 'checking'],
  restarting: ['重启', 'restarting'], done: ['完成', 'done'], failed: ['失败', 'failed'],
};

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Problem(FIRMWARE.FILE, `${file}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`);
  }
}

/** A new file that nobody else can read; one that is there already is not overwritten. */
export function write(file: string, bytes: Buffer | string, mode: number): void {
  try {
    writeFileSync(file, bytes, { mode, flag: 'wx' });
  } catch (error) {
    throw new Problem(FIRMWARE.FILE, `${file}: ${(error as NodeJS.ErrnoException).code ?? 'not written'}`);
  }
}

/** Hexadecimal of so many bytes. */
function keyOf(file: string, bytes: number): Buffer {
  const key = Buffer.from(read(file).toString('latin1').trim(), 'hex');
  if (key.length !== bytes) throw new Problem(FIRMWARE.KEY_FILE, file);
  return key;
}

function print(options: Options, result: object, text: string): void {
  process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : `${text}\n`);
}

function makeKey(options: Options & { out: string }, language: Language): void {
  const keys = makerKeys(randomBytes(MAKER_SEED));
  write(options.out, `${keys.secret.toString('hex')}\n`, 0o600);
  write(`${options.out}.pub`, `${keys.public.toString('hex')}\n`, 0o644);
  print(options, { secret: options.out, public: `${options.out}.pub` }, language === 'zh' ? `密钥：${options.out}（请离线保存）；公钥：${options.out}.pub` : `Secret: ${options.out} (keep it off line); public: ${options.out}.pub`);
}

interface ImageOptions extends Options {
  code: string;
  number: string;
  resources?: string;
  board: string;
  key: string;
  nextKey?: string;
  out: string;
}

function makeImageFile(options: ImageOptions, language: Language): void {
  const secret = keyOf(options.key, MAKER_SECRET);
  const image = ((): Buffer => {
    try {
      return signedImage({
        board: options.board === 'linux' ? BoardId.LINUX : BoardId.XIAO, version: Number(options.number), code: read(options.code),
        resources: read(options.resources ?? path.join(path.dirname(options.code), 'font.bin')), ...(options.nextKey === undefined ? {} : { nextKey: keyOf(options.nextKey, 32) }),
      }, secret);
    } catch (error) {
      if (error instanceof RangeError) throw new Problem(FIRMWARE.IMAGE_FILE, error.message);
      throw error;
    }
  })();
  const info = imageInfo(image);
  if (info === undefined || !imageSignedBy(image, secret.subarray(32))) throw new Problem(FIRMWARE.IMAGE_FILE, options.out);
  write(options.out, image, 0o644);
  print(options, { image: options.out, version: info.header.version, bytes: info.size, name: info.name.toString('hex') }, language === 'zh'
    ? `${options.out}：版本 ${info.header.version}，${info.size} 字节，名称 ${info.name.toString('hex')}`
    : `${options.out}: version ${info.header.version}, ${info.size} bytes, name ${info.name.toString('hex')}`);
}

async function update(options: Options & { image: string; grant: string }, id: string, language: Language): Promise<void> {
  const image = read(options.image);
  if (imageInfo(image) === undefined) throw new Problem(FIRMWARE.IMAGE_FILE, options.image);
  const route = `/v1/devices/${encodeURIComponent(id)}/update`;
  const fits = (answer: Progress): boolean => typeof answer.state === 'string';
  let progress = await ask<Progress>(BRIDGE, options, route, language, fits, { image: image.toString('base64'), grant: read(options.grant).toString('latin1').trim() });
  const clock = systemClock();
  let said = '';
  while (progress.state !== 'done' && progress.state !== 'failed') {
    const words = WORDS[progress.state];
    const text = `${words?.[language === 'zh' ? 0 : 1] ?? progress.state} ${progress.percent} %`;
    if (text !== said && options.json !== true) process.stderr.write(`${text}\n`);
    said = text;
    await sleep(clock, 1000);
    progress = await ask<Progress>(BRIDGE, options, route, language, fits);
  }
  if (progress.state === 'failed') throw new Problem(FIRMWARE.UPDATE_FAILED, progress.code ?? '');
  print(options, progress, language === 'zh' ? `${id} 已更新到版本 ${progress.version}` : `${id} runs version ${progress.version}`);
}

export function registerFirmware(device: Command, common: (command: Command) => Command, run: Run): void {
  const local = (command: Command): Command => command.option('--json', 'as JSON').option('--lang <lang>', 'zh or en');
  local(device.command('maker-key').description("make a maker's key pair, which signs firmware / 生成固件签发密钥"))
    .requiredOption('--out <file>', 'secret key (0600); the public one beside it with .pub / 私钥文件')
    .action((options: Options & { out: string }) => run(options, async (language) => makeKey(options, language)));
  local(device.command('image').description('make a signed image of the firmware / 制作签名的固件镜像'))
    .requiredOption('--code <file>', 'the bundle / 固件文件')
    .requiredOption('--number <version>', 'version, greater than all before / 版本号')
    .option('--resources <file>', "glyphs and texts of the display; font.bin beside the bundle when absent / 显示资源；缺省为固件旁的 font.bin")
    .option('--board <board>', 'xiao or linux', 'xiao')
    .requiredOption('--key <file>', "the maker's secret key / 签发私钥")
    .option('--next-key <file>', 'public key that signs the image after this one / 下一版本的公钥')
    .requiredOption('--out <file>', 'the image / 镜像文件')
    .action((options: ImageOptions) => run(options, async (language) => makeImageFile(options, language)));
  common(device.command('update <id>').description('update the firmware of a device / 更新设备固件'))
    .requiredOption('--image <file>', 'the signed image / 镜像文件')
    .requiredOption('--grant <file>', 'the consent, from `smartseal desk consent` / 更新许可')
    .option('--lease <n>', 'number of your lease / 占用编号')
    .action((id: string, options: Options & { image: string; grant: string }) => run(options, (language) => update(options, id, language)));
}
