/** What stands around every page: the places on the side or below, who is signed in, and the bar of alarms. */
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { Me } from '../api/client';
import { Icon } from '../parts/icon';
import { AlarmBar } from './alarm-bar';
import { Languages } from './languages';
import { may, placesOf, type Place } from './places';

/** Places that fit below a phone's page beside "more". */
const BELOW = 4;

export function Frame({ me, children }: { me: Me; children: ReactNode }) {
  const { t } = useTranslation();
  const [location] = useLocation();
  const places = placesOf(me);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  // Who reads with ears, or moves by keys, is at the new page and not where the link was.
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus();
    globalThis.scrollTo(0, 0);
  }, [location]);
  const here = (place: Place): boolean => (place.path === '/' ? location === '/' : location === place.path || location.startsWith(`${place.path}/`));
  const item = (place: Place) => (
    <Link key={place.path} href={place.path} aria-current={here(place) ? 'page' : undefined}>
      <Icon path={place.icon} />
      <span>{t(`places.${place.name}`)}</span>
    </Link>
  );
  return (
    <div className="frame">
      <a className="skip" href="#page">{t('skip')}</a>
      <header className="top">
        <Link href="/" className="brand">{t('brand')}</Link>
        <Languages />
        <Link href="/account" className="who">{me.name}</Link>
      </header>
      {may(me, 'cases.read') && <AlarmBar />}
      <nav className="side" aria-label={t('navigation')}>{places.map(item)}</nav>
      <main id="page" ref={main} tabIndex={-1}>{children}</main>
      <nav className="below" aria-label={t('navigation')}>
        {places.slice(0, BELOW).map(item)}
        <Link href="/more" aria-current={location === '/more' ? 'page' : undefined}>
          <Icon path="M5 12h.01M12 12h.01M19 12h.01" />
          <span>{t('places.more')}</span>
        </Link>
      </nav>
    </div>
  );
}
