/** Reader, camera, expander, die tag. */
import type { CameraFault } from '../parts/camera';
import type { FingerReader } from '../parts/reader';
import type { Fault } from './fault';

/** Whoever is nobody to the unit (sim/unit/types.ts, wrongFinger). */
const STRANGER = 'nobody';

function reader(name: string, zh: string, en: string, fault: FingerReader['fault']): Fault {
  return {
    name: `reader ${name}`, zh: `指纹模块${zh}`, en: `the fingerprint reader ${en}`, bends: ['reader'],
    begin: ({ parts }) => (parts.reader.fault = fault),
    end: ({ parts }) => (parts.reader.fault = 'none'),
  };
}

function camera(fault: CameraFault, zh: string, en: string): Fault {
  return {
    name: `camera ${fault}`, zh: `摄像头${zh}`, en: `the camera ${en}`, bends: ['camera'],
    begin: ({ parts }) => (parts.camera.fault = fault),
    end: ({ parts }) => (parts.camera.fault = 'none'),
  };
}

/** How many of the two faults that put another module in its place are at work on a reader: its own comes back when both are over. */
const swaps = new WeakMap<FingerReader, number>();

function replaced(reader: FingerReader, unseen: boolean): void {
  swaps.set(reader, (swaps.get(reader) ?? 0) + 1);
  reader.swap(STRANGER, unseen);
}

function putBack(reader: FingerReader): void {
  const left = (swaps.get(reader) ?? 1) - 1;
  swaps.set(reader, left);
  if (left === 0) reader.swapBack();
}

export const PARTS: readonly Fault[] = [
  reader('silent', '无响应', 'does not answer', 'silent'),
  reader('bad checksum', '校验错误', 'answers with wrong checksums', 'bad checksum'),
  reader('babbling', '乱发数据', 'babbles', 'babbling'),
  reader('messy image', '成像模糊', 'sees only messy images', 'messy image'),
  reader('no image', '无法成像', 'takes no image', 'no image'),
  {
    name: 'reader slow', zh: '指纹模块缓慢', en: 'the fingerprint reader is slow', bends: ['reader'],
    begin: ({ parts }, size) => (parts.reader.slowMs = 50 + size * 3000),
    end: ({ parts }) => (parts.reader.slowMs = 0),
  },
  {
    name: 'reader replaced', zh: '指纹模块被更换', en: "another fingerprint reader, in which a stranger's finger lies in every position", bends: ['reader'],
    begin: ({ parts: { reader } }) => replaced(reader, false),
    end: ({ parts: { reader } }) => putBack(reader),
  },
  {
    name: 'reader replaced unseen', zh: '指纹模块被瞬间更换', en: 'such a reader, put there so quickly that nothing was asked meanwhile', bends: ['reader'],
    begin: ({ parts: { reader } }) => replaced(reader, true),
    end: ({ parts: { reader } }) => putBack(reader),
  },
  camera('silent', '无响应', 'does not answer'),
  camera('floating', '总线悬空', 'reads as ones'),
  camera('stuck', '拍照不结束', 'never finishes a picture'),
  camera('blind', '无图像', 'delivers nothing'),
  camera('truncated', '图像不完整', 'delivers half a picture'),
  camera('lying length', '长度错误', 'claims a huge picture'),
  {
    name: 'lens covered', zh: '镜头被遮', en: 'something lies over the lens', bends: [],
    begin: ({ parts }) => (parts.camera.covered = true),
    end: ({ parts }) => (parts.camera.covered = false),
  },
  {
    name: 'switches silent', zh: '开关扩展芯片无响应', en: 'the switches do not answer', bends: ['switches', 'die', 'lid', 'paper'],
    begin: ({ parts }) => (parts.expander.silent = true),
    end: ({ parts }) => (parts.expander.silent = false),
  },
  {
    name: 'die tag shorted', zh: '印章标签短路', en: "the die's tag is shorted", bends: ['die'],
    begin: ({ parts }) => (parts.dieBus.fault = 'shorted'),
    end: ({ parts }) => (parts.dieBus.fault = 'none'),
  },
  {
    name: 'die tag bad crc', zh: '印章标签校验错误', en: "the die's tag answers with a wrong CRC", bends: ['die'],
    begin: ({ parts }) => (parts.dieBus.fault = 'bad crc'),
    end: ({ parts }) => (parts.dieBus.fault = 'none'),
  },
];
