/** Writes an OpenAPI document to standard output, the bridge's or with the word `desk` the desk's: `npm run generate:api` keeps types by them. */
import { tmpdir } from 'node:os';
import { createBridge } from '../bridge';
import { SILENT } from '../common/log';
import { createDesk } from '../desk/desk';
import { newAuthorityKeys } from '../desk/authority/keystore';
import { nodeNatives } from '../natives';
import { random } from './desk-command';
import { systemClock, systemRandom } from './system';

async function ofBridge(): Promise<object> {
  const bridge = await createBridge({ database: ':memory:', spool: tmpdir(), tokens: [], linkKeys: new Map(), transports: [], natives: nodeNatives, clock: systemClock(), random: systemRandom, log: SILENT });
  const document = bridge.app.swagger();
  await bridge.stop();
  return document;
}

async function ofDesk(): Promise<object> {
  const desk = await createDesk({ database: ':memory:', documents: tmpdir(), photos: tmpdir(), keys: newAuthorityKeys('openapi/register', random), clock: systemClock(), random, log: SILENT, bridges: [] });
  const document = desk.app.swagger();
  await desk.close();
  return document;
}

void (process.argv[2] === 'desk' ? ofDesk() : ofBridge()).then((document) => process.stdout.write(`${JSON.stringify(document, null, 1)}\n`));
