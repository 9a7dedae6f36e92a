/**
 * The projects of an installation and their API keys, as the operator manages them: over the API of a server, or in its
 * database, whether or not a server runs on it.
 */
import type { Access } from "@overdue/core/Project"
import type { Flags, Values } from "../Flags.ts"
import type { Io } from "../Io.ts"
import * as Database from "../local/Database.ts"
import { pick, type Naming } from "../Pick.ts"
import * as Place from "../local/Place.ts"
import * as Projects from "../local/Projects.ts"
import { key, site } from "../Target.ts"

/** A project, and how much it has of everything. */
export interface ProjectRow {
  readonly id: string
  readonly name: string
  readonly pingKey: string | undefined
  readonly badgeKey: string
  readonly checkLimit: number
  readonly pingLogLimit: number
  readonly createdAt: number
  readonly checks: number
  readonly channels: number
  readonly keys: number
}

/** What can be set of a project. */
export interface ProjectSettings {
  readonly name?: string | undefined
  readonly checkLimit?: number | undefined
  readonly pingLogLimit?: number | undefined
  readonly pingKey?: string | undefined
  readonly badgeKey?: string | undefined
}

/** A project that was created just now, with its keys: the only time that those are known. */
export interface MadeProject {
  readonly project: ProjectRow
  readonly apiKey: string
  readonly apiKeyReadOnly: string
  readonly pingKey: string
}

/** What is known of a key: its first characters, and the beginning of a digest of all of it. */
export interface KeyRow {
  readonly id: string
  readonly access: Access
  /** The first characters of the key. */
  readonly hint: string
  /** What people call it; empty when they do not. */
  readonly label: string
  readonly createdAt: number
}

/** A key that was created just now, the only time that all of it is known. */
export interface MadeKey extends KeyRow {
  readonly key: string
}

/** What a new key is to be. */
export interface NewKey {
  readonly access: Access
  readonly label: string
  /** The key itself; by default it is generated. */
  readonly key?: string | undefined
}

/** An installation. Every call fails with a `Failure` that says why it was refused. */
export interface Installation {
  /** Oldest first. */
  readonly projects: () => Promise<readonly ProjectRow[]>
  readonly createProject: (settings: ProjectSettings & { readonly name: string }) => Promise<MadeProject>
  readonly updateProject: (
    id: string,
    settings: ProjectSettings & { readonly rotatesPingKey: boolean },
  ) => Promise<ProjectRow>
  readonly deleteProject: (project: ProjectRow) => Promise<void>
  /** Oldest first. */
  readonly keys: (project: string) => Promise<readonly KeyRow[]>
  readonly createKey: (project: string, key: NewKey) => Promise<MadeKey>
  readonly deleteKey: (project: string, id: string) => Promise<void>
  /** Returns the id that a whole key would have; `undefined` where that takes the secret. */
  readonly idOfKey: (key: string) => string | undefined
}

/** What every command on projects and keys takes. */
export const flags = {
  url: {
    kind: "text",
    value: "URL",
    env: "OVERDUE_URL",
    help: "a server to manage over its API, with --admin-key; otherwise the database is managed",
  },
  "admin-key": {
    kind: "text",
    value: "KEY",
    env: "OVERDUE_ADMIN_KEY",
    help: "the operator's key, which the server has as OVERDUE_ADMIN_KEY",
  },
  ...Place.databaseFlags,
} as const satisfies Flags

/** The same for commands on one project. */
export const projectFlags = { project: Place.projectFlags.project, ...flags } as const satisfies Flags

/**
 * Opens the installation that flags and environment name: the server when both its address and the operator's key are
 * known and no database is named, else the database. Says which where either could be meant.
 */
export const open = async (given: Values<typeof flags>, io: Io): Promise<Installation> => {
  const { url, "admin-key": adminKey, database } = given
  if (url !== undefined && adminKey !== undefined && database === undefined) {
    const address = site(url)
    const { ofServer } = await import("./OfServer.ts")
    io.stderr.write(`on the server ${new URL(address).origin}\n`)
    return ofServer({ url: address, adminKey: key(adminKey, "--admin-key (or OVERDUE_ADMIN_KEY)") })
  }
  const opened = Database.parse(database, io.environment)
  if (url !== undefined) {
    const why = database === undefined ? "no --admin-key or OVERDUE_ADMIN_KEY is given" : "it is named"
    io.stderr.write(
      `on the database ${opened.file ?? "in memory"}, not on the server of --url or OVERDUE_URL: ${why}\n`,
    )
  }
  const { ofDatabase } = await import("./OfDatabase.ts")
  return ofDatabase(opened)
}

const keyNaming: Naming<KeyRow> = {
  noun: "key",
  id: ({ id }) => id,
  names: [({ hint }) => hint, ({ label }) => label],
}

/** Returns the project with a name or id; without one, the only project. Fails when it is not exactly one. */
export const project = async (installation: Installation, words: string | undefined): Promise<ProjectRow> =>
  Projects.among(await installation.projects(), words)

/** Returns the keys that are named by their first characters, id, label, or in full, each once. Fails unless all of them exist. */
export const keys = async (
  installation: Installation,
  project: string,
  words: readonly string[],
): Promise<readonly KeyRow[]> => {
  const known = await installation.keys(project)
  const chosen = words.map((word) => {
    const id = installation.idOfKey(word)
    const whole = known.find((key) => key.id === id)
    // A server does not digest a key that it is not given; its first characters say as much.
    const isWhole = id === undefined && word.length === 32
    return whole ?? pick(known, isWhole ? word.slice(0, 8) : word, keyNaming)
  })
  return [...new Set(chosen)]
}
