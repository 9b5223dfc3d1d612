/** `smartseal sim`: reads the options, makes the session, and hands it what is typed. */
import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { untilSignal, WITH_PARENT } from '../../host-bridge/cli/system';
import { fontBeside, loadProgram, type Program } from '../index';
import { makeUpIdentity, readIdentity } from './identity';
import { repositoryFile } from './places';
import { LiveScreen } from './live';
import { openScreen, type Screen, type ScreenOptions } from './screen';
import { Session } from './session';
import { StateFolder } from './state';
import type { Language } from './texts';
import { asSimError, SimError, words } from './texts';

export interface ServeOptions {
  identity?: string;
  pty?: string | true;
  tcp?: { host: string; port: number };
  state?: string;
  bundle?: string;
  baud?: number;
  seed: number;
  json?: boolean;
  /** Scenario to write at the end. */
  record?: string;
  lang?: string;
}

/** The code of a bundle: something that parses as the body of a function and calls something. @throws SimError */
export function readBundle(file: string): string {
  let code: string;
  try {
    code = readFileSync(file, 'utf8');
  } catch (error) {
    throw new SimError('BUNDLE_FILE', `${file}: ${(error as NodeJS.ErrnoException).code ?? ''}`);
  }
  try {
    new Script(`(function(){${code}\n})`, { filename: file });
  } catch {
    throw new SimError('BUNDLE_FILE', `${file}: not JavaScript`);
  }
  if (!code.includes('(')) throw new SimError('BUNDLE_FILE', `${file}: not firmware`);
  return code;
}

/** Runs until quit, a signal, or the end of a script on a unit that no host can reach. Sets the exit code. */
export async function serve(options: ServeOptions, command: Command): Promise<void> {
  const language: Language = (command.optsWithGlobals() as { lang?: string }).lang === 'zh' ? 'zh' : 'en';
  const json = options.json === true;
  let session: Session | undefined;
  const given: ScreenOptions = { language, json, input: process.stdin, output: process.stdout, errors: process.stderr, seconds: () => (session === undefined ? 0 : session.world.now / 1000) };
  const typed = process.stdin.isTTY && process.stdout.isTTY && !json;
  const screen: Screen = typed && process.env['TERM'] !== 'dumb' ? new LiveScreen({ ...given, env: process.env }) : openScreen(given);
  let state: StateFolder | undefined;
  try {
    state = options.state === undefined ? undefined : StateFolder.open(options.state);
    const { bundle, dieImage } = firmware(options.bundle);
    const described = options.identity === undefined ? makeUpIdentity(options.state) : readIdentity(options.identity);
    const reached = options.pty !== undefined || options.tcp !== undefined;
    session = new Session({
      described, bundle, dieImage, seed: options.seed,
      // A desk's unit whose flash is kept is left to that desk: our office would acknowledge records that the desk never sees.
      office: !reached && (described.madeUp || state === undefined),
      ...(options.pty === undefined ? {} : { pty: options.pty === true ? '' : options.pty }),
      ...(options.tcp === undefined ? {} : { tcp: options.tcp }),
      ...(options.baud === undefined ? {} : { baud: options.baud }),
      ...(state === undefined ? {} : { state }),
    }, screen);
    const running = session;
    const { bench } = running;
    screen.attach?.(bench);
    bench.tell('unit', words(`模拟设备 ${described.deviceId}`, `Simulated unit ${described.deviceId}`), { device: described.deviceId, madeUp: described.madeUp });
    if (described.madeUp && reached) bench.tell('notice', words('未给出身份文件：密钥是临时编造的，没有审批台认识这台设备', 'No identity file was given: the keys are made up, and no desk knows this unit'));
    else if (described.madeUp) bench.tell('notice', words('未给出身份文件：密钥是临时编造的；模拟办公室代替审批台与网桥', 'No identity file was given: the keys are made up; a bench office stands in for desk and bridge'));
    if (typed) bench.tell('notice', words('输入“帮助”查看命令；“说明”告诉你现在怎么回事', 'Type help for the commands; explain says what is going on'));
    void untilSignal().then(() => running.stop());
    if (options.record !== undefined) running.record(options.record);
    void readCommands(running, reached);
    await running.run();
  } catch (error) {
    screen.close();
    screen.fatal(error);
    state?.close();
    process.exitCode = asSimError(error).code === 'USAGE' ? 2 : 1;
  }
  // Standard input may still be open, and what a host left behind must not keep the program.
  process.stdin.destroy();
}

/** What every simulated unit needs of the repository. @throws SimError BUNDLE */
export function firmware(given: string | undefined): { bundle: Program; dieImage: string } {
  const file = given ?? repositoryFile('dist', 'firmware', 'xiao.js');
  const dieImage = repositoryFile('sim', 'assets', 'die-company.png');
  if (file === undefined || dieImage === undefined) throw new SimError('BUNDLE');
  // Given as code: a path may hold anything.
  return { bundle: { ...loadProgram(readBundle(file)), font: fontBeside(file) }, dieImage };
}

async function readCommands(session: Session, reached: boolean): Promise<void> {
  const { screen } = session;
  await screen.read(async (line) => {
    try {
      await session.perform(line);
    } catch (error) {
      screen.error(error);
      // A person tries again; a script has failed.
      if (!process.stdin.isTTY) process.exitCode = 1;
    }
  });
  // A unit that hosts can reach goes on when its script has ended (or there was none, as under a service manager).
  if (!reached || process.stdin.isTTY || process.env[WITH_PARENT] === '1') session.stop();
}
