/** With --keep the demo goes on as a small company: departments, more seals, applications in every state, and people who can sign in to the console. */
import { readFileSync } from 'node:fs';
import { romCode } from '../../parts/onewire';
import { repositoryFile } from '../places';
import type { Http } from './http';
import { signUp, type SignIn } from './sign-ins';
import type { Stage } from './stage';

const DAY = 86_400;

interface Person {
  id: number;
  name: string;
  token: string;
}

interface Wish {
  seal: string;
  purpose: string;
  file: string;
  count: number;
  category?: string;
  /** Fen. */
  amount?: number;
  submit?: boolean;
  /** Days from today in which it may be stamped. */
  days: number;
}

/** @param now Unix seconds */
export async function furnish(stage: Stage, people: Record<'zhang' | 'li' | 'wang', Person>, now: number): Promise<SignIn[]> {
  const { desk, device, deskUrl, origin } = stage;
  const { zhang, li, wang } = people;
  const room = async (name: string, parent: number | null, head: number | null): Promise<number> => (await desk.json<{ id: number }>('POST', '/v1/departments', { name, parent, head, leader: null })).id;
  const hire = async (name: string, roles: string[]): Promise<Person> => {
    const { person, token } = await desk.json<{ person: { id: number; name: string }; token: string }>('POST', '/v1/people', { name, roles });
    return { ...person, token };
  };
  const zhao = await hire('赵强', ['approver']);
  const house = await room('北京明河科技有限公司', null, zhao.id);
  const [office, buying] = [await room('行政部', house, li.id), await room('采购部', house, zhang.id)];
  const signIns: SignIn[] = [];
  for (const [person, login, title, department] of [[{ id: 1, name: '管理员' }, 'admin', '系统管理员', office], [zhang, 'zhangwei', '采购专员', buying], [li, 'lina', '办公室主任', office], [zhao, 'zhaoqiang', '副总经理', house], [wang, 'wangfang', '印章保管员', office]] as const) {
    signIns.push(await signUp(desk, deskUrl, origin, person, login));
    await desk.json('PUT', `/v1/people/${person.id}`, { name: person.name, login, department, title });
  }
  const seal = async (kind: string, name: string, number: number, approvers: number[][]): Promise<string> => (await desk.json<{ id: string }>('POST', '/v1/seals', { kind, name, die: romCode(number), device, custodian: wang.id, approvers })).id;
  const contracts = await seal('contract', '合同专用章', 2, [[li.id], [zhao.id]]);
  await desk.json('POST', `/v1/seals/${contracts}/activate`, { reason: '董事会决议：即日启用', unit: '行政部', scope: 'contract', terms: '采购与销售合同' });
  await seal('finance', '财务专用章', 3, [[zhao.id]]);

  const applicant = desk.as(zhang.token);
  const apply = async (wish: Wish): Promise<{ id: string; content: string }> => {
    const file = repositoryFile('sim', 'assets', wish.file);
    if (file === undefined) throw new Error(`sim/assets/${wish.file} is missing`);
    const form = new FormData();
    const { file: _file, days, ...fields } = wish;
    const given = { ...fields, notBefore: now - 60, notAfter: now + days * DAY, persons: [zhang.id], strokeGrants: true, submit: wish.submit ?? true };
    for (const [name, value] of Object.entries(given)) form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    form.set('document', new Blob([readFileSync(file)], { type: 'application/pdf' }), wish.file);
    return applicant.json('POST', '/v1/applications', form);
  };
  const decide = (who: Http, { id, content }: { id: string; content: string }, verdict: 'approve' | 'refuse', more: object = {}): Promise<unknown> => who.json('POST', `/v1/applications/${id}/${verdict}`, { content, ...more });
  const first = desk.as(li.token);
  // One of each state, the newest last: what waits stands on top.
  await decide(first, await apply({ seal: contracts, purpose: '办公家具采购合同（第一稿）', file: 'contract-en.pdf', count: 2, category: 'contract', amount: 3_260_000, days: 3 }), 'refuse', { reason: '金额与报价单不一致，请核对后重新申请' });
  const { id } = await apply({ seal: contracts, purpose: '会议室租赁协议', file: 'contract-en.pdf', count: 1, category: 'contract', amount: 480_000, days: 2 });
  await applicant.json('POST', `/v1/applications/${id}/withdraw`, { reason: '改为线上签署' });
  await apply({ seal: contracts, purpose: '软件许可续订协议', file: 'contract-en.pdf', count: 1, category: 'contract', days: 7, submit: false });
  await decide(first, await apply({ seal: contracts, purpose: '年度设备维护合同', file: 'contract-zh.pdf', count: 4, category: 'contract', amount: 9_800_000, days: 14 }), 'approve', { narrow: { count: 2 }, reason: '一式两份即可' });
  await apply({ seal: contracts, purpose: '与上海远山物流签订运输合同', file: 'contract-zh.pdf', count: 2, category: 'contract', amount: 25_600_000, days: 5 });
  return signIns;
}
