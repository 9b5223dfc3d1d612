/** An electronic signature: the desk names what is signed, the passkey signs it, and it goes with what is asked or decided. */
import { useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import { useState } from 'react';
import { api, take } from '../api/client';
import { Failure } from '../api/failure';
import { passkeys, settings, ways } from '../api/queries';

export type Decided = 'applied' | 'approved' | 'refused';
/** Of whom the organisation may have settled that they must sign. */
export type Signer = 'applicant' | 'approvers' | 'custody' | 'strokes';

/** What the desk gives to be signed of an application. */
export const ofApplication = (id: string, decision: Decided, narrow?: object) => () =>
  take(api.POST('/v1/applications/{id}/signatures/options', { params: { path: { id } }, body: { decision, ...(narrow === undefined ? {} : { narrow }) } as never }));

/** The answer of the passkey, as the desk takes it. @throws NOT_SIGNED where the person or the browser gave none */
async function passkeyOver(options: object): Promise<never> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  try {
    return (await startAuthentication({ optionsJSON: options as never })) as never;
  } catch {
    throw new Failure('NOT_SIGNED', 499, i18next.t('sign.cancelled'), '', undefined);
  }
}

export interface SignChoiceProps {
  can: boolean;
  must: boolean;
  chosen: boolean;
  change: (chosen: boolean) => void;
}

/** Whether somebody signs here: a choice for who can, a duty where it is settled; and the signature as part of a body, nothing where there is none. */
export function useSigner(who: Signer) {
  const [chosen, change] = useState(false);
  const settled = useQuery(settings());
  const offers = useQuery(ways());
  const must = settled.data?.signatures[who] === true;
  const offered = offers.data?.passkey === true;
  const mine = useQuery({ ...passkeys(), enabled: offered });
  const can = offered && (mine.data ?? []).length > 0;
  const signs = can && (must || chosen);
  return {
    choice: { can, must, chosen, change } satisfies SignChoiceProps,
    /** Whether the desk has told all of this, or does not tell. */
    known: !settled.isPending && !offers.isPending && (!offered || !mine.isPending),
    signs,
    /** Of what is there: a decision, a grant, a draft. */
    signature: async (begin: () => Promise<{ options: object }>): Promise<{ signature?: never }> => (signs ? { signature: await passkeyOver((await begin()).options) } : {}),
    /** Of what is asked for anew. */
    signed: async (begin: () => Promise<{ step: string; options: object }>): Promise<{ signed?: never }> => {
      if (!signs) return {};
      const { step, options } = await begin();
      return { signed: { step, signature: await passkeyOver(options) } as never };
    },
  };
}
