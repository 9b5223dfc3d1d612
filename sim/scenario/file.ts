/**
 * A scenario as it stands in a YAML file: read strictly, so that a misspelt word is an error with its place and not an
 * expectation that is never looked at. YAML 1.2, core schema.
 */
import * as v from 'valibot';
import { isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { ERRORS, SimError, words, type ErrorCode, type Language, type Words } from '../cli/texts';
import { parseLine } from './commands';
import { FIELDS, NAMED } from './journal';
import { ALARM_NAMES, RECORD_NAMES, REFUSAL_NAMES, STATES_SEEN } from './names';

/** Largest file, characters; most steps. */
const LIMIT = 1_000_000;
const STEPS = 10_000;

const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(2000));
const Both = v.strictObject({ zh: Text, en: Text });
const Whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4_294_967_295));
const Seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(2_592_000));
const named = (names: readonly string[]) => v.picklist(names.filter((name) => name !== ''));
/** Something must be wanted: an expectation of nothing would always be met. */
const something = <T extends object>() => v.check<T, string>((given) => Object.values(given).some((value) => value !== undefined), 'empty');
const Lamps = v.pipe(v.strictObject({ green: v.optional(v.boolean()), red: v.optional(v.boolean()), tray: v.optional(v.boolean()), buzzer: v.optional(v.boolean()) }), something());
/** A record's kind and any of its fields (SPEC.md section 9, names in journal.ts). What could never be met is an error here. */
const RecordWanted = v.pipe(
  v.objectWithRest({ kind: named(RECORD_NAMES) }, v.union([Text, Whole, v.array(Whole)])),
  v.check(({ kind, ...fields }) => Object.entries(fields).every(([name, value]) => FIELDS[kind]?.includes(name) === true && (NAMED[name] === undefined || (value !== '' && NAMED[name].includes(String(value))))), 'field'),
);

const Expect = v.pipe(v.strictObject({
  state: v.optional(v.picklist(STATES_SEEN)),
  /** Strokes that really happened, and impressions on the sheet that lies in the tray. */
  strokes: v.optional(Whole),
  impressions: v.optional(Whole),
  /** These records, in this order, since the last step that named records; others may lie between. */
  records: v.optional(v.pipe(v.array(RecordWanted), v.minLength(1))),
  /** None of these kinds since then. */
  no_records: v.optional(v.pipe(v.array(named(RECORD_NAMES)), v.minLength(1))),
  /** Exactly these stand. */
  alarms: v.optional(v.array(named(ALARM_NAMES))),
  lamps: v.optional(Lamps),
  /** Stands in one row of the display, in the unit's language. */
  display: v.optional(Text),
  display_dark: v.optional(v.boolean()),
  bolt: v.optional(v.picklist(['locked', 'open'])),
  lid: v.optional(v.picklist(['closed', 'open'])),
  actuator: v.optional(v.picklist(['home', 'moving', 'stuck'])),
  paper: v.optional(v.boolean()),
  die: v.optional(v.boolean()),
  power: v.optional(v.boolean()),
  link: v.optional(v.picklist(['up', 'down'])),
  boots: v.optional(Whole),
  /** The bench office's register: everything there and acknowledged, so many records, so many photos, so many of them resumed after a break. */
  register: v.optional(v.pipe(v.strictObject({ complete: v.optional(v.boolean()), records: v.optional(Whole), photos: v.optional(Whole), resumed: v.optional(Whole) }), something())),
  /** What the office saw last through a fast camera: the sheet's name and how often it is stamped, 'empty', 'dark'; 'none': it has not looked. */
  view: v.optional(Text),
}), something());
export type Expect = v.InferOutput<typeof Expect>;

const Done = v.strictObject({ do: Text, refused: v.optional(Text), at: v.optional(Seconds), note: v.optional(Both) });
const Awaited = v.strictObject({ expect: Expect, within: v.optional(Seconds), for: v.optional(Seconds), at: v.optional(Seconds), note: v.optional(Both) });
const Said = v.strictObject({ note: Both });
/** Which it is, one key tells, so that what is wrong beside it can be named. */
const Step = v.union([Text, v.lazy((given) => {
  const has = (name: string): boolean => typeof given === 'object' && given !== null && Object.hasOwn(given, name);
  return has('do') ? Done : has('expect') || !has('note') ? Awaited : Said;
})]);

const Scenario = v.strictObject({
  title: Both,
  about: Both,
  /** Requirements, C1..C9. */
  covers: v.optional(v.array(v.pipe(v.string(), v.regex(/^[A-E][1-9]$/))), []),
  unit: v.optional(v.strictObject({
    seed: v.optional(Whole, 1),
    /** Per cent. */
    battery: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100)), 90),
    camera: v.optional(v.picklist(['fast', 'real']), 'fast'),
    die: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/))),
    /** Dies in a revolver of four holders. */
    dies: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4))),
    people: v.optional(v.pipe(v.array(v.strictObject({ person: v.pipe(Whole, v.minValue(1)), name: Text, enrolled: v.optional(v.boolean(), true) })), v.minLength(1), v.maxLength(50))),
  }), {}),
  /** Seconds that pass after each thing done by hand; a person is not faster. */
  pace: v.optional(Seconds, 3),
  steps: v.pipe(v.array(Step), v.minLength(1), v.maxLength(STEPS)),
});

export interface ScenarioStep {
  line: number;
  do: string | undefined;
  /** Name of the refusal or error that the command must meet. */
  refused: string | undefined;
  expect: Expect | undefined;
  /** Seconds. */
  within: number;
  holds: number;
  /** Not before this second of the unit's life. */
  at: number | undefined;
  note: Words | undefined;
}

export type Scenario = Omit<v.InferOutput<typeof Scenario>, 'steps'> & { steps: ScenarioStep[] };

