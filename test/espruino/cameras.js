/** The camera on the interpreter: views at rest and in a use, small photos, photos of the host's camera, a covered lens before and after a stroke. */
'use strict';
const protocol = require('../../protocol');
const { Page } = require('../../sim');
const { until, wait } = require('./bench');

const { GrantKind, MessageType, RecordKind } = protocol;
const READY = 1;
const OPEN = 3;
const LOOKING = 4;
const GRANT = 5;
const LOOKING_AFTER = 7;
const ALARMED = 8;
const BLIND = 22;

async function cameras({ bench, host, check }) {
  await host.connect();
  await host.setTime();
  const { camera } = bench.parts;
  /** The picture, or why there is none. */
  const view = async () => {
    const answers = await host.ask(MessageType.VIEW_GET);
    const last = answers.at(-1);
    if (last.type === MessageType.REFUSAL) return protocol.decodeRefusal(last.body).code;
    return answers.map(({ body }) => protocol.decodeViewChunk(body).data).join('');
  };
  /** Views are asked for until there is one: the unit may be busy, or have shown one just now. */
  const shown = async () => {
    for (let i = 0; i < 20; i++, await wait(300)) {
      const picture = await view();
      if (typeof picture === 'string') return picture;
    }
    return '';
  };
  const lay = async (id) => {
    bench.hand.openLid();
    if (bench.truth.page !== undefined) bench.hand.removePaper();
    await wait(300);
    bench.hand.insertPaper(Page.plain(id));
    bench.hand.closeLid();
  };
  const open = async (change) => {
    bench.hand.openLid();
    if (bench.truth.page !== undefined) bench.hand.removePaper();
    await host.load(host.permit(change));
    await bench.finger(7);
    return host.state(OPEN);
  };
  const clear = async () => {
    await host.pull();
    const alarm = host.records.findLast(({ kind, values }) => kind === RecordKind.ALARM && values[1] === BLIND);
    return (await host.apply({ kind: GrantKind.CLEAR, condition: BLIND, seq: alarm.seq })) === 0 && host.state(READY);
  };

  check('the tray at rest: a JPEG', (await shown()).includes('empty'));
  check('a permit for small photos', await open({ policy: 19 }));
  await lay('small');
  check('photographed', await host.state(GRANT));
  check('the tray in a use', (await shown()).includes('small 0'));
  const photo = (await host.pull()).findLast(({ kind }) => kind === RecordKind.PHOTO);
  check('the grant stamps', (await host.apply({ kind: GrantKind.STROKE, permit: host.permitId(), photo: photo.values[3], seq: photo.seq })) === 0 && (await host.state(READY, 15_000)));
  check('and leaves two photos', (await host.pull()).filter(({ kind }) => kind === RecordKind.PHOTO).length === 1);

  const hand = async () => {
    const jpeg = `\xff\xd8${'host'.repeat(300)}\xff\xd9`;
    let code = 0;
    for (let offset = 0; offset < jpeg.length && code === 0; offset += 512) {
      code = await host.code(MessageType.PHOTO_PUT, protocol.encodePhotoPut({ offset, data: jpeg.slice(offset, offset + 512), last: offset + 512 >= jpeg.length }));
    }
    return code;
  };
  check("the host's camera: a photo that nobody waits for is refused", (await hand()) === protocol.RefusalCode.STALE);
  check('a permit for its photos', await open({ policy: 33 }));
  await lay('host');
  check('is waited for', (await host.state(LOOKING)) && (await host.status()).photoWanted === 1);
  check('is taken, and the page stamped', (await hand()) === 0 && (await host.state(LOOKING_AFTER, 15_000)));
  check('and so the one after', (await hand()) === 0 && (await host.state(READY)));
  check('the records say where they came from', (await host.pull()).filter(({ kind, values }) => kind === RecordKind.PHOTO && values[6] === 1).length === 2);

  check('a covered lens', await open({ policy: 1 }));
  camera.covered = true;
  const strokes = bench.truth.strokes.length;
  await lay('covered');
  check('raises the alarm, and nothing is stamped', (await host.state(ALARMED, 15_000)) && bench.truth.strokes.length === strokes);
  camera.covered = false;
  check('cleared', await clear());
  check('covered behind the stroke', await open({ policy: 1 }));
  bench.bus.body.onBolt = (opened) => opened && (camera.covered = true);
  await lay('late');
  check('it is stamped, and the alarm comes', (await until(() => bench.truth.strokes.length > strokes, 15_000)) && (await host.state(ALARMED, 15_000)));
  bench.bus.body.onBolt = undefined;
  camera.covered = false;
  const after = (await host.pull()).findLast(({ kind }) => kind === RecordKind.PHOTO);
  check('the dark photo is kept', (await host.photo(after.values[3], after.values[4]))?.includes('dark'));
  check('cleared again', await clear());
}

module.exports = { cameras };
