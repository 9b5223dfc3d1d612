/**
 * One form for every error that leaves a host program: a stable code from a catalogue, an HTTP status and a title in
 * two languages, carried by Problem and written as problem+json (RFC 9457) or as one line on a terminal.
 */
export type Language = 'en' | 'zh';

export interface Text {
  en: string;
  zh: string;
}

/** A catalogue entry. Codes are stable: once released a code is never reused for something else. */
export interface Fault {
  code: string;
  status: number;
  title: Text;
}

/** Builds a catalogue from [status, English, Chinese] rows; the row's name is the code. */
export function faults<K extends string>(rows: Record<K, readonly [status: number, en: string, zh: string]>): Record<K, Fault> {
  const out = {} as Record<K, Fault>;
  for (const code of Object.keys(rows) as K[]) {
    const [status, en, zh] = rows[code];
    out[code] = { code, status, title: { en, zh } };
  }
  return out;
}

/** What every host program may answer. */
export const COMMON = faults({
  INVALID: [400, 'The request does not have the required form', '请求格式不正确'],
  UNAUTHENTICATED: [401, 'A valid bearer token is required', '需要有效的访问令牌'],
  TOKEN_EXPIRED: [401, 'The token has expired', '访问令牌已过期'],
  FORBIDDEN: [403, 'This token lacks the required scope', '该令牌没有所需权限'],
  CROSS_SITE: [403, 'The request comes from another site', '请求来自其他网站'],
  NO_ROUTE: [404, 'No such route', '没有该接口'],
  NOT_FOUND: [404, 'Not found', '未找到'],
  CONFLICT: [409, 'Contradicts what is already stored', '与已保存的内容冲突'],
  TOO_LARGE: [413, 'The body is too large', '请求内容过大'],
  UNSUPPORTED_TYPE: [415, 'Unsupported content type', '不支持的内容类型'],
  TOO_MANY: [429, 'Too much at once, try again later', '请求过多，请稍后再试'],
  INTERNAL: [500, 'Internal error', '内部错误'],
  STORE_FULL: [503, 'No space left on the disk', '磁盘空间不足'],
  STORE_BUSY: [503, 'The database is locked by another program', '数据库被其他程序占用'],
  STORE_FAILED: [503, 'The database cannot be read or written', '数据库无法读写'],
  IDENTITY_UNREACHABLE: [503, "The company's identity provider does not answer", '公司的身份认证服务没有响应'],
  CONFIG: [500, 'The configuration is not usable', '配置不可用'],
  FILE_FAILED: [500, 'A file cannot be read or written', '文件无法读写'],
  FILE_EXPOSED: [500, 'A file with secrets can be read by others', '密钥文件可被他人读取'],
});

export interface ProblemOptions {
  /** What exactly, in plain words. Never a secret. */
  detail?: string;
  /** More members of the problem document. */
  extra?: Record<string, unknown>;
  /** Seconds for Retry-After. */
  retryAfter?: number;
  cause?: unknown;
}

/** The one error class of the host programs. */
export class Problem extends Error {
  readonly fault: Fault;
  /** The fault's code. */
  readonly code: string;
  readonly detail: string | undefined;
  readonly extra: Record<string, unknown> | undefined;
  readonly retryAfter: number | undefined;

  constructor(fault: Fault, options: ProblemOptions | string = {}) {
    const given = typeof options === 'string' ? { detail: options } : options;
    super(given.detail === undefined ? fault.title.en : `${fault.title.en}: ${given.detail}`, { cause: given.cause });
    this.name = 'Problem';
    this.fault = fault;
    this.code = fault.code;
    this.detail = given.detail;
    this.extra = given.extra;
    this.retryAfter = given.retryAfter;
  }
}

/** A problem document (RFC 9457 section 3.1). */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  [more: string]: unknown;
}

export function documentOf(problem: Problem, language: Language): ProblemDocument {
  return {
    ...problem.extra,
    type: `urn:smartseal:error:${problem.fault.code}`,
    title: problem.fault.title[language],
    status: problem.fault.status,
    code: problem.fault.code,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
  };
}

/** One line for a terminal. */
export function lineOf(error: unknown, language: Language): string {
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error);
  const title = error.fault.title[language];
  return `${error.fault.code}: ${title}${error.detail === undefined ? '' : `: ${error.detail}`}`;
}

/** Whatever ended a program as a Problem, so that it is told in one line with a code. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const text = String(message ?? error).split('\n')[0] ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Problem(COMMON.STORE_FULL, { detail: text, cause: error });
  const known = storeProblem(error);
  if (!(known instanceof Problem)) return new Problem(COMMON.INTERNAL, { detail: text, cause: error });
  return new Problem(code === undefined || code.startsWith('ERR_SQLITE') ? known.fault : COMMON.FILE_FAILED, { detail: text, cause: error });
}

/** The language a client asks for (RFC 9110 section 12.5.4, first match is enough for two languages). */
export function languageOf(acceptLanguage: string | undefined): Language {
  const first = (acceptLanguage ?? '').split(',')[0] ?? '';
  return first.trim().toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/**
 * An error of a store as a Problem (STORE_FULL, STORE_BUSY or STORE_FAILED, all 503 with Retry-After). SQLite names its
 * result code (https://www.sqlite.org/rescode.html), the file system its errno; anything else is a mistake of ours and
 * comes back as it is.
 */
export function storeProblem(error: unknown): unknown {
  if (error instanceof Problem || typeof error !== 'object' || error === null) return error;
  const { sqliteCodeName, code } = error as { sqliteCodeName?: unknown; code?: unknown };
  const name = typeof sqliteCodeName === 'string' ? sqliteCodeName : typeof code === 'string' ? code : '';
  if (!/^SQLITE_|^E[A-Z]{2,}$/.test(name)) return error;
  const full = name === 'SQLITE_FULL' || name === 'ENOSPC' || name === 'EDQUOT';
  const busy = name === 'SQLITE_BUSY' || name === 'SQLITE_LOCKED';
  const fault = full ? COMMON.STORE_FULL : busy ? COMMON.STORE_BUSY : COMMON.STORE_FAILED;
  return new Problem(fault, { retryAfter: 10, cause: error });
}
