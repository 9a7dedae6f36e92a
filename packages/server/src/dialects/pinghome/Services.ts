/**
 * Services, which heartbeats belong to: groups. Checks of other dialects may belong to none; those are in the default
 * service of their project, which has the id of the project.
 */
import type { Group } from "@overdue/core/Group"
import type { Check } from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import type { Project } from "@overdue/core/Project"
import * as Uuid from "@overdue/core/Uuid"
import * as Groups from "@overdue/engine/commands/Groups"
import * as Numbered from "@overdue/engine/queries/Numbered"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as LongJson from "../../http/LongJson.ts"
import { NotFound, type Endpoint, type Request } from "../../rest/Endpoint.ts"
import type * as Body from "../Body.ts"
import * as Fields from "../../rest/Fields.ts"
import * as Paths from "../../rest/Paths.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import * as Parameters from "./Parameters.ts"

/** What a service is called. */
export const service = "Service"

/** Returns the id of the service that a check belongs to. */
export const idOf = ({ details, project }: Check): string => details.group ?? project

/** Returns the group of the service with an id, `null` for the default service. Fails when the project has none. */
export const find = Effect.fnUntraced(function* (project: string, given: string) {
  const id = Uuid.parse(given)
  if (id === project) return null
  const found = id === undefined ? undefined : (yield* Numbered.groups(project)).find((one) => one.id === id)
  return found === undefined ? yield* new NotFound({ what: service }) : found.id
})

/** The field with the id of a service. */
export const field = Fields.text(100).annotate({ description: "The id of the service that it belongs to." })

/** What a body says of a service: `null` is the group of the default service. */
export interface Named {
  readonly group?: string | null
}

/**
 * Returns which group a body names, if it names a service: one that the project does not have is a fault of the body. What
 * is no text is none of a service, which the schema of the body says.
 */
export const given = Effect.fnUntraced(function* (project: string, { service_id: service }: Body.Fields) {
  if (typeof service !== "string" || service === "") return {}
  const found = Effect.catchTag(find(project, service), "NotFound", () =>
    Effect.fail(Fields.invalid("service_id", "is no service of the project")),
  )
  return { group: yield* found }
})

const Arguments = Schema.Struct({
  name: Fields.text(Limits.nameLength).annotate({ description: "What people call it." }),
  team_id: Schema.optionalKey(
    Fields.text(100).annotate({ description: "The team that it is listed for; any text." }),
  ),
})

const read = Fields.reader(Arguments, { isEmptyGiven: true })

const create = Effect.fnUntraced(function* ({ project, fields }: Request) {
  const { name, team_id: team } = yield* read(fields)
  const { length } = yield* Numbered.groups(project.id)
  if (length >= Limits.checksPerProject) {
    return Answers.words.refused(403, `service limit reached: the project has its ${length} services`)
  }
  const extension = team === undefined ? {} : { pinghome: { team_id: team } }
  const { id } = yield* Groups.create({ project: project.id, name, extension })
  return Answers.created(service, id)
})

const teamOf = ({ extension }: Pick<Group, "extension">): string | null => {
  const own = extension["pinghome"] as { readonly team_id?: unknown } | undefined // safe because its part is looked at
  return typeof own?.team_id === "string" ? own.team_id : null
}

/** A service as answers have it. */
export const Output = Schema.Struct({
  id: Shapes.uuid,
  name: Schema.String,
  team_id: Schema.NullOr(Schema.String),
  created_at: Shapes.instant,
  updated_at: Shapes.instant,
})

const show = (
  group: Pick<Group, "id" | "name" | "extension" | "createdAt" | "updatedAt">,
): typeof Output.Type => ({
  id: group.id,
  name: group.name,
  team_id: teamOf(group),
  created_at: Answers.instant(group.createdAt),
  updated_at: Answers.instant(group.updatedAt),
})

const list = Effect.fnUntraced(function* ({ project, path, query }: Request) {
  const paging = yield* Parameters.paging(query)
  const team = Paths.decoded(path["team"]!)
  // Groups that another dialect has made are of no team, and would be found by nobody otherwise.
  const groups = (yield* Numbered.groups(project.id)).filter((group) => [team, null].includes(teamOf(group)))
  const services = [...(yield* ownOf(project)), ...groups].toReversed()
  const from = (paging.page - 1) * paging.limit
  const shown = yield* LongJson.list(services.slice(from, from + paging.limit), show)
  return yield* Answers.page(shown, paging, services.length)
})

/** The default service is there when anything is in it. */
const ownOf = Effect.fnUntraced(function* ({ id, createdAt }: Project) {
  const query = { by: "serial", isDescending: false, offset: 0, limit: 1, now: 0 } as const
  const { total } = yield* Numbered.page(id, { ...query, where: { group: null } })
  if (total === 0) return []
  return [{ id, name: "Default", extension: {}, createdAt, updatedAt: createdAt }]
})

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  {
    path: "/resource-cmd/v1/service",
    methods: {
      POST: {
        id: "createService",
        access: "write",
        doc: {
          summary: "Create a service",
          description: "Everything that is monitored belongs to a service.",
          body: Arguments,
          example: "name=Website",
          answer: "The id of the service.",
          shape: Answers.createdOf(),
          status: 201,
          refusals: { 403: "The project has as many services as it may have." },
        },
        run: create,
      },
    },
  },
  {
    path: "/resource-query/v1/team-service/{team}",
    methods: {
      GET: {
        id: "listServices",
        access: "read",
        doc: {
          summary: "List the services of a team",
          description: "Services that belong to no team are listed for each.",
          isAlwaysThere: true,
          query: Parameters.pagingDoc,
          answer: "A page of the services, newest first.",
          shape: Answers.pageOf("Service"),
          refusals: Parameters.refused,
        },
        isLong: true,
        run: list,
      },
    },
  },
]
