/** The unit files: every directive is one that systemd knows, what stays open is little, and the programs are started as their command lines say. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './sources';

const units = ['desk', 'bridge'].map((name) => [name, path.join(root, `deploy/smartseal-${name}.service`)] as const);
const analyze = spawnSync('systemd-analyze', ['--version']).status === 0;
if (!analyze) console.warn('not run, because there is no systemd-analyze on this machine: what the unit files leave open');

test.each(units)('%s: no right is given that it does not need', (_name, file) => {
  const text = readFileSync(file, 'utf8');
  for (const line of ['NoNewPrivileges=yes', 'CapabilityBoundingSet=', 'ProtectSystem=strict', 'ProtectHome=yes', 'PrivateTmp=yes', 'UMask=0077', 'LimitCORE=0', 'StateDirectoryMode=0700']) expect([line, text.split('\n').includes(line)]).toEqual([line, true]);
  expect(text).not.toMatch(/^User=root|^Environment=.*PASS/m);
});

if (analyze) test.each(units)('%s: systemd finds nothing unknown in it, and an exposure of at most 2 of 10', (name, file) => {
  const { status, stdout } = spawnSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', '--threshold=20', file], { encoding: 'utf8' });
  expect([name, status, /exposure level for \S+: ([0-9.]+)/.exec(stdout)?.[1]]).toEqual([name, 0, expect.stringMatching(/^[01]\.\d$/)]);
  const said = spawnSync('systemd-analyze', ['verify', '--recursive-errors=no', file], { encoding: 'utf8' }).stderr;
  expect(said.split('\n').filter((line) => line.includes(path.basename(file)) && /Unknown|Failed to parse|ignoring/i.test(line))).toEqual([]);
});

test.each(units)('%s: its command line is one that the program takes', (name, file) => {
  const [, start = ''] = /^ExecStart=\S+node \S+smartseal\.js (.+)$/m.exec(readFileSync(file, 'utf8')) ?? [];
  const [word = '', option = ''] = start.split(' ');
  expect([word, option]).toEqual([name, '--config']);
  expect(execFileSync(process.execPath, [path.join(root, 'bin/smartseal.js'), word, '--help'], { encoding: 'utf8' })).toContain('--config');
});