/** A scenario that cannot be played: where, and why. `code` is stable. */
export class ScenarioError extends SimError {
  constructor(
    code: ErrorCode,
    readonly file: string,
    readonly line: number,
    readonly column: number,
    readonly why: Words,
    language: Language,
  ) {
    super(code, `${file}:${line}:${column} ${why[language]}`);
  }
}

/** How long an expectation may take where nothing is said, s. */
const WITHIN_S = 15;

/** @throws ScenarioError */
export function readScenario(text: string, file: string, language: Language): Scenario {
  const lines = new LineCounter();
  const fail = (code: ErrorCode, offset: number, why: Words): never => {
    const { line, col } = lines.linePos(offset);
    throw new ScenarioError(code, file, line, col, why, language);
  };
  if (text.length > LIMIT) throw new ScenarioError('SCENARIO_YAML', file, 1, 1, words('文件太大', 'the file is too large'), language);
  // The parser compares each key of a map with all others before it: minutes, for a large file.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, uniqueKeys: false, version: '1.2' });
  const [wrong] = [...document.errors, ...document.warnings];
  if (wrong) fail('SCENARIO_YAML', wrong.pos[0], words(`${wrong.code}：${wrong.message}`, `${wrong.code}: ${wrong.message}`));
  const twice = keyTwice(document);
  if (twice !== undefined) fail('SCENARIO_YAML', twice.offset, words(`DUPLICATE_KEY：${twice.key} 出现了两次`, `DUPLICATE_KEY: ${twice.key} stands there twice`));
  const plain = plainOf(document, fail);
  const parsed = v.safeParse(Scenario, plain);
  if (!parsed.success) {
    const issue = deepest(parsed.issues[0]!);
    const keys = (issue.path ?? []).map(({ key }) => key);
    fail('SCENARIO_FIELD', offsetOf(document, keys), whatIsWrong(issue, keys));
    throw new Error('unreachable');
  }
  const { steps, ...rest } = parsed.output;
  return {
    ...rest,
    steps: steps.map((step, i): ScenarioStep => {
      const offset = offsetOf(document, ['steps', i]);
      const given = typeof step === 'string' ? { do: step } : step;
      const { line } = lines.linePos(offset);
      const read = {
        line, do: undefined, refused: undefined, expect: undefined, at: undefined, note: undefined,
        ...given, within: 'within' in given && given.within !== undefined ? given.within : WITHIN_S, holds: 'for' in given && given.for !== undefined ? given.for : 0,
      };
      checkCommand(read, language, (why) => fail('SCENARIO_COMMAND', offset, why));
      return read;
    }),
  };
}

/** A key that a map has twice, and where it stands the second time. */
function keyTwice(document: Document): { key: string; offset: number } | undefined {
  let found: { key: string; offset: number } | undefined;
  visit(document, {
    Map(_key, { items }) {
      const keys = new Set<string>();
      for (const { key } of items) {
        const name = isScalar(key) ? String(key.value) : String(key);
        if (keys.has(name)) {
          found = { key: name, offset: (key as { range?: [number, number, number] }).range?.[0] ?? 0 };
          return visit.BREAK;
        }
        keys.add(name);
      }
      return undefined;
    },
  });
  return found;
}

/** Aliases are followed to a small number of copies only. */
function plainOf(document: Document, fail: (code: ErrorCode, offset: number, why: Words) => never): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    return fail('SCENARIO_YAML', 0, words((error as Error).message, (error as Error).message));
  }
}

function checkCommand(step: ScenarioStep, language: Language, fail: (why: Words) => void): void {
  if (step.do === undefined) return;
  try {
    const parsed = parseLine(step.do, language);
    if (parsed === undefined) fail(words('空的命令', 'an empty command'));
    else if (parsed.command.looks === true) fail(words(`“${step.do}”只是查看，不改变设备`, `"${step.do}" only shows something`));
  } catch (error) {
    const { code, detail } = error as SimError;
    fail(words(`${code}：${detail}`, `${code}: ${detail}`));
  }
  const { refused } = step;
  if (refused !== undefined && !(REFUSAL_NAMES as readonly string[]).includes(refused) && !Object.hasOwn(ERRORS, refused)) fail(words(`refused：没有代码 ${refused}`, `refused: no such code: ${refused}`));
}

type Issue = v.BaseIssue<unknown>;

/** In a union, the issue of the member that came furthest. */
function deepest(issue: Issue): Issue {
  let best = issue;
  for (const inner of issue.issues ?? []) {
    const found = deepest({ ...inner, path: [...(issue.path ?? []), ...(inner.path ?? [])] } as Issue);
    if ((found.path?.length ?? 0) > (best.path?.length ?? 0)) best = found;
  }
  return best;
}

/** Where the value at this path stands, or the nearest thing around it that is there. */
function offsetOf(document: Document, path: readonly unknown[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = (node as { range?: [number, number, number] } | null | undefined)?.range;
    if (range) return range[0];
  }
  return 0;
}

function whatIsWrong(issue: Issue, keys: readonly unknown[]): Words {
  const where = keys.map(String).join('.') || '-';
  if (issue.expected === 'never') return words(`${where}：没有这个字段`, `${where}: there is no such key`);
  if (issue.message === 'empty') return words(`${where}：没有写明期望什么`, `${where}: nothing is expected`);
  if (issue.received === 'undefined') return words(`${where}：缺少`, `${where} is missing`);
  if (issue.expected === null) return words(`${where}：值不对（${issue.received}）`, `${where}: ${issue.received} is not right here`);
  return words(`${where}：应为 ${issue.expected}，实为 ${issue.received}`, `${where}: ${issue.expected} is wanted, found ${issue.received}`);
}
