/** Who may do what: the one table behind every route of the desk. */

export const roles = ['applicant', 'approver', 'custodian', 'auditor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Operations named at the routes, and the roles that may call them. Ownership of the object is judged by the room itself. */
export const operations = {
  'self.read': ['applicant', 'approver', 'custodian', 'auditor', 'admin'],
  'people.read': ['auditor', 'admin'],
  'people.manage': ['admin'],
  'cards.read': ['applicant', 'approver', 'custodian', 'auditor', 'admin'],
  'cards.manage': ['admin'],
  'documents.add': ['applicant', 'admin'],
  'documents.read': ['applicant', 'approver', 'custodian', 'auditor', 'admin'],
  'applications.add': ['applicant'],
  'applications.read': ['applicant', 'approver', 'custodian', 'auditor', 'admin'],
  'applications.decide': ['approver'],
  'uses.grant': ['approver'],
  'register.read': ['custodian', 'auditor', 'admin'],
  'proofs.read': ['applicant', 'approver', 'custodian', 'auditor', 'admin'],
  'cases.read': ['custodian', 'auditor', 'admin'],
  'cases.close': ['custodian', 'admin'],
  'devices.revoke': ['custodian', 'admin'],
  'custody.read': ['approver', 'custodian', 'auditor', 'admin'],
  'custody.order': ['custodian', 'admin'],
  'custody.decide': ['approver'],
  'archive.make': ['auditor', 'admin'],
  'events.read': ['custodian', 'auditor', 'admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Operation = keyof typeof operations;

/** What a person with these roles may do. */
export function operationsOf(held: readonly string[]): Operation[] {
  return (Object.keys(operations) as Operation[]).filter((name) => (operations[name] as readonly string[]).some((role) => held.includes(role)));
}
