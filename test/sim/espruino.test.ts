/** The interpreter's globals as small scripts meet them (espruino.md; sources of espruino/Espruino where named). */
import { createHash } from 'node:crypto';
import { romCode } from '../../sim';
import { bench, QUIET } from './helpers';

/** Runs a script; what it printed. */
async function said(script: string, ms = 1000): Promise<string[]> {
  const { world, unit, printed } = bench(QUIET + script);
  unit.power.on();
  await world.run(ms);
  expect(unit.truth.exceptions.map(({ error }) => String(error))).toEqual([]);
  return printed;
}

test('what the interpreter lacks cannot be reached by name', async () => {
  const names = 'setImmediate Buffer Map Set Symbol WeakMap Proxy Reflect BigInt RangeError queueMicrotask structuredClone TextEncoder performance fetch Intl'.split(' ');
  const [line] = await said(`print([${names.map((name) => `typeof ${name}`).join(',')}].join(" "));`);
  expect(line).toBe(names.map(() => 'undefined').join(' '));
  const [more] = await said('print(typeof Object.freeze, typeof Math.imul, typeof process.exit, typeof process.memory, typeof globalThis.Buffer)');
  expect(more).toBe('undefined undefined undefined function undefined');
  await expect(said('require("fs")')).rejects.toThrow();
});

test('native helpers on binary strings', async () => {
  const out = await said(`
    print(E.CRC32("123456789"));
    print(btoa(E.toString(require("crypto").SHA256("abc"))));
    print(E.toUint8Array("\\xff\\x00a").join(","));
    print(E.toString([65,[66,67]]), E.toString(new Uint8Array([1,255])).length);`);
  expect(out).toEqual([String(0xcbf43926), createHash('sha256').update('abc').digest('base64'), '255,0,97', 'ABC 2']);
});

test('AES-CCM: a bad tag prints and gives undefined, a string as nonce is refused', async () => {
  const out = await said(`
    var k="0123456789abcdef", n=E.toUint8Array("nonce-of-13-b");
    var s=AES.ccmEncrypt("secret",k,n,8);
    print(E.toString(AES.ccmDecrypt(s.data,k,n,s.tag)));
    print(AES.ccmDecrypt(s.data,k,n,"12345678"));
    print(AES.ccmEncrypt("secret",k,"nonce-of-13-b",8));
    print(typeof require("crypto").AES);`);
  expect(out.filter((line) => !line.startsWith('ERROR'))).toEqual(['secret', 'undefined', 'undefined', 'undefined']);
  expect(out.filter((line) => line.startsWith('ERROR'))).toHaveLength(2);
});

test('Storage: files within the real layout, virgin space only, replacing erases first (jsflash.c)', async () => {
  const out = await said(`
    var S=require("Storage");
    S.write("log","abc",0,64);
    S.write("log","def",8);
    print(JSON.stringify(S.read("log",0,12)));
    try { S.write("log","x",8); } catch (e) { print(e.message); }
    try { S.write("log","0123456789",60); } catch (e) { print(e.message); }
    print(S.read("nothing"), S.list().indexOf("log")>=0, S.getStats().trashCount);
    S.write("log","other");
    print(S.read("log"), S.getStats().trashCount);
    print(E.toString(require("Flash").read(4,0x60000000+4)).length);`);
  expect(out).toEqual(['"abc\xff\xff\xff\xff\xffdef\xff"', 'File already written with different data', 'Too much data for file size', 'undefined true 0', 'other 1', '4']);
});

test('Flash: pages of 4096, bits only clear, any alignment, words on internal flash', async () => {
  const out = await said(`
    var F=require("Flash"), a=0xed000;
    F.erasePage(a); F.write("\\x0f\\xf0\\xff",a+1); F.write("\\xf0",a+2);
    print(F.read(5,a).join(","));
    F.erasePage(a+4095); print(F.read(2,a).join(","), F.getPage(a+5).addr==a);
    F.write("ab",0x601ff001); print(E.toString(F.read(2,0x601ff001)));`);
  expect(out).toEqual(['255,15,240,255,255', '255,255 true', 'ab']);
});

test('timers: order, phase, clearing, exceptions do not end an interval', async () => {
  const { world, unit, printed } = bench(`${QUIET} var n=0, id=setInterval(function(){ n++; if (n==2) throw new Error("two"); if (n==4) { clearInterval(id); print(n, Math.round((getTime()-t)*1000)); } },10);
    var t=getTime(); setTimeout(function(a){ print(a); },5,"first"); clearTimeout(setTimeout(function(){ print("never"); },1));`);
  unit.power.on();
  await world.run(1000);
  expect(printed).toEqual(['first', '4 40']);
  expect(unit.truth.exceptions).toHaveLength(1);
});

test('I2C: a part that is not there throws, as does a bus that was not set up', async () => {
  const out = await said(`
    try { I2C1.writeTo(0x20,0); } catch (e) { print("unset"); }
    I2C1.setup({sda:D4,scl:D5,bitrate:400000});
    print(I2C1.readReg(0x20,0,2).join(","));
    try { I2C1.writeTo(0x27,0); } catch (e) { print(e.message); }
    try { I2C1.readFrom(0x27,1); } catch (e) { print(e.message); }`);
  expect(out).toEqual(['unset', '255,255', 'I2C Write Error 33281', 'I2C Read Error 33281']);
});

