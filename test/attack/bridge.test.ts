/** Attacks on the bridge by its clients: one that floods it, one that comes back from another database, one that goes away. */
import { once } from 'node:events';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { bytesOfHex, toBuffer } from '../../host-bridge/common/bytes';
import { SILENT, type Log } from '../../host-bridge/common/log';
import { nodeNatives } from '../../host-bridge/natives';
import { GrantKind, grantPayload, hmacKey, MessageType, RecordKind, RefusalCode, sealGrant } from '../../protocol';
import { Bench, DEVICE } from '../bridge/harness';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

describe('statement after statement by somebody with a grant token', () => {
  interface Inside {
    work(): void;
  }

  /** Hands in a statement that no device takes, different each time. */
  function handIn(time: number): void {
    const payload = grantPayload(bytesOfHex(DEVICE)!, { kind: GrantKind.TIME, nonce: 'n'.repeat(16), time });
    const grant = toBuffer(sealGrant(nodeNatives, hmacKey(nodeNatives, 'x'.repeat(32)), payload)).toString('base64');
    const headers = { authorization: 'Bearer granter' };
    bench.bridge.app.inject({ method: 'POST', url: `/v1/devices/${DEVICE}/grants`, headers, payload: { grant } }).catch(() => undefined);
  }

  test('does not keep the alarm of the device from the bridge', async () => {
    const device = bench.plug();
    await bench.start();
    await bench.ready();
    await bench.clock.run(1000);
    let posted = 0;
    let on = true;
    const post = (): void => handIn(++posted);
    device.script = (type, tag) => {
      if (type !== MessageType.GRANT_APPLY) return false;
      if (on) post();
      device.o.clock.after(40, () => {
        device.refuse(tag, RefusalCode.NOT_AUTHENTIC);
        (device as unknown as Inside).work();
      });
      return true;
    };
    for (let i = 0; i < 20; i++) post();
    await bench.clock.run(500);
    expect(posted).toBeGreaterThan(20);
    device.record(RecordKind.ALARM, [1, 0]);
    device.notice();
    const told = async (): Promise<boolean> => (await bench.events('alarm')).length > 0;
    expect(await bench.clock.until(told, 10_000)).toBeLessThan(10_000);
    on = false;
    await bench.clock.run(5000);
  });
});

describe('a reader of events whose last one is newer than any here', () => {
  test('is told to begin anew, and hears what happens from then on', async () => {
    await bench.start();
    const { app, events } = bench.bridge;
    for (let i = 1; i <= 5; i++) await events.publish('test', '', { i });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const request = get(`${url}/v1/events`, { headers: { authorization: 'Bearer reader', 'last-event-id': '500' } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    response.on('data', (part: Buffer) => {
      text += part.toString('utf8');
    });
    const heard = async (part: string): Promise<void> => {
      while (!text.includes(part)) await once(response, 'data');
    };
    await heard('event: reset');
    await events.publish('device.alarm', '', { i: 6 });
    await heard('event: device.alarm');
    request.destroy();
  });
});

describe('a client that goes away in the middle of its body', () => {
  test('is no failure of the bridge', async () => {
    const failures: unknown[] = [];
    const log: Log = { ...SILENT, error: (message, fields) => failures.push([message, fields]), with: () => log };
    const { app } = await bench.start({ log });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const begun = once(app.server, 'request');
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    const lines = ['Host: x', 'Authorization: Bearer granter', 'Content-Type: application/json', 'Content-Length: 100'];
    socket.write(`POST /v1/devices/${DEVICE}/grants HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n{`);
    const [request, response] = (await begun) as [IncomingMessage, ServerResponse];
    const over = new Promise((resolve) => request.once('close', resolve));
    socket.resetAndDestroy();
    await over;
    expect(response.statusCode).toBe(400);
    expect(failures).toEqual([]);
  });
});
