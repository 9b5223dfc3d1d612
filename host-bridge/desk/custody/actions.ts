/** What can be ordered to be done at a device (protocol/SPEC.md section 8, ceremonies), and what each needs before it may be ordered. */

export interface Action {
  /** Number in the statement and in the record. */
  code: number;
  /** What it is called to people. */
  zh: string;
  en: string;
  /** Fewest and most persons that must be there. */
  persons: readonly [number, number];
  /** What has to be said with it. */
  needs: readonly ('person' | 'until' | 'die' | 'press')[];
  /** What may be said with it. */
  takes: readonly ('until' | 'die' | 'fences' | 'silence')[];
  /** Those who approve uses of the seals in the unit have to approve this as well: whoever keeps a seal does not give it away alone. */
  approved: boolean;
}

const action = (code: number, zh: string, en: string, persons: readonly [number, number], more: Partial<Pick<Action, 'needs' | 'takes' | 'approved'>> = {}): Action => ({
  code, zh, en, persons, needs: more.needs ?? [], takes: more.takes ?? [], approved: more.approved ?? false,
});

export const ACTIONS = {
  finger: action(1, '登记指纹', 'enrol a fingerprint', [1, 4], { needs: ['person'], takes: ['until'], approved: true }),
  passcode: action(2, '设置口令', 'set a passcode', [1, 4], { needs: ['person'], takes: ['until'], approved: true }),
  remove: action(3, '注销人员', 'remove a person', [0, 4], { needs: ['person'] }),
  'pair-reader': action(4, '配对指纹仪', 'pair another fingerprint reader', [1, 4], { approved: true }),
  handover: action(5, '印章移交', 'hand the seal over', [3, 3], { needs: ['person'], approved: true }),
  suspend: action(6, '停用', 'suspend', [0, 4]),
  resume: action(7, '恢复使用', 'return to service', [1, 4], { approved: true }),
  destroy: action(8, '销毁', 'destroy', [2, 4], { approved: true }),
  'die-out': action(9, '取出印章', 'take a die out', [1, 4], { needs: ['die'], approved: true }),
  'die-in': action(10, '装入印章', 'put a die in', [1, 4], { needs: ['die'], approved: true }),
  press: action(11, '调整压印', 'change how a die is pressed', [1, 4], { needs: ['die', 'press'] }),
  inked: action(12, '加印油', 'note that a die was inked', [1, 4], { needs: ['die'] }),
  maintain: action(13, '设备维护', 'maintenance', [1, 4]),
  'take-out': action(14, '外带', 'take the unit out', [1, 4], { needs: ['person', 'until'], takes: ['fences', 'silence'], approved: true }),
  return: action(15, '归还', 'give the unit back', [1, 4], { takes: ['fences', 'silence'] }),
} as const satisfies Record<string, Action>;

export type ActionName = keyof typeof ACTIONS;

export function actionOf(code: number): ActionName | undefined {
  return (Object.keys(ACTIONS) as ActionName[]).find((name) => ACTIONS[name].code === code);
}

/** Where a seal is in its life (公章生命周期). */
export const sealStates = ['received', 'active', 'suspended', 'removed', 'archived', 'destroyed'] as const;
export type SealState = (typeof sealStates)[number];

/** Steps that the desk notes by itself, because nothing at the device moves: from which states, and to which. */
export const STEPS = {
  /** 刻制: its engraving was approved, by whom and when. */
  engrave: { from: ['received'], to: undefined },
  /** 启用 */
  activate: { from: ['received'], to: 'active' },
  /** 封存、上交: what was taken out of its unit is put away. */
  archive: { from: ['removed', 'received'], to: 'archived' },
  /** 注销: what was put away, or never used, is cut up. */
  destroy: { from: ['removed', 'received', 'archived'], to: 'destroyed' },
  /** 变更: its card says something else from now on. A seal in use rests first: what it was called stands on paper. */
  change: { from: ['received', 'suspended', 'removed', 'archived'], to: undefined },
  /** 代管: somebody else answers for it in the keeper's place for a time. */
  deputy: { from: ['received', 'active', 'suspended', 'removed'], to: undefined },
} as const satisfies Record<string, { from: readonly SealState[]; /** undefined: it stays as it is. */ to: SealState | undefined }>;
export type StepName = keyof typeof STEPS;
