/** The devices that are connected now, each once, whatever ports they came in by. */
import { sleep, type Clock } from '../common/clock';
import { Problem } from '../common/errors';
import type { Log } from '../common/log';
import { BRIDGE } from './faults';
import type { Session } from './session';

/** Milliseconds a session has to show life when its device turns up at another port. */
const SHOW_LIFE = 3_000;

export class Fleet {
  private readonly sessions = new Map<string, Session>();

  /** @param attend takes care of an admitted session until it ends */
  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly attend: (session: Session) => void,
  ) {}

  /**
   * Whether the session stays. A device that is already here at another port keeps that one if it still answers there; if
   * not (the cable was moved and nobody told us), the old session goes.
   */
  async admit(session: Session): Promise<boolean> {
    for (;;) {
      if (session.ended !== undefined) return false;
      const other = this.sessions.get(session.device);
      if (other === undefined) break;
      if (await this.alive(other)) return false;
      this.log.warn('device has moved', { device: session.device, from: other.port, to: session.port });
      if (this.sessions.get(session.device) === other) this.sessions.delete(session.device);
      other.abandon(new Problem(BRIDGE.LINK_LOST, other.port));
    }
    this.sessions.set(session.device, session);
    session.onEnd = () => {
      if (this.sessions.get(session.device) === session) this.sessions.delete(session.device);
    };
    this.attend(session);
    return true;
  }

  /** Asks for the status; a busy device that is heard in between counts as well. */
  private async alive(session: Session): Promise<boolean> {
    const heardAt = session.heardAt;
    const answered = session.statusGet().then(
      () => true,
      () => false,
    );
    const early = await Promise.race([answered, sleep(this.clock, SHOW_LIFE).then(() => false)]);
    return session.ended === undefined && (early || session.heardAt > heardAt);
  }

  find(device: string): Session | undefined {
    return this.sessions.get(device);
  }

  /** The session with a device. Throws DEVICE_OFFLINE. */
  online(device: string): Session {
    const session = this.sessions.get(device);
    if (session === undefined) throw new Problem(BRIDGE.DEVICE_OFFLINE, { detail: device, retryAfter: 5 });
    return session;
  }

  get size(): number {
    return this.sessions.size;
  }
}
