/** Tells the story: one step a line, with the time it took, for people or as JSON. */
import { ERRORS, errorLine, SimError, type Language } from '../texts';
import type { SignIn } from './sign-ins';

/** Recovery codes that are told of each person. */
const SHOWN_CODES = 4;
/** Milliseconds after which, and after which again, people are told that something takes long. */
const PATIENT = 10_000;

export interface TellerOptions {
  json: boolean;
  language: Language;
}

export class Teller {
  readonly language: Language;
  private readonly begun: number;

  constructor(
    private readonly options: TellerOptions,
    private readonly now: () => number,
  ) {
    this.language = options.language;
    this.begun = now();
  }

  step(name: string, zh: string, en: string, data: Record<string, unknown> = {}): void {
    this.line(name, '✓', zh, en, data);
  }

  /** An attempt to cheat that came to nothing, as it should. */
  refused(name: string, zh: string, en: string, data: Record<string, unknown> = {}): void {
    this.line(name, '✗', zh, en, data);
  }

  /** Waits for what may take long on a busy machine, and says every so often, on standard error, that it is still being waited for. */
  async patient<T>(work: Promise<T>, zh: string, en: string): Promise<T> {
    const text = this.language === 'zh' ? zh : en;
    const timer = setInterval(() => process.stderr.write(`${this.options.json ? JSON.stringify({ waiting: text }) : `          … ${text}`}\n`), PATIENT);
    try {
      return await work;
    } finally {
      clearInterval(timer);
    }
  }

  done(folder: string, files: readonly string[]): void {
    this.line('done', '■', `完成。结果在 ${folder}：${files.join('、')}`, `Done. Look into ${folder}: ${files.join(', ')}`, { folder });
  }

  running(places: readonly (readonly [string, string])[], signIns: readonly SignIn[]): void {
    if (this.options.json) return void process.stdout.write(`${JSON.stringify({ step: 'running', ...Object.fromEntries(places), signIns })}\n`);
    process.stdout.write(this.language === 'zh' ? '\n仍在运行，按 Ctrl-C 结束：\n' : '\nStill running; Ctrl-C ends it:\n');
    for (const [name, value] of places) process.stdout.write(`  ${name.padEnd(13)} ${value}\n`);
    process.stdout.write(this.language === 'zh' ? '\n登录审批台（登录名、密码、恢复码；每个恢复码可代替一次动态验证码）：\n' : '\nTo sign in to the console (login, password, recovery codes; each stands in once for a code of an authenticator):\n');
    for (const { name, login, password, recoveryCodes } of signIns) process.stdout.write(`  ${login.padEnd(9)} ${password}  ${recoveryCodes.slice(0, SHOWN_CODES).join(' ')}  ${name}\n`);
  }

  /** What can be done at the unit, whose hands the keyboard is now. */
  hands(commands: readonly (readonly [command: string, zh: string, en: string])[]): void {
    if (this.options.json) return;
    process.stdout.write(this.language === 'zh' ? '\n在这里输入即在设备前操作(help 列出全部):\n' : '\nWhat is typed here is done at the unit (help lists all of it):\n');
    for (const [command, zh, en] of commands) process.stdout.write(`  ${command.padEnd(34)} ${this.language === 'zh' ? zh : en}\n`);
  }

  /** What happened at the unit, as it says itself. */
  atUnit(line: Readonly<Record<string, unknown>>): void {
    if (this.options.json) return void process.stdout.write(`${JSON.stringify({ step: 'unit', ...line })}\n`);
    const { event, answer, error, text, title, detail, ...more } = line;
    if (event !== undefined) process.stdout.write(`  > ${typeof text === 'string' ? text : JSON.stringify({ event, ...more })}\n`);
    else process.stdout.write(`  > ${error === undefined ? JSON.stringify({ [String(answer)]: more }) : [error, title, detail].filter((part) => typeof part === 'string').join(': ')}\n`);
  }

  failed(error: unknown): void {
    const known = error instanceof SimError ? error : new SimError('DEMO_FAILED', (error instanceof Error ? error.message : String(error)).split('\n')[0]);
    const document = { code: known.code, title: ERRORS[known.code][this.language], detail: known.detail };
    process.stderr.write(`${this.options.json ? JSON.stringify(document) : errorLine(known, this.language)}\n`);
  }

  private line(name: string, mark: string, zh: string, en: string, data: Record<string, unknown>): void {
    const seconds = (this.now() - this.begun) / 1000;
    const text = this.language === 'zh' ? zh : en;
    if (this.options.json) process.stdout.write(`${JSON.stringify({ step: name, seconds: Number(seconds.toFixed(2)), text, ...data })}\n`);
    else process.stdout.write(`${seconds.toFixed(1).padStart(6)} s  ${mark} ${text}\n`);
  }
}
