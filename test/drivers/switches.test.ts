import { createBolt } from '../../firmware/drivers/bolt';
import { createDie } from '../../firmware/drivers/die';
import { createSwitches, Input, Lamp } from '../../firmware/drivers/expander';
import { createSignal } from '../../firmware/drivers/signal';
import { createTray } from '../../firmware/drivers/tray';
import { FakeBoard, FakeExpander } from './fake-board';

function bench() {
  const fake = new FakeBoard();
  const expander = new FakeExpander(fake);
  const board = fake.board();
  return { fake, expander, board, switches: createSwitches(board) };
}

describe('expander', () => {
  it('sets up pull-ups and directions, and reads closed switches as ones', () => {
    const { expander, switches } = bench();
    expect(expander.registers[0]).toBe(0xff);
    expect(expander.registers[1]).toBe(0);
    expect(expander.registers[0x0c]).toBe(0xff);
    expander.closed = Input.LID | Input.HOME;
    expect(switches.read()).toBe(Input.LID | Input.HOME);
  });

  it('takes a reading after a brown-out for no answer, sets the part up again with its lamps, and reads on', () => {
    const { expander, switches } = bench();
    switches.lamps(Lamp.GREEN);
    expander.closed = Input.LID;
    expander.powerOn();
    expect(switches.read()).toBe(-1);
    expect(switches.read()).toBe(Input.LID);
    expect(expander.registers[0x15]).toBe(Lamp.GREEN);
  });

  it('says -1 while nothing answers, and finds a silently changed output latch', () => {
    const { expander, switches } = bench();
    expander.silent = true;
    expect(switches.read()).toBe(-1);
    expander.silent = false;
    expect(switches.read()).toBe(0);
    expander.registers[0x15] = 4;
    expect(switches.read()).toBe(-1);
    expect(expander.registers[0x15]).toBe(0);
  });
});

describe('tray', () => {
  it('believes a change after two readings that agree, within 50 ms while a use is open', () => {
    const { fake, expander, board, switches } = bench();
    expander.closed = Input.LID | Input.DIE | Input.CASE;
    const tray = createTray(board, switches);
    let changes = 0;
    tray.onChange(() => changes++);
    expect(tray.fault()).toBe(true);
    expect(tray.lidClosed()).toBe(false);
    fake.run(50);
    expect([tray.fault(), tray.lidClosed(), tray.diePresent(), tray.paper(), tray.caseClosed(), changes]).toEqual([false, true, true, false, true, 1]);
    tray.watch(true);
    fake.run(50);
    expander.closed = Input.DIE;
    fake.run(45);
    expect([tray.lidClosed(), tray.caseClosed(), changes]).toEqual([false, false, 2]);
  });

  it('does not believe a spike', () => {
    const { fake, expander, board, switches } = bench();
    expander.closed = Input.LID;
    const tray = createTray(board, switches);
    tray.watch(true);
    fake.run(100);
    let changes = 0;
    tray.onChange(() => changes++);
    expander.closed = 0;
    fake.run(15);
    expander.closed = Input.LID;
    fake.run(100);
    expect([tray.lidClosed(), changes]).toEqual([true, 0]);
  });

  it('tells when the switches fall silent, and reads none of them as closed', () => {
    const { fake, expander, board, switches } = bench();
    expander.closed = Input.LID | Input.PAPER;
    const tray = createTray(board, switches);
    fake.run(1000);
    expander.silent = true;
    fake.run(1100);
    expect([tray.fault(), tray.lidClosed(), tray.paper()]).toEqual([true, false, false]);
    expander.silent = false;
    fake.run(1100);
    expect([tray.fault(), tray.lidClosed()]).toEqual([false, true]);
    expect(tray.alive()).toBe(true);
  });

  it('is not alive when its timer is gone', () => {
    const { fake, board, switches } = bench();
    const tray = createTray(board, switches);
    fake.run(100);
    fake.timers = [];
    fake.run(2100);
    expect(tray.alive()).toBe(false);
  });
});

describe('bolt', () => {
  it('lets go at once when made, and by itself after 2.5 s, however often it is opened', () => {
    const { fake, board, switches } = bench();
    const bolt = createBolt(board, switches);
    expect(fake.log).toEqual([[0, 'let go']]);
    bolt.open();
    fake.run(2000);
    bolt.open();
    expect(fake.boltOn).toBe(true);
    fake.run(500);
    expect(fake.boltOn).toBe(false);
    bolt.open();
    bolt.close();
    fake.run(5000);
    expect(fake.log.map(([, what]) => what)).toEqual(['let go', 'pull', 'let go', 'pull', 'let go']);
  });

  it('is closed only where the switch answers and says so', () => {
    const { expander, board, switches } = bench();
    const bolt = createBolt(board, switches);
    expect(bolt.closed()).toBe(false);
    expander.closed = Input.BOLT;
    expect(bolt.closed()).toBe(true);
    expander.silent = true;
    expect(bolt.closed()).toBe(false);
  });
});

