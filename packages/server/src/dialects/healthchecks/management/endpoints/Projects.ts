/** The endpoints of projects and their API keys, beyond Healthchecks: for whoever operates the installation. */
import * as Limits from "@overdue/core/Limits"
import {
  broughtKey,
  projectName,
  urlKey,
  type Access,
  type ApiKey,
  type KeyShape,
  type Project,
} from "@overdue/core/Project"
import * as Format from "@overdue/core/document/Format"
import * as Schemas from "@overdue/core/document/Schemas"
import * as Store from "@overdue/core/Store"
import * as KeyCommands from "@overdue/engine/commands/Keys"
import * as Commands from "@overdue/engine/commands/Projects"
import { ProjectNotFound } from "@overdue/engine/CommandError"
import * as Failure from "@overdue/engine/Failure"
import * as Projects from "@overdue/engine/queries/Projects"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Keys from "../../../../access/Keys.ts"
import { json } from "../../Json.ts"
import { Site } from "../../../../Site.ts"
import { BadRequest, type Endpoint, type Operated } from "../Endpoint.ts"
import * as RequestBody from "../RequestBody.ts"

const list = Effect.fnUntraced(function* () {
  const store = yield* Store.Store
  return json(200, { projects: yield* Effect.forEach(yield* store.projects, shown) })
})

const get = Effect.fnUntraced(function* ({ path }: Operated) {
  return json(200, yield* shown(yield* named(path["uuid"]!)))
})

const create = Effect.fnUntraced(function* ({ body }: Operated) {
  const { name, ...given } = yield* RequestBody.decoded(decodeNew, body)
  const { secret } = yield* Site
  const keys = Keys.pair(secret)
  const project = yield* Commands.create({
    pingKey: Keys.generatePingKey(),
    ...changeOf(given),
    name,
    keys: keys.stored,
  })
  return json(201, {
    ...(yield* shown(project)),
    api_key: keys.apiKey,
    api_key_readonly: keys.apiKeyReadOnly,
  })
})

const update = Effect.fnUntraced(function* ({ path, body }: Operated) {
  const project = yield* Commands.update(
    path["uuid"]!,
    changeOf(yield* RequestBody.decoded(decodeChange, body)),
  )
  return json(200, yield* shown(project))
})

/** Returns what a request changes of a project. */
export const changeOf = (given: typeof Change.Type): Partial<Store.ProjectChange> => {
  const { name, badge_key, check_limit, ping_limit, rotate_ping_key } = given
  const pingKey = rotate_ping_key === true ? Keys.generatePingKey() : given.ping_key
  return {
    ...(name !== undefined && { name }),
    ...(pingKey !== undefined && { pingKey }),
    ...(badge_key !== undefined && { badgeKey: badge_key }),
    ...(check_limit !== undefined && { checkLimit: check_limit }),
    ...(ping_limit !== undefined && { pingLogLimit: ping_limit }),
  }
}

const remove = Effect.fnUntraced(function* ({ path, query }: Operated) {
  const id = path["uuid"]!
  // Of a damaged one nobody may be able to read the name.
  const project = yield* Failure.ifReadable(named(id))
  if (query.get("confirm") !== (project?.name ?? id)) {
    const what =
      project === undefined ? "the id of the project, whose record is damaged" : "the name of the project"
    return yield* new BadRequest({
      text: `this deletes all checks of the project: confirm it with ?confirm= and ${what}`,
    })
  }
  const document = project === undefined ? { id } : yield* shown(project)
  yield* Commands.remove(id)
  return json(200, document)
})

const listKeys = Effect.fnUntraced(function* ({ path }: Operated) {
  const store = yield* Store.Store
  const project = yield* named(path["uuid"]!)
  return json(200, { keys: (yield* store.apiKeys(project.id)).map(shownKey) })
})

const createKey = Effect.fnUntraced(function* ({ path, body }: Operated) {
  const {
    access = "read-write",
    label = "",
    key = Keys.generate(access),
  } = yield* RequestBody.decoded(decodeKey, body)
  const stored = Keys.stored((yield* Site).secret, key, access, label)
  return json(201, { ...shownKey(yield* KeyCommands.create(path["uuid"]!, stored)), key })
})

