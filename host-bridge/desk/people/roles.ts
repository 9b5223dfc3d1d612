/**
 * Who may do what: the one table behind every route of the desk. Holder (借用人), witness (监交人) and technician
 * (技术员) do their work at the unit, where the permit or the ceremony names them; here they see what that work needs. The operator
 * (用印操作员) grants the single strokes of applications that name them, from afar.
 */

export const roles = ['applicant', 'approver', 'custodian', 'holder', 'operator', 'witness', 'auditor', 'technician', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Operations named at the routes, and the roles that may call them. Ownership of the object is judged by the room itself. */
export const operations = {
  'self.read': roles,
  /** To set by what one signs in; all that an invitation is good for. */
  'self.enrol': roles,
  'organisation.read': roles,
  'organisation.manage': ['admin'],
  'people.read': ['auditor', 'admin'],
  'people.manage': ['admin'],
  'cards.read': roles,
  'cards.manage': ['admin'],
  /** To say which approval of an outside authority is for which application. */
  'outside.bind': ['admin'],
  'documents.add': ['applicant', 'admin'],
  'documents.read': ['applicant', 'approver', 'custodian', 'holder', 'operator', 'auditor', 'admin'],
  'applications.add': ['applicant'],
  'applications.read': ['applicant', 'approver', 'custodian', 'holder', 'operator', 'auditor', 'admin'],
  'applications.decide': ['approver'],
  /** Single strokes, by those who approved, and by the operator whom the application names. */
  'uses.grant': ['approver', 'operator'],
  /** To say something beside a use under way. */
  'uses.talk': ['applicant', 'approver', 'holder', 'operator'],
  /** To hand in the photos of the sheets of a cross-page stroke, by whoever has the sheets. */
  'uses.sheets': ['applicant', 'holder', 'custodian'],
  'register.read': ['custodian', 'auditor', 'admin'],
  'proofs.read': roles,
  'cases.read': ['custodian', 'auditor', 'technician', 'admin'],
  'cases.close': ['custodian', 'admin'],
  'devices.revoke': ['custodian', 'admin'],
  /** To take a unit for oneself, and to update it. */
  'devices.maintain': ['technician', 'admin'],
  'custody.read': ['approver', 'custodian', 'witness', 'auditor', 'admin'],
  'custody.order': ['custodian', 'admin'],
  'custody.decide': ['approver'],
  'archive.make': ['auditor', 'admin'],
  'security.read': ['auditor', 'admin'],
  'events.read': ['custodian', 'auditor', 'admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Operation = keyof typeof operations;

/** What an administrator alone does: for it one factor is not enough (people.ts). */
export const administration: readonly Operation[] = (Object.keys(operations) as Operation[]).filter((name) => operations[name].length === 1 && operations[name][0] === 'admin');

/** What a person with these roles may do. */
export function operationsOf(held: readonly string[]): Operation[] {
  return (Object.keys(operations) as Operation[]).filter((name) => (operations[name] as readonly string[]).some((role) => held.includes(role)));
}
