/** Every place this person may go to; on a phone, where the bar below has room for few. */
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Me } from '../api/client';
import { placesOf } from '../frame/places';
import { Icon } from '../parts/icon';

export function More({ me }: { me: Me }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('places.more')}</h1>
      <ul className="places">
        {placesOf(me).map((place) => (
          <li key={place.path}><Link href={place.path}><Icon path={place.icon} /><span><strong>{t(`places.${place.name}`)}</strong><span className="small">{t(`about.${place.name}`)}</span></span></Link></li>
        ))}
      </ul>
    </>
  );
}
