/** The endpoints of projects, which are groups of checks. */
import type { Group } from "@overdue/core/Group"
import * as Groups from "@overdue/engine/commands/Groups"
import * as Numbered from "@overdue/engine/queries/Numbered"
import { GroupNotFound } from "@overdue/engine/CommandError"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as JsonSchema from "../../docs/JsonSchema.ts"
import type { Endpoint, Operation, Request } from "../../rest/Endpoint.ts"
import * as Fields from "../../rest/Fields.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import * as DateText from "./DateText.ts"
import * as Name from "./Name.ts"
import * as Pages from "./Pages.ts"

const path = "/api/projects"

/** All of them are read whenever one is shown. */
const most = 1_000

const usualColor = "#000000"

const colors = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i

const color = Schema.optionalKey(
  Schema.String.check(
    Schema.makeFilter((text) => (colors.test(text) ? undefined : "must be a color such as #336699")),
  ),
).annotate({ description: `Such as #336699; by default ${usualColor}.` })

const Creation = Schema.Struct({ name: Name.field, color })
const Change = Schema.Struct({ name: Schema.optionalKey(Name.field), color })

const readCreation = Fields.reader(Creation)
const readChange = Name.reader(Change)

/** Groups have the long form: `#369` is `#336699`. */
const whole = (color: string): string =>
  (color.length === 4 ? color.replaceAll(/[0-9a-f]/gi, "$&$&") : color).toLowerCase()

/** A project as answers have it. */
export const Output = Schema.Struct({
  id: Shapes.count,
  name: Schema.String,
  color: Schema.String.annotate({ examples: ["#336699"] }),
  last_datetime: DateText.schema.annotate({ description: "When it was last changed." }),
  datetime: DateText.schema.annotate({ description: "When it was created." }),
})

const show = ({ serial, name, color, createdAt, updatedAt }: Group): typeof Output.Type => ({
  id: serial,
  name,
  color: color === "" ? usualColor : color,
  last_datetime: DateText.of(updatedAt),
  datetime: DateText.of(createdAt),
})

const list = Effect.fnUntraced(function* (request: Request) {
  const groups = yield* Numbered.groups(request.project.id)
  return yield* Pages.ofAll(groups, request, { path, show })
})

const find = Effect.fnUntraced(function* ({ project, path }: Request) {
  const number = Number(path["serial"])
  const found = (yield* Numbered.groups(project.id)).find(({ serial }) => serial === number)
  return found ?? (yield* new GroupNotFound({ group: String(number) }))
})

const get = (request: Request) => Effect.map(find(request), (group) => Answers.data(show(group)))

const create = Effect.fnUntraced(function* ({ project, fields }: Request) {
  const { name, color = usualColor } = yield* readCreation(fields)
  const { length } = yield* Numbered.groups(project.id)
  if (length >= most)
    return yield* Fields.invalid("name", `cannot name another project: there are ${most} already`)
  const { serial } = yield* Groups.create({ project: project.id, name, color: whole(color) })
  return Answers.data({ id: serial }, 201)
})

const update = Effect.fnUntraced(function* (request: Request) {
  const { id, serial, name: before } = yield* find(request)
  const { fields, project } = request
  const { name, color } = yield* readChange(fields, before)
  yield* Groups.update({
    project: project.id,
    id,
    name,
    color: color === undefined ? undefined : whole(color),
  })
  return Answers.data({ id: serial })
})

const remove = Effect.fnUntraced(function* (request: Request) {
  const { id } = yield* find(request)
  yield* Groups.remove(request.project.id, id)
  return Answers.deleted
})

const updating = (id: string): Operation => ({
  id,
  access: "write",
  doc: {
    summary: "Update a project",
    description: "What is left out stays as it is.",
    body: Change,
    example: "color=#336699",
    answer: "The id of the project.",
    shape: Answers.named,
  },
  run: update,
})

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  {
    path,
    methods: {
      GET: {
        id: "listProjects",
        access: "read",
        doc: {
          summary: "List projects",
          query: Pages.parameters,
          answer: "A page of projects, with links to the others.",
          shape: Pages.shape("Project"),
        },
        isLong: true,
        run: list,
      },
      POST: {
        id: "createProject",
        access: "write",
        doc: {
          summary: "Create a project",
          body: Creation,
          example: "name=Website",
          answer: "The id of the project.",
          shape: Answers.named,
          status: 201,
        },
        run: create,
      },
    },
  },
  {
    path: `${path}/{serial}`,
    methods: {
      GET: {
        id: "getProject",
        access: "read",
        doc: {
          summary: "Get a project",
          answer: "The project.",
          shape: Answers.dataOf(JsonSchema.ref("Project")),
        },
        run: get,
      },
      POST: updating("updateProject"),
      PUT: updating("putProject"),
      PATCH: updating("patchProject"),
      DELETE: {
        id: "deleteProject",
        access: "write",
        doc: {
          summary: "Delete a project",
          description: "Its heartbeats stay, and belong to none then.",
          answer: "Nothing.",
          status: 204,
        },
        run: remove,
      },
    },
  },
]
