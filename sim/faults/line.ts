/** The line between unit and host: bytes lost, doubled, changed, cut, delayed; a host that does not read. */
import type { Unit } from '../unit/types';
import type { Random } from '../world/random';
import type { Fault } from './fault';

/** One kind of damage, done to each piece with a probability. */
type Damage = (piece: Buffer, random: Random) => Buffer[];

function line(name: string, zh: string, en: string, most: number, damage: Damage): Fault {
  return {
    name: `line ${name}`, zh: `线路${zh}`, en: `the line ${en}`, bends: ['wire'],
    begin: ({ cable }, size, random) => {
      const chance = most * (0.05 + 0.95 * size);
      cable.tamper = (_toDevice, bytes) => (random.chance(chance) ? damage(bytes, random) : [bytes]);
    },
    end: ({ cable }) => (cable.tamper = undefined),
  };
}

function flipped(piece: Buffer, random: Random): Buffer[] {
  const out = Buffer.from(piece);
  if (out.length > 0) out[random.below(out.length)]! ^= 1 << random.below(8);
  return [out];
}

/** Pieces change places: each is held back until the next has passed. */
function reordering(unit: Unit, size: number, random: Random): void {
  const held: Record<string, Buffer | undefined> = {};
  unit.cable.tamper = (toDevice, bytes) => {
    const side = String(toDevice);
    const before = held[side];
    held[side] = undefined;
    if (before !== undefined) return [bytes, before];
    if (!random.chance(0.3 * size)) return [bytes];
    held[side] = bytes;
    return [];
  };
}

export const LINE: readonly Fault[] = [
  line('loses', '丢失字节', 'loses pieces', 0.3, () => []),
  line('doubles', '重复字节', 'doubles pieces', 0.5, (piece) => [piece, piece]),
  line('flips', '位翻转', 'flips bits', 0.05, flipped),
  line('cuts short', '截断', 'cuts pieces short', 0.1, (piece, random) => [piece.subarray(0, random.below(piece.length + 1))]),
  line('inserts', '插入杂讯', 'inserts noise', 0.2, (piece, random) => [piece, random.bytes(1 + random.below(60))]),
  {
    name: 'line reorders', zh: '线路乱序', en: 'the line delivers out of order', bends: ['wire'], begin: reordering,
    end: ({ cable }) => (cable.tamper = undefined),
  },
  {
    name: 'line slow', zh: '线路延迟', en: 'the line is slow', bends: ['wire'],
    begin: ({ cable }, size) => (cable.latencyMs = 5 + size * 900),
    end: ({ cable }) => (cable.latencyMs = 0.5),
  },
  {
    name: 'host does not read', zh: '主机不读数据', en: 'the host reads nothing', bends: ['wire', 'power'],
    begin: ({ cable }) => (cable.stalled = true),
    end: ({ cable }) => cable.resume(),
  },
];
