/** Uses whose single strokes this person grants, and those of theirs that are under way: the way to follow each live. */
import { useTranslation } from 'react-i18next';
import type { Me } from '../api/client';
import { applications } from '../api/queries';
import { ApplicationLines } from '../apply/applications';
import { Loaded } from '../parts/loaded';

export function Remote({ me }: { me: Me }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('remote.title')}</h1>
      <p className="small">{t('remote.what')}</p>
      <Loaded query={applications()}>
        {(found) => {
          const under = found.filter(({ state }) => state === 'approved');
          const mine = under.filter(({ operator }) => operator === me.id);
          const others = under.filter(({ operator, strokeGrants }) => operator !== me.id && strokeGrants);
          if (mine.length + others.length === 0) return <p className="empty">{t('remote.none')}</p>;
          return (
            <>
              {mine.length > 0 && <section className="card"><h2>{t('remote.mine')}</h2><ApplicationLines applications={mine} under="/live" /></section>}
              {others.length > 0 && <section className="card"><h2>{t('remote.others')}</h2><ApplicationLines applications={others} under="/live" /></section>}
            </>
          );
        }}
      </Loaded>
    </>
  );
}
