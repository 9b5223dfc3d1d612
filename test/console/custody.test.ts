/** Custody and alarms in the browser: taken out and given back, overdue, handed over step by step, locked from afar, and an alarm taken by a person. */
import { systemClock } from '../../host-bridge/cli/system';
import { until } from '../../sim/cli/demo/http';
import { font } from '../display/font';
import { bundle } from '../e2e/rig';
import { MAKER_SEED, signed, STRANGER_SEED } from '../scenario/images';
import { FINGERS, type Company, type Name } from './company';
import { program, type Language, type Size, type Visitor } from './visitor';
import { clean, walking } from './walking';
import en from '../../host-bridge/console/i18n/en.json';
import zh from '../../host-bridge/console/i18n/zh.json';

/** A real image of the firmware: the code that the unit runs, with another version. */
const image = (version: number, seed = MAKER_SEED): Buffer => signed({ version, code: Buffer.from(bundle().code.replace('0.1.0', `0.1.${version}`), 'latin1'), resources: font() }, seed);

jest.setTimeout(900_000);
if (program === undefined) console.warn('not run, because there is no Chromium on this machine: custody in a browser');

if (program !== undefined) describe('custody', () => {
  const at = walking();
  const visit = async (who: Name, size: Size, language: Language): Promise<Visitor> => {
    const visitor = await at.visit(size, language);
    await visitor.signIn(at.company.people[who]);
    return visitor;
  };
  const seconds = (): number => Math.floor(systemClock().wall() / 1000);
  /** Asked for by the keeper and approved by who has to, over the API: what the browser shows of it is looked at elsewhere. */
  const ordered = async (order: Record<string, unknown>): Promise<string> => {
    const asked = await at.company.as('wang').json<{ id: string; content: string; state: string }>('POST', `/v1/devices/${at.company.stage.device}/ceremonies`, { reason: '演练', ...order });
    if (asked.state === 'asked') await at.company.as('li').json('POST', `/v1/ceremonies/${asked.id}/approve`, { content: asked.content });
    return asked.id;
  };
  describe.each([['zh', 'phone', zh], ['en', 'desk', en]] as const)('in %s on a %s', (language, size, words) => {
    test('a unit is taken out, and given back', async () => {
      const wang = await visit('wang', size, language);
      const { page } = wang;
      await wang.open('/ceremonies');
      await page.getByRole('button', { name: words.ceremonies.ask }).click();
      const dialog = page.getByRole('dialog');
      await dialog.locator('select[name=action]').selectOption({ label: words.actions['take-out'] });
      await dialog.locator('fieldset select').first().selectOption({ label: '张伟' });
      await dialog.locator('select[name=person]').selectOption({ label: '张伟' });
      const back = new Date((seconds() + 86_400) * 1000 + 8 * 3_600_000).toISOString().slice(0, 16); // Shanghai, where the visitors are
      await dialog.locator('input[name=until]').fill(back);
      await dialog.locator('textarea[name=reason]').fill(language === 'zh' ? '到客户处签约' : 'Signing at the customer’s');
      await dialog.getByRole('button', { name: words.ceremonies.askAct, exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
      const li = await visit('li', size, language);
      await li.open('/ceremonies');
      await li.page.getByRole('button', { name: words.task.approve, exact: true }).first().click();
      await li.page.getByText(words.ceremonyNext.ordered).first().waitFor();
      await li.leave();
      await page.getByRole('link', { name: words.actions['take-out'] }).first().click();
      await page.getByText(words.guide.reached.replace('{{action}}', words.actions['take-out'])).waitFor();
      await at.company.finger(at.company.stage.holderNumber);
      await page.getByText(words.ceremonyNext.done).first().waitFor();
      await wang.open(`/units/${at.company.stage.device}`);
      await page.getByText(words.outing.left.split('{{time}}')[0]!.trim(), { exact: false }).first().waitFor();
      await page.getByText(words.custody.out, { exact: true }).waitFor();
      await wang.settled();
      await wang.shot('unit-out');
      await clean(wang);
      const id = await ordered({ action: 'return', present: [at.company.people.zhang.id] });
      await at.company.ceremonyAtUnit();
      await at.company.finger(at.company.stage.holderNumber);
      await at.company.ceremonyDone(id);
      await page.getByText(words.custody.base, { exact: true }).waitFor();
      await page.locator('main > .note').waitFor({ state: 'detached' });
      await wang.leave();
    });
  });

  test('the seal is handed over: giver, receiver and witness are led by the page and the display', async () => {
    const { wang, li, zhang } = at.company.people;
    const id = await ordered({ action: 'handover', present: [wang.id, li.id, zhang.id], person: li.id });
    const keeper = await visit('wang', 'phone', 'zh');
    const { page } = keeper;
    await keeper.open(`/ceremonies/${id}`);
    await page.getByText(zh.guide.reached.replace('{{action}}', zh.actions.handover)).waitFor();
    for (const [name, title] of [['王芳', zh.guide.giver], ['李娜', zh.guide.receiver], ['张伟', zh.guide.witness]] as const) await page.getByText(title.replace('{{who}}', name).replace('{{number}}. ', ''), { exact: false }).waitFor();
    await keeper.settled();
    await keeper.shot('guide');
    await clean(keeper);
    await at.company.finger(FINGERS.wang, FINGERS.li, at.company.stage.holderNumber);
    await page.getByText(zh.ceremonyNext.done).first().waitFor();
    await keeper.leave();
    const auditor = await visit('wang', 'desk', 'en');
    await auditor.open(`/seals/${at.company.seal}`);
    await auditor.page.getByText(en.steps.handover, { exact: true }).waitFor();
    await auditor.leave();
  });

  test('overdue is said plainly, its alarm stands over every page, and whoever closes the case is told that the unit is still locked', async () => {
    const custodian = at.company.as('admin'); // the seal has another keeper by now
    const asked = await custodian.json<{ id: string; content: string }>('POST', `/v1/devices/${at.company.stage.device}/ceremonies`, { action: 'take-out', present: [at.company.people.zhang.id], person: at.company.people.zhang.id, until: seconds() + 75, reason: '短时外出' });
    await at.company.as('zhao').json('POST', `/v1/ceremonies/${asked.id}/approve`, { content: asked.content });
    await at.company.ceremonyAtUnit();
    await at.company.finger(at.company.stage.holderNumber);
    await at.company.ceremonyDone(asked.id);
    const admin = await visit('admin', 'phone', 'zh');
    const { page } = admin;
    await admin.open(`/units/${at.company.stage.device}`);
    await page.locator('.alarm').waitFor();
    await admin.open(`/units/${at.company.stage.device}`);
    await page.locator('.note.bad strong').filter({ hasText: zh.outing.overdue.split('{{time}}')[0]!.trim() }).waitFor();
    await page.getByText(zh.units.alarmed, { exact: true }).first().waitFor();
    await admin.settled();
    await admin.shot('unit-overdue');
    await clean(admin);
    await page.locator('.alarm a').click();
    await page.getByRole('button', { name: zh.case.close }).click();
    await page.getByRole('dialog').locator('textarea').fill('借用人在回程路上');
    await page.getByRole('dialog').getByRole('button', { name: zh.case.close }).click();
    // A person has taken it: the bar goes. That nothing can be stamped all the same is said where one looks.
    await page.locator('.alarm').waitFor({ state: 'detached' });
    await page.getByText(zh.case.stillLocked).waitFor();
    await admin.shot('case-closed-locked');
    await clean(admin);
    const back = await unapproved(at.company, 'return');
    await at.company.ceremonyAtUnit();
    await at.company.finger(at.company.stage.holderNumber);
    await at.company.ceremonyDone(back);
    await page.getByRole('button', { name: zh.case.clear }).click();
    await page.getByRole('dialog').locator('textarea').fill('已归还');
    await page.getByRole('dialog').getByRole('button', { name: zh.case.clear }).click();
    await page.getByText(zh.case.stillLocked).waitFor({ state: 'detached' });
    await admin.leave();
  });

  test('a unit is taken for maintenance, and locked from afar', async () => {
    const zhou = await visit('zhou', 'desk', 'en');
    await zhou.open(`/units/${at.company.stage.device}`);
    await zhou.page.getByRole('button', { name: en.maintenance.take }).click();
    await zhou.page.getByRole('button', { name: en.maintenance.longer }).waitFor();
    await zhou.page.locator('input[name=image]').setInputFiles({ name: 'image.bin', mimeType: 'application/octet-stream', buffer: Buffer.from('no image') });
    await zhou.page.getByText('IMAGE_REFUSED').waitFor();
    await zhou.shot('unit-maintenance');
    await clean(zhou);
    // An image that its maker signed: the unit takes it, starts from its other slot, and says so; one of a stranger it does not.
    const choose = (buffer: Buffer): Promise<void> => zhou.page.locator('input[name=image]').setInputFiles({ name: 'xiao.img', mimeType: 'application/octet-stream', buffer });
    const running = async (): Promise<string | null> => (await at.company.as('zhou').json<{ firmware: string | null }>('GET', `/v1/devices/${at.company.stage.device}/state`)).firmware;
    const before = await running();
    await choose(image(2));
    const note = zhou.page.locator('.note').filter({ hasText: en.update.title.replace('{{version}}', '2') });
    await note.waitFor();
    await note.and(zhou.page.locator('.good')).waitFor({ timeout: 600_000 });
    await zhou.shot('unit-updated');
    await clean(zhou);
    const after = await until('the new firmware', async () => { const now = await running(); return now === null || now === before ? undefined : now; }, 120_000);
    expect(after).toContain('0.1.2');
    await choose(image(3, STRANGER_SEED));
    await zhou.page.locator('.note.bad').filter({ hasText: en.update.title.replace('{{version}}', '3') }).waitFor({ timeout: 600_000 });
    expect(await running()).toBe(after);
    await zhou.page.getByRole('button', { name: en.maintenance.end }).click();
    await zhou.page.getByText(en.maintenance.free).waitFor();
    await zhou.leave();
    const admin = await visit('admin', 'desk', 'en');
    const { page } = admin;
    await admin.open(`/units/${at.company.stage.device}`);
    await page.getByRole('button', { name: en.lock.act }).click();
    await page.getByRole('dialog').locator('textarea').fill('Reported lost');
    await page.getByRole('dialog').getByRole('button', { name: en.lock.act }).click();
    await until('the unit to be locked', async () => ((await at.company.stage.bridge.json<{ status?: { service: string } }>('GET', `/v1/devices/${at.company.stage.device}`)).status?.service === 'suspended' ? true : undefined), 120_000);
    await page.getByText(en.lock.locked).waitFor();
    await admin.leave();
  });
});

/** A ceremony that nobody has to approve, asked for by the administrator. */
async function unapproved(company: Company, action: string): Promise<string> {
  return (await company.as('admin').json<{ id: string }>('POST', `/v1/devices/${company.stage.device}/ceremonies`, { action, present: [company.people.zhang.id], reason: '归还' })).id;
}
