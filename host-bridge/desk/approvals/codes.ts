/**
 * Codes for units without a network: the answer to a challenge that somebody reads out on the phone, and trip codes. Both stand in the
 * place of an approved application's permit, which is taken back. Numbers are taken and the code is written down in one transaction.
 */
import { COMMON, Problem } from '../../common/errors';
import { getApplication, type Application } from '../applications/applications';
import type { Authority } from '../authority/authority';
import { documentCode, offlineHow, type OfflineTerms } from '../authority/offline';
import type { Permits } from '../authority/permits';
import { decodeCbor } from '../cbor';
import { DESK } from '../errors';
import type { History, Trx } from '../history';
import { getPerson } from '../people/people';
import { enrolmentsOf, getDevice, getSeal } from '../register/cards';
import { readEntries } from '../register/register';
import type { Steps } from '../chains/steps';
import { canonicalJson, codeContent } from '../register/signature';
import type { Act, Signatures, Signed } from '../signatures/signatures';
import type { Db } from '../tables';

/** What the person at the unit reads off its display. */
export interface Call {
  challenge: string;
  /** Last four digits of its number, a dash, the check. */
  number: string;
}

export interface CodeOrder {
  application: string;
  /** Strokes; all that are granted where not said. */
  count?: number;
  /** Why, where the application has had a code before. */
  reason?: string;
  /** Without one it is a trip code. */
  call?: Call;
  /** Electronic signature of who gives it, over all of this. */
  signed?: Signed | undefined;
}

/** What a code is for, as it is signed: what was read out on the phone is part of it, so no signature is good for another call. */
function saidOf({ call, count, reason }: CodeOrder, application: Application): string {
  return canonicalJson({ how: call ? 'answer' : 'trip', count: count ?? application.granted.count, reason, call: call && `${call.challenge} ${call.number}` });
}

function codeAct(act: string, order: CodeOrder, application: Application): Act {
  return { matter: 'code', subject: application.id, content: codeContent(act, application.content ?? '', saidOf(order, application)).toString('hex'), documents: [application.document], decision: 'granted', search: application.purpose };
}

/** A code, and all that it is for: to be read back before it is told. */
export interface Code {
  id: string;
  code: string;
  application: string;
  device: string;
  seal: string;
  die: string;
  person: number;
  name: string;
  count: number;
  document: string;
  documentCode: string;
  /** Number of the challenge, or serial of the trip code. */
  number: number;
}

/** Strokes that a code can be for. */
const mostStrokes = 9;
/** Of the numbers that a display shows. */
const shownNumbers = 10_000;

/** Who gave a code, by its entry of the register. */
async function giverOf(trx: Trx, code: string): Promise<number | undefined> {
  const entry = (await readEntries(trx, 0, 100, code)).find(({ kind }) => kind === 'code');
  const item = entry && decodeCbor(entry.body);
  const data = Array.isArray(item) ? item[4] : undefined;
  return data instanceof Map ? Number(data.get('by')) : undefined;
}

export class Codes {
  constructor(
    private readonly history: History,
    private readonly authority: Authority,
    private readonly permits: Permits,
    private readonly steps: Steps,
    private readonly signatures: Signatures,
  ) {}

  /** For who gives a code to sign it. @throws NOT_FOUND, WRONG_STATE, SIGN_IN_OFF */
  async signing(order: CodeOrder, by: number): Promise<Awaited<ReturnType<Signatures['begin']>>> {
    return this.history.store.read(async (db) => {
      const application = await this.theirs(db, order.application, by);
      return this.signatures.begin(db, 'code', 8, by, (act) => codeAct(act, order, application));
    });
  }

  /** The application, of one of those who approve it. */
  private async theirs(db: Db, id: string, by: number): Promise<Application> {
    const application = await getApplication(db, id);
    if (!application.chain.some((step) => step.includes(by))) throw new Problem(COMMON.NOT_FOUND, `application ${id}`);
    if (application.state !== 'approved') throw new Problem(DESK.WRONG_STATE, application.state);
    return application;
  }

  /** Gives a code for an approved application, by one of those who approve it. @throws SIGNATURE_REQUIRED, SIGNATURE_WRONG, STEP_OVER beside what keeps a code from being given */
  async give(order: CodeOrder, by: number): Promise<Code> {
    return this.history.commit(async (trx) => {
      const application = await this.fitting(trx, order, by);
      const seal = await getSeal(trx, application.seal);
      const holder = application.persons[0] as number;
      const enrolled = (await enrolmentsOf(trx, seal.device)).find((one) => one.person === holder);
      if (!enrolled) throw new Problem(DESK.NOT_ENROLLED, `person ${holder}`);
      if (await trx.selectFrom('unheard').select('device').where('device', '=', seal.device).executeTakeFirst()) throw new Problem(DESK.NOT_HEARD, seal.device);
      const terms: OfflineTerms = {
        device: Buffer.from(seal.device, 'hex'), die: Buffer.from(seal.die, 'hex'), epoch: (await getDevice(trx, seal.device)).epoch,
        person: enrolled.number, count: order.count ?? application.granted.count,
        ...(order.call ? { document: documentCode(application.document) } : {}),
      };
      const how = order.call ? offlineHow.answer : offlineHow.trip;
      const codes = this.authority.codes(terms.device);
      const number = await this.number(trx, seal.device, order.call && ((counter, { challenge, number: shown }) => codes.check(counter, challenge, terms) === shown.slice(5)), order.call);
      const id = codes.id(how, number, terms).toString('hex');
      const said = {
        id, code: order.call ? codes.answer(number, order.call.challenge, terms) : codes.trip(number, terms), application: application.id, device: seal.device, seal: seal.name,
        die: seal.die, person: holder, name: (await getPerson(trx, holder)).name, count: terms.count, document: application.document, documentCode: documentCode(application.document), number,
      };
      const before = await trx.selectFrom('offline_code').select('challenge').where('id', '=', id).executeTakeFirst();
      // Asked once more it is the same, for who has given and signed it: whoever else reads it out would do so on nobody's record.
      if (before?.challenge === (order.call?.challenge ?? '') && (await giverOf(trx, id)) === by) return said;
      const taken = await trx.selectFrom('offline_code').select('id').where('device', '=', seal.device).where('how', '=', how).where('number', '=', number).executeTakeFirst();
      if (taken) throw new Problem(DESK.WRONG_STATE, `challenge ${number} was answered`);
      await this.write(trx, said, how, order, terms.person, application, by);
      return said;
    });
  }

