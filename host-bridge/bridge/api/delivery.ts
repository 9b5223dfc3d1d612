/** What routes that hand in permits and other statements have in common. */
import { Type, type Static } from 'typebox';
import { fromBase64 } from '../../common/bytes';
import { COMMON, Problem } from '../../common/errors';
import { GRANT_MAX } from '../../common/grant';
import { base64Schema, choice, PermitId, Sha256Hex } from '../../common/schema';
import type { Delivery } from '../deliveries';
import type { ApiContext } from './context';

export const GrantBody = Type.Object({ grant: base64Schema(GRANT_MAX, 'The statement, COSE_Mac0 (protocol/SPEC.md, "Grants"), made by `smartseal grant` or by your own program') }, { additionalProperties: false });

const Code = Type.Optional(Type.String({ description: 'Why the device refused it: a refusal of protocol/SPEC.md, or WITHDRAWN' }));

export const PermitView = Type.Object(
  {
    permit: PermitId,
    state: choice(['queued', 'delivered', 'refused'], 'queued: waits for the device · delivered: the device has it · refused: see `code`'),
    code: Code,
    count: Type.Optional(Type.Integer({ minimum: 0, description: 'Strokes allowed' })),
    used: Type.Optional(Type.Integer({ minimum: 0, description: 'Strokes charged, unknown ones included' })),
    closed: Type.Optional(Type.Boolean({ description: 'Used up, finished, expired or revoked' })),
  },
  { $id: 'Permit' },
);

export const GrantView = Type.Object(
  {
    id: Sha256Hex,
    state: choice(['queued', 'applied', 'refused']),
    code: Code,
  },
  { $id: 'Grant', description: 'A statement on its way to a device' },
);

/** "Prefer: wait=10" (RFC 7240 section 4.3): how long the caller would wait for the device's answer, seconds. */
export const PreferHeader = Type.Object({ prefer: Type.Optional(Type.String({ maxLength: 200, description: 'wait=N: wait up to N seconds (at most 30) for the device’s answer', examples: ['wait=10'] })) });

export function waitOf(prefer: string | undefined): number {
  const match = /(?:^|[,;\s])wait=(\d{1,3})\b/.exec(prefer ?? '');
  return Math.min(30, Number(match?.[1] ?? 0)) * 1000;
}

export function grantOf(base64: string): Buffer {
  const bytes = fromBase64(base64);
  if (bytes === undefined) throw new Problem(COMMON.INVALID, 'grant is not canonical base64');
  return bytes;
}

/** Calls that wait for a device, at most. */
const WAITING_MOST = 256;
const waiting = new WeakMap<ApiContext, number>();

/** The delivery when it is no longer queued, or as it is when the time is up. */
export async function settled(context: ApiContext, queued: Delivery, ms: number): Promise<Delivery> {
  let row = queued;
  // Each that waits looks again at whatever happens: further ones are answered at once, as the standard allows ("preference").
  if (ms === 0 || row.state !== 'queued' || waiting.get(context) === WAITING_MOST) return row;
  waiting.set(context, (waiting.get(context) ?? 0) + 1);
  const until = context.clock.now() + ms;
  try {
    for (;;) {
      const left = until - context.clock.now();
      if (left <= 0) return row;
      let again = (): void => undefined;
      const changed = new Promise<void>((resolve) => (again = resolve));
      const stop = context.events.onMore(again);
      const cancel = context.clock.after(left, again);
      try {
        row = (await context.deliveries.find(row.device, row.kind, row.key)) ?? row;
        if (row.state !== 'queued') return row;
        await changed;
      } finally {
        stop();
        cancel();
      }
    }
  } finally {
    waiting.set(context, (waiting.get(context) ?? 1) - 1);
  }
}

export function permitView(row: Delivery): Static<typeof PermitView> {
  return {
    permit: row.key,
    state: row.state as 'queued' | 'delivered' | 'refused',
    ...(row.code === null ? {} : { code: row.code }),
    ...(row.count === null ? {} : { count: row.count }),
    ...(row.used === null ? {} : { used: row.used }),
    ...(row.closed === null ? {} : { closed: row.closed === 1 }),
  };
}

export function grantView(row: Delivery): Static<typeof GrantView> {
  return { id: row.key, state: row.state as 'queued' | 'applied' | 'refused', ...(row.code === null ? {} : { code: row.code }) };
}
