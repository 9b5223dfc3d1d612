/** Runs the protocol's vectors on the interpreter; bundled like the firmware, names kept. */
import { createNatives } from '../../firmware/board/interpreter';
import { checkFile, Report } from '../../protocol/vectors/check';

declare const JSON: { parse(text: string): Record<string, unknown> };
declare function print(text: string): void;
declare function require(name: 'fs'): { readFileSync(path: string): string };

const natives = createNatives(function (length: number): string {
  return '\x5a'.repeat(length);
});

function file(name: string): unknown {
  return JSON.parse(require('fs').readFileSync(name + '.json'));
}

function one(name: string): void {
  const report = new Report();
  const given: Record<string, unknown> = { keys: file('keys'), handshake: file('handshake') };
  given[name] = file(name);
  checkFile(report, natives, name, given);
  print('VECTORS ' + name + ' ' + report.count + ' ' + report.faults.length);
  for (let i = 0; i < report.faults.length; i++) print('FAULT ' + report.faults[i]);
}

/** One file a process: memory. */
one(require('fs').readFileSync('which'));
