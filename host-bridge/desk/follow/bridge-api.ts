/** The bridge's HTTP API as the desk uses it; everything that comes back is checked before it is believed. */
import { COMMON, Problem } from '../../common/errors';
import { fromBase64 } from '../../common/bytes';
import { DESK } from '../errors';
import { sha256 } from '../hashes';
import { maxRecord } from '../register/records';
import type { BridgeRequest, BridgeTransport } from './transport';

export interface DeviceStatus {
  online: boolean;
  /** Trusted time of the device in Unix seconds; 0 none; undefined when not told. */
  time: number | undefined;
  /** It was taken out, or given back to its base: it wants to be told the time again and again. */
  kept: boolean;
  /** Number of the next record, as the device told last and as the bridge has received; the greater of the two. */
  nextSeq: number | undefined;
}

export interface Delivery {
  state: 'queued' | 'delivered' | 'applied' | 'refused';
  code: string | undefined;
}

const COUNTS = ['time', 'batteryMv', 'journalFree', 'photoFree', 'strokesInked', 'inkLife', 'due', 'nextSeq', 'ackedSeq', 'ceremony'] as const;
const FLAGS = ['usb', 'lidClosed', 'paper', 'diePresent', 'boltClosed'] as const;

/** What a device last said of itself; null where it said nothing, or something else than it should. */
export type DeviceState = {
  connected: boolean;
  /** Last word from it, Unix milliseconds. */
  seen: number | null;
  firmware: string | null;
  quarantined: boolean;
  state: string | null;
  service: string | null;
  custody: string | null;
  alarms: number[];
  /** The permit in use; '' none. */
  permit: string | null;
  place: { latitude: number; longitude: number; accuracy: number; age: number } | null;
} & Record<(typeof COUNTS)[number], number | null> & Record<(typeof FLAGS)[number], boolean | null>;

/** Of an update of a device's firmware. */
export interface Progress {
  version: number;
  state: string;
  /** Of the state at hand, 0..100. */
  percent: number;
  code: string | null;
}

/** Bytes of the largest image that is handed on. */
export const IMAGE_MOST = 1 << 20;

type Json = Record<string, unknown>;

