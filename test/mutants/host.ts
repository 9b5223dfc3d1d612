/**
 * Ways in which bridge or desk could be wrong, caught in worlds where both are the real ones. As in list.ts; here `file` is a
 * compiled module below dist/, and the change is made while it is loaded. What a bridge does wrong can never put ink on paper
 * that the authority did not grant: its mutants lose, hide or delay.
 */
import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import type { Change, Mutant } from './list';

const FOLLOW = 'host-bridge/desk/follow/follower';
const INTAKE = 'host-bridge/desk/follow/intake';
const ATTEND = 'host-bridge/bridge/attend';
const SPOOL = 'host-bridge/bridge/spool';
const PERMITS = 'host-bridge/desk/authority/permits';
const PORT = 'host-bridge/bridge/port';
const JUDGEMENT = 'host-bridge/inspection/judgement';

function one(id: string, breaks: string, what: string, within: number, file: string, from: string, to: string): Mutant {
  return { id, breaks, what, profile: 'chain', within, changes: [{ file, from, to }] };
}

export const HOST_MUTANTS: readonly Mutant[] = [
  one('withdrawal stays here', 'S1', 'a permit that is taken back is only crossed out at the desk', 60, PERMITS, "await this.state(trx, row.device, { kind: 'revoke', permit, counter: Number(row.counter) }, by, reason);", ''),
  one('one approver is enough', 'S1', 'the first approval issues the permit', 40, 'host-bridge/desk/approvals/approvals', 'if (step === application.chain.length) {', 'if (step > 0) {'),
  one('a stroke for good measure', 'S1', 'the permit has one stroke more than was applied for', 20, PERMITS, 'count: order.count,', 'count: order.count + 1,'),
  one('first person will do', 'S1', 'the permit names only the first of the persons', 40, 'host-bridge/desk/approvals/approvals', 'const persons = holders.map((person)', 'const persons = holders.slice(0, 1).map((person)'),
  one('permit for another paper', 'S1', "the permit names the content's hash in place of the document's", 20, PERMITS, "document: Buffer.from(order.document, 'hex'), idle:", "document: Buffer.from(order.content, 'hex'), idle:"),
  one('pages not compared', 'S1', 'a stroke is granted without a look at what the photo shows', 60, 'host-bridge/desk/approvals/comparison-routes', 'if (!comparison.on) return undefined;', 'return undefined;'),
  one('another page passes', 'S1', 'a page that differs stands in the way of no stroke', 60, JUDGEMENT, "if (verdict !== 'same' || reasons.length > 0 || page === undefined)", 'if (reasons.length > 99)'),
  one('desk takes any picture', 'S3', 'a photo of the right size counts as the one that the record names', 200, FOLLOW, "|| (0, records_1.photoDigest)(photo).toString('hex') !== row.digest) {", ') {'),
  one('desk always stamped', 'S3', 'every outcome stands as stamped in the register', 60, 'host-bridge/desk/follow/effects', '{ outcome: record.seq, result })', '{ outcome: record.seq, result: 1 })'),
  one('acknowledged before it came', 'S4', 'photos are acknowledged that the desk does not have yet', 60, FOLLOW, 'state.wanted ? Number(state.wanted.seq) : through;', 'through;'),
  one('forged records taken', 'S4', "the desk does not look at a record's MAC", 120, INTAKE, "if (!(0, records_1.macIsRight)(record, key)) return stop('bad-mac', record.seq);", ''),
  one('bridge hides alarms', 'S6', 'an alarm is no event of the bridge', 40, SPOOL, "await this.events.append(trx, 'alarm', device,", 'void (device,'),
  one('desk hides alarms', 'S6', 'an alarm is no case at the desk', 40, 'host-bridge/desk/follow/effects', "await (0, cases_1.openCase)(trx, history, record.device, 'alarm', record.seq,", 'void (record.seq,'),
  one('desk numbers permits alike', 'S7', 'every permit of a unit has the same counter', 40, PERMITS, '{ next_counter: counter + 1 }', '{ next_counter: counter }'),
  {
    id: 'stays away', breaks: 'L1', what: 'the longer a port is empty, the later somebody looks again', profile: 'chain', within: 60,
    changes: [
      { file: PORT, from: 'default: return 2_000;', to: 'default: return 60_000;' },
      { file: PORT, from: 'tries: Math.min(tries + 1, 4)', to: 'tries: tries + 1' },
    ],
  },
  one('port given up', 'L1', 'a port whose unit went away is not opened again', 40, 'host-bridge/bridge/supervisor', "this.tell(why); this.feed({ type: 'lost' });", 'this.tell(why);'),
  one('delivered before it is', 'L2', 'a permit counts as delivered before the unit has answered', 120, ATTEND,
    "const { count, used, closed } = await session.permitLoad(bytes); await deliveries.settle(delivery, { state: 'delivered', count, used, closed });",
    "await deliveries.settle(delivery, { state: 'delivered', count: 0, used: 0, closed: false }); await session.permitLoad(bytes);"),
  one('time never set', 'L2', 'the desk does not answer a unit that wants the time', 20, FOLLOW, 'if (status.online) await this.time(id, status.time, status.kept);', ''),
  one('never acknowledges', 'L3', 'the desk acknowledges nothing', 40, FOLLOW, 'await this.photos(id); await this.acknowledge(id);', 'await this.photos(id);'),
  one('tree hashed otherwise', 'L4', 'the root is not that of RFC 9162', 10, 'host-bridge/desk/register/merkle', "(0, node_crypto_1.createHash)('sha256').update(Buffer.of(1)).update(left)", "(0, node_crypto_1.createHash)('sha256').update(Buffer.of(0)).update(left)"),
  one('charge forgotten', 'L4', 'what a failed stroke gives back is not counted', 120, 'host-bridge/desk/follow/effects', 'if (charged !== undefined) await', 'if (charged === undefined) await'),
];

/** White space of the pattern stands for any. */
function pattern(text: string): RegExp {
  return new RegExp(text.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+'), 'g');
}

const moduleOf = (dist: string, file: string): string => path.join(dist, `${file}.js`);

/** The module's text with the change in it. @throws where it does not fit exactly once */
function changed(text: string, { file, from, to }: Change): string {
  const found = text.match(pattern(from)) ?? [];
  if (found.length !== 1) throw new Error(`${file}: ${JSON.stringify(from)} fits ${found.length} times`);
  return text.replace(pattern(from), () => to);
}

/** Whether the changes fit what was compiled. @throws where one does not */
export function fitHost(dist: string, changes: readonly Change[]): void {
  for (const change of changes) {
    const file = moduleOf(dist, change.file);
    if (!existsSync(file)) throw new Error(`no module ${change.file}: npm run build`);
    changed(readFileSync(file, 'utf8'), change);
  }
}

/** From now on this process loads these modules changed. To be called before anything has loaded them. */
export function breakHost(dist: string, changes: readonly Change[]): void {
  fitHost(dist, changes);
  const broken = new Set(changes.map((change) => moduleOf(dist, change.file)));
  for (const file of broken) if (require.cache[file] !== undefined) throw new Error(`${file} is loaded already`);
  type Compiling = { _compile(code: string, file: string): unknown };
  const { prototype } = Module as unknown as { prototype: Compiling };
  const compile = prototype._compile;
  prototype._compile = function (this: Compiling, code: string, file: string): unknown {
    const mine = broken.has(file) ? changes.filter((change) => moduleOf(dist, change.file) === file) : [];
    return compile.call(this, mine.reduce(changed, code), file);
  };
}
