/** What the API shows of a device's own words, and the schemas of it. */
import { Type, type Static } from 'typebox';
import { UseState, type Status } from '../../protocol';
import { hexOf } from '../common/bytes';

const STATES: Record<UseState, string> = {
  [UseState.USE_STATE_UNSPECIFIED]: 'BUSY',
  [UseState.IDLE]: 'IDLE',
  [UseState.OPENING]: 'OPENING',
  [UseState.OPEN]: 'OPEN',
  [UseState.LOOKING]: 'LOOKING',
  [UseState.WAITING_GRANT]: 'WAITING_GRANT',
  [UseState.STROKING]: 'STROKING',
  [UseState.LOOKING_AFTER]: 'LOOKING_AFTER',
  [UseState.ALARMED]: 'ALARMED',
};

/** Name of a UseState; one this program does not know is BUSY (smartseal.proto). */
export function stateName(state: number): string {
  return STATES[state as UseState] ?? 'BUSY';
}

/** The numbers of the bits set. */
export function bitsOf(bits: number): number[] {
  const out: number[] = [];
  for (let bit = 0; bit < 32; bit++) if ((bits >>> bit) & 1) out.push(bit);
  return out;
}

/** Identities of dies, 8 bytes each, hexadecimal. */
export function diesOf(bytes: string): string[] {
  return hexOf(bytes).match(/.{16}/g) ?? [];
}

/** Degrees (WGS 84) of a fix as messages carry it: 1e-7 degree, two's complement. */
export function spotOf({ latitude, longitude }: { latitude: number; longitude: number }): { latitude: number; longitude: number } {
  return { latitude: (latitude | 0) / 1e7, longitude: (longitude | 0) / 1e7 };
}

const SERVICES = ['on', 'suspended', 'over'];
const CUSTODIES = ['free', 'base', 'out'];

const Count = Type.Integer({ minimum: 0 });

export const StatusView = Type.Object({
  state: Type.String({ description: 'What the device is doing: IDLE, OPENING, OPEN, LOOKING, WAITING_GRANT, STROKING, LOOKING_AFTER, ALARMED, BUSY' }),
  boot: Count,
  uptime: Type.Integer({ minimum: 0, description: 'Seconds' }),
  time: Type.Integer({ minimum: 0, description: 'Trusted time, Unix seconds; 0: none' }),
  timeFloor: Type.Integer({ minimum: 0, description: 'What the device knows to be past, Unix seconds' }),
  firstSeq: Count,
  nextSeq: Count,
  ackedSeq: Count,
  alarms: Type.Array(Count, { description: 'Alarm conditions latched' }),
  batteryMv: Count,
  lidClosed: Type.Boolean(),
  paper: Type.Boolean(),
  diePresent: Type.Boolean(),
  boltClosed: Type.Boolean(),
  home: Type.Boolean(),
  contact: Type.Boolean(),
  usb: Type.Boolean(),
  die: Type.String({ description: 'Identity of the die under the ram, hexadecimal; empty: none' }),
  dies: Type.Array(Type.String(), { description: 'Identities of all dies in the unit' }),
  strokesInked: Type.Integer({ minimum: 0, description: 'Strokes of the die under the ram since it was last inked' }),
  inkLife: Type.Integer({ minimum: 0, description: 'Strokes after which it wants ink; 0: not said' }),
  epoch: Count,
  journalFree: Type.Integer({ minimum: 0, description: 'Bytes' }),
  photoFree: Type.Integer({ minimum: 0, description: 'Bytes' }),
  permit: Type.String({ description: 'Id of the permit in use; empty: none' }),
  service: Type.String({ description: 'on, suspended, over (out of service for good)' }),
  ceremony: Type.Integer({ minimum: 0, description: 'Action of the ceremony that waits for its persons, or is under way (protocol/SPEC.md section 8); 0: none' }),
  custody: Type.String({ description: 'free (never given back to a base), base, out (taken out)' }),
  due: Type.Integer({ minimum: 0, description: 'Taken out: when it is to be back, Unix seconds; 0: it is not out' }),
  place: Type.Union([Type.Object({ latitude: Type.Number(), longitude: Type.Number(), accuracy: Type.Integer(), age: Type.Integer() }), Type.Null()], { description: 'Newest fix: degrees (WGS 84), metres, seconds; null: none since the start' }),
  photoWanted: Type.String({ enum: ['', 'before', 'after'], description: "A photo of the host's camera is waited for" }),
}, { $id: 'Status' });

export function statusView(status: Status): Static<typeof StatusView> {
  const sensor = (bit: number): boolean => ((status.sensors >>> bit) & 1) === 1;
  return {
    state: stateName(status.state),
    boot: status.boot,
    uptime: status.uptimeS,
    time: status.time,
    timeFloor: status.timeFloor,
    firstSeq: status.firstSeq,
    nextSeq: status.nextSeq,
    ackedSeq: status.ackedSeq,
    alarms: bitsOf(status.alarms),
    batteryMv: status.batteryMv,
    lidClosed: sensor(0),
    paper: sensor(1),
    diePresent: sensor(2),
    boltClosed: sensor(3),
    home: sensor(4),
    contact: sensor(5),
    usb: sensor(6),
    die: hexOf(status.die),
    dies: diesOf(status.dies),
    strokesInked: status.strokesInked,
    inkLife: status.inkLife,
    epoch: status.epoch,
    journalFree: status.journalFree,
    photoFree: status.photoFree,
    service: SERVICES[status.service] ?? 'over',
    ceremony: status.ceremony,
    custody: CUSTODIES[status.custody] ?? 'out',
    due: status.due,
    place: status.accuracyM === 0 ? null : { ...spotOf(status), accuracy: status.accuracyM, age: status.fixAgeS },
    permit: hexOf(status.permit),
    photoWanted: ['', 'before', 'after'][status.photoWanted] ?? '',
  };
}
