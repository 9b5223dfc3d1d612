/** Browser and system that a User-Agent names, in words. */
import { parse } from 'bowser';
import { useTranslation } from 'react-i18next';
import { LONGEST } from './agent';

/** What is called otherwise in Chinese. */
const NAMES = { WeChat: 'wechat', 'QQ Browser': 'qq', 'UC Browser': 'uc', HarmonyOS: 'harmony', Android: 'android' } as const;

export function AgentName({ text }: { text: string }) {
  const { t } = useTranslation();
  const { browser, os } = parse(text.slice(0, LONGEST) || ' ');
  const named = (name: string | undefined): string => (name === undefined ? '' : name in NAMES ? t(`agent.names.${NAMES[name as keyof typeof NAMES]}`) : name);
  const program = [named(browser.name), browser.version?.split('.')[0] ?? ''].join(' ').trim();
  const system = named(os.name);
  return program === '' && system === '' ? t('agent.unknown') : program === '' || system === '' ? program + system : t('agent.on', { browser: program, system });
}
