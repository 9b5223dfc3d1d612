/**
 * Permit keys on a PKCS#11 token (OASIS PKCS #11 v2.40): the root and each device's key are sensitive objects that cannot be
 * extracted, and grants are authenticated there by CKM_SHA256_HMAC. A device's key is made from the root when it is first needed; for
 * that moment it is in this process, as it is when the unit is provisioned, and goes back wrapped (RSA-OAEP) to stay. Who has the PIN can
 * have anything authenticated: what the token takes away is the copying of keys. Calls are made in this process and wait for the module.
 */
import { constants, createPublicKey, publicEncrypt, timingSafeEqual, createHmac } from 'node:crypto';
import { Problem } from '../../common/errors';
import type { Log } from '../../common/log';
import { DESK } from '../errors';
import { permitLabel, type PermitKeys } from './permit-keys';

type Handle = Buffer;
interface Attribute { type: number; value: number | boolean | string | Buffer }

/** What is used of the package pkcs11js, which is there only where it could be built. */
interface Module {
  C_Initialize(): void;
  C_Finalize(): void;
  C_GetSlotList(present: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { label: string };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_Login(session: Handle, user: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: Attribute[]): void;
  C_FindObjects(session: Handle, most: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, wanted: { type: number }[]): { value: Buffer }[];
  C_GenerateKey(session: Handle, mechanism: { mechanism: number }, template: Attribute[]): Handle;
  C_GenerateKeyPair(session: Handle, mechanism: { mechanism: number }, open: Attribute[], secret: Attribute[]): { publicKey: Handle; privateKey: Handle };
  C_UnwrapKey(session: Handle, mechanism: { mechanism: number; parameter: object }, key: Handle, wrapped: Buffer, template: Attribute[]): Handle;
  C_DestroyObject(session: Handle, object: Handle): void;
  C_SignInit(session: Handle, mechanism: { mechanism: number }, key: Handle): void;
  C_Sign(session: Handle, data: Buffer, out: Buffer): Buffer;
  load(path: string): void;
  close(): void;
}
type Constants = Record<
  | 'CKA_CLASS' | 'CKA_KEY_TYPE' | 'CKA_TOKEN' | 'CKA_PRIVATE' | 'CKA_SENSITIVE' | 'CKA_EXTRACTABLE' | 'CKA_SIGN' | 'CKA_LABEL' | 'CKA_VALUE_LEN' | 'CKA_MODULUS' | 'CKA_MODULUS_BITS' | 'CKA_PUBLIC_EXPONENT' | 'CKA_WRAP' | 'CKA_UNWRAP'
  | 'CKO_SECRET_KEY' | 'CKK_GENERIC_SECRET' | 'CKM_SHA256_HMAC' | 'CKM_GENERIC_SECRET_KEY_GEN' | 'CKM_RSA_PKCS_KEY_PAIR_GEN' | 'CKM_RSA_PKCS_OAEP' | 'CKM_SHA_1' | 'CKG_MGF1_SHA1' | 'CK_PARAMS_RSA_OAEP' | 'CKF_RW_SESSION' | 'CKF_SERIAL_SESSION' | 'CKU_USER',
  number
>;

export interface TokenOptions {
  /** The module of the token's maker, a shared library. */
  module: string;
  /** Label of the token. */
  token: string;
  pin: string;
  /** Label of the root on it. */
  key: string;
  log: Log;
}

/** PINs that are wrong, locked or of no length: trying again could lock the token. */
const PIN_REFUSED = new Set([0xa0, 0xa1, 0xa2, 0xa3, 0xa4]);
/** CKZ_DATA_SPECIFIED, of the OAEP parameters. */
const DATA_SPECIFIED = 1;

interface Open {
  session: Handle;
  /** Keys found so far, by label. */
  keys: Map<string, Handle>;
  wrapping?: { key: Handle; open: ReturnType<typeof createPublicKey> };
}

const codeOf = (error: unknown): string => (error instanceof Error && /^CK/.test(error.message) ? error.message : 'error');

export class TokenPermitKeys implements PermitKeys {
  private readonly module: Module;
  private readonly ck: Constants;
  private open: Open | undefined;
  private initialized = false;
  private pinRefused = false;
  private away = false;

