/** The fields of a check where the versions of the Healthchecks API differ, and where it has more than a document. */
import { createHash } from "node:crypto"
import type * as Check from "@overdue/core/Check"
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import * as CheckFields from "@overdue/core/document/CheckFields"
import * as Field from "@overdue/core/document/Field"
import * as Schemas from "@overdue/core/document/Schemas"
import * as Limits from "@overdue/core/Limits"
import * as Shown from "@overdue/core/Shown"
import * as Slug from "@overdue/core/Slug"
import * as Uuid from "@overdue/core/Uuid"
import * as Schema from "effect/Schema"

/** A version of the API. They differ in the fields below, and in the endpoints that they have (`since`, `until`). */
export type Version = 1 | 2 | 3

/** Hex SHA-1 of the first 16 hex digits of an id: names a check to those who may not ping it. */
export const uniqueKey = (id: string): string =>
  createHash("sha1").update(id.replaceAll("-", "").slice(0, 16)).digest("hex")

/** Fields of answers that no document but this API's has. */
const ofAnswers = {
  unique_key: Field.make({
    sentence: "Stands for the check without letting anyone ping it. Shown to read-only keys.",
    schema: Schema.String,
    shownTo: "read-only",
    show: ({ check }) => uniqueKey(check.id),
  }),
}

/** Fields of requests that no check has. */
export const ofRequests = {
  unique: Field.make({
    sentence: "When a check equals the request in all of these fields, it is updated instead.",
    schema: Schemas.listOf(Schemas.oneOf(["name", "slug", "tags", "timeout", "grace"])),
  }),
  restart: Field.make({
    sentence: "Of an update: expect the next signal as if the last one had come now, whatever changes.",
    schema: Schemas.flag,
  }),
}

/** The schema of a UUID. Only lower case is taken, for ids are compared as they are written. */
const uuid = Schemas.text.check(Schemas.rule(Uuid.isValid, "is not a UUID in lower case"))

/** Fields of the creation of a check, which keeps what it had on another server. */
export const ofBirth = {
  uuid: Field.make({
    sentence: "Of a new check: the id that it keeps, from another server, and with it its ping URL.",
    schema: uuid,
  }),
  badge_key: Field.make({
    sentence: "Of a new check: the key in the address of its badge that it keeps, from another server.",
    schema: uuid,
  }),
}

const { name, slug, status, methods } = CheckFields.fields

/** API v1 and v2 derive the slug from the name. */
const derivingSlug = Field.make({
  ...name,
  set: (change, given) => {
    name.set?.(change, given)
    change.details = { ...change.details, slug: Slug.fromName(given).slice(0, Limits.slugLength) }
  },
})

/** API v1 says `started` for as long as an open run is within its time, whatever the check is otherwise. */
const startedStatus = Field.make({
  sentence: status.sentence,
  schema: Schemas.oneOf(["new", "up", "grace", "down", "paused", "started"]),
  show: (view) => (Shown.isRunning(view.check, view.now, view.blind) ? "started" : status.show?.(view)),
})

const methodsOf = ({ policy }: Pick<Check.Plan, "policy">): string =>
  policy.methods.join(" ") === "POST" ? "POST" : ""

/**
 * Healthchecks knows POST alone, or every method. Others, which another API has set, look like every method, and a client
 * that sends back what it was shown leaves them alone.
 */
const postOrAll = Field.make({
  ...methods,
  show: ({ check }) => methodsOf(check),
  set: (change, given) => (given === methodsOf(change) ? undefined : methods.set?.(change, given)),
})

/** Healthchecks shows the unique key where others see the channels. */
const withUniqueKey = (table: Field.Table): Field.Table =>
  Object.fromEntries(
    Object.entries(table).flatMap(([name, field]) =>
      name === "channels" ? [[name, field], ...Object.entries<Field.Any>(ofAnswers)] : [[name, field]],
    ),
  )

/** Returns the fields of answers and requests of a version, made of the fields of a check. */
export const tableOf = (version: Version, fields: Field.Table = CheckFields.fields): Field.Table =>
  withUniqueKey({
    ...fields,
    ...(version < 3 ? { name: derivingSlug } : { slug: { ...slug, ...described } }),
    ...(version === 1 ? { status: startedStatus } : {}),
  })

const described = {
  sentence: "Names the check in ping URLs. Need not be unique. API v1 and v2 derive it from the name.",
}

/** A version of the API: how it shows checks, and what it makes of the values that a request gives. */
export interface Dialogue {
  readonly show: ReturnType<typeof CheckDocument.shower>
  readonly plan: ReturnType<typeof CheckDocument.planner>
}

const dialogueOf = (table: Field.Table): Dialogue => ({
  show: CheckDocument.shower(table),
  plan: CheckDocument.planner(table),
})

const dialoguesOf = (version: Version): Readonly<Record<CheckDocument.Defaults, Dialogue>> => ({
  healthchecks: dialogueOf({ ...tableOf(version), methods: postOrAll }),
  own: dialogueOf(tableOf(version)),
})

/** The versions of the API, for clients of Healthchecks, and for those that know what it lacks. */
export const dialogues: Readonly<Record<Version, Readonly<Record<CheckDocument.Defaults, Dialogue>>>> = {
  1: dialoguesOf(1),
  2: dialoguesOf(2),
  3: dialoguesOf(3),
}
