/** The first start of a server on an empty database: it creates a project, with keys. */
import * as Store from "@overdue/core/Store"
import * as Projects from "@overdue/engine/commands/Projects"
import * as Omitted from "@overdue/engine/Omitted"
import * as Keys from "@overdue/server/access/Keys"
import * as Effect from "effect/Effect"
import type { Config } from "./Config.ts"

/** Keys that were generated because the environment has none; they are printed only this once. */
export interface MadeKeys {
  readonly apiKey?: string
  readonly apiKeyReadOnly?: string
  readonly pingKey?: string
}

/**
 * Creates the project `default` unless there is a project. Returns the keys that it generated; none when another server
 * that was started at the same time was first.
 */
export const run = Effect.fnUntraced(function* (config: Config, secret: string) {
  const store = yield* Store.Store
  const none: MadeKeys = {}
  const { found, damaged } = yield* Omitted.of(store.projects)
  // A project whose record is damaged is one: another beside it would be its double, with keys of its own.
  if (found.length > 0 || damaged.length > 0) return none
  const made: MadeKeys = {
    ...(config.apiKey === undefined && { apiKey: Keys.generate("read-write") }),
    ...(config.apiKeyReadOnly === undefined && { apiKeyReadOnly: Keys.generate("read-only") }),
    ...(config.pingKey === undefined && { pingKey: Keys.generatePingKey() }),
  }
  const project = {
    id: firstId(secret),
    name: "default",
    pingKey: config.pingKey ?? made.pingKey,
    keys: [
      Keys.stored(secret, config.apiKey ?? made.apiKey!, "read-write"),
      Keys.stored(secret, config.apiKeyReadOnly ?? made.apiKeyReadOnly!, "read-only"),
    ],
  }
  return yield* Projects.create(project).pipe(
    Effect.as(made),
    Effect.catchTag("ProjectExists", () => Effect.succeed(none)),
    Effect.catchIf(
      (error) => error._tag === "StoreError" && error.reason === "constraint",
      () => Effect.succeed(none),
    ),
  )
})

/** Servers that start at once on one database have one secret, and so make one project. */
const firstId = (secret: string): string => {
  const digest = Keys.digest(secret, "the first project")
  const groups = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
  ]
  return [...groups, digest.slice(20, 32)].join("-")
}

/**
 * Returns a sentence for each project whose record is damaged, and for each key of the environment that opens nothing:
 * because its record is damaged, or because it is none of the database's. A key counts only at the first start, and
 * whoever changed it since believes that it opens something. All else is served meanwhile.
 */
export const warnings = Effect.fnUntraced(function* (config: Config, secret: string) {
  const store = yield* Store.Store
  const { damaged } = yield* Omitted.of(store.projects)
  const sentences = damaged.map(
    ({ detail }) => `until it is corrected, nothing is answered to the keys of a project: ${detail}`,
  )
  const keys = [
    ["OVERDUE_API_KEY", config.apiKey, ""],
    ["OVERDUE_API_KEY_READONLY", config.apiKeyReadOnly, "--read-only "],
  ] as const
  for (const [name, key, flag] of keys) {
    if (key === undefined) continue
    const unknown =
      `${name} is not a key of this database and opens nothing: it counts only at the first start. ` +
      `Add it with \`overdue keys create ${flag}--from ${name}\`, or unset it`
    sentences.push(...(yield* complaint(name, store.apiKey(Keys.digest(secret, key)), unknown)))
  }
  const { pingKey } = config
  if (pingKey !== undefined) {
    const unknown =
      "OVERDUE_PING_KEY is not the ping key of a project of this database: it counts only at the first start. " +
      "Set it with `overdue projects set NAME --ping-key KEY`, or unset it"
    sentences.push(...(yield* complaint("OVERDUE_PING_KEY", store.projectByPingKey(pingKey), unknown)))
  }
  return sentences
})

/** Returns what is wrong with a key that is looked up: `unknown` when nothing is found, or that its record is damaged. */
const complaint = (
  name: string,
  lookup: Effect.Effect<unknown, Store.StoreError>,
  unknown: string,
): Effect.Effect<readonly string[], Store.StoreError> =>
  lookup.pipe(
    Effect.map((found) => (found === undefined ? [unknown] : [])),
    Effect.catchIf(
      ({ reason }) => reason === "damaged",
      ({ detail }) => Effect.succeed([`${name} opens nothing until it is corrected: ${detail}`]),
    ),
  )

/** Returns the generated keys as a text for people; an empty one when there are none. */
export const describe = (made: MadeKeys): string => {
  const rows = [
    ["API key", made.apiKey],
    ["read-only API key", made.apiKeyReadOnly],
    ["ping key", made.pingKey],
  ].filter((row): row is [string, string] => row[1] !== undefined)
  if (rows.length === 0) return ""
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, key]) => `  ${name.padEnd(width)}  ${key}`)
  return `This is the first start. These keys of the project "default" are shown only now:\n${lines.join("\n")}\n`
}