  /** @throws TOKEN_MODULE where the module, or the package that loads it, is not there */
  constructor(private readonly o: TokenOptions) {
    try {
      const loaded = require('pkcs11js') as Constants & { PKCS11: new () => Module };
      this.ck = loaded;
      this.module = new loaded.PKCS11();
      this.module.load(o.module);
    } catch (cause) {
      throw new Problem(DESK.TOKEN_MODULE, { detail: o.module, cause });
    }
  }

  mac(device: Buffer, data: Buffer): Buffer {
    return this.answered(() => this.sign(this.deviceKey(device), data));
  }

  permitKey(device: Buffer): Buffer {
    return this.answered(() => this.sign(this.existing(this.o.key), permitLabel(device)));
  }

  /** Throws why nothing could be granted now; for the start of the desk. */
  check(): void {
    this.answered(() => this.opened());
  }

  /** Makes a new root on the token, which nobody has ever seen. @throws TOKEN_KEY where there is one */
  makeRoot(): void {
    this.answered(() => {
      this.checkNone();
      this.module.C_GenerateKey(this.opened().session, { mechanism: this.ck.CKM_GENERIC_SECRET_KEY_GEN }, [...this.template(this.o.key), { type: this.ck.CKA_VALUE_LEN, value: 32 }]);
    });
  }

  /** Puts a root that was kept elsewhere on the token, and holds what it answers against it. @throws TOKEN_KEY */
  takeRoot(root: Buffer): void {
    this.answered(() => {
      this.checkNone();
      const taken = this.take(root, this.o.key);
      const probe = Buffer.from('smartseal/probe', 'latin1');
      if (timingSafeEqual(this.sign(taken, probe), createHmac('sha256', root).update(probe).digest())) return;
      this.module.C_DestroyObject(this.opened().session, taken);
      throw new Problem(DESK.TOKEN_KEY, this.o.key);
    });
  }

  close(): void {
    this.drop();
    this.module.close();
  }

  private checkNone(): void {
    if (this.find(this.o.key) !== undefined) throw new Problem(DESK.TOKEN_KEY, `${this.o.key} is there`);
  }

  /** Does it, once more from the beginning where the token was away in between. */
  private answered<T>(work: () => T): T {
    if (this.pinRefused) throw new Problem(DESK.TOKEN_PIN, this.o.token);
    try {
      return this.told(work());
    } catch (error) {
      if (error instanceof Problem) throw error;
      this.drop();
    }
    try {
      return this.told(work());
    } catch (error) {
      if (error instanceof Problem) throw error;
      this.drop();
      const code = codeOf(error);
      if (!this.away) this.o.log.warn('the token with the permit keys is away', { token: this.o.token, code });
      this.away = true;
      // The module's own words only: never what was handed to it.
      throw new Problem(DESK.TOKEN_AWAY, `${this.o.token}: ${code}`);
    }
  }

  private told<T>(value: T): T {
    if (this.away) this.o.log.info('the token with the permit keys is back', { token: this.o.token });
    this.away = false;
    return value;
  }

  /** Nothing is kept of a session that failed: a token that comes back may be another slot, and modules look for tokens when they begin. */
  private drop(): void {
    this.open = undefined;
    if (!this.initialized) return;
    this.initialized = false;
    try {
      this.module.C_Finalize();
    } catch {
      // It has gone by itself.
    }
  }

  private opened(): Open {
    if (this.open) return this.open;
    const { module, ck } = this;
    if (!this.initialized) module.C_Initialize();
    this.initialized = true;
    const slot = module.C_GetSlotList(true).find((one) => module.C_GetTokenInfo(one).label.trim() === this.o.token);
    if (slot === undefined) throw new Error('CKR_TOKEN_NOT_PRESENT');
    const session = module.C_OpenSession(slot, ck.CKF_RW_SESSION | ck.CKF_SERIAL_SESSION);
    try {
      module.C_Login(session, ck.CKU_USER, this.o.pin);
    } catch (error) {
      if (!PIN_REFUSED.has((error as { code?: number }).code ?? 0)) throw error;
      this.pinRefused = true;
      this.o.log.error('the token refuses the PIN; it is not tried again before the desk is started anew', { token: this.o.token, code: codeOf(error) });
      throw new Problem(DESK.TOKEN_PIN, this.o.token);
    }
    return (this.open = { session, keys: new Map() });
  }

