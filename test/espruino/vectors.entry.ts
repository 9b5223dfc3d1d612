/** Runs the protocol's vectors on the interpreter; bundled like the firmware, names kept. */
import { createNatives } from '../../firmware/board/interpreter';
import { checkFile, Report } from '../../protocol/vectors/check';

declare const JSON: { parse(text: string): Record<string, unknown> };
declare function print(text: string): void;
declare function require(name: 'fs'): { readFileSync(path: string): string };

const names = ['standard', 'cobs', 'frame', 'handshake', 'channel', 'keys', 'messages', 'grants', 'evidence', 'photo'];
const natives = createNatives(function (length: number): string {
  return '\x5a'.repeat(length);
});
const files: Record<string, unknown> = { keys: JSON.parse(require('fs').readFileSync('keys.json')), handshake: JSON.parse(require('fs').readFileSync('handshake.json')) };

/** One file at a time: memory. */
function one(name: string): void {
  const report = new Report();
  const given: Record<string, unknown> = Object.assign({}, files);
  const text = require('fs').readFileSync(name + '.json');
  given[name] = JSON.parse(text);
  checkFile(report, natives, name, given);
  print('VECTORS ' + name + ' ' + report.count + ' ' + report.faults.length);
  for (let i = 0; i < report.faults.length; i++) print('FAULT ' + name + ' ' + report.faults[i]);
}

names.forEach(one);
print('VECTORS END');
