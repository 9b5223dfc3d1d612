/** Configuration file of the desk. Paths are meant from the file's own folder. */
import { normalize } from 'node:path';
import * as v from 'valibot';
import { cosignerVerifier } from './register/note';
import { hexadecimal, JWT_SETTINGS, Limits, Listen, Text, Tls, whole, type Checked } from '../common/config';

/** Whether passkeys may be for that domain at this origin. */
export function isDomainOf(rpId: string, origin: string): boolean {
  const host = new URL(origin).hostname;
  return host === rpId || host.endsWith(`.${rpId}`);
}

/** A folder, or a bucket of an S3-compatible store with a folder in it. The keys may be "env:NAME" or "file:PATH". */
const Files = v.union([
  Text,
  v.strictObject({ s3: v.pipe(v.string(), v.regex(/^https?:\/\/[^/?#]+\/?[^?#]*$/)), region: v.optional(Text, 'us-east-1'), accessKey: Text, secretKey: Text }),
], 'a folder, or { s3, accessKey, secretKey }');

const OutsideName = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/));

/** Where files are, in one form: two names of one place are one. */
const placeOf = (files: v.InferOutput<typeof Files>): string => (typeof files === 'string' ? normalize(`${files}/`) : files.s3.replace(/\/*$/, '/'));

export const DeskConfig = v.pipe(v.strictObject({
  listen: Listen,
  /** A file, or an address of PostgreSQL (postgresql://…); that may be "env:NAME" or "file:PATH", for a password may stand in it. */
  database: Text,
  /** Connections to PostgreSQL at most. */
  connections: v.optional(whole(2, 200), 10),
  /** File that keeps how far the register has come; best on another disk than the database. Each replica has its own. */
  mark: v.optional(Text, 'register.mark'),
  /** Key file of the authority. */
  keys: Text,
  /** Passphrase of the key file: best "env:NAME", or "file:PATH". */
  passphrase: v.optional(Text, 'env:SMARTSEAL_PASSPHRASE'),
  /** Where the permit root is on a PKCS#11 token, not in the key file: the module (a shared library) of the token's maker, the token's and the key's labels. */
  pkcs11: v.exactOptional(v.strictObject({
    module: Text, token: v.pipe(Text, v.maxLength(32)), pin: v.pipe(v.string(), v.regex(/^(env|file):./, '"env:NAME" or "file:PATH"')), key: v.optional(v.pipe(Text, v.maxLength(100)), 'smartseal/permit-root'),
  })),
  /** Root of the link keys; needed only for provisioning, so the file may be kept elsewhere. */
  linkKeys: v.exactOptional(Text),
  documents: Files,
  photos: Files,
  /** Whether documents, their pages and photos are stored encrypted (AES-256-GCM, key of the key file). Those that are plain stay so and are read; so are encrypted ones when it is off again. */
  encryptFiles: v.optional(v.boolean(), false),
  /** The token may be "env:NAME" or "file:PATH". Files of PEM: `ca` who signed the bridge's certificate, `cert` and `key` the desk's own, with which it needs no token. */
  bridges: v.pipe(
    v.array(v.pipe(v.strictObject({
      /** In place of `url`, `uplink`: the SHA-256 of the token that a bridge shows which connects to the desk by itself. */
      name: v.pipe(Text, v.maxLength(64)), url: v.exactOptional(v.pipe(v.string(), v.regex(/^https?:\/\//))), uplink: v.exactOptional(hexadecimal(64)), token: v.exactOptional(Text), ca: v.exactOptional(Text), cert: v.exactOptional(Text), key: v.exactOptional(Text),
    }), v.check(({ url, uplink }) => (url === undefined) !== (uplink === undefined), 'either url or uplink'))),
    v.maxLength(1000),
  ),
  limits: Limits,
  /** JWTs of the company's people (common/oidc.ts): which claim says who they are, and which person of the desk that is. Roles are the desk's own. */
  oidc: v.exactOptional(v.strictObject({ ...JWT_SETTINGS, claim: v.optional(Text, 'sub'), people: v.record(v.string(), whole(1, 2_147_483_647)) })),
  /** Sign-in with a browser; by tokens alone where absent. Times in seconds. */
  signIn: v.exactOptional(v.pipe(v.strictObject({
    /** Where browsers find the desk. Plain HTTP on this machine alone: without TLS there is neither passkey nor session. */
    origin: v.pipe(v.string(), v.regex(/^(https:\/\/[a-z0-9.-]+|http:\/\/localhost)(:\d{1,5})?$/)),
    /** Domain that passkeys are for; the host of the origin where absent. */
    rpId: v.exactOptional(v.pipe(v.string(), v.regex(/^[a-z0-9.-]+$/))),
    idle: v.optional(whole(60, 86_400), 1800),
    life: v.optional(whole(300, 7 * 86_400), 43_200),
    passwords: v.optional(v.boolean(), true),
    /** The company's own sign-on (OpenID Connect). The secret may be "env:NAME" or "file:PATH"; a client without one is public. */
    company: v.exactOptional(v.strictObject({
      issuer: v.pipe(v.string(), v.regex(/^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)(:|\/|$))/), v.maxLength(500)), clientId: v.pipe(Text, v.maxLength(200)), clientSecret: v.exactOptional(Text),
      claim: v.optional(Text, 'preferred_username'), scope: v.optional(v.pipe(v.string(), v.regex(/(^| )openid( |$)/)), 'openid profile'),
    })),
  }), v.check(({ origin, rpId }) => rpId === undefined || isDomainOf(rpId, origin), 'rpId: the host of origin, or a domain over it'))),
  /** Days that the security log keeps what happened. Chinese law (网络安全法 第二十一条) asks for six months. */
  securityLog: v.optional(v.strictObject({ days: v.optional(whole(30, 3650), 365) }), {}),
  /** Days after which documents are removed that were never stamped: of drafts never sent, of refused, withdrawn and expired applications, and those nobody applied with. Never where absent. */
  retention: v.optional(v.strictObject({ documentDays: v.exactOptional(whole(1, 36_500)) }), {}),
  /** Addresses or networks (CIDR) of proxies in front, whose X-Forwarded-For is believed. */
  proxies: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^[0-9a-fA-F:.]+(\/\d{1,3})?$/))), v.maxLength(100)), []),
  tls: v.exactOptional(Tls),
  /** Whether the page in the tray is compared with the approved document before a stroke is granted. */
  comparePages: v.optional(v.boolean(), true),
  /** Seconds for one comparison, and for making one page of a document ready; what takes longer is not allowed. */
  comparisonSeconds: v.optional(whole(5, 600), 30),
  ownApplications: v.optional(v.boolean(), false),
  /** Authorities elsewhere that approve in place of people here. Secrets may be "env:NAME" or "file:PATH". `template`: approval_code, processCode, TemplateId. */
  outside: v.optional(v.pipe(v.array(v.variant('kind', [
    v.strictObject({ kind: v.literal('feishu'), name: OutsideName, template: Text, encryptKey: Text, verificationToken: Text }),
    /** `owner`: the AppKey of DingTalk, the CorpID of WeCom; `aesKey`: the EncodingAESKey of 43 characters. */
    v.strictObject({ kind: v.picklist(['dingtalk', 'wecom']), name: OutsideName, template: Text, token: Text, aesKey: Text, owner: Text }),
  ])), v.maxLength(20), v.check((all) => new Set(all.map(({ name }) => name)).size === all.length, 'outside: a name twice')), []),
  /** Alarms pushed to browsers (Web Push). Whom a push service may write to: mailto: or https:. `networks` (CIDR): where push services may stand although they are not public. */
  push: v.exactOptional(v.strictObject({ contact: v.pipe(v.string(), v.regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/), v.maxLength(200)), networks: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^[0-9a-fA-F:.]+\/\d{1,3}$/))), v.maxLength(100)), []) })),
  /** Where strangers reach this desk, for the QR codes of receipts: scheme and host, no slash behind. */
  publicUrl: v.exactOptional(v.pipe(v.string(), v.regex(/^https?:\/\/[^/?#\s]{1,200}$/))),
  /** Witnesses who cosign the register's checkpoints (C2SP tlog-witness): the submission prefix and the key of each (cosignature/v1, Ed25519). */
  witnesses: v.optional(v.pipe(v.array(v.strictObject({
    url: v.pipe(v.string(), v.regex(/^https?:\/\/[^?#\s]{1,300}$/)), key: v.pipe(v.string(), v.maxLength(300), v.check((key) => cosignerVerifier(key) !== undefined, 'the key of a witness: name+hash+base64, type 4')),
  })), v.maxLength(16), v.check((all) => new Set(all.map(({ key }) => key)).size === all.length, 'witnesses: one twice')), []),
  /** Seconds between two checkpoints that they are asked to cosign. */
  witnessEvery: v.optional(whole(30, 86_400), 300),
  /** In which times are printed, an IANA name. */
  timeZone: v.optional(v.pipe(v.string(), v.check((zone) => { try { return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined; } catch { return false; } }, 'a time zone, as Asia/Shanghai')), 'Asia/Shanghai'),
  pollMs: v.optional(whole(100, 3_600_000), 2000),
}), v.check(({ documents, photos, retention }) => retention.documentDays === undefined || placeOf(documents) !== placeOf(photos), 'retention: documents and photos in one place, where a photo would go with a document of the same content'));

export type DeskConfig = Checked<typeof DeskConfig>;
