/** Routes of what seals are used for, and of the rules that say who decides. */
import { Type, type Static } from 'typebox';
import type { App } from '../../common/app';
import { categories, listScopes } from '../applications/scope';
import { callerOf } from '../people/access';
import { getSeal, sealKinds } from '../register/cards';
import type { Rooms } from '../rooms';
import { Amount, Approvers, CategorySchema, Id, Name, Needs, PersonId, Reason, Role } from '../schemas';
import { listRules, matters, previewChain, type RuleFields } from './chains';

const tags = ['chains'];
const exact = { additionalProperties: false } as const;
const Kind = Type.Enum(sealKinds);
const ScopeSchema = Type.Object({ kind: Kind, categories: Type.Array(CategorySchema), usual: Type.Boolean({ description: 'Nobody has changed it' }) }, exact);
const Several = Type.Object(
  {
    of: Type.Union([Approvers.items, Role], { description: 'These persons, or all approvers who hold this role and did not ask for it' }),
    need: Type.Integer({ minimum: 1, maximum: 50, description: 'So many of them must approve, each once; one who refuses ends it' }),
  },
  exact,
);
const Steps = Type.Array(Type.Union([Approvers.items, Type.Literal('any'), Several]), { minItems: 1, maxItems: 10, description: 'In order. Persons of whom any one decides; "any": whoever is an approver and did not ask for it; or several of them (m of n)' });
const Matter = Type.Enum(matters, { description: 'use of a seal; blank: its use on blank paper, which nobody may grant where no rule says who; take-out: taking the unit out of the house' });
const waits = (description: string) => Type.Integer({ minimum: 60, maximum: 31 * 86_400, description: `Seconds ${description}; as the organisation has settled it where absent` });
const RemindAfter = waits('until the approvers of a step are reminded');
const EscalateAfter = waits('from the first reminder until the step goes to others as well');
const ArchiveWithin = Type.Integer({ minimum: 60, maximum: 366 * 86_400, description: 'Seconds from the end of a use until its stamped paper is filed; as the organisation has settled it where absent' });
const Authority = Type.String({ minLength: 1, maxLength: 64, description: 'Outside authority that decides in place of steps here, by its name in the configuration' });
const NewRule = Type.Object(
  {
    name: Name, matter: Type.Optional(Matter), seal: Type.Optional(Id), kind: Type.Optional(Kind), category: Type.Optional(CategorySchema),
    amountFrom: Type.Optional(Amount), steps: Type.Optional(Steps), authority: Type.Optional(Authority), remindAfter: Type.Optional(RemindAfter), escalateAfter: Type.Optional(EscalateAfter), archiveWithin: Type.Optional(ArchiveWithin),
  },
  exact,
);
const orNull = <T extends typeof Id | typeof Kind | typeof CategorySchema | typeof Amount>(schema: T) => Type.Union([schema, Type.Null()]);
const RuleSchema = Type.Object({ id: Id, name: Name, matter: Matter, seal: orNull(Id), kind: orNull(Kind), category: orNull(CategorySchema), amountFrom: orNull(Amount), steps: Type.Unsafe<Static<typeof Steps>>({ ...Steps, minItems: 0 }), authority: Type.Union([Authority, Type.Null()]), remindAfter: orNull(RemindAfter), escalateAfter: orNull(EscalateAfter), archiveWithin: orNull(ArchiveWithin) }, exact);
const PreviewSchema = Type.Object(
  {
    rule: Type.Union([RuleSchema, Type.Null()], { description: 'null: the chain of the seal itself; a draft has the id 0000000000000000' }),
    steps: Type.Array(Type.Array(Type.Object({ id: PersonId, name: Name, may: Type.Boolean({ description: 'Is an approver now, and not who asks' }) }, exact))),
    needs: Needs,
  },
  exact,
);

function fieldsOf(body: Static<typeof NewRule>): RuleFields {
  return { name: body.name, matter: body.matter ?? 'use', seal: body.seal ?? null, kind: body.kind ?? null, category: body.category ?? null, amountFrom: body.amountFrom ?? null, steps: body.steps ?? [], authority: body.authority ?? null, remindAfter: body.remindAfter ?? null, escalateAfter: body.escalateAfter ?? null, archiveWithin: body.archiveWithin ?? null };
}

export function chainRoutes(app: App, rooms: Rooms): void {
  const { store, chains, scopes } = rooms;
  const read = { scope: 'cards.read' } as const;
  const manage = { scope: 'cards.manage' } as const;
  const params = Type.Object({ id: Id });
  app.get('/v1/scopes', { config: read, schema: { tags, summary: 'What each kind of seal is used for (用印范围)', response: { 200: Type.Object({ scopes: Type.Array(ScopeSchema) }) } } }, async () => ({
    scopes: await store.read(listScopes),
  }));
  app.put(
    '/v1/scopes/:kind',
    {
      config: manage,
      schema: {
        tags, summary: 'Change what a kind of seal is used for', params: Type.Object({ kind: Kind }),
        body: Type.Object({ categories: Type.Array(CategorySchema, { minItems: 1, maxItems: categories.length, uniqueItems: true, description: 'The first is that of an application which names none' }), reason: Reason }, exact),
        response: { 200: ScopeSchema },
      },
    },
    (request) => scopes.set(request.params.kind, request.body.categories, callerOf(request), request.body.reason),
  );
  app.get('/v1/chains', { config: read, schema: { tags, summary: 'Rules that say who decides (审批链)', response: { 200: Type.Object({ rules: Type.Array(RuleSchema) }) } } }, async () => ({
    rules: await store.read(listRules),
  }));
  const body = Type.Object({ rule: NewRule, reason: Reason }, exact);
  app.post('/v1/chains', { config: manage, schema: { tags, summary: 'Add a rule', body, response: { 201: RuleSchema } } }, async (request, reply) =>
    reply.code(201).send(await chains.add(fieldsOf(request.body.rule), callerOf(request), request.body.reason)),
  );
  app.put('/v1/chains/:id', { config: manage, schema: { tags, summary: 'Put another rule in its place', params, body, response: { 200: RuleSchema } } }, (request) =>
    chains.replace(request.params.id, fieldsOf(request.body.rule), callerOf(request), request.body.reason),
  );
  app.post(
    '/v1/chains/:id/remove',
    { config: manage, schema: { tags, summary: 'Remove a rule', params, body: Type.Object({ reason: Reason }, exact), response: { 200: RuleSchema } } },
    (request) => chains.remove(request.params.id, callerOf(request), request.body.reason),
  );
  app.post(
    '/v1/chains/preview',
    {
      config: manage,
      schema: {
        tags, summary: 'Who would decide this; with a draft, as if that rule stood already',
        body: Type.Object(
          { seal: Id, matter: Type.Optional(Matter), category: Type.Optional(CategorySchema), amount: Type.Optional(Amount), applicant: Type.Optional(PersonId), draft: Type.Optional(NewRule), replaces: Type.Optional(Id) },
          exact,
        ),
        response: { 200: PreviewSchema },
      },
    },
    (request) => {
      const { seal, matter = 'use', category, amount, applicant, draft, replaces } = request.body;
      return store.read(async (db) => {
        const it = await rooms.applications.caseOf(db, matter, await getSeal(db, seal), category, amount);
        return previewChain(db, it, applicant ?? 0, draft && { ...fieldsOf(draft), replaces });
      });
    },
  );
}
