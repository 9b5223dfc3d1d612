/**
 * `smartseal device flash` and `smartseal device provision`: firmware and files, then keys and identity, onto a unit through the espruino
 * tool, in the order of HARDWARE.md (install.ts).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { slotImage, slotOfCode } from '../../firmware/core/provision';
import { nodeNatives } from '../../host-bridge/natives';
import { BoardId } from '../../protocol';
import { vaultOf } from '../index';
import { PORT } from './flash-port';
import { readIdentity } from './identity';
import { askScript, DONE, filesOf, heard as answerOf, installScript, provisionScript, withoutKeys, type BoardName } from './install';
import { repositoryFile } from './places';
import { asSimError, ERRORS, errorLine, SimError, type ErrorCode, type Language } from './texts';

interface Options {
  port: string;
  baud?: string;
  board: string;
  verbose?: boolean;
  json?: boolean;
}

interface FlashOptions extends Options {
  bundle?: string;
  identity?: string;
  maker?: string;
}

interface ProvisionOptions extends Options {
  identity: string;
}

/** Hears what the espruino tool says, as a whole at its end. */
type Ear = (text: string) => void;

const LIMIT_MS = 300_000;
/** What the unit may take to make its files, s. */
const WORK_S = 120;

/**
 * Runs the espruino tool; what it says is passed on as a whole at its end.
 * @param until it is ended as soon as it has said this: it has sent everything long before the unit has done everything
 */
