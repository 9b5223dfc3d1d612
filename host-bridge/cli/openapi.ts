/** Writes the OpenAPI document of the bridge to standard output: `npm run generate:api` keeps docs/openapi.json by it. */
import { tmpdir } from 'node:os';
import { createBridge } from '../bridge';
import { SILENT } from '../common/log';
import { nodeNatives } from '../natives';
import { systemClock, systemRandom } from './system';

async function main(): Promise<void> {
  const bridge = await createBridge({ database: ':memory:', spool: tmpdir(), tokens: [], linkKeys: new Map(), transports: [], natives: nodeNatives, clock: systemClock(), random: systemRandom, log: SILENT });
  process.stdout.write(`${JSON.stringify(bridge.app.swagger(), null, 1)}\n`);
  await bridge.stop();
}

void main();
