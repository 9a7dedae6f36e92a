/** The checks that paths name: each family has endpoints of its own, which know no other. */
import * as Check from "@overdue/core/Check"
import { counted } from "@overdue/core/Counted"
import * as Uuid from "@overdue/core/Uuid"
import { CheckNotFound } from "@overdue/engine/CommandError"
import * as Delete from "@overdue/engine/commands/Delete"
import * as Checks from "@overdue/engine/queries/Checks"
import * as Numbered from "@overdue/engine/queries/Numbered"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Record from "effect/Record"
import { json } from "../../http/Http.ts"
import * as LongJson from "../../http/LongJson.ts"
import type { Endpoint, FieldsInvalid, Request } from "../../rest/Endpoint.ts"
import type * as Body from "../Body.ts"
import * as Fields from "../../rest/Fields.ts"
import * as Answers from "./Answers.ts"
import type { Moment } from "./Heartbeat.ts"
import * as Parameters from "./Parameters.ts"
import * as Services from "./Services.ts"

/** A check as answers have it. */
type Shown = Readonly<Record<string, unknown>>

/** A family, what its members are called, and how answers have one. */
export interface Kind {
  readonly family: Check.Family
  readonly what: string
  readonly show: (check: Check.Check, moment: Moment, request: Pick<Request, "access" | "root">) => Shown
}

/** Returns endpoints whose checks are of a kind, and are called so when there is none. */
export const endpoints = ({ what }: Kind, all: readonly Endpoint[]): readonly Endpoint[] =>
  all.map((endpoint) => ({ ...endpoint, check: what }))

/** When, and with which blind spans, checks are looked at. */
export const presently = Effect.all({ now: SteadyClock.now, blind: Checks.blind })

/** Returns the id that a text is. Fails when it is none. */
const identified = (given: string) => {
  const id = Uuid.parse(given)
  return id === undefined ? Effect.fail(new CheckNotFound({ check: given })) : Effect.succeed(id)
}

/** Whether a check is of the family. */
export const isOne =
  ({ family }: Kind) =>
  (check: Check.Check): boolean =>
    Check.familyOf(check) === family

/** Returns the check that a path names. Fails when the project has no such check, or it is of another family. */
export const of = Effect.fnUntraced(function* (
  kind: Kind,
  { project, path }: Pick<Request, "project" | "path">,
) {
  const check = yield* Checks.get(project.id, yield* identified(path["id"]!))
  return isOne(kind)(check) ? check : yield* new CheckNotFound({ check: check.id })
})

/** Reads the fields of a body. */
type Read<A> = (fields: Body.Fields) => Effect.Effect<A, FieldsInvalid>

/** What a body has of a check, with the group of its service in place of the service. */
type Given<A> = Omit<A, "service_id"> & Services.Named

const readWhole = <A extends { readonly service_id?: string }>(
  read: Read<A>,
  project: string,
  fields: Body.Fields,
) =>
  Effect.map(Fields.both(read(fields), Services.given(project, fields)), ([whole, named]): Given<A> => {
    const { service_id: _, ...given } = whole
    return { ...given, ...named }
  })

/** Reads what a check is created with. Fails with all that is wrong in it. */
export const creation =
  <A extends { readonly service_id: string }>(read: Read<A>) =>
  ({ project, fields }: Request) =>
    readWhole(read, project.id, fields)

/**
 * Reads what a check is to become. Clients send all that they were shown, and other APIs make checks that could not be made
 * here, without a name or with a longer interval: what would be refused stays as it is when it is sent back as it is shown.
 * So does the switch beside a name: of a check that another API has paused, it would keep its next signal from resuming it.
 */
