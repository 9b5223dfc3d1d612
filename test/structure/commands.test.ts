/**
 * A command lives in five places (ARCHITECTURE.md): the message, a handler on the device, a method of the bridge's
 * session, a vector, and a scenario with a simulated unit. This names the one that is missing.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { MESSAGES } from '../../protocol/generated/messages';
import { root } from './sources';

const read = (...parts: string[]): string => readFileSync(path.join(root, ...parts), 'utf8');
const scenarios = (folder: string): string => readdirSync(path.join(root, folder)).filter((name) => name.endsWith('.ts')).map((name) => read(folder, name)).join('\n');

const schema = read('protocol/smartseal.proto');
const handlers = read('firmware/commands/index.ts');
const session = read('host-bridge/bridge/session.ts');
const vectors = (JSON.parse(read('protocol/vectors/messages.json')) as { name: string }[]).map(({ name }) => name);
const played = scenarios('test/scenario') + scenarios('test/e2e') + scenarios('test/powercut');

/** StatusGet → STATUS_GET */
const constant = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();

test.each(MESSAGES.filter((message) => message.host).map((message) => [message.name, message] as const))('%s is in all five places', (name, { answers }) => {
  const missing = [
    ['its message with @host in smartseal.proto', new RegExp(`@host[^\\n]*\\nmessage ${name} `).test(schema)],
    ['its handler in firmware/commands', handlers.includes(`MessageType.${constant(name)}`)],
    ['its method in host-bridge/bridge/session.ts', session.includes(`MessageType.${constant(name)}`)],
    ['its vector in protocol/vectors/messages.json', vectors.includes(name)],
    ['its scenario with a simulated unit', played.includes(`MessageType.${constant(name)}`)],
  ].flatMap(([place, there]) => (there ? [] : [place]));
  expect(missing).toEqual([]);
  expect(answers.length).toBeGreaterThan(0);
});

test('every message has a vector', () => {
  expect(MESSAGES.map(({ name }) => name).filter((name) => !vectors.includes(name))).toEqual([]);
});