function tool({ port, baud }: Options, args: readonly string[], heard: Ear, until?: RegExp): Promise<string> {
  const cli = repositoryFile('node_modules', 'espruino', 'bin', 'espruino-cli.js');
  if (cli === undefined) throw new SimError('FLASH_FAILED', 'the espruino package is not installed');
  const given = ['--no-ble', '-p', port, ...(baud === undefined ? [] : ['-b', baud]), '--config', 'ENV_ON_CONNECT=false', '--config', 'RESET_BEFORE_SEND=false', '--config', 'MODULE_URL=', '-q', ...args];
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

const boardOf = ({ board }: Options): BoardName => (board === 'linux' ? 'linux' : 'xiao');

/** What stands on the unit. Nothing is changed before it has answered; the tool itself ends with 0 even where it never connected. @throws SimError */
async function ask(options: Options, heard: Ear): Promise<{ files: number; keyed: boolean }> {
  const { port } = options;
  if (!port.startsWith('tcp://') && !existsSync(port)) throw new SimError('FLASH_PORT', port);
  const answer = answerOf(await tool(options, ['-e', askScript(boardOf(options)), '--sleep', '2'], heard));
  if (answer === undefined) throw new SimError('FLASH_PORT', port);
  return answer;
}

/** Has the unit carry out a script to its end; how many files it then has. @throws SimError with that code where it does not come to it */
async function carryOut(options: Options, script: string, heard: Ear, code: ErrorCode): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'smartseal-flash-'));
  try {
    // In a file of its own: command lines can be read by everybody on the machine, and there are keys in it.
    const install = path.join(folder, 'install.js');
    writeFileSync(install, script, { mode: 0o600 });
    const done = new RegExp(`${DONE} (\\d+)`);
    const files = done.exec(await tool(options, ['--sleep', String(WORK_S), install], heard, done))?.[1];
    if (files === undefined) throw new SimError(code, options.port);
    return Number(files);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The display's glyphs and texts, built with this bundle or with the repository's. @throws SimError */
function fontFor(bundle: string): string {
  const beside = path.join(path.dirname(bundle), 'font.bin');
  const font = existsSync(beside) ? beside : repositoryFile('dist', 'firmware', 'font.bin');
  if (font === undefined) throw new SimError('BUNDLE');
  return readFileSync(font, 'latin1');
}

/** Slot A from an image that `device image` made, or from bare code and its font. @throws SimError */
function slotOf(file: string, { maker, board }: FlashOptions): string {
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

/** Files on the unit; as many as `filesOf` says for a provisioned one where it has keys. */
async function flash(options: FlashOptions, heard: Ear): Promise<number> {
  const board = boardOf(options);
  const bundle = options.bundle ?? repositoryFile('dist', 'firmware', `${board}.js`);
  if (bundle === undefined) throw new SimError('BUNDLE');
  if (!existsSync(bundle)) throw new SimError('BUNDLE_FILE', `${bundle}: ENOENT`);
  const vault = options.identity === undefined ? undefined : vaultOf(readIdentity(options.identity).identity);
  const script = installScript(slotOf(bundle, options), vault, board);
  await ask(options, heard);
  await tool(options, ['-e', 'require("Storage").eraseAll()', '--sleep', '3'], heard);
  const files = await carryOut(options, script, heard, 'FLASH_FAILED');
  const { flashed, provisioned } = filesOf(board);
  if (files !== provisioned && (files !== flashed || vault !== undefined)) throw new SimError('FLASH_FAILED', `${files} files`);
  return files;
}

/** The unit's id. */
async function provision(options: ProvisionOptions, heard: Ear): Promise<string> {
  const board = boardOf(options);
  const { identity, deviceId } = readIdentity(options.identity);
  const vault = vaultOf(identity);
  const { flashed, provisioned } = filesOf(board);
  const { files, keyed } = await ask(options, heard);
  if (files !== flashed) throw new SimError('NOT_FLASHED', options.port);
  if (keyed) throw new SimError('PROVISIONED', options.port);
  const now = await carryOut(options, provisionScript(vault, board), heard, 'PROVISION_FAILED');
  if (now !== provisioned) throw new SimError('PROVISION_FAILED', `${now} files`);
  return deviceId;
}

/** Where something was changed, how far it came is worth knowing. */
const CHANGED: readonly ErrorCode[] = ['FLASH_FAILED', 'PROVISION_FAILED'];

/** Runs one of the two, and says in the language what became of it. */
async function told(options: Options, language: Language, work: (heard: Ear) => Promise<{ text: string; json: object }>): Promise<void> {
  const said: string[] = [];
  try {
    const { text, json } = await work((line) => void (options.verbose === true ? process.stderr.write(line) : said.push(line)));
    process.stdout.write(options.json === true ? `${JSON.stringify(json)}\n` : `${text}\n`);
  } catch (error) {
    const failure = asSimError(error);
    if (CHANGED.includes(failure.code) && options.json !== true) process.stderr.write(said.join(''));
    process.stderr.write(options.json === true ? `${JSON.stringify({ code: failure.code, title: ERRORS[failure.code][language], detail: failure.detail })}\n` : `${errorLine(failure, language)}\n`);
    process.exitCode = 1;
  }
}

/** Adds `flash` and `provision` to `smartseal device`. */
export function registerFlash(device: Command, language: Language): void {
  const t = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  const common = (command: Command): Command => command
    .requiredOption('--port <port>', t('串口，或 tcp://主机:端口', 'serial port, or tcp://HOST:PORT'))
    .option('--baud <baud>', t('串口速率', 'line rate'))
    .option('--board <board>', t('xiao，或 linux（台架设备）', 'xiao, or linux (the bench unit)'), 'xiao')
    .option('--verbose', t('显示烧录工具的输出', 'show what the espruino tool says'))
    .option('--json', t('结果为 JSON', 'result as JSON'));
  common(device.command('flash'))
    .description(t('把固件烧录到设备（会清空 Storage）', 'put the firmware on a unit (its Storage is erased)'))
    .option('--bundle <file>', t('固件或固件镜像；缺省为 dist/firmware/xiao.js', 'firmware, bare or as an image; dist/firmware/xiao.js when absent'))
    .option('--maker <file>', t('固件签发者公钥：裸固件需要它才能接受在线更新', 'public key of the maker, without which bare code takes no updates'))
    .option('--identity <file>', t('设备身份文件：接着配钥，如同 provision', 'identity of the unit: it is provisioned in the same go'))
    .action((options: FlashOptions) => told(options, language, async (heard) => {
      const files = await flash(options, heard);
      const keyed = files === filesOf(boardOf(options)).provisioned;
      return {
        json: { flashed: options.port, files, provisioned: keyed },
        text: keyed ? t(`已烧录：${options.port}。断电再上电后启动。`, `Flashed: ${options.port}. Power it off and on to start it.`)
          : t(`已烧录：${options.port}。还没有密钥：不要断电，接着运行 device provision。`, `Flashed: ${options.port}. It has no keys yet: run device provision next.`),
      };
    }));
  common(device.command('provision'))
    .description(t('给烧录好的设备写入密钥和身份，并锁上控制台', 'give a flashed unit its keys and identity, and lock its console'))
    .requiredOption('--identity <file>', t('设备身份文件（desk provision-device 所写），用后销毁', 'identity of the unit, as desk provision-device writes it; to be destroyed afterwards'))
    .action((options: ProvisionOptions) => told(options, language, async (heard) => {
      const id = await provision(options, heard);
      return {
        json: { provisioned: id, port: options.port },
        text: t(`已配钥：${id}。断电再上电后启动，控制台从此关闭；请销毁 ${options.identity}。`, `Provisioned: ${id}. Power it off and on to start it; its console is closed from then on. Destroy ${options.identity}.`),
      };
    }));
}
