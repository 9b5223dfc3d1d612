/** The types of events that may be asked for are those there are, and those that the documentation tells of. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_TYPES } from '../../host-bridge/bridge/event-types';
import { Bench } from './harness';

const bench = new Bench();
afterAll(() => bench.end());

test('a type of event that there is none of is refused when it is asked for; the documentation lists those there are', async () => {
  await bench.start();
  for (const types of [['records'], ['permit', 'stroke'], ['device'], ['Permit'], ['']]) {
    const refused = await bench.send('POST', '/v1/webhooks', { url: 'https://oa.example.com/hook', types });
    expect([types, refused.statusCode, refused.json<{ code: string }>().code]).toEqual([types, 400, 'INVALID']);
  }
  const { id } = (await bench.send('POST', '/v1/webhooks', { url: 'https://oa.example.com/hook', types: ['incident'] })).json<{ id: string }>();
  expect((await bench.send('PATCH', `/v1/webhooks/${id}`, { types: ['permitt'] })).statusCode).toBe(400);
  expect((await bench.send('PATCH', `/v1/webhooks/${id}`, { types: [...EVENT_TYPES] })).json()).toMatchObject({ types: EVENT_TYPES });
  for (const page of ['connect-your-oa.md', 'connect-your-oa.zh-CN.md']) {
    const table = /^\| (?:type|类型)[^\n]*\n\| ---[^\n]*\n((?:\|[^\n]*\n)+)/m.exec(readFileSync(path.join(__dirname, '../../docs', page), 'utf8'))![1]!;
    const told = table.trim().split('\n').flatMap((line) => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, type]) => type!));
    expect([page, told.sort()]).toEqual([page, [...EVENT_TYPES].sort()]);
  }
});