  /** The application, if a code may stand in for its permit now. */
  private async fitting(trx: Trx, order: CodeOrder, by: number): Promise<Application> {
    const application = await this.theirs(trx, order.application, by);
    this.steps.checkOwn(application.applicant, by);
    const { granted } = application;
    const now = this.history.seconds();
    // A trip code is given in advance; the unit cannot be told the window.
    if (granted.notAfter <= now || (order.call && granted.notBefore > now)) throw new Problem(DESK.WINDOW, 'not now');
    if (granted.persons.length !== 1 || application.strokeGrants) throw new Problem(DESK.NO_CODE, 'for one person, without a grant for each stroke');
    // A code is too short to carry them, and may not be worth more than the permit.
    if (granted.place !== null || granted.crossPage > 0 || application.dock || application.still) throw new Problem(DESK.NO_CODE, 'without a place, conditions and strokes over edges');
    const count = order.count ?? granted.count;
    if (count > granted.count) throw new Problem(DESK.WIDENED);
    if (count > mostStrokes) throw new Problem(DESK.NO_CODE, `at most ${mostStrokes} strokes`);
    const permits = await trx.selectFrom('permit').select(['id', 'state']).where('application', '=', application.id).execute();
    if (permits.some(({ state }) => state === 'delivered')) throw new Problem(DESK.WRONG_STATE, 'the unit has the permit');
    return application;
  }

  /** The next serial; or the number of the challenge that is read out, told by its last digits and, if one was misheard, by its check. */
  private async number(trx: Trx, device: string, fits: ((counter: number, call: Call) => boolean) | undefined, call: Call | undefined): Promise<number> {
    const row = await trx.selectFrom('offline_number').selectAll().where('device', '=', device).executeTakeFirst();
    if (!row) await trx.insertInto('offline_number').values({ device, calls: 0, serial: 0 }).execute();
    if (!call || !fits) {
      const serial = Number(row?.serial ?? 0) + 1;
      await trx.updateTable('offline_number').set({ serial }).where('device', '=', device).execute();
      return serial;
    }
    const last = Number(row?.calls ?? 0);
    const calls = last + ((Number(call.number.slice(0, 4)) - (last % shownNumbers) + shownNumbers) % shownNumbers);
    if (!fits(calls, call)) throw new Problem(DESK.MISHEARD);
    await trx.updateTable('offline_number').set({ calls }).where('device', '=', device).execute();
    return calls;
  }

  private async write(trx: Trx, said: Code, how: number, order: CodeOrder, person: number, application: Application, by: number): Promise<void> {
    const earlier = await trx.selectFrom('offline_code').select('id').where('application', '=', application.id).executeTakeFirst();
    if (earlier && (order.reason ?? '').trim() === '') throw new Problem(DESK.REASON_REQUIRED);
    for (const permit of await trx.selectFrom('permit').select('id').where('application', '=', application.id).execute()) await this.permits.revoke(trx, permit.id, by, 'a code was given');
    await trx
      .insertInto('offline_code')
      .values({
        id: said.id, application: application.id, device: said.device, how, number: said.number, person, count: said.count, challenge: order.call?.challenge ?? '',
        state: 'given', used: 0, created: this.history.seconds(),
      })
      .execute();
    const act = await this.signatures.identity(trx, 'code', 8, by, order.signed);
    await this.history.note(
      trx, 'code',
      {
        code: Buffer.from(said.id, 'hex'), how: order.call ? 'answer' : 'trip', device: Buffer.from(said.device, 'hex'), number: said.number, application: application.id,
        content: Buffer.from(application.content ?? '', 'hex'), document: Buffer.from(application.document, 'hex'), person, count: said.count, by, reason: order.reason,
        ...(order.signed === undefined ? {} : { act, said: saidOf(order, application) }),
      },
      `${said.id} ${application.id} ${application.purpose} ${said.seal} ${said.name} ${order.reason ?? ''}`,
      { type: 'permit', device: said.device, data: { permit: said.id, application: application.id, state: 'given' } },
    );
    await this.signatures.check(trx, codeAct(act, order, application), by, order.signed?.signature);
  }
}
