/** A small company for the console's tests: real bridge, desk and simulated unit as processes of their own, people who can sign in, one seal in use. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newestPhoto } from '../../sim/cli/demo/compare';
import { until, type Http } from '../../sim/cli/demo/http';
import { signUp, type SignIn } from '../../sim/cli/demo/sign-ins';
import { openStage, type Stage } from '../../sim/cli/demo/stage';
import { quoted } from '../../sim/cli/commands';
import { romCode } from '../../sim/parts/onewire';
import { asset, built } from '../e2e/programs';
import { IDENTITY } from '../scenario/authority';

export interface Employee extends SignIn {
  id: number;
  token: string;
}

const STAFF = {
  zhang: { name: '张伟', roles: ['applicant'], title: '采购专员' },
  li: { name: '李娜', roles: ['approver'], title: '办公室主任' },
  zhao: { name: '赵强', roles: ['approver'], title: '副总经理' },
  wang: { name: '王芳', roles: ['custodian', 'auditor'], title: '印章保管员' },
  zhou: { name: '周敏', roles: ['operator', 'technician'], title: '用印操作员' },
} as const;
/** Numbers of those at the unit whose fingers it knows besides the holder's. */
export const FINGERS = { wang: 8, li: 9 } as const;
/** Milliseconds from one finger to the next. */
const BETWEEN = 4_000;

export type Name = keyof typeof STAFF | 'admin';

export class Company {
  private constructor(readonly stage: Stage, readonly people: Record<Name, Employee>, readonly seal: string, private readonly folder: string) {}

  static async open(): Promise<Company> {
    built();
    const folder = mkdtempSync(path.join(tmpdir(), 'console-'));
    const stage = await openStage(path.join(folder, 'stage'), romCode(1), { comparePages: false }, { others: [FINGERS.wang, FINGERS.li], makerKey: IDENTITY.makerKey! }); // the comparison has tests of its own, and takes as long as it takes
    const { desk, device } = stage;
    const people = {} as Record<Name, Employee>;
    people.admin = { id: 1, token: stage.tokens.admin, ...(await signUp(desk, stage.deskUrl, stage.origin, { id: 1, name: '管理员' }, 'admin', '系统管理员')) };
    for (const [login, { name, roles, title }] of Object.entries(STAFF)) {
      const { person, token } = await desk.json<{ person: { id: number; name: string }; token: string }>('POST', '/v1/people', { name, roles });
      people[login as Name] = { id: person.id, token, ...(await signUp(desk, stage.deskUrl, stage.origin, person, login, title)) };
    }
    await desk.json('POST', '/v1/devices', { id: device, name: '前台印章机', bridge: 'local' });
    await desk.json('PUT', `/v1/devices/${device}/enrolments/${people.zhang.id}`, { number: stage.holderNumber });
    for (const who of ['wang', 'li'] as const) await desk.json('PUT', `/v1/devices/${device}/enrolments/${people[who].id}`, { number: FINGERS[who] });
    const seal = await desk.json<{ id: string }>('POST', '/v1/seals', { kind: 'contract', name: '合同专用章', die: romCode(1), device, custodian: people.wang.id, approvers: [[people.li.id, people.zhao.id]] });
    await desk.json('POST', `/v1/seals/${seal.id}/activate`, { reason: '即日启用', unit: '行政部', scope: 'contract' });
    await until('the unit', async () => {
      const { connected, status } = await stage.bridge.json<{ connected: boolean; status?: { time: number } }>('GET', `/v1/devices/${device}`);
      return connected && (status?.time ?? 0) > 0 ? true : undefined;
    }, 120_000);
    return new Company(stage, people, seal.id, folder);
  }

  as(name: Name): Http {
    return this.stage.desk.as(this.people[name].token);
  }

  /** Waits until the permit of the newest application is at the unit. */
  async delivered(): Promise<void> {
    const approver = this.as('zhang');
    const { applications } = await approver.json<{ applications: { id: string }[] }>('GET', '/v1/applications?limit=1');
    await until('the permit on the unit', async () => ((await approver.json<{ permits: { state: string }[] }>('GET', `/v1/applications/${applications[0]!.id}`)).permits[0]?.state === 'delivered' ? true : undefined), 60_000);
  }

  /** People lay a finger on the reader one after the other, by their numbers at the unit. */
  async finger(...numbers: number[]): Promise<void> {
    for (const [index, number] of numbers.entries()) {
      // The next one when the unit has dealt with the one before: its display says so, and people wait for that.
      if (index > 0) await new Promise((resolve) => setTimeout(resolve, BETWEEN));
      const seen = this.stage.unit.next('the finger', (line) => line['event'] === 'finger', 60_000);
      this.stage.unit.type(`finger ${number}`);
      await seen;
    }
  }

  /** Waits until the unit waits for the persons of a ceremony. */
  async ceremonyAtUnit(): Promise<void> {
    await until('the ceremony at the unit', async () => (((await this.stage.bridge.json<{ status?: { ceremony: number } }>('GET', `/v1/devices/${this.stage.device}`)).status?.ceremony ?? 0) !== 0 ? true : undefined), 120_000);
  }

  /** Waits until a ceremony is done. */
  async ceremonyDone(id: string): Promise<void> {
    await until('the ceremony', async () => ((await this.as('wang').json<{ state: string }>('GET', `/v1/ceremonies/${id}`)).state === 'done' ? true : undefined), 120_000);
  }

  /** The holder lays a finger on the reader, and a page into the tray. */
  async present(page: string, number: number): Promise<void> {
    const { unit, holderNumber } = this.stage;
    const seen = unit.next('the finger', (line) => line['event'] === 'finger', 60_000);
    unit.type(`finger ${holderNumber}`);
    await seen;
    const laid = unit.next('the sheet', (line) => line['event'] === 'paper', 60_000);
    unit.type(`paper ${quoted(asset(page))} ${number}`);
    await laid;
  }

  async emptyTray(): Promise<void> {
    const empty = this.stage.unit.next('the tray being emptied', (line) => line['event'] === 'paper', 60_000);
    this.stage.unit.type('paper out');
    await empty;
  }

  /** The number that stands on the unit's display once it has taken a photo newer than `last`. */
  async displayed(last: number): Promise<number> {
    return until('the photo', async () => {
      const { seq } = await newestPhoto(this.stage);
      return seq > last ? seq : undefined;
    }, 120_000);
  }

  async newest(): Promise<number> {
    return (await newestPhoto(this.stage)).seq;
  }

  /** Waits until so many uses stand in the register, stamped and with both photos. */
  async proven(count: number): Promise<{ device: string; intent: number }> {
    return until('the use in the register', async () => {
      const { uses } = await this.as('wang').json<{ uses: { device: string; intent: number; result: string; beforeStored: boolean; afterStored: boolean }[] }>('GET', '/v1/register/uses');
      const [newest] = uses;
      return uses.length >= count && newest !== undefined && newest.result === 'stamped' && newest.beforeStored && newest.afterStored ? newest : undefined;
    }, 120_000);
  }

  async close(): Promise<void> {
    await this.stage.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
