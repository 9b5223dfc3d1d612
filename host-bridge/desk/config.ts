/** Configuration file of the desk. Paths are meant from the file's own folder. */
import * as v from 'valibot';
import { hexadecimal, Listen, Text, whole, type Checked } from '../common/config';

export const DeskConfig = v.strictObject({
  listen: Listen,
  database: Text,
  /** Key file of the authority. */
  keys: Text,
  /** Passphrase of the key file: best "env:NAME", or "file:PATH". */
  passphrase: v.optional(Text, 'env:SMARTSEAL_PASSPHRASE'),
  /** Root of the link keys; needed only for provisioning, so the file may be kept elsewhere. */
  linkKeys: v.exactOptional(Text),
  documents: Text,
  photos: Text,
  /** The token may be "env:NAME". */
  bridges: v.pipe(
    v.array(
      v.union([
        v.strictObject({ name: v.pipe(Text, v.maxLength(64)), url: v.pipe(v.string(), v.regex(/^https?:\/\//)), token: Text }),
        /** A bridge that connects to the desk by itself; `uplink` is the SHA-256 of the token that it shows. */
        v.strictObject({ name: v.pipe(Text, v.maxLength(64)), uplink: hexadecimal(64), token: Text }),
      ]),
    ),
    v.maxLength(1000),
  ),
  ownApplications: v.optional(v.boolean(), false),
  pollMs: v.optional(whole(100, 3_600_000), 2000),
});

export type DeskConfig = Checked<typeof DeskConfig>;