describe('signal', () => {
  it('shows ready, busy, alarm and short signs, and reports whether a use is open', () => {
    const { fake, expander, board, switches } = bench();
    const heard: boolean[] = [];
    const signal = createSignal(board, switches, (busy) => heard.push(busy));
    signal.ready();
    expect(expander.registers[0x15]).toBe(Lamp.GREEN);
    signal.busy();
    expect(expander.registers[0x15]).toBe(Lamp.GREEN | Lamp.TRAY);
    signal.alarm(1 << 3);
    expect(expander.registers[0x15]).toBe(Lamp.GREEN | Lamp.TRAY | Lamp.RED | Lamp.BUZZER);
    fake.run(1000);
    expect(expander.registers[0x15]).toBe(Lamp.GREEN | Lamp.TRAY | Lamp.RED);
    // Another one is heard as well; the same one not again.
    signal.alarm((1 << 3) | (1 << 9));
    expect(expander.registers[0x15]).toBe(Lamp.GREEN | Lamp.TRAY | Lamp.RED | Lamp.BUZZER);
    fake.run(1000);
    signal.alarm((1 << 3) | (1 << 9));
    expect(expander.registers[0x15]).toBe(Lamp.GREEN | Lamp.TRAY | Lamp.RED);
    signal.alarm(0);
    signal.bad();
    expect(expander.registers[0x15]).toBe(Lamp.GREEN | Lamp.TRAY | Lamp.RED | Lamp.BUZZER);
    signal.good();
    fake.run(100);
    expect(expander.registers[0x15]).toBe(Lamp.GREEN | Lamp.TRAY);
    signal.ready();
    signal.tray(true);
    expect(expander.registers[0x15]).toBe(Lamp.GREEN | Lamp.TRAY);
    signal.tray(false);
    expect(expander.registers[0x15]).toBe(Lamp.GREEN);
    expect(heard).toEqual([false, true, false]);
  });
});

describe('die tags', () => {
  // Maxim application note 27, example: 02 1C B8 01 00 00 00 with CRC A2.
  const example = '\x02\x1c\xb8\x01\x00\x00\x00\xa2';

  it('accepts a ROM code with its CRC and drops what is damaged, or a shorted bus', () => {
    const { fake, board, switches } = bench();
    const die = createDie(board, switches);
    fake.tags = [example];
    expect([die.tags(), die.atRam()]).toEqual([[example], example]);
    fake.tags = [example, '\x02\x1c\xb8\x01\x00\x00\x01\xa2', '\0'.repeat(8)];
    expect(die.tags()).toEqual([example]);
    fake.tags = [];
    expect([die.tags(), die.atRam()]).toEqual([[], '']);
  });

  /** Two dies, of which the second is under the ram. */
  function revolver() {
    const b = bench();
    const other = '\x01\x07\x00\x00\x00\x00\x00\xb8';
    Object.defineProperty(b.fake, 'tags', { get: () => ((b.expander.registers[0x15]! & Lamp.RAM) !== 0 ? [example] : [other, example]) });
    return { ...b, die: createDie(b.board, b.switches) };
  }

  it('asks the one under the ram alone, and leaves the lamps as they are', () => {
    const { die, switches, expander } = revolver();
    switches.lamps(Lamp.GREEN);
    expect(die.atRam()).toBe(example);
    expect(expander.registers[0x15]).toBe(Lamp.GREEN);
    expect(die.tags()).toHaveLength(2);
  });

  it('knows of none where two answer under the ram, or the line could not be chosen', () => {
    const two = revolver();
    Object.defineProperty(two.fake, 'tags', { get: () => [example, example] });
    expect(two.die.atRam()).toBe('');
    const deaf = revolver();
    deaf.expander.silent = true;
    expect(deaf.die.atRam()).toBe('');
    deaf.expander.silent = false;
    deaf.expander.powerOn();
    expect(deaf.die.atRam()).toBe('');
    expect(deaf.switches.read()).toBe(0);
    expect(deaf.die.atRam()).toBe(example);
  });
});