const removeKey = Effect.fnUntraced(function* ({ path }: Operated) {
  yield* Failure.ifReadable(named(path["uuid"]!))
  const id = path["key"]!
  const deleted = yield* KeyCommands.remove(path["uuid"]!, id)
  return json(200, deleted === undefined ? { id } : shownKey(deleted))
})

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  {
    path: "/projects/",
    methods: {
      GET: { id: "listProjects", access: "operate", run: list },
      POST: { id: "createProject", access: "operate", run: create },
    },
    since: 3,
  },
  {
    path: "/projects/{uuid}",
    methods: {
      GET: { id: "getProject", access: "operate", run: get },
      POST: { id: "updateProject", access: "operate", run: update },
      DELETE: { id: "deleteProject", access: "operate", run: remove },
    },
    since: 3,
  },
  {
    path: "/projects/{uuid}/keys/",
    methods: {
      GET: { id: "listKeys", access: "operate", run: listKeys },
      POST: { id: "createKey", access: "operate", run: createKey },
    },
    since: 3,
  },
  {
    path: "/projects/{uuid}/keys/{key}",
    methods: { DELETE: { id: "deleteKey", access: "operate", run: removeKey } },
    since: 3,
  },
]

const isShaped = ({ pattern, words }: KeyShape) => Schema.isPattern(pattern, { message: `is not ${words}` })
const keyOf = (shape: KeyShape) => Schema.String.check(isShaped(shape))

const count = Schemas.wholeNumber(1, Limits.mostPerProject)
const pingKey = keyOf(urlKey)
const name = Schemas.textUpTo(Limits.nameLength).check(
  Schema.isPattern(/\S/u, { message: "is empty" }),
  isShaped(projectName),
)

/** The body of a request that changes a project: what is left out stays. */
export const Change = Schema.Struct({
  name: Schema.optionalKey(name.annotate({ description: "Name of the project, which no other one has." })),
  check_limit: Schema.optionalKey(count.annotate({ description: "How many checks it may have." })),
  ping_limit: Schema.optionalKey(count.annotate({ description: "How many pings are kept of each check." })),
  ping_key: Schema.optionalKey(
    pingKey.annotate({
      description: "Part of the ping URLs by slug; those with the one before stop working.",
    }),
  ),
  rotate_ping_key: Schema.optionalKey(
    Schemas.flag.annotate({ description: "Make a new ping key; those with the one before stop working." }),
  ),
  badge_key: Schema.optionalKey(
    pingKey.annotate({ description: "Part of the addresses of badges by tag, from another server." }),
  ),
})

const { rotate_ping_key: _, ...ofNew } = Change.fields

/** The body of a request that creates a project. */
export const Input = Schema.Struct({ ...ofNew, name })

const accessOf = Schemas.choiceOf(["read-write", "read-only"])

/** The body of a request that creates an API key. */
export const KeyInput = Schema.Struct({
  access: Schema.optionalKey(accessOf.annotate({ description: "By default `read-write`." })),
  label: Schema.optionalKey(
    Schemas.textUpTo(Limits.nameLength).annotate({ description: "What people call it." }),
  ),
  key: Schema.optionalKey(
    keyOf(broughtKey).annotate({
      description:
        "The key itself, from another server; by default it is generated. Clients of Healthchecks can use one of 32 characters only.",
    }),
  ),
})

/** A project as the API returns it. */
export const Output = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  ping_key: Schema.NullOr(Schema.String),
  badge_key: Schema.String,
  check_limit: Schema.Int,
  ping_limit: Schema.Int,
  checks: Schema.Int.annotate({ description: "How many checks it has." }),
  channels: Schema.Int,
  keys: Schema.Int,
  created: Schema.String,
})

/** An API key as the API returns it: without the key. */
export const KeyOutput = Schema.Struct({
  id: Schema.String.annotate({ description: "The beginning of the key's digest." }),
  access: accessOf,
  hint: Schema.String.annotate({ description: "The first characters of the key." }),
  label: Schema.String,
  created: Schema.String,
})

const decodeNew = Schema.decodeUnknownResult(Input)
const decodeChange = Schema.decodeUnknownResult(Change)
const decodeKey = Schema.decodeUnknownResult(KeyInput)

const named = Effect.fnUntraced(function* (id: string) {
  const store = yield* Store.Store
  return (yield* store.project(id)) ?? (yield* new ProjectNotFound({ project: id }))
})

const shown = (project: Project) =>
  Effect.map(Projects.counted(project), ({ checks, channels, keys }) => {
    const { created, ...settings } = settingsOf(project, "read-write")
    return { ...settings, checks, channels, keys, created }
  })

/** Returns what is set of a project. A read-only key does not see the ping key, with which it could ping. */
export const settingsOf = (project: Project, access: Access) => ({
  id: project.id,
  name: project.name,
  ...(access === "read-write" && { ping_key: project.pingKey ?? null }),
  badge_key: project.badgeKey,
  check_limit: project.checkLimit,
  ping_limit: project.pingLogLimit,
  created: Format.instantOrNull(project.createdAt),
})

const shownKey = (key: ApiKey) => ({
  id: KeyCommands.idOf(key),
  access: key.access,
  hint: key.hint,
  label: key.label,
  created: Format.instantOrNull(key.createdAt),
})
