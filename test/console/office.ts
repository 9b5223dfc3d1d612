/** An office for the console's tests: a desk of this process in virtual time, served to real browsers, whose people sign in with passkeys. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import type { DeskOptions } from '../../host-bridge/desk';
import { TOKEN_DAYS } from '../../host-bridge/desk/people/people';
import type { SignInOptions } from '../../host-bridge/desk/people/sign-in';
import { approved, openOffice, type Json, type Office } from '../desk/support';
import { freePort } from '../e2e/programs';
import { root } from '../structure/sources';
import { Visitor, type Language, type Size } from './visitor';
import en from '../../host-bridge/console/i18n/en.json';
import zh from '../../host-bridge/console/i18n/zh.json';

export type Who = keyof Office['ids'];
export const WORDS = { zh, en } as const;

const NAMES: Record<Who, [name: string, title: string]> = {
  admin: ['陈静', '系统管理员'], applicant: ['张伟', '采购专员'], other: ['周敏', '销售专员'], chief: ['李娜', '办公室主任'], director: ['赵强', '副总经理'], custodian: ['王芳', '印章保管员'], auditor: ['孙丽', '内审专员'],
};

function sheet(stamped: boolean): string {
  const lines = Array.from({ length: 18 }, (_, index) => `<rect x="60" y="${90 + index * 26}" width="${[360, 330, 350, 210][index % 4]}" height="8" fill="#555"/>`).join('');
  const seal = '<g fill="none" stroke="#c22" stroke-width="6"><circle cx="340" cy="520" r="70"/><path d="M340 480l12 28h30l-24 20 9 30-27-18-27 18 9-30-24-20h30z" fill="#c22" stroke="none"/></g>';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="640"><rect width="480" height="640" fill="#f4f1ea"/>${lines}${stamped ? seal : ''}</svg>`;
}

export class ConsoleOffice {
  private constructor(readonly office: Office, readonly origin: string) {}

  /** @param at where it is served, the company's sign-on, and the size on the seal's card, mm */
  static async open(more: Partial<DeskOptions> = {}, at: { port?: number; company?: SignInOptions['company']; card?: { width: number; height: number } } = {}): Promise<ConsoleOffice> {
    const folder = path.join(root, 'dist/console');
    if (!existsSync(path.join(folder, 'index.html'))) throw new Error('the console is not built: npm run build:console');
    const port = at.port ?? (await freePort());
    const origin = `http://localhost:${port}`;
    const office = await openOffice({ console: folder, publicUrl: origin, signIn: { origin, idle: 86_400 * 30, life: 86_400 * 60, passwords: true, ...(at.company === undefined ? {} : { company: at.company }) }, ...more }, at.card);
    await office.desk.app.listen({ host: '127.0.0.1', port });
    for (const who of Object.keys(NAMES) as Who[]) await office.desk.rooms.people.setProfile(office.ids[who], { name: NAMES[who][0], login: who, department: null, title: NAMES[who][1] }, office.ids.admin);
    // Months go by in some of these tests; the first administrator's token is good for one.
    office.tokens.admin = (await office.desk.rooms.people.renewToken(office.ids.admin, 0, { strong: true, days: TOKEN_DAYS.most })).token;
    // Pictures that a browser shows: the page, and the page with the seal's impression on it.
    const pictures = await Promise.all([false, true].map((stamped) => sharp(Buffer.from(sheet(stamped))).jpeg().toBuffer()));
    const photo = office.device.photo.bind(office.device);
    office.device.photo = (permit, which, use, _content) => photo(permit, which, use, Buffer.concat([pictures[which]!, Buffer.from(`${permit} ${use}`)]));
    return new ConsoleOffice(office, origin);
  }

  async ask(who: Who, method: string, url: string, body?: unknown): Promise<Json> {
    const answer = await this.office.call(this.office.tokens[who], method, url, body);
    if (answer.status >= 300) throw new Error(`${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** An application that both approvers agreed to, all the way to strokes at the unit. */
  async used(purpose: string, strokes: number, more: Record<string, unknown> = {}): Promise<Json> {
    const application = await approved(this.office, { purpose, count: strokes, ...more });
    await this.office.desk.round();
    const permit = application.permits[0].id;
    this.office.device.use(permit, this.office.bridge.permits.get(permit)!, strokes);
    await this.office.desk.round();
    return application;
  }

  /** Somebody comes in by an invitation, makes a passkey and signs in with it; the browser's clock is the desk's. */
  async enter(browser: Browser, who: Who, size: Size, language: Language): Promise<Visitor> {
    const { token } = await this.ask('admin', 'POST', `/v1/people/${this.office.ids[who]}/invitation`, {});
    const visitor = await Visitor.come(browser, this.origin, size, language);
    const { page, context } = visitor;
    await context.clock.setSystemTime(this.office.clock.time);
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
    await visitor.go(`/console/invitation#${token}`);
    const words = WORDS[language];
    await page.locator('input[name=passkey]').fill(language === 'zh' ? '办公手机' : 'Office phone');
    await page.getByRole('button', { name: words.passkey.make }).click();
    await page.getByText(words.invitation.done).waitFor();
    await page.getByRole('button', { name: words.signIn.title }).click();
    await page.getByRole('button', { name: words.signIn.passkey }).click();
    await page.locator('.frame').waitFor();
    return visitor;
  }

  close(): Promise<void> {
    return this.office.close();
  }
}
