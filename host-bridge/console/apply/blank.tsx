/** Asking for blank or unfilled paper: an exception with deciders of its own, and an account to give by a date. */
import { useTranslation } from 'react-i18next';
import { localSeconds, localText } from '../parts/when';

export interface BlankAsked {
  /** As an input of type datetime-local has it. */
  reportBy: string;
}

const WEEK = 7 * 86_400;

export function BlankFields({ asked, change, until }: { asked: BlankAsked | undefined; change: (asked: BlankAsked | undefined) => void; /** End of the window, as typed. */ until: string }) {
  const { t } = useTranslation();
  return (
    <fieldset className="card">
      <legend>{t('blank.title')}</legend>
      <label className="choice">
        <input type="checkbox" name="blank" checked={asked !== undefined} onChange={(e) => change(e.target.checked ? { reportBy: localText((localSeconds(until) ?? 0) + WEEK) } : undefined)} />
        <span><strong>{t('blank.ask')}</strong><span className="small">{t('blank.what')}</span></span>
      </label>
      {asked !== undefined && <label>{t('blank.reportBy')}<input name="reportBy" type="datetime-local" required value={asked.reportBy} onChange={(e) => change({ reportBy: e.target.value })} /></label>}
    </fieldset>
  );
}
