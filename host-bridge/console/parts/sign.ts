/** An electronic signature: the desk names what is signed, the passkey signs it, and it goes with the decision itself. */
import { useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import { api, take } from '../api/client';
import { Failure } from '../api/failure';
import { passkeys, settings, ways } from '../api/queries';

export type Decided = 'applied' | 'approved' | 'refused';

/** The answer of the passkey, as the desk takes it with a submission or a decision. @throws NOT_SIGNED where the person or the browser gave none */
export async function sign(application: string, decision: Decided, narrow?: object): Promise<never> {
  const { options } = await take(api.POST('/v1/applications/{id}/signatures/options', { params: { path: { id: application } }, body: { decision, ...(narrow === undefined ? {} : { narrow }) } as never }));
  const { startAuthentication } = await import('@simplewebauthn/browser');
  try {
    return (await startAuthentication({ optionsJSON: options as never })) as never;
  } catch {
    throw new Failure('NOT_SIGNED', 499, i18next.t('sign.cancelled'), '', undefined);
  }
}

/** Whether somebody can sign here at all, and whether the organisation has settled that they must; `known` when the desk has told, or does not tell. */
export function useSigning(who: 'applicant' | 'approvers'): { can: boolean; must: boolean; known: boolean } {
  const settled = useQuery(settings());
  const offers = useQuery(ways());
  const offered = offers.data?.passkey === true;
  const mine = useQuery({ ...passkeys(), enabled: offered });
  return { can: offered && (mine.data ?? []).length > 0, must: settled.data?.signatures[who] === true, known: !settled.isPending && !offers.isPending && (!offered || !mine.isPending) };
}