function asRecord(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export class BridgeApi {
  constructor(private readonly transport: BridgeTransport) {}

  private async json(request: BridgeRequest, accepted: readonly number[]): Promise<Json & { status_: number }> {
    const response = await this.transport.call(request);
    let body: Json = {};
    try {
      body = asRecord(JSON.parse(response.body.toString('utf8')));
    } catch {
      // An answer that is not JSON has no fields.
    }
    if (!accepted.includes(response.status)) {
      const code = typeof body['code'] === 'string' ? body['code'] : String(response.status);
      throw new Problem(response.status === 404 ? COMMON.NOT_FOUND : DESK.NO_BRIDGE, `${request.method} ${request.path.split('?')[0]}: ${code}`);
    }
    return { ...body, status_: response.status };
  }

  /** Where a device stands, or undefined when the bridge does not know it. */
  async device(id: string): Promise<DeviceStatus | undefined> {
    const answer = await this.json({ method: 'GET', path: `/v1/devices/${id}` }, [200, 404]);
    if (answer.status_ === 404) return undefined;
    const status = asRecord(answer['status']);
    const [told, received] = [asCount(status['nextSeq']), asCount(answer['nextSeq'])];
    return {
      online: answer['connected'] === true,
      time: asCount(status['time']),
      kept: status['custody'] === 'base' || status['custody'] === 'out',
      // Each of the two may lag behind; only together do they say that something was lost.
      nextSeq: told === undefined || received === undefined ? undefined : Math.max(told, received),
    };
  }

  /** How a device says it is, for people to read: known fields of the right form, the rest left out. Undefined when the bridge does not know it. */
  async state(id: string): Promise<DeviceState | undefined> {
    const answer = await this.json({ method: 'GET', path: `/v1/devices/${id}` }, [200, 404]);
    if (answer.status_ === 404) return undefined;
    const status = asRecord(answer['status']);
    const text = (value: unknown): string | null => (typeof value === 'string' && /^[\x20-\x7e]{0,100}$/.test(value) ? value : null);
    const place = asRecord(status['place']);
    const [latitude, longitude, accuracy, age] = ['latitude', 'longitude', 'accuracy', 'age'].map((name) => place[name]);
    const fix = [latitude, longitude, accuracy, age].every((value) => typeof value === 'number' && Number.isFinite(value));
    return {
      connected: answer['connected'] === true, seen: asCount(answer['seenAt']) ?? null, firmware: text(answer['firmware']), quarantined: answer['quarantined'] === true,
      state: text(status['state']), service: text(status['service']), custody: text(status['custody']), permit: text(status['permit']),
      ...(Object.fromEntries(COUNTS.map((name) => [name, asCount(status[name]) ?? null])) as Record<(typeof COUNTS)[number], number | null>),
      ...(Object.fromEntries(FLAGS.map((name) => [name, typeof status[name] === 'boolean' ? status[name] : null])) as Record<(typeof FLAGS)[number], boolean | null>),
      alarms: Array.isArray(status['alarms']) ? (status['alarms'] as unknown[]).filter((one): one is number => asCount(one) !== undefined).slice(0, 64) : [],
      place: fix ? { latitude: Number(latitude), longitude: Number(longitude), accuracy: Number(accuracy), age: Number(age) } : null,
    };
  }

  /** Consecutive records from a sequence number, as the bridge has them. */
  async records(id: string, from: number, limit: number): Promise<Buffer[]> {
    const answer = await this.json({ method: 'GET', path: `/v1/devices/${id}/records?from=${from}&limit=${limit}` }, [200]);
    const list = Array.isArray(answer['records']) ? (answer['records'] as unknown[]).slice(0, limit) : [];
    return list.map((item) => {
      const text = asRecord(item)['bytes'];
      const bytes = typeof text === 'string' && text.length <= maxRecord * 2 ? fromBase64(text) : undefined;
      return bytes ?? Buffer.alloc(0);
    });
  }

  /** A photo; 'pending' while the device still sends it, 'gone' when the device has it no more. */
  async photo(id: string, digest: string): Promise<Buffer | 'pending' | 'gone'> {
    const response = await this.transport.call({ method: 'GET', path: `/v1/devices/${id}/photos/${digest}` });
    if (response.status === 200) return response.body;
    if (response.status === 410) return 'gone';
    if (response.status === 404 || response.status === 425) return 'pending';
    throw new Problem(DESK.NO_BRIDGE, `photo: ${response.status}`);
  }

  /** What a bridge does not take at all (409, 422) is refused as well, with its code: asking again would change nothing. */
  private delivery(answer: Json & { status_: number }): Delivery {
    const state = answer.status_ >= 400 ? 'refused' : answer['state'];
    const known = state === 'queued' || state === 'delivered' || state === 'applied' || state === 'refused' ? state : 'queued';
    return { state: known, code: typeof answer['code'] === 'string' ? answer['code'] : undefined };
  }

  /** Hands a permit in. One that the device refused before is offered to it anew, so this is not the way to ask how it went. */
  async putPermit(id: string, permit: string, grant: string): Promise<Delivery> {
    return this.delivery(await this.json({ method: 'PUT', path: `/v1/devices/${id}/permits/${permit}`, body: { grant } }, [200, 202, 409, 422]));
  }

  /** What became of a permit that was handed in; undefined where the bridge has forgotten it. */
  permitState(id: string, permit: string): Promise<Delivery | undefined> {
    return this.handedIn(`/v1/devices/${id}/permits/${permit}`);
  }

  /** Hands in any other statement; as with permits, a refused one is offered anew. */
  async postGrant(id: string, grant: string): Promise<Delivery> {
    return this.delivery(await this.json({ method: 'POST', path: `/v1/devices/${id}/grants`, body: { grant } }, [200, 202, 409, 422]));
  }

  /** What became of such a statement; undefined where the bridge has forgotten it. */
  grantState(id: string, grant: string): Promise<Delivery | undefined> {
    return this.handedIn(`/v1/devices/${id}/grants/${sha256(Buffer.from(grant, 'base64')).toString('hex')}`);
  }

  private async handedIn(path: string): Promise<Delivery | undefined> {
    const answer = await this.json({ method: 'GET', path }, [200, 404]);
    return answer.status_ === 404 ? undefined : this.delivery(answer);
  }

  /** A nonce for a time grant, or undefined when the device cannot be asked now. */
  async timeNonce(id: string): Promise<Buffer | undefined> {
    const answer = await this.json({ method: 'POST', path: `/v1/devices/${id}/time/nonce` }, [200, 409, 502, 503, 504]);
    const text = answer['nonce'];
    return typeof text === 'string' && /^[0-9a-f]{32}$/.test(text) ? Buffer.from(text, 'hex') : undefined;
  }

  /** For who waits for the answer: that nothing came back is told as NO_BRIDGE. */
  private reached(request: BridgeRequest, accepted: readonly number[]): Promise<Json & { status_: number }> {
    return this.json(request, accepted).catch((error: unknown) => {
      throw error instanceof Problem ? error : new Problem(DESK.NO_BRIDGE, { detail: request.method, cause: error });
    });
  }

  /** What a maintenance call answers. @throws NO_MAINTENANCE where the desk has not the scope there, LEASED where another has the device */
  private async maintenance(request: BridgeRequest, accepted: readonly number[]): Promise<Json & { status_: number }> {
    const answer = await this.reached(request, [...accepted, 403, 409, 423]);
    if (answer.status_ === 403) throw new Problem(DESK.NO_MAINTENANCE);
    if (!accepted.includes(answer.status_)) throw new Problem(DESK.LEASED, { detail: String(answer['code'] ?? answer.status_) });
    return answer;
  }

  /** Takes the device for this desk, or makes its lease longer. Number of the lease, and its end in Unix seconds. */
  async takeLease(id: string, seconds: number): Promise<{ fence: number; until: number }> {
    const answer = await this.maintenance({ method: 'POST', path: `/v1/devices/${id}/lease`, body: { seconds } }, [200]);
    const [fence, until] = [asCount(answer['fence']), asCount(answer['until'])];
    if (fence === undefined || until === undefined) throw new Problem(DESK.NO_BRIDGE, 'lease');
    return { fence, until: Math.floor(until / 1000) };
  }

  /** Gives it back; that it is over already is as good. */
  async endLease(id: string): Promise<void> {
    await this.maintenance({ method: 'DELETE', path: `/v1/devices/${id}/lease` }, [200, 404]);
  }

  async startUpdate(id: string, image: Buffer, grant: Buffer, fence: number): Promise<Progress> {
    const body = { image: image.toString('base64'), grant: grant.toString('base64') };
    return progressOf(await this.maintenance({ method: 'POST', path: `/v1/devices/${id}/update`, body, headers: { 'lease-fence': String(fence) } }, [202]));
  }

  /** Undefined where there was none. */
  async update(id: string): Promise<Progress | undefined> {
    const answer = await this.reached({ method: 'GET', path: `/v1/devices/${id}/update` }, [200, 404]);
    return answer.status_ === 404 ? undefined : progressOf(answer);
  }
}

function progressOf(answer: Json): Progress {
  const word = (value: unknown): string | null => (typeof value === 'string' && /^[A-Za-z_]{1,40}$/.test(value) ? value : null);
  return { version: asCount(answer['version']) ?? 0, state: word(answer['state']) ?? 'waiting', percent: Math.min(100, asCount(answer['percent']) ?? 0), code: word(answer['code']) };
}