export const changes = <A extends { readonly service_id?: string }>(kind: Kind, read: Read<A>) =>
  Effect.fnUntraced(function* (check: Check.Check, request: Request) {
    const shown = kind.show(check, yield* presently, request)
    const without = (names: ReadonlySet<string>, fields: Body.Fields): Body.Fields =>
      Record.filter(fields, (value, name) => !names.has(name) || !isSame(value, shown[name]))
    const fields = "name" in request.fields ? without(new Set(["enabled"]), request.fields) : request.fields
    const whole = readWhole(read, check.project, fields)
    return yield* Effect.catchTag(whole, "FieldsInvalid", ({ issues }) => {
      const wrong = new Set(issues.map(({ field }) => field.split(".")[0]!))
      const left = without(wrong, fields)
      // An interval beside a name is read in another way than one alone.
      const isNamed = "name" in fields && !("name" in left)
      const named = isNamed ? { name: check.details.name } : {}
      return Effect.map(readWhole(read, check.project, left), (given) => ({ ...given, ...named }))
    })
  })

/** Whether a value is the one that is shown; forms have texts for everything. */
const isSame = (given: unknown, shown: unknown): boolean =>
  shown !== undefined && (given === JSON.stringify(shown) || JSON.stringify(given) === JSON.stringify(shown))

/** Answers with a page of the members in a service. */
export const list = (kind: Kind) =>
  Effect.fnUntraced(function* (request: Request) {
    const { project, path, query } = request
    const group = yield* Services.find(project.id, path["id"]!)
    const paging = yield* Parameters.paging(query)
    const moment = yield* presently
    const { checks, total } = yield* Numbered.page(project.id, {
      where: { group, family: kind.family },
      by: "serial",
      isDescending: true,
      offset: (paging.page - 1) * paging.limit,
      limit: paging.limit,
      now: moment.now,
    })
    const shown = yield* LongJson.list(checks, ({ check }) => kind.show(check, moment, request))
    return yield* Answers.page(shown, paging, total)
  })

/** Answers with the member that a path names. */
export const get = (kind: Kind) =>
  Effect.fnUntraced(function* (request: Request) {
    const check = yield* of(kind, request)
    return json(200, kind.show(check, yield* presently, request))
  })

/** The most checks that are deleted at once: nobody else can change anything meanwhile. */
export const mostDeleted = 100

/** What a parameter with ids is called: in an example, by clients that write lists, and in the text. */
const names = ["id", "heartbeat_ids", "server_resource_ids"].flatMap((name) => [name, `${name}[]`])

/** Returns the ids in a query that names several checks. */
const several = Effect.fnUntraced(function* (query: URLSearchParams) {
  const given = names.flatMap((name) => query.getAll(name)).flatMap((ids) => ids.split(","))
  const named = given.map((id) => id.trim()).filter((id) => id !== "")
  if (named.length === 0) return yield* Fields.invalid("id", "is required")
  if (named.length > mostDeleted)
    return yield* Fields.invalid("id", `must be given at most ${mostDeleted} times`)
  return [...new Set(yield* Effect.forEach(named, identified))]
})

/** Returns what is said of the thresholds on servers that are deleted. */
const unheard = Effect.fnUntraced(function* ({ family }: Kind, project: string, ids: readonly string[]) {
  const count = family === "server" ? yield* Delete.watchers(project, ids) : 0
  return count === 0 ? "" : `; ${counted(count, "threshold")} on what was reported will hear nothing more`
})

/** Deletes the check that a path names, and answers with its id. */
export const remove = (kind: Kind) =>
  Effect.fnUntraced(function* ({ project, path }: Request) {
    const id = yield* identified(path["id"]!)
    const more = yield* unheard(kind, project.id, [id])
    yield* Delete.run({ project: project.id, id, is: isOne(kind) })
    return Answers.changed(`${kind.what} deleted${more}`, id)
  })

/** Deletes the checks that a query names, all or none, and answers with their ids. */
export const removeSeveral = (kind: Kind) =>
  Effect.fnUntraced(function* ({ project, query }: Request) {
    const ids = yield* several(query)
    const more = yield* unheard(kind, project.id, ids)
    yield* Delete.several(project.id, ids, isOne(kind))
    return Answers.deleted(`${kind.what}s deleted${more}`, ids)
  })
