/** What a person in front of the unit reads, in both languages: through the driver and the simulated glass, not from inside. */
import { Phase } from '../../firmware/core/states';
import { Person, started, type Reading } from './support';

/** What stands there at each step of one use with two persons, photos and stroke grants, in Chinese and English. */
const BAR = /^(🔒|🔓)(\d\d:\d\d|--:--) (🔗| {2})[▯▂▄▆█] {2}(\d\d%|🔌)$/u;

describe.each([
  ['Chinese', 0, {
    noTime: ['没有可信时间', '等待办公室校时', '未连接办公室'],
    noPermit: ['印章已锁', '等待授权', '已连接办公室'],
    idle: ['印章已锁', '请按指纹或输编号', '已连接办公室'],
    alone: ['印章已锁', '请按指纹或输编号', '未连接办公室'],
    stranger: ['✘  拒绝      R17', '人员未登记', '或不在授权内', ''],
    opening: ['等待其余人员', '请逐一验证', '已验证 1/2'],
    same: ['✘  拒绝      R24', '须两人到场', '不能是同一人', '人员 102'],
    open: ['请放入纸张', '并合上盖子', '剩余次数 2'],
    lid: ['请合上盖子', '', '剩余次数 2'],
    grant: ['⏳等待办公室', '核对照片', '核对号 {n}'],
    stroke: ['✋ 正在盖章', '请勿触碰', '剩余次数 1'],
    change: ['请打开盖子', '换下一页', '剩余次数 1'],
    finished: ['用印已结束', '', ''],
    usedUp: ['用印结束', '次数已用完', ''],
    idleTooLong: ['闲置过久', '用印已关闭', ''],
    alarm: ['⚠  报警      A08', '摄像头故障', '', '请联系办公室'],
    alarmRefuses: ['✘  拒绝      R15', '报警未解除', '请联系办公室', '人员 101'],
    second: ['⚠  报警  2/2 A06', '电量严重不足', '请立即充电', '请联系办公室'],
    lowBattery: ['✘  拒绝      R22', '电量不足', '请先充电', '人员 101'],
    unknown: ['⚠  报警      A13', '盖章途中断电', '结果不明', '请联系办公室'],
  }],
  ['English', 1, {
    noTime: ['No trusted time:', 'wait for office', 'not connected'],
    noPermit: ['Locked. Waiting', 'for a permit', 'office connected'],
    idle: ['Locked: finger', 'or your number', 'office connected'],
    alone: ['Locked: finger', 'or your number', 'not connected'],
    stranger: ['✘  Refused   R17', 'Not known here', 'or not permitted', ''],
    opening: ['Waiting for the', 'other persons', 'persons 1/2'],
    same: ['✘  Refused   R24', 'Two persons, not', 'the same twice', 'person 102'],
    open: ['Lay in the page,', 'close the lid', 'strokes left 2'],
    lid: ['Close the lid', '', 'strokes left 2'],
    grant: ['Office checks', 'the photo: wait', 'No. {n}'],
    stroke: ['STAMPING NOW', 'hands off', 'strokes left 1'],
    change: ['Open the lid,', 'next page', 'strokes left 1'],
    finished: ['Finished', '', ''],
    usedUp: ['Finished: all', 'strokes are made', ''],
    idleTooLong: ['Idle too long:', 'use is closed', ''],
    alarm: ['⚠  ALARM     A08', 'Camera fault', '', 'call the office'],
    alarmRefuses: ['✘  Refused   R15', 'Alarm stands:', 'call the office', 'person 101'],
    second: ['⚠  ALARM 2/2 A06', 'Battery empty:', 'charge it now', 'call the office'],
    lowBattery: ['✘  Refused   R22', 'Battery is low:', 'charge it first', 'person 101'],
    unknown: ['⚠  ALARM     A13', 'Power was lost', 'in a stroke', 'call the office'],
  }],
] as const)('%s', (_name, language, say) => {
  /** The rows below the bar, which must be one. */
  const below = (rows: Reading, lock?: string): string[] => {
    expect(rows[0]).toMatch(BAR);
    if (lock !== undefined) expect(rows[0]!.startsWith(lock)).toBe(true);
    return rows.slice(1).map((row) => row.trim());
  };
  const trimmed = (rows: Reading): string[] => rows.map((row) => row.trim());

  test('at rest: without time, without a permit, ready, with a host and without', () => {
    const p = new Person(language);
    expect(below(p.reads())).toEqual(say.noTime);
    expect(p.reads()[0]).toContain('--:--');
    p.rig.connect();
    p.rig.setTime();
    p.later(3000);
    expect(below(p.reads(), '🔒')).toEqual(say.noPermit);
    // 2027-01-15 08:00 UTC is four in the afternoon in China.
    expect(p.reads()[0]).toMatch(/^🔒16:00 🔗/u);
    p.rig.load(p.rig.permit());
    p.later(3000);
    expect(below(p.reads())).toEqual(say.idle);
    p.silentHost();
    expect(below(p.reads())).toEqual(say.alone);
    expect(p.reads()[0]).toMatch(/^🔒\d\d:\d\d {3}▆/u);
  });

  test('a use by two persons, two pages, with the office looking at the photos', () => {
    const p = started(language);
    p.rig.load(p.rig.permit({ count: 2, policy: 3, persons: [101, 1, 102, 1], idle: 60 }));
    p.rig.finger(9);
    expect(trimmed(p.soon())).toEqual(say.stranger);
    p.later(8000);
    expect(below(p.reads())).toEqual(say.idle);
    p.rig.finger(4);
    expect(below(p.soon(), '🔒')).toEqual(say.opening);
    p.rig.finger(4);
    expect(trimmed(p.soon())).toEqual(say.same);
    p.later(8000);
    p.rig.finger(3);
    expect(below(p.soon(), '🔓')).toEqual(say.open);
    p.rig.hand(() => { p.rig.lid = false; });
    p.rig.hand(() => { p.rig.paper = true; });
    expect(below(p.soon())).toEqual(say.lid);
    p.rig.hand(() => { p.rig.lid = true; });
    expect(p.rig.until(() => p.rig.device!.use.phase === Phase.GRANT)).toBe(true);
    const photo = p.rig.device!.log.journal.next - 1;
    expect(below(p.soon())).toEqual(say.grant.map((row) => row.replace('{n}', String(photo))));
    p.grantStroke();
    p.rig.run(250);
    expect(p.rig.device!.use.phase).toBe(Phase.PRESSING);
    p.rig.run(200);
    expect(below(p.reads())).toEqual(say.stroke);
    expect(p.rig.until(() => p.rig.device!.use.phase === Phase.OPEN)).toBe(true);
    expect(below(p.soon())).toEqual(say.change);
    p.rig.page();
    expect(p.rig.until(() => p.rig.device!.use.phase === Phase.GRANT)).toBe(true);
    p.grantStroke();
    expect(p.rig.until(() => p.rig.device!.use.phase === Phase.IDLE)).toBe(true);
    expect(below(p.soon(), '🔒')).toEqual(say.usedUp);
    p.later(8000);
    expect(below(p.reads())).toEqual(say.noPermit);
  });

  test('a use that is finished early, and one that nobody goes on with', () => {
    const p = started(language);
    p.rig.load(p.rig.permit({ count: 2, idle: 5 }));
    p.rig.finger(3);
    p.later(5200);
    expect(below(p.reads())).toEqual(say.idleTooLong);
    p.later(7000);
    p.rig.finger(3);
    p.close();
    expect(below(p.soon())).toEqual(say.finished);
  });

  test('alarms: one, a refusal meanwhile, two by turns, cleared', () => {
    const p = started(language);
    p.rig.load(p.rig.permit({ policy: 1 }));
    p.rig.cameraFails = 3;
    p.rig.finger(3);
    p.rig.page();
    expect(p.rig.until(() => p.rig.device!.use.alarms !== 0)).toBe(true);
    expect(trimmed(p.soon())).toEqual(say.alarm);
    p.rig.finger(3);
    expect(trimmed(p.soon())).toEqual(say.alarmRefuses);
    p.later(8000);
    expect(trimmed(p.reads())).toEqual(say.alarm);
    p.rig.mv = 3200;
    const seen = new Set<string>();
    for (let i = 0; i < 10; i++) {
      p.later(1000);
      seen.add(trimmed(p.reads()).join('|'));
    }
    expect(seen).toContain(say.second.join('|'));
    expect([...seen].some((one) => one.includes('1/2 A08'))).toBe(true);
    p.rig.mv = 4000;
    p.clear();
    p.later(3000);
    expect(below(p.reads())).toEqual(say.idle);
  });

  test('too little charge, and power lost in a stroke', () => {
    const p = started(language);
    p.rig.load(p.rig.permit());
    p.rig.mv = 3400;
    p.rig.finger(3);
    expect(trimmed(p.soon())).toEqual(say.lowBattery);
    p.rig.mv = 4000;
    p.rig.finger(3);
    p.rig.page();
    expect(p.rig.until(() => p.rig.device!.use.phase === Phase.PRESSING)).toBe(true);
    p.rig.die();
    expect(p.rig.glass.lit).toBe(false);
    p.rig.run(500);
    p.rig.boot();
    p.later(2000);
    expect(trimmed(p.reads()).slice(0, 1)).not.toEqual(['']);
    p.later(8000);
    expect(trimmed(p.reads())).toEqual(say.unknown);
  });
});
