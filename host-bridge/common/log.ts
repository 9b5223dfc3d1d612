/** Structured logs on standard error, one JSON line each. Fields that could hold a secret are cut out by name. */
import { pino, type DestinationStream } from 'pino';

export type Fields = Record<string, unknown>;

/** What the host programs log to. Messages are constant texts; what varies stands in the fields. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** The same log with these fields on every line. */
  with(fields: Fields): Log;
}

export type Level = 'debug' | 'info' | 'warn' | 'error';

const SECRET = ['key', 'keys', 'linkKey', 'permitKey', 'evidenceKey', 'ackKey', 'token', 'authorization', 'password', 'passcode', 'grant', 'secret'];

/** A log to any writer of lines (standard error in the programs). */
export function createLog(destination: DestinationStream, level: Level): Log {
  const paths = SECRET.flatMap((name) => [name, `*.${name}`]);
  return wrap(
    pino(
      { level, base: null, redact: { paths, censor: '[redacted]' }, formatters: { level: (label) => ({ level: label }) } },
      destination,
    ),
  );
}

interface Sink {
  debug(fields: Fields, message: string): void;
  info(fields: Fields, message: string): void;
  warn(fields: Fields, message: string): void;
  error(fields: Fields, message: string): void;
  child(fields: Fields): Sink;
}

function wrap(sink: Sink): Log {
  return {
    debug: (message, fields = {}) => sink.debug(fields, message),
    info: (message, fields = {}) => sink.info(fields, message),
    warn: (message, fields = {}) => sink.warn(fields, message),
    error: (message, fields = {}) => sink.error(fields, message),
    with: (fields) => wrap(sink.child(fields)),
  };
}

/** A log that keeps nothing, for tests and the simulator. */
export const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => SILENT,
};
