/** What a push message says: the kind of case and the unit, what happened to the person's own account, or to something that they approved. Everything else is looked up by who opens it, and may. */
import { ALARM_TABLE } from '../../../protocol/alarms';
import type { Case } from '../follow/cases';
import { useNoticeKinds, type NoticeKind } from '../security/notices';

export type PushLanguage = 'zh' | 'en';
const WORDS = {
  zh: { alarm: '印章报警', other: '印章事项待处理', open: '请打开审批台查看。' },
  en: { alarm: 'Seal alarm', other: 'A seal needs attention', open: 'Open the desk to see it.' },
} as const;
/** Characters of a unit's name. */
const NAME = 80;

export function textOf({ kind, detail }: Pick<Case, 'kind' | 'detail'>, unit: string, language: PushLanguage): { title: string; body: string } {
  const words = WORDS[language];
  const name = unit.slice(0, NAME);
  if (kind !== 'alarm') return { title: words.other, body: language === 'zh' ? `${name}：${words.open}` : `${name}: ${words.open}` };
  const what = ALARM_TABLE[Number(detail['condition'])]?.text[language] ?? '';
  return { title: words.alarm, body: language === 'zh' ? `${name}：${what}` : `${name}: ${what}` };
}

const NOTICES: Readonly<Record<NoticeKind, { zh: string; en: string }>> = {
  passkey: { zh: '已添加通行密钥', en: 'A passkey was added' }, 'passkey-removed': { zh: '已移除通行密钥', en: 'A passkey was removed' },
  password: { zh: '已设置密码与动态验证码', en: 'Password and authenticator were set' }, 'password-removed': { zh: '已移除密码与动态验证码', en: 'Password and authenticator were removed' },
  'recovery-code': { zh: '已用恢复码登录', en: 'Somebody signed in with a recovery code' }, invitation: { zh: '已向您发出登录邀请', en: 'You were invited to sign in anew' }, 'invitation-used': { zh: '登录邀请已被使用', en: 'The invitation was used' },
  token: { zh: '已签发新的访问令牌', en: 'A new token was made' }, 'new-browser': { zh: '在新的浏览器上登录', en: 'Sign-in from a new browser' },
  'use-stamped': { zh: '已盖章', en: 'It was stamped' }, 'use-failed': { zh: '有一次未盖上', en: 'A stroke left no stamp' }, 'use-unknown': { zh: '有一次结果不明', en: 'The outcome of a stroke is not known' },
  'use-alarm': { zh: '用印因报警中止', en: 'An alarm ended the use' }, 'use-differs': { zh: '盖后照片与批准内容不符', en: 'The photo after the stroke is not what was approved' },
  failures: { zh: '多次登录失败', en: 'Many sign-ins failed' }, 'code-reused': { zh: '动态验证码被重复使用', en: 'A code that had been used was tried again' },
  'push-added': { zh: '已开始向一个浏览器推送', en: 'Messages are pushed to one browser more' }, 'push-removed': { zh: '已停止向一个浏览器推送', en: 'Messages are pushed to a browser no more' },
  restored: { zh: '系统已从备份恢复，请核对您的登录方式', en: 'The desk was put back from a backup: check by what you sign in' },
};
const ACCOUNT = { zh: { title: '账户安全', open: '若非本人操作，请立即查看。' }, en: { title: 'Your account', open: 'If this was not you, look at once.' } } as const;

const APPROVED = { zh: { title: '您批准的用印', open: '请打开审批台查看。' }, en: { title: 'What you approved', open: 'Open the desk to see it.' } } as const;

export function noticeText(kind: NoticeKind, language: PushLanguage): { title: string; body: string } {
  const { title, open } = ((useNoticeKinds as readonly string[]).includes(kind) ? APPROVED : ACCOUNT)[language];
  return { title, body: language === 'zh' ? `${NOTICES[kind].zh}。${open}` : `${NOTICES[kind].en}. ${open}` };
}