test('SPI gives back what it was given: string for string, number for number', async () => {
  const out = await said(`SPI1.setup({sck:D8,miso:D9,mosi:D10,baud:8000000,mode:0});
    print(SPI1.send("\\x40\\0\\0",D3).charCodeAt(2), typeof SPI1.send(0,D3), SPI1.send([0x40,0,0],D3)[2], SPI1.send("\\x40\\0\\0").charCodeAt(2));`);
  expect(out).toEqual(['134 number 134 0']);
});

test('1-Wire finds the die', async () => {
  expect(await said('print(new OneWire(D30).search().join(","))')).toEqual([romCode(1)]);
});

test('battery divider, USB power and reset cause', async () => {
  const out = await said('digitalWrite(D14,1); print(Math.round(analogRead(D32)*3300*1510/510/100), peek32(0x40000438)&1, peek32(0x40000400));');
  expect(out).toEqual(['41 1 0']);
});

test('while the console sits on USB, input is eaten and prints go over the cable', async () => {
  const { world, unit } = bench('setTimeout(function(){ USB.on("data",function(d){ print("got "+d); }); print("hello"); },500);');
  let heard = '';
  unit.port.onData((bytes) => (heard += bytes.toString('latin1')));
  unit.power.on();
  await world.run(1500);
  unit.port.write(Buffer.from('reset()\n'));
  await world.run(100);
  expect(heard).toBe('hello\r\n');
  expect(unit.truth.consoleBytes).toBe(8);
});

test('a host that does not read blocks the writer for ever; the watchdog ends it, with its cause', async () => {
  const { world, unit, printed } = bench(`${QUIET} print(peek32(0x40000400)); E.enableWatchdog(2,false);
    setInterval(function(){ E.kickWatchdog(); if (USB.isConnected()) USB.write("0123456789".repeat(20)); },100);`);
  unit.power.on();
  unit.cable.stalled = true;
  await world.run(4500);
  expect(unit.truth.runs.map(({ what }) => what)).toEqual(['boot', 'hang', 'reset', 'boot', 'hang']);
  expect(printed).toEqual(['0', '2']);
});

test('E.reboot starts again; nothing of the old run goes on', async () => {
  const { world, unit, printed } = bench(`${QUIET} print("up",peek32(0x40000400)); setInterval(function(){ print("tick"); },300); setTimeout(function(){ try { E.reboot(); } catch (e) {} digitalWrite(D31,1); },500);`);
  unit.power.on();
  await world.run(1300);
  expect(printed).toEqual(['up 0', 'tick', 'up 4']);
  expect(unit.truth.bolt).toEqual([]);
});

test('after a cut every call throws, also for a firmware that catches; pins fall', async () => {
  const { world, unit, printed } = bench(`${QUIET} digitalWrite(D31,1); setTimeout(function(){ var F=require("Flash");
    try { F.write("abcd",0xed000); } catch (e) { }
    try { print("still here"); } catch (e) { }
    for (;;) { try { digitalWrite(D31,1); } catch (e) { break; } } },100);`);
  unit.power.cutAtFlashOp(1, 'after');
  unit.power.on();
  await world.run(420);
  expect(unit.truth.boltOpen).toBe(true);
  await world.run(1000);
  expect(printed).toEqual([]);
  expect(unit.truth.boltOpen).toBe(false);
  expect(unit.truth.powered).toBe(false);
  expect(Buffer.from(unit.flash.read(0xed000, 4)).toString()).toBe('abcd');
});

test('an endless loop is ended by the watchdog', async () => {
  const { world, unit } = bench(`${QUIET} E.enableWatchdog(2,true); setTimeout(function(){ for (;;) digitalRead(D5); },100);`);
  unit.power.on();
  await world.run(2600);
  expect(unit.truth.runs.map(({ what }) => what)).toEqual(['boot', 'hang', 'reset']);
});

test('BLE: slices by the MTU, one notification at a time, the second is dropped without a word', async () => {
  const { world, unit, printed } = bench(`${QUIET}
    NRF.setServices({"aa01":{"aa02":{writable:true,maxLen:128,onWrite:function(e){ print(E.toString(e.data).length); }},"aa03":{notify:true,maxLen:128,value:""}}},{uart:false});
    NRF.on("connect",function(){ setTimeout(function(){ for (var i=0;i<2;i++) NRF.updateServices({"aa01":{"aa03":{value:"x".repeat(100),notify:true}}}); },50); });`);
  const { radio } = unit.parts;
  expect(radio.connect()).toBe(false);
  unit.power.on();
  await world.run(500);
  const heard: number[] = [];
  radio.onNotify = (_uuid, bytes) => heard.push(bytes.length);
  expect(radio.connect(23)).toBe(true);
  radio.write('aa02', Buffer.alloc(50));
  await world.run(500);
  expect(printed).toEqual(['20', '20', '10']);
  expect(heard).toEqual([20]);
  expect(radio.dropped).toBe(1);
  unit.power.cut();
  expect(radio.connected).toBe(false);
});
