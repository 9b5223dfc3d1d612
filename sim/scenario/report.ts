/** What became of a scenario, for people, programs and build servers. */
import type { Language } from '../cli/texts';
import { inLanguage } from './commands';
import type { Expect, Scenario } from './file';
import { recordText, RECORD_NAMES, stateText } from './names';
import type { Played, StepResult } from './play';

/** A step in one line, as it stands in the file. */
export function stepTitle({ step }: Pick<StepResult, 'step'>, language: Language): string {
  const zh = language === 'zh';
  const line = step.do === undefined ? '' : inLanguage(step.do, language);
  if (step.do !== undefined) return step.refused === undefined ? line : `${line}${zh ? `，应被拒绝：${step.refused}` : `, to be refused: ${step.refused}`}`;
  if (step.expect !== undefined) return `${zh ? '应为：' : 'expect '}${expectText(step.expect, language)}${step.holds > 0 ? (zh ? `，保持 ${step.holds} 秒` : `, for ${step.holds} s`) : ''}`;
  return `# ${step.note?.[language] ?? ''}`;
}

const LABELS: Readonly<Record<string, readonly [string, string]>> = {
  state: ['状态', 'state'], strokes: ['真实盖章', 'strokes'], impressions: ['印迹', 'impressions'], alarms: ['报警', 'alarms'], bolt: ['锁销', 'bolt'], lid: ['盖', 'lid'], actuator: ['执行机构', 'actuator'],
  paper: ['纸', 'paper'], die: ['印章', 'die'], power: ['电源', 'power'], link: ['连接', 'link'], boots: ['开机', 'boots'], lamps: ['灯', 'lamps'], register: ['登记簿', 'register'], no_records: ['没有记录', 'no records'], view: ['画面', 'view'],
};

const FIELD_LABELS: Readonly<Record<string, string>> = { charged: '已计', use: '第几次', count: '次数', person: '人员', persons: '人员', size: '字节', detail: '详情', alarm: '记录号', epoch: '纪元' };

function expectText(wanted: Expect, language: Language): string {
  const zh = language === 'zh';
  const parts = Object.entries(wanted).map(([name, value]: [string, unknown]) => {
    if (name === 'records') return wanted.records!.map((one) => recordWanted(one, language)).join(zh ? '，' : ', ');
    const label = LABELS[name]?.[zh ? 0 : 1] ?? name;
    if (name === 'no_records') return `${label} ${wanted.no_records!.map((kind) => recordText(RECORD_NAMES.indexOf(kind as 'boot'))[language]).join(zh ? '、' : ', ')}`;
    if (name === 'state') return `${label} ${stateText(wanted.state!)[language]}`;
    return `${label} ${plain(value, language)}`;
  });
  return parts.join(zh ? '；' : '; ');
}

function recordWanted({ kind, ...fields }: NonNullable<Expect['records']>[number], language: Language): string {
  // A number alone says nothing; a word does.
  const values = Object.entries(fields).map(([name, value]) => (typeof value === 'string' ? '' : `${language === 'zh' ? (FIELD_LABELS[name] ?? name) : name} `) + plain(value, language)).join(' ');
  return `${language === 'zh' ? '记录“' : 'record "'}${recordText(RECORD_NAMES.indexOf(kind as (typeof RECORD_NAMES)[number]))[language]}${values === '' ? '' : ` ${values}`}${language === 'zh' ? '”' : '"'}`;
}

/** What stands in scenarios as English words. */
const VALUES: Readonly<Record<string, string>> = {
  locked: '锁上', open: '打开', closed: '合上', home: '原位', moving: '在动', stuck: '停在途中', up: '接通', down: '断开', stamped: '已盖章', failed: '未盖上', unknown: '结果不明', before: '盖章前', after: '盖章后',
  used_up: '次数用完', finished: '主动结束', idle: '闲置', expired: '到期', alarm: '报警', revoked: '撤销', refused: '被拒绝', restart: '重新启动',
  green: '绿', red: '红', tray: '托盘', buzzer: '蜂鸣', complete: '齐全', records: '记录', photos: '照片', resumed: '续传', empty: '空托盘', dark: '全黑', none: '没看过',
};

function plain(value: unknown, language: Language): string {
  const zh = language === 'zh';
  const word = (one: string): string => (zh ? (VALUES[one] ?? one) : one);
  if (value === true) return zh ? '有' : 'yes';
  if (value === false) return zh ? '无' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? (zh ? '无' : 'none') : value.map((one) => plain(one, language)).join(', ');
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([name, inner]) => `${word(name)} ${plain(inner, language)}`).join(zh ? '，' : ', ');
  return word(String(value));
}

