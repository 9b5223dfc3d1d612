/** Everything by which people sign in with a browser, put together. */
import type { Store } from '../../common/database';
import { Problem } from '../../common/errors';
import { DESK } from '../errors';
import type { Tables } from '../tables';
import type { Administrators, Ways } from './administrators';
import { Company, type Provider } from './company';
import { Invitations } from './invitations';
import { pepperOf } from './secrets';
import { Passkeys } from './passkeys';
import { Passwords } from './passwords';
import type { SecurityLog } from '../security/log';
import { Sessions } from './sessions';
import { Steps } from './steps';
import { Throttle } from './throttle';

export interface SignInOptions {
  /** Where browsers find the desk: scheme, host and port, without a slash at the end. */
  origin: string;
  /** Domain that passkeys are for: the host of the origin where absent, or a domain over it (config.ts checks that). */
  rpId?: string | undefined;
  /** Seconds without a request after which a session is over. */
  idle: number;
  /** Seconds after which it is over in any case. */
  life: number;
  /** Whether a password with TOTP is taken. */
  passwords: boolean;
  /** The company's own sign-on. */
  company?: Provider | undefined;
}

export interface SignIn {
  origin: string;
  steps: Steps;
  sessions: Sessions;
  passkeys: Passkeys;
  passwords: Passwords | undefined;
  invitations: Invitations;
  company: Company | undefined;
}

export interface SignInParts {
  store: Store<Tables>;
  /** Unix seconds. */
  seconds(): number;
  random(length: number): Buffer;
  /** 32 secret bytes. */
  key: Buffer;
  /** Name of the register, as the browser and the phone show it. */
  name: string;
  security: SecurityLog;
  administrators: Administrators;
}

const rpIdOf = ({ rpId, origin }: SignInOptions): string => rpId ?? new URL(origin).hostname;

/** What opens a session by this configuration. */
export const waysOf = (o: SignInOptions): Ways => ({ rpId: rpIdOf(o), passwords: o.passwords, company: o.company !== undefined });

export function createSignIn({ store, seconds, random, key, name, security, administrators }: SignInParts, o: SignInOptions): SignIn {
  const { origin, idle, life } = o;
  const rpId = rpIdOf(o);
  const steps = new Steps(key, random, seconds);
  const throttle = new Throttle(store, seconds);
  const sessions = new Sessions({ store, seconds, random, idle, life });
  return {
    origin, steps, sessions,
    passkeys: new Passkeys({ store, steps, sessions, throttle, administrators, random, origin, rpId, rpName: name }),
    passwords: o.passwords ? new Passwords({ store, steps, sessions, throttle, administrators, random, issuer: name, security, pepper: pepperOf(key) }) : undefined,
    invitations: new Invitations({ store, sessions, throttle, seconds, random }),
    company: o.company === undefined ? undefined : new Company({ store, steps, sessions, origin, provider: o.company }),
  };
}

/** A part of it; throws SIGN_IN_OFF where the configuration has none. */
export function configured<T>(part: T | undefined): T {
  if (part === undefined) throw new Problem(DESK.SIGN_IN_OFF);
  return part;
}
