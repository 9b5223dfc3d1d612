/** What a person reads who types at the keypad, or takes part in a ceremony. */
import { Action, GrantKind, type Grant } from '../../protocol/permit';
import { T0 } from '../firmware/identity';
import { started, type Person } from './support';

let counter = 5000;

function offer(p: Person, action: Action, more: Partial<Grant> = {}): void {
  counter++;
  expect(p.rig.apply({ kind: GrantKind.CEREMONY, action, counter, permit: `ceremony ${counter}`.padEnd(16), epoch: 1, notBefore: T0 - 60, notAfter: T0 + 100_000, ...more })).toBe(0);
}

describe.each([
  ['Chinese', 0, {
    offered: ['设置口令', '在键盘上输入', '已验证 0/2'],
    gathering: ['设置口令', '在键盘上输入', '已验证 1/2'],
    ask: ['请输入新口令', '****', '#确认 *返回 A英'],
    weak: ['✘  拒绝      R40', '口令太简单', '或两次不一致', '人员 102'],
    again: ['请再输入一次', '', '#确认 *返回 A英'],
    number: ['请输入人员编号', '102', '#确认 *返回 A英'],
    wrong: ['✘  拒绝      R35', '口令错误', '', '人员 102'],
    enrol: ['登记指纹', '同一手指按两次', ''],
    proof: ['指纹或口令', '****', '#确认 *返回 A英'],
    count: ['盖章次数 1-9', '2', '#确认 *返回 A英'],
    document: ['请输入文件码', '48151623', '#确认 *返回 A英'],
    call: ['请致电办公室', '询问码 C', '编号 N', '应答码 1234'],
    mistyped: ['✘  拒绝      R45', '输入有误', '请核对再输', '人员 101'],
    trip: ['请输入外出码', '3019850834116727', '#确认 *返回 A英'],
    suspended: ['印章已停用', '请联系办公室', '已连接办公室'],
    other: ['Out of service:', 'call the office', 'office connected'],
  }],
  ['English', 1, {
    offered: ['Set a passcode', 'at the keypad', 'persons 0/2'],
    gathering: ['Set a passcode', 'at the keypad', 'persons 1/2'],
    ask: ['New passcode', '****', '#ok *back A 中文'],
    weak: ['✘  Refused   R40', 'Too simple, or', 'not twice alike', 'person 102'],
    again: ['Once more', '', '#ok *back A 中文'],
    number: ['Your number', '102', '#ok *back A 中文'],
    wrong: ['✘  Refused   R35', 'Wrong passcode', '', 'person 102'],
    enrol: ['Enrol a finger:', 'lay it on twice', ''],
    proof: ['Finger, passcode', '****', '#ok *back A 中文'],
    count: ['Strokes, 1 to 9', '2', '#ok *back A 中文'],
    document: ['Document code', '48151623', '#ok *back A 中文'],
    call: ['Call the office', 'ask  C', 'no.  N', 'answer 1234'],
    mistyped: ['✘  Refused   R45', 'Mistyped: look', 'and type again', 'person 101'],
    trip: ['Trip code', '3019850834116727', '#ok *back A 中文'],
    suspended: ['Out of service:', 'call the office', 'office connected'],
    other: ['印章已停用', '请联系办公室', '已连接办公室'],
  }],
] as const)('%s', (_name, language, say) => {
  const below = (p: Person): string[] => p.soon().slice(1).map((row) => row.trim());
  const all = (p: Person): string[] => p.soon().map((row) => row.trim());

  test('a ceremony of two persons, in which one chooses a passcode', () => {
    const p = started(language);
    offer(p, Action.CODE_SET, { subject: 102, persons: [101, 1, 102, 1] });
    expect(below(p)).toEqual(say.offered);
    p.rig.finger(3);
    expect(below(p)).toEqual(say.gathering);
    p.rig.finger(4);
    p.rig.type('1234');
    expect(below(p)).toEqual(say.ask);
    p.rig.type('#');
    expect(all(p)).toEqual(say.weak);
    // The next key takes the refusal away.
    p.rig.type('481516#');
    expect(below(p)).toEqual(say.again);
    p.rig.type('481516#');
    p.later(500);
    p.rig.type('102');
    expect(below(p)).toEqual(say.number);
    p.rig.type('#');
    p.rig.type('000000#');
    expect(all(p)).toEqual(say.wrong);
    // Nothing typed stands on the glass as it is.
    p.rig.type('102#4815');
    expect(p.soon().join('')).not.toMatch(/4815/);
  });

  test('a challenge is read out, an answer typed; a trip code is typed', () => {
    const p = started(language);
    p.rig.type('B101#1234');
    expect(below(p)).toEqual(say.proof);
    p.rig.finger(3);
    p.rig.type('2');
    expect(below(p)).toEqual(say.count);
    p.rig.type('#48151623');
    expect(below(p)).toEqual(say.document);
    p.rig.type('#12345');
    const { challenge, name } = p.rig.device!.offline!;
    p.rig.type('*1234');
    expect(name).toMatch(/^0001-\d\d$/);
    expect(all(p)).toEqual(say.call.map((row) => row.replace('C', row.startsWith('Call') ? 'C' : challenge).replace('N', name)));
    p.rig.type('#');
    expect(all(p)).toEqual(say.mistyped);
    p.rig.type('**C101#');
    p.rig.finger(3);
    p.rig.type('3019850834116727');
    expect(below(p)).toEqual(say.trip);
  });

  test('a finger is enrolled, the seal put out of service, the language changed for good', () => {
    const p = started(language);
    offer(p, Action.FINGER_ADD, { subject: 103, persons: [101, 1] });
    p.rig.finger(3);
    expect(below(p)).toEqual(say.enrol);
    p.rig.enrolled(0);
    offer(p, Action.SUSPEND);
    expect(below(p)).toEqual(say.suspended);
    p.rig.type('A');
    expect(below(p)).toEqual(say.other);
    p.rig.die();
    p.rig.boot();
    p.later(3000);
    expect(p.rig.device!.state.language).toBe(1 - language);
  });
});
