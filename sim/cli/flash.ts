/**
 * `smartseal device flash`: puts firmware, region files, keys and boot file on a unit through the espruino tool, in the order
 * of HARDWARE.md: the boot file comes last, so that a unit whose flashing broke off starts nothing.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { BOOT_CODE, BOOT_FILE, fileSize, JOURNAL, PAGE, PHOTOS, SLOT_A, SLOT_B, SLOT_OFFSETS, STATE, VAULT, VAULT_ADDRESS } from '../../firmware/board/files';
import { slotImage, slotOfCode } from '../../firmware/core/provision';
import { nodeNatives } from '../../host-bridge/natives';
import { BoardId } from '../../protocol';
import { vaultOf } from '../index';
import { PORT } from './flash-port';
import { readIdentity } from './identity';
import { repositoryFile } from './places';
import { asSimError, ERRORS, errorLine, SimError, type Language } from './texts';

interface Options {
  port: string;
  baud?: string;
  bundle?: string;
  board: string;
  identity?: string;
  maker?: string;
  verbose?: boolean;
  json?: boolean;
}

/** What the unit prints when all is in its place; the tool's own exit code says nothing about that. */
const DONE = 'smartseal: flashed';
/** What it prints when it is there at all: not as it was sent, so that no echo is taken for an answer. */
const HERE = 'smartseal: here 42';
const ASK = 'print("smartseal: here "+6*7)';
const LIMIT_MS = 300_000;
/** What the unit may take to make its files, s. */
const WORK_S = 120;
/** Files of a unit: two slots, state, journal, photos, boot file; on the bench unit the vault as well. */
const FILES = { xiao: 6, linux: 7 } as const;
type BoardName = keyof typeof FILES;

/** Bytes that one line of the script writes. */
const LINE = 512;
const ERASED = 'ÿ';
/** Finds the first whole page of the vault's file, on a bench unit: `a`. */
const FIND_VAULT =
  `for(var a=0x60000000,h,i=0;i<16&&(h=F.read(32,a),E.toString(h).substr(4).split("\\0")[0]!=${JSON.stringify(VAULT.name)});i++)` +
  'a+=((h[0]|h[1]<<8|h[2]<<16)+35)&~3;a=(a+32+4095)&-4096;';

/**
 * Code that runs on the unit, line by line as it comes. Bytes go as base64, which the tool sends unharmed; each line is done
 * with before the next, so that the unit never holds the whole.
 * @param slot content of the first slot (slotImage)
 */
export function installScript(slot: string, vault: Buffer | undefined, board: BoardName = 'xiao'): string {
  const write = (name: string, ...given: (string | number)[]): string => `S.write(${[name, ...given].map((one) => JSON.stringify(one)).join(',')});`;
  const make = ({ name, pages }: typeof STATE): string => write(name, '', 0, fileSize({ name, pages }));
  const base64 = (bytes: string): string => `atob(${JSON.stringify(Buffer.from(bytes, 'latin1').toString('base64'))})`;
  const lines = ['var S=require("Storage"),F=require("Flash");', make(SLOT_A)];
  for (let at = 0; at < slot.length; at += LINE) {
    const piece = slot.slice(at, at + LINE);
    // What is erased already is left so: marks are written there later.
    const used = piece.replace(new RegExp(`${ERASED}+$`), '');
    if (used !== '') lines.push(`S.write(${JSON.stringify(SLOT_A.name)},${base64(used)},${SLOT_OFFSETS[0]! + at});`);
  }
  lines.push(...[SLOT_B, STATE, JOURNAL, PHOTOS].map(make));
  if (board === 'linux') lines.push(make(VAULT), FIND_VAULT);
  if (vault !== undefined && board === 'linux') lines.push(`F.write(${base64(vault.toString('latin1'))},a);`);
  else if (vault !== undefined) lines.push(`F.erasePage(${VAULT_ADDRESS});F.erasePage(${VAULT_ADDRESS + PAGE});F.write(${base64(vault.toString('latin1'))},${VAULT_ADDRESS});`);
  lines.push(write(BOOT_FILE, BOOT_CODE), `print(${JSON.stringify(DONE)}+" "+S.list().length);`);
  return lines.join('\n');
}

/** What the tool says may quote what was sent: nothing that could be a key is passed on. */
export function withoutKeys(text: string): string {
  return text.replace(/[A-Za-z0-9+/]{24,}={0,2}/g, '…');
}

/**
 * Runs the espruino tool; what it says is passed on as a whole at its end.
 * @param until it is ended as soon as it has said this: it has sent everything long before the unit has done everything
 */
function tool(port: string, baud: string | undefined, args: readonly string[], heard: (text: string) => void, until?: RegExp): Promise<string> {
  const cli = repositoryFile('node_modules', 'espruino', 'bin', 'espruino-cli.js');
  if (cli === undefined) throw new SimError('FLASH_FAILED', 'the espruino package is not installed');
  const given = ['--no-ble', '-p', port, ...(baud === undefined ? [] : ['-b', baud]), '--config', 'ENV_ON_CONNECT=false', '--config', 'RESET_BEFORE_SEND=false', '--config', 'MODULE_URL=', ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-r', path.join(__dirname, 'flash-port.js'), cli, ...given], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, [PORT]: port } });
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    let out = '';
    const take = (text: string): void => {
      out += text;
      if (until?.test(out) === true) child.kill();
    };
    child.stdout.setEncoding('latin1').on('data', take);
    child.stderr.setEncoding('latin1').on('data', take);
    child.on('error', reject);
    child.on('close', () => (clearTimeout(timer), heard(withoutKeys(out)), resolve(out)));
  });
}

