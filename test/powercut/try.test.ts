import { Bench } from '../scenario/bench';
test('speed', async () => {
  for (let i = 0; i < 6; i++) {
    const t = performance.now();
    const b = new Bench();
    const t1 = performance.now();
    await b.start();
    const t2 = performance.now(); const e2 = b.world.events; const n2=b.world.now;
    await b.setTime();
    const g = b.grant({ counter: 1, count: 2, policy: 1 });
    await b.load(g);
    const ops0 = b.unit.flash.ops;
    const t3 = performance.now();
    await b.finger(7);
    await b.sheet(); await b.stroke();
    await b.sheet(); await b.stroke();
    const t4 = performance.now();
    await b.pull(); await b.pullPhotos(); await b.acknowledge();
    const t5 = performance.now();
    console.log(`make ${t1-t} boot ${t2-t1} (${e2} ev, ${n2} ms) load ${t3-t2} use ${t4-t3} pull ${t5-t4}; strokes ${b.unit.truth.strokeCount} ops ${ops0} ${b.unit.flash.ops} now ${b.world.now} events ${b.world.events} state ${b.link.state} chain ${b.chain.next} ${b.chain.entries.map(e=>e.kind)}`);
  }
});
