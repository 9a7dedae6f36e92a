/**
 * Integrations of uptime monitors: where a status page shows incidents. They are kept and listed; nothing is sent to a
 * status page, because this API gives no credentials for one.
 */
import type * as Check from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as Update from "@overdue/engine/commands/Update"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { json } from "../../http/Http.ts"
import { Exists, type FieldsInvalid, NotFound, type Request } from "../../rest/Endpoint.ts"
import type * as Body from "../Body.ts"
import * as Fields from "../../rest/Fields.ts"
import * as Forms from "../../rest/Forms.ts"
import * as Paths from "../../rest/Paths.ts"
import * as Answers from "./Answers.ts"
import * as Own from "./Own.ts"
import * as Resources from "./Resources.ts"

const most = { integrations: 20, items: 100 }

const text = (description: string) => Fields.text(Limits.nameLength).annotate({ description })

const items = Fields.list(Fields.text(Limits.nameLength), "texts", most.items).annotate({
  description: "What of the status page it is about.",
})

const shared = {
  name: Schema.optionalKey(text("What the incident is called.")),
  status: Schema.optionalKey(text("Its status.")),
  message: Schema.optionalKey(Fields.text(1_000).annotate({ description: "What is said of it." })),
  items: Schema.optionalKey(items),
}

/** A segment of a path that is a dot or two is none (RFC 3986 §5.2.4): who deleted such a one would delete the monitor. */
const id = text("Its id at the status page.").check(
  Schema.makeFilter((value) => (/^\.{1,2}$/.test(value) ? "must not be only dots" : undefined)),
)

/** What an integration is added with. */
export const Creation = Schema.Struct({
  integration: id,
  type: text("Which service it is, such as statuspageIo."),
  ...shared,
})

/** What it is changed with; what is left out stays as it is. */
export const Changes = Schema.Struct(shared)

/** An integration as answers have it. */
export const Output = Schema.Struct({
  integration: Schema.String,
  type: Schema.String,
  name: Schema.NullOr(Schema.String),
  status: Schema.NullOr(Schema.String),
  message: Schema.NullOr(Schema.String),
  items: Schema.Array(Schema.String),
})

type Integration = typeof Output.Type

const decode = Schema.decodeUnknownResult(Schema.Array(Output))

const of = (plan: Pick<Check.Plan, "details">): readonly Integration[] =>
  Result.getOrElse(decode(Own.of(plan).integrations ?? []), () => [])

const write = <E>(
  { project, id }: Check.Check,
  change: (integrations: readonly Integration[]) => Result.Result<readonly Integration[], E>,
) =>
  Update.run({
    project,
    id,
    plan: ({ details, policy }) =>
      Result.map(change(of({ details })), (integrations) => ({
        details: Own.with(details, { integrations: integrations.length === 0 ? undefined : integrations }),
        policy,
      })),
  })

/** Answers with the integrations. */
export const list = Effect.fnUntraced(function* (request: Request) {
  return json(200, { data: of(yield* Resources.subject(request)) })
})

const readCreation = Fields.reader(Creation)

/** Adds an integration. */
export const create = Effect.fnUntraced(function* (request: Request) {
  const check = yield* Resources.subject(request)
  const given = yield* readCreation(listed(request.fields))
  const made: Integration = { name: null, status: null, message: null, items: [], ...given }
  yield* write(check, (integrations) => added(integrations, made))
  return Answers.created("Integration", check.id)
})

const exists = new Exists({ what: "Integration" })

const added = (
  integrations: readonly Integration[],
  made: Integration,
): Result.Result<readonly Integration[], Exists | FieldsInvalid> => {
  if (integrations.some(({ integration }) => integration === made.integration)) return Result.fail(exists)
  return integrations.length < most.integrations
    ? Result.succeed([...integrations, made])
    : Result.fail(Fields.invalid("integration", `must be one of at most ${most.integrations}`))
}

/** Forms have lists in several ways. */
const listed = (fields: Body.Fields): Body.Fields => {
  const { others, given } = Forms.gather(fields, "items")
  return { ...others, ...(given.length > 0 && { items: given.flat().filter((item) => item !== "") }) }
}

const lost = new NotFound({ what: "Integration" })

const named = ({ path }: Request): string => Paths.decoded(path["integration"]!)

const readChanges = Fields.reader(Changes)

/** Changes an integration. */
export const update = Effect.fnUntraced(function* (request: Request) {
  const check = yield* Resources.subject(request)
  const given = yield* readChanges(listed(request.fields))
  const name = named(request)
  yield* write(check, (integrations) =>
    integrations.some(({ integration }) => integration === name)
      ? Result.succeed(integrations.map((each) => (each.integration === name ? { ...each, ...given } : each)))
      : Result.fail(lost),
  )
  return Answers.changed("Integration updated", check.id)
})

/** Removes an integration. */
export const remove = Effect.fnUntraced(function* (request: Request) {
  const check = yield* Resources.subject(request)
  const name = named(request)
  yield* write(check, (integrations) => {
    const left = integrations.filter(({ integration }) => integration !== name)
    return left.length === integrations.length ? Result.fail(lost) : Result.succeed(left)
  })
  return Answers.changed("Integration deleted", check.id)
})