/** One step's lines: time, whether it went as expected, and what did not. */
export function stepLines(result: StepResult, language: Language): string[] {
  const zh = language === 'zh';
  const { step, misses, at } = result;
  const mark = misses.length > 0 ? '✗' : step.do === undefined && step.expect === undefined ? ' ' : '✓';
  const lines = [`${at.toFixed(3).padStart(10)}  ${mark} ${stepTitle(result, language)}`];
  if (step.note !== undefined && (step.do !== undefined || step.expect !== undefined)) lines.unshift(`${' '.repeat(10)}    # ${step.note[language]}`);
  for (const { what, expected, was } of misses) lines.push(`${' '.repeat(14)}${what}${zh ? '：应为 ' : ': expected '}${expected}${zh ? '，实为 ' : ', was '}${was}`);
  return lines;
}

export function headLines(scenario: Scenario, language: Language): string[] {
  return [`${scenario.title[language]}${scenario.covers.length === 0 ? '' : `  [${scenario.covers.join(' ')}]`}`, ...scenario.about[language].split('\n').map((line) => `  ${line}`)];
}

const counted = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

export function summaryLine(scenario: Scenario, played: Played, language: Language): string {
  const zh = language === 'zh';
  const expectations = played.results.filter(({ step }) => step.expect !== undefined || step.refused !== undefined).length;
  const left = scenario.steps.length - played.results.length;
  if (played.ok) return zh ? `通过：${played.results.length} 步，${expectations} 项期望全部符合，设备时间 ${played.seconds.toFixed(1)} 秒` : `Passed: ${counted(played.results.length, 'step')}, ${counted(expectations, 'expectation')} met, ${played.seconds.toFixed(1)} s of the unit's time`;
  return zh ? `不通过：第 ${played.results.length} 步不符${left > 0 ? `，其后 ${left} 步未执行` : ''}` : `Failed at step ${played.results.length}${left > 0 ? `; ${left} more not played` : ''}`;
}

/** The whole outcome as one object. */
export function reportData(name: string, scenario: Scenario, played: Played, language: Language): Record<string, unknown> {
  return {
    scenario: name, title: scenario.title[language], covers: scenario.covers, ok: played.ok, seconds: played.seconds, steps: scenario.steps.length,
    results: played.results.map((result) => ({ number: result.number, line: result.step.line, at: result.at, step: stepTitle(result, language), ok: result.misses.length === 0, misses: result.misses })),
  };
}

// XML 1.0 knows no way to write most control characters; those that it has an attribute would lose (section 3.3.3).
const xml = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd').replace(/[&<>"\t\n\r]/g, (one) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', '\t': '#9', '\n': '#10', '\r': '#13' }[one]!};`);

/** JUnit's XML as Maven Surefire writes it: a suite a scenario, a case a step; times are virtual seconds. */
export function junit(runs: readonly { name: string; scenario: Scenario; played: Played }[], language: Language): string {
  const suites = runs.map(({ name, scenario, played }) => {
    const cases = scenario.steps.map((step, i) => {
      const result = played.results[i];
      const head = `    <testcase classname="${xml(name)}" name="${xml(`${i + 1} ${stepTitle({ step }, language)}`)}" time="${(result?.took ?? 0).toFixed(3)}"`;
      if (result === undefined) return `${head}><skipped/></testcase>`;
      const failures = result.misses.map(({ what, expected, was }) => `<failure type="expectation" message="${xml(`${what}: expected ${expected}, was ${was}`)}">${xml(`line ${step.line} of the scenario, ${result.at.toFixed(3)} s`)}</failure>`);
      return failures.length === 0 ? `${head}/>` : `${head}>${failures.join('')}</testcase>`;
    });
    const failed = played.results.filter(({ misses }) => misses.length > 0).length;
    const skipped = scenario.steps.length - played.results.length;
    return [`  <testsuite name="${xml(name)}" tests="${scenario.steps.length}" failures="${failed}" errors="0" skipped="${skipped}" time="${played.seconds.toFixed(3)}">`,
      `    <properties><property name="title" value="${xml(scenario.title[language])}"/><property name="covers" value="${xml(scenario.covers.join(' '))}"/></properties>`, ...cases, '  </testsuite>'].join('\n');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>\n`;
}
