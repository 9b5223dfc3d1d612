/** Forms of what goes in and out of the desk's API. */
import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import { PlaceTerms } from './authority/place';
import { DeviceId, hexSchema, PermitId, Sha256Hex } from '../common/schema';
import { roles } from './people/roles';
import { sealStates } from './custody/actions';
import { sealKinds } from './register/cards';
import { states } from './applications/applications';
import { categories } from './applications/scope';
import { caseKinds } from './follow/cases';
import { ImpressionSchema } from './impressions/view';

const exact = { additionalProperties: false } as const;

export const Id = hexSchema(8, 'Id');
export const PersonId = Type.Integer({ minimum: 1, maximum: 0xffffffff, description: 'Person' });
export const Seconds = Type.Integer({ minimum: 0, maximum: 0xffffffff, description: 'Unix seconds' });
export const Reason = Type.String({ minLength: 1, maxLength: 1000 });
export const Name = Type.String({ minLength: 1, maxLength: 200 });
export const Search = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));
/** Headers of an answer that is nobody else's to read or to keep; of a file that is to be saved, under this name. */
export const confidential = (name?: string): Record<string, string> => ({ 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store', ...(name === undefined ? {} : { 'content-disposition': `attachment; filename="${name}"` }) });
/** The answer of a route that gives a file. */
export const binary = (type: string, description: string, ...others: string[]) => {
  const content = { schema: Type.Unsafe<Buffer | Readable>({ type: 'string', format: 'binary' }) };
  return { 200: { description, content: Object.fromEntries([type, ...others].map((one) => [one, content])) } };
};
/** A text or a number, or null. */
export const Nullable = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer>>(schema: T) => Type.Union([schema, Type.Null()]);

export const Role = Type.Enum(roles);
export const Login = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\s\\u0000-\\u001f]+$', description: 'By which they sign in with a password, and by which the sign-on of the company knows them' });
const Title = Type.String({ maxLength: 200, description: 'Title of their post' });
export const DepartmentId = Type.Integer({ minimum: 1, maximum: 0x7fffffff, description: 'Department' });
export const PersonSchema = Type.Object(
  { id: PersonId, name: Name, roles: Type.Array(Role), login: Type.Optional(Type.String()), department: Type.Optional(DepartmentId), title: Type.Optional(Title) },
  exact,
);
export const MeSchema = Type.Object({ ...PersonSchema.properties, may: Type.Array(Type.String(), { description: 'Operations that are open to me (scopes)' }) }, exact);
export const NameSchema = Type.Object({ id: PersonId, name: Name, operator: Type.Optional(Type.Boolean({ description: 'May be named to grant strokes from afar' })), department: Type.Optional(DepartmentId), title: Type.Optional(Title) }, exact);
export const ProfileSchema = Type.Object({ name: Name, login: Type.Union([Login, Type.Null()]), department: Type.Union([DepartmentId, Type.Null()]), title: Title }, exact);
const department = { name: Name, parent: Nullable(DepartmentId), head: Nullable(PersonId), leader: Nullable(PersonId) };
export const NewDepartment = Type.Object(department, exact);
export const DepartmentSchema = Type.Object({ id: DepartmentId, ...department }, exact);
export const DeviceSchema = Type.Object({ id: DeviceId, name: Name, bridge: Name, epoch: Type.Integer() }, exact);
export const NewDevice = Type.Object({ id: DeviceId, name: Name, bridge: Type.String({ minLength: 1, maxLength: 64 }) }, exact);
export const EnrolmentSchema = Type.Object(
  {
    device: DeviceId, person: PersonId, number: Type.Integer({ minimum: 0, maximum: 0xffffffff }), means: Type.Integer({ minimum: 1, maximum: 3 }),
    until: Nullable(Type.Integer({ description: 'Unix seconds from when on they are nobody there' })),
  },
  exact,
);
export const NewEnrolment = Type.Object(
  { number: Type.Integer({ minimum: 0, maximum: 0xffffffff }), means: Type.Optional(Type.Integer({ minimum: 1, maximum: 3, description: '1 finger (where not given), 2 passcode, 3 both' })) },
  exact,
);
export const Approvers = Type.Array(Type.Array(PersonId, { minItems: 1, maxItems: 50 }), { minItems: 1, maxItems: 10, description: 'Steps in order; in each any one decides, or as many as `needs` says' });
/** How many decide each step of a chain. */
export const Needs = Type.Array(Type.Integer({ minimum: 1, maximum: 50 }), { maxItems: 100, description: 'How many of each step must approve, in the order of the steps' });
export const GivenSchema = Type.Array(Type.Object({ person: PersonId, behalf: Type.Union([PersonId, Type.Null()], { description: 'In whose place, where not for themselves' }) }, exact), { description: 'Who has approved the step that is due' });
const sealFields = {
  kind: Type.Enum(sealKinds),
  name: Name,
  die: hexSchema(8, 'Identity of the die'),
  device: DeviceId,
  custodian: PersonId,
  approvers: Approvers,
};
const millimetres = Type.Integer({ minimum: 5, maximum: 200, description: 'Millimetres' });
/** The rest of the register card (印章登记卡). */
const cardFields = {
  width: Nullable(millimetres), height: Nullable(millimetres), pieces: Type.Integer({ minimum: 1, maximum: 100 }), issuedBy: Type.String({ maxLength: 200, description: 'Department that issued it' }),
  recipient: Type.String({ maxLength: 200, description: 'Who received it' }), received: Nullable(Seconds),
};
export const NewSeal = Type.Object({ ...sealFields, needs: Type.Optional(Needs), ...Type.Partial(Type.Object(cardFields)).properties }, exact);
export const SealSchema = Type.Object({ id: Id, ...sealFields, needs: Needs, sample: Nullable(Sha256Hex), state: Type.Enum(sealStates), ...cardFields, lacks: Type.Array(Type.Enum(['sample', 'size']), { description: 'What its card lacks: without it impressions are not judged after strokes' }), deputy: Nullable(PersonId), deputyUntil: Nullable(Seconds) }, exact);
/** What can be changed of a card (变更). */
export const CardChange = Type.Partial(Type.Object({ name: Name, ...cardFields }));

export const DocumentSchema = Type.Object(
  { sha256: Sha256Hex, kind: Type.Union([Type.Literal('pdf'), Type.Literal('png'), Type.Literal('jpeg'), Type.Literal('docx'), Type.Literal('xlsx')]), name: Type.String(), size: Type.Integer(), pages: Type.Integer(), removed: Type.Optional(Type.Unsafe<number>({ ...Seconds, description: 'When it was removed under the rule; absent: it is there' })) },
  exact,
);

export const CategorySchema = Type.Enum(categories, { description: 'letter: letters and reports (信函、报告); internal: inside a department (部门内部); contract (合同); finance (财务); other (其他)' });
export const Amount = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Fen, hundredths of a yuan' });
const window = { count: Type.Integer({ minimum: 1, maximum: 65535, description: 'Strokes' }), notBefore: Seconds, notAfter: Seconds };
const Place = Type.Unsafe<PlaceTerms>({ ...PlaceTerms, minProperties: 1, description: 'Where it may be used: inside one of the fences, by a fix so old (s) and so inaccurate (m) at most' });
const CrossPage = Type.Integer({ minimum: 0, maximum: 65535, description: 'Strokes over the edges of several sheets (骑缝), under a permit of their own' });
const Holders = Type.Array(PersonId, { minItems: 1, maxItems: 4, description: 'All of them must show themselves at the device' });
const applicationFields = {
  seal: Id,
  purpose: Type.String({ minLength: 1, maxLength: 1000 }),
  document: Sha256Hex,
  ...window,
  persons: Holders,
  photos: Type.Boolean(),
  strokeGrants: Type.Boolean(),
  idle: Type.Integer({ minimum: 10, maximum: 3600, description: 'Seconds after which an opened use closes by itself' }),
};
/** What the unit sees to besides. */
const conditions = {
  dock: Type.Boolean({ description: 'Only at its base' }), still: Type.Boolean({ description: 'Only while it stands still; with photos' }), small: Type.Boolean({ description: 'Small photos, for slow lines' }),
};
const Blank = Type.Boolean({ description: 'Asks for blank or unfilled paper as an exception (空白用纸); with reportBy' });
const ReportBy = Type.Integer({ minimum: 0, maximum: 0xffffffff, description: 'Unix seconds until when blank paper is accounted for, at most 31 days after the window' });
const Operator = Type.Unsafe<number>({ ...PersonId, description: 'Who grants each stroke from afar, watching the tray (B5); with strokeGrants' });
/** Ten-thousandths of the page's width and height, from its top left corner, to the middle of the stamp. */
const Mark = Type.Object({ page: Type.Integer({ minimum: 1, maximum: 10_000 }), x: Type.Integer({ minimum: 0, maximum: 10_000 }), y: Type.Integer({ minimum: 0, maximum: 10_000 }) }, exact);
const Marks = Type.Unsafe<{ page: number; x: number; y: number }[]>({ type: 'array', items: Mark, maxItems: 100, description: 'Where the stamp goes: page, and ten-thousandths of its width and height' });
const optional = {
  ...Type.Partial(Type.Object(conditions)).properties, place: Type.Optional(Place), crossPage: Type.Optional(CrossPage),
  category: Type.Optional(CategorySchema), amount: Type.Optional(Type.Unsafe<number>({ ...Amount, description: 'Of a contract or in finance, fen; where rules ask for it and it is not said, it is taken for the largest' })),
  photos: Type.Optional(Type.Boolean()), strokeGrants: Type.Optional(Type.Boolean()), idle: Type.Optional(applicationFields.idle),
  blank: Type.Optional(Blank), reportBy: Type.Optional(ReportBy), operator: Type.Optional(Operator), marks: Type.Optional(Marks),
};
/** Photos are taken, strokes need no grant of their own, and an opened use closes after five minutes, where nothing else is said. */
export const NewApplication = Type.Object({ ...applicationFields, ...optional, submit: Type.Optional(Type.Boolean({ description: 'false: leave it a draft' })) }, exact);
export const ApplicationForm = Type.Object({ ...applicationFields, ...optional, document: Type.Optional(Sha256Hex), submit: Type.Optional(Type.Boolean()) }, exact);
const OrAnywhere = Type.Union([Place, Type.Null()], { description: 'null: anywhere' });
export const NarrowSchema = Type.Object(
  {
    count: Type.Optional(window.count), notBefore: Type.Optional(Seconds), notAfter: Type.Optional(Seconds), crossPage: Type.Optional(CrossPage), place: Type.Optional(Place),
    persons: Type.Optional(Type.Unsafe<number[]>({ ...Holders, description: 'All who were named, and who must be there besides' })),
  },
  exact,
);
export const PermitSchema = Type.Object(
  { id: PermitId, device: DeviceId, state: Type.String(), code: Nullable(Type.String()), used: Type.Integer(), count: Type.Integer({ description: 'Strokes it has in all' }), crossPage: Type.Boolean(), sha256: Sha256Hex },
  exact,
);
export const ApplicationSchema = Type.Object(
  {
    id: Id, applicant: PersonId, state: Type.Enum(states), content: Type.Union([Sha256Hex, Type.Null()]),
    granted: Type.Object({ ...window, persons: Holders, place: OrAnywhere, crossPage: CrossPage }, exact), step: Type.Integer(), chain: Type.Array(Type.Array(PersonId)), needs: Needs, given: GivenSchema, created: Seconds, updated: Seconds, since: Type.Unsafe<number>({ ...Seconds, description: 'When the step that is due came to its approvers' }), ...applicationFields, ...conditions, place: OrAnywhere, crossPage: CrossPage,
    category: Type.Union([CategorySchema, Type.Null()], { description: 'null: from before there were categories' }), amount: Nullable(Amount), blank: Blank, reportBy: Nullable(ReportBy), operator: Type.Union([Operator, Type.Null()]), marks: Marks, authority: Nullable(Type.String({ description: 'The outside authority that decides, where one does' })), rule: Type.Union([Id, Type.Null()], { description: 'The rule that gave the chain; null: the seal itself' }),
  },
  exact,
);
export const ApplicationDetail = Type.Object({ ...ApplicationSchema.properties, permits: Type.Array(PermitSchema) }, exact);
export const DecisionSchema = Type.Object(
  {
    id: Id, application: Id, step: Type.Integer(), person: PersonId, behalf: Type.Union([PersonId, Type.Null()], { description: 'In whose place, where not for themselves' }), verdict: Type.String(), reason: Nullable(Type.String()),
    narrow: Type.Union([NarrowSchema, Type.Null()]), content: Sha256Hex, at: Seconds,
  },
  exact,
);

const Strokes = Type.Integer({ minimum: 0 });
export const BecameSchema = Type.Object(
  {
    application: ApplicationSchema, decision: DecisionSchema,
    strokes: Type.Object(
      {
        stamped: Strokes, failed: Strokes, unknown: Strokes, pending: Strokes, differing: Type.Unsafe<number>({ ...Strokes, description: 'Whose photo is not what was approved' }),
        last: Type.Union([Seconds, Type.Null()], { description: 'When the newest began; null: none, or the unit knew no time' }),
      },
      exact,
    ),
  },
  exact,
);

export const UseSchema = Type.Object(
  {
    device: DeviceId, intent: Type.Integer(), permit: PermitId, use: Type.Integer(), application: Nullable(Type.String()), purpose: Nullable(Type.String()),
    applicant: Nullable(Type.Integer()), seal: Nullable(Type.String()), document: Nullable(Type.String()), charged: Type.Integer(), time: Nullable(Type.Integer()),
    outcome: Nullable(Type.Integer()), result: Type.Union([Type.Literal('stamped'), Type.Literal('failed'), Type.Literal('unknown'), Type.Literal('pending')]),
    before: Nullable(Type.String()), after: Nullable(Type.String()), beforeStored: Type.Boolean(), afterStored: Type.Boolean(),
    impression: Type.Union([ImpressionSchema, Type.Null()], { description: 'What was found in the photo after the stroke, or in those of its sheets; null: it has not been judged' }),
    crossPage: Type.Boolean({ description: 'Over the edges of several sheets (骑缝)' }), sheets: Type.Array(Type.Object({ round: Type.Integer(), sheet: Type.Integer(), sha256: Sha256Hex }, exact), { description: 'Photos of its sheets, set after set' }),
  },
  exact,
);
export const EntrySchema = Type.Object(
  { number: Type.Integer(), kind: Type.String(), at: Seconds, body: Type.String({ description: 'Base64 of the bytes that are hashed' }), leaf: Sha256Hex },
  exact,
);
export const RecordSchema = Type.Object(
  { device: DeviceId, seq: Type.Integer(), kind: Type.String(), time: Nullable(Type.Integer()), sha256: Sha256Hex, bytes: Type.String(), entry: Type.Integer() },
  exact,
);
export const CaseId = hexSchema(12, 'Case');
export const CaseSchema = Type.Object(
  {
    id: CaseId, device: DeviceId, kind: Type.Enum(caseKinds), seq: Nullable(Type.Integer()),
    detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer()])), opened: Seconds,
    closed: Type.Union([Type.Object({ person: PersonId, reason: Type.String(), at: Seconds }, exact), Type.Null()]),
  },
  exact,
);