/** The display's glyphs and texts, built with this bundle or with the repository's. @throws SimError */
function fontFor(bundle: string): string {
  const beside = path.join(path.dirname(bundle), 'font.bin');
  const font = existsSync(beside) ? beside : repositoryFile('dist', 'firmware', 'font.bin');
  if (font === undefined) throw new SimError('BUNDLE');
  return readFileSync(font, 'latin1');
}

/** Slot A from an image that `device image` made, or from bare code and its font. @throws SimError */
function slotOf(file: string, { maker, board }: Options): string {
  const bytes = readFileSync(file, 'latin1');
  if (bytes.startsWith('SSIM')) {
    const slot = slotImage(nodeNatives, bytes);
    if (slot === undefined) throw new SimError('BUNDLE_FILE', `${file}: not an image`);
    return slot;
  }
  const key = maker === undefined ? undefined : Buffer.from(readFileSync(maker, 'utf8').trim(), 'hex');
  if (key !== undefined && key.length !== 32) throw new SimError('BUNDLE_FILE', `${maker}: not a public key`);
  return slotOfCode(nodeNatives, board === 'linux' ? BoardId.LINUX : BoardId.XIAO, bytes, fontFor(file), key?.toString('latin1'));
}

async function flash(options: Options, heard: (text: string) => void): Promise<number> {
  if (!options.port.startsWith('tcp://') && !existsSync(options.port)) throw new SimError('FLASH_PORT', options.port);
  const board = options.board === 'linux' ? 'linux' : 'xiao';
  const bundle = options.bundle ?? repositoryFile('dist', 'firmware', `${board}.js`);
  if (bundle === undefined) throw new SimError('BUNDLE');
  if (!existsSync(bundle)) throw new SimError('BUNDLE_FILE', `${bundle}: ENOENT`);
  const vault = options.identity === undefined ? undefined : vaultOf(readIdentity(options.identity).identity);
  const folder = mkdtempSync(path.join(tmpdir(), 'smartseal-flash-'));
  try {
    // In a file of its own: command lines can be read by everybody on the machine, and there are keys in it.
    const install = path.join(folder, 'install.js');
    writeFileSync(install, installScript(slotOf(bundle, options), vault, board), { mode: 0o600 });
    // Nothing is erased before something has answered; the tool itself ends with 0 even where it never connected.
    const answer = await tool(options.port, options.baud, ['-q', '-e', ASK, '--sleep', '2'], heard);
    if (!answer.includes(HERE)) throw new SimError('FLASH_PORT', options.port);
    await tool(options.port, options.baud, ['-q', '-e', 'require("Storage").eraseAll()', '--sleep', '3'], heard);
    const done = new RegExp(`${DONE} (\\d+)`);
    const out = await tool(options.port, options.baud, ['-q', '--sleep', String(WORK_S), install], heard, done);
    const files = done.exec(out)?.[1];
    if (Number(files) !== FILES[board]) throw new SimError('FLASH_FAILED', files === undefined ? options.port : `${files} files`);
    return Number(files);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Adds `flash` to `smartseal device`. */
export function registerFlash(device: Command, language: Language): void {
  const t = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  device
    .command('flash')
    .description(t('把固件烧录到设备（会清空 Storage）', 'put the firmware on a unit (its Storage is erased)'))
    .requiredOption('--port <port>', t('串口，或 tcp://主机:端口', 'serial port, or tcp://HOST:PORT'))
    .option('--baud <baud>', t('串口速率', 'line rate'))
    .option('--bundle <file>', t('固件或固件镜像；缺省为 dist/firmware/xiao.js', 'firmware, bare or as an image; dist/firmware/xiao.js when absent'))
    .option('--board <board>', t('xiao，或 linux（台架设备）', 'xiao, or linux (the bench unit)'), 'xiao')
    .option('--maker <file>', t('固件签发者公钥：裸固件需要它才能接受在线更新', 'public key of the maker, without which bare code takes no updates'))
    .option('--identity <file>', t('设备身份文件：同时写入密钥', 'identity of the unit: its keys are written too'))
    .option('--verbose', t('显示烧录工具的输出', 'show what the espruino tool says'))
    .option('--json', t('结果为 JSON', 'result as JSON'))
    .action(async (options: Options) => {
      const said: string[] = [];
      try {
        const files = await flash(options, (text) => void (options.verbose === true ? process.stderr.write(text) : said.push(text)));
        process.stdout.write(options.json === true ? `${JSON.stringify({ flashed: options.port, files })}\n` : t(`已烧录：${options.port}。断电再上电后启动。\n`, `Flashed: ${options.port}. Power it off and on to start it.\n`));
      } catch (error) {
        const failure = asSimError(error);
        // How far it came is worth knowing only where something was changed.
        if (failure.code === 'FLASH_FAILED' && options.json !== true) process.stderr.write(said.join(''));
        process.stderr.write(options.json === true ? `${JSON.stringify({ code: failure.code, title: ERRORS[failure.code][language], detail: failure.detail })}\n` : `${errorLine(failure, language)}\n`);
        process.exitCode = 1;
      }
    });
}