  private sign(key: Handle, data: Buffer): Buffer {
    const { session } = this.opened();
    this.module.C_SignInit(session, { mechanism: this.ck.CKM_SHA256_HMAC }, key);
    const mac = this.module.C_Sign(session, data, Buffer.alloc(32));
    if (mac.length !== 32) throw new Error('CKR_DATA_LEN_RANGE');
    return mac;
  }

  private deviceKey(device: Buffer): Handle {
    const label = `smartseal/permit/${device.toString('hex')}`;
    const found = this.find(label);
    if (found !== undefined) return found;
    const key = this.sign(this.existing(this.o.key), permitLabel(device));
    const taken = this.take(key, label);
    key.fill(0);
    return taken;
  }

  private existing(label: string): Handle {
    const found = this.find(label);
    if (found === undefined) throw new Problem(DESK.TOKEN_KEY, `${label} is not on ${this.o.token}`);
    return found;
  }

  /** A key by its label. @throws TOKEN_KEY for one that could be read out */
  private find(label: string): Handle | undefined {
    const { session, keys } = this.opened();
    const known = keys.get(label);
    if (known !== undefined) return known;
    const { module, ck } = this;
    module.C_FindObjectsInit(session, [{ type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY }, { type: ck.CKA_LABEL, value: label }]);
    const [found] = module.C_FindObjects(session, 1);
    module.C_FindObjectsFinal(session);
    if (found === undefined) return undefined;
    const [sensitive, extractable] = module.C_GetAttributeValue(session, found, [{ type: ck.CKA_SENSITIVE }, { type: ck.CKA_EXTRACTABLE }]).map(({ value }) => value[0]);
    if (sensitive !== 1 || extractable !== 0) throw new Problem(DESK.TOKEN_KEY, `${label} can be read out of ${this.o.token}`);
    keys.set(label, found);
    return found;
  }

  /** Imports a key, wrapped under an RSA key of this session that the token has made. */
  private take(value: Buffer, label: string): Handle {
    const { module, ck } = this;
    const open = this.opened();
    open.wrapping ??= this.wrapping(open.session);
    const wrapped = publicEncrypt({ key: open.wrapping.open, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, value);
    const parameter = { type: ck.CK_PARAMS_RSA_OAEP, hashAlg: ck.CKM_SHA_1, mgf: ck.CKG_MGF1_SHA1, source: DATA_SPECIFIED };
    const key = module.C_UnwrapKey(open.session, { mechanism: ck.CKM_RSA_PKCS_OAEP, parameter }, open.wrapping.key, wrapped, this.template(label));
    open.keys.set(label, key);
    return key;
  }

  private wrapping(session: Handle): NonNullable<Open['wrapping']> {
    const { module, ck } = this;
    const pair = module.C_GenerateKeyPair(
      session, { mechanism: ck.CKM_RSA_PKCS_KEY_PAIR_GEN },
      [{ type: ck.CKA_TOKEN, value: false }, { type: ck.CKA_MODULUS_BITS, value: 3072 }, { type: ck.CKA_PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) }, { type: ck.CKA_WRAP, value: true }],
      [{ type: ck.CKA_TOKEN, value: false }, { type: ck.CKA_PRIVATE, value: true }, { type: ck.CKA_SENSITIVE, value: true }, { type: ck.CKA_EXTRACTABLE, value: false }, { type: ck.CKA_UNWRAP, value: true }],
    );
    const [n, e] = module.C_GetAttributeValue(session, pair.publicKey, [{ type: ck.CKA_MODULUS }, { type: ck.CKA_PUBLIC_EXPONENT }]).map(({ value }) => value.toString('base64url'));
    return { key: pair.privateKey, open: createPublicKey({ key: { kty: 'RSA', n: n ?? '', e: e ?? '' }, format: 'jwk' }) };
  }

  private template(label: string): Attribute[] {
    const { ck } = this;
    return [
      { type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY }, { type: ck.CKA_KEY_TYPE, value: ck.CKK_GENERIC_SECRET }, { type: ck.CKA_TOKEN, value: true }, { type: ck.CKA_PRIVATE, value: true },
      { type: ck.CKA_SENSITIVE, value: true }, { type: ck.CKA_EXTRACTABLE, value: false }, { type: ck.CKA_SIGN, value: true }, { type: ck.CKA_LABEL, value: label },
    ];
  }
}
