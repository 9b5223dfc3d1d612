/** An update on the interpreter: transfer, a break, the check in slices, the restart into the other slot, the trial, the way back. */
'use strict';
const { performance } = require('node:perf_hooks');
const protocol = require('../../protocol');
const { makerKeys, signedImage } = require('../../host-bridge/common/maker');
const { Shapes, readable } = require('../../sim');
const { makeFont } = require('../../firmware/build/display');
const { TABLE } = require('../../firmware/text/table');
const { IDENTITY, until, wait } = require('./bench');

const { GrantKind, MessageType, RecordKind, UpdateStage } = protocol;
/** Of the seed 00 01 .. 2f. */
const MAKER = makerKeys(Buffer.from(Array.from({ length: 48 }, (_, i) => i)));
const LINUX = 2;
const CHUNK = Number(process.env.CHUNK ?? 512);
const Alarm = { UPDATE: 24 };

const latin1 = (bytes) => bytes.toString('latin1');

/** Texts as a later firmware might have them. */
const NO_PERMIT = 141;
const NEWER = makeFont({ ...TABLE, [NO_PERMIT]: ['新固件|等待授权', 'New firmware,|no permit'] }).bytes;

/** Signed images are slow to make: both at once, before anything runs. */
function images(bundle) {
  const code = Buffer.from(bundle.replace('0.1.0', '0.1.9'), 'latin1');
  return {
    good: signedImage({ board: LINUX, version: 2, code, resources: NEWER }, MAKER.secret),
    // Starts, does nothing, and is ended by the watchdog.
    bad: signedImage({ board: LINUX, version: 3, code: Buffer.from('var idle=1;setInterval(function(){},1000);') }, MAKER.secret),
  };
}

function grantFor(host, image) {
  const head = latin1(image.subarray(0, protocol.IMAGE_HEAD));
  return host.seal({ kind: GrantKind.UPDATE, image: require('../../host-bridge/natives').nodeNatives.sha256(head), version: image.readUInt32LE(8) });
}

const stateOf = async (host, type, body) => {
  const [answer] = await host.ask(type, body);
  if (answer.type !== MessageType.UPDATE_STATE) throw new Error(`message ${type} refused: ${protocol.decodeRefusal(answer.body).code}`);
  return protocol.decodeUpdateState(answer.body);
};
const begin = (host, image) => stateOf(host, MessageType.UPDATE_BEGIN, protocol.encodeUpdateBegin({ grant: grantFor(host, image), size: image.length }));
const get = (host) => stateOf(host, MessageType.UPDATE_GET);

async function worked(host, state) {
  for (; state.stage === UpdateStage.ERASING || state.stage === UpdateStage.CHECKING; state = await get(host)) await wait(30);
  return state;
}

async function send(host, image, state, to = image.length) {
  while (state.stage === UpdateStage.RECEIVING && state.offset < to) {
    const data = latin1(image.subarray(state.offset, state.offset + CHUNK));
    state = await stateOf(host, MessageType.UPDATE_CHUNK, protocol.encodeUpdateChunk({ offset: state.offset, data }));
  }
  return state;
}

/** Reconnects until the unit that has restarted answers. */
async function back(host, boot, ms) {
  const end = performance.now() + ms;
  while (performance.now() < end && !(host.peer.live && host.readyMessage.boot > boot)) await host.connect(3000);
  return host.readyMessage.boot > boot;
}

async function choose(host) {
  const { boot } = host.readyMessage;
  const state = await stateOf(host, MessageType.UPDATE_FINISH);
  await wait(800);
  return { boot, chosen: state.stage === UpdateStage.CHOSEN };
}

async function updates({ bench, host, check }, { good, bad }) {
  await host.connect();
  await host.setTime();
  const refused = (image) => host.code(MessageType.UPDATE_BEGIN, protocol.encodeUpdateBegin({ grant: grantFor(host, image), size: image.length }));
  check('no update is under way: a chunk is refused', (await host.code(MessageType.UPDATE_CHUNK, protocol.encodeUpdateChunk({ offset: 0, data: 'four' }))) === protocol.RefusalCode.NO_UPDATE);
  let state = await worked(host, await begin(host, good));
  check('the other slot is erased', state.stage === UpdateStage.RECEIVING && state.offset === 0, JSON.stringify(state));
  state = await send(host, good, state, 20_000);
  check('a chunk out of order is refused', (await host.code(MessageType.UPDATE_CHUNK, protocol.encodeUpdateChunk({ offset: 0, data: 'four' }))) === protocol.RefusalCode.IMAGE_OFFSET);
  await bench.cut();
  await wait(200);
  bench.restore();
  await host.connect();
  state = await begin(host, good);
  check(`the power went: goes on from ${state.offset}`, state.stage === UpdateStage.RECEIVING && state.offset > 19_000, JSON.stringify(state));
  const began = performance.now();
  state = await send(host, good, state);
  check(`the image is there (${Math.round(performance.now() - began)} ms)`, state.offset === good.length, JSON.stringify(state));
  const checked = performance.now();
  state = await worked(host, await stateOf(host, MessageType.UPDATE_FINISH));
  check(`digest and signature are good (${Math.round(performance.now() - checked)} ms)`, state.stage === UpdateStage.VERIFIED, JSON.stringify(state));
  const first = await choose(host);
  check('chosen, and restarts into the new image', first.chosen && (await back(host, first.boot, 30_000)) && host.readyMessage.firmware === '0.1.9', bench.unit?.output());
  check('which runs', (await get(host)).running === 2);
  await host.setTime();
  const glass = () => readable(new Shapes(NEWER).rows(bench.parts.display)).join('|');
  check('with its own texts', await until(() => glass().includes('新固件'), 15_000), glass());
  let records = await host.pull();
  const became = () => host.records.filter(({ kind }) => kind === RecordKind.UPDATED).map(({ values }) => values[4]).join(' ');
  check('records: chosen, passed', became() === '1 2', became());
  check('not again', (await refused(good)) === protocol.RefusalCode.IMAGE_OLD);
  const damaged = Buffer.from(bad);
  damaged[damaged.length - 9] ^= 1;
  state = await send(host, damaged, await worked(host, await begin(host, damaged)));
  state = await worked(host, await stateOf(host, MessageType.UPDATE_FINISH));
  check('a wrong signature is found', state.stage === UpdateStage.FAILED && state.fault === 4, JSON.stringify(state));
  state = await send(host, bad, await worked(host, await begin(host, bad)));
  state = await worked(host, await stateOf(host, MessageType.UPDATE_FINISH));
  check('an image that will not come up: verified', state.stage === UpdateStage.VERIFIED, JSON.stringify(state));
  const second = await choose(host);
  check('three starts, then the image before runs again', second.chosen && (await back(host, second.boot, 60_000)) && (await get(host)).running === 2, bench.unit?.output());
  records = await host.pull();
  check('records: chosen, rolled back', became() === '1 2 1 3', became());
  check('alarm: update', (await host.state(8)) && records.some(({ kind, values }) => kind === RecordKind.ALARM && values[1] === Alarm.UPDATE));
  check('not tried again before that is cleared', (await refused(bad)) === protocol.RefusalCode.ALARM_ACTIVE);
  check('the identity is what it was', IDENTITY.deviceId === 'SEAL0001' && (await until(() => bench.deaths.length === 0, 10)));
}

module.exports = { images, updates, MAKER };
