/** An installation over the API of its server. */
import { ClientError, send } from "@overdue/client/retry"
import { Failure } from "../Failure.ts"
import { fetch } from "../Fetch.ts"
import type { Installation, KeyRow, ProjectRow, ProjectSettings } from "./Installation.ts"

/** The site, without `/api/v3`, and the operator's key. */
export interface Server {
  readonly url: string
  readonly adminKey: string
}

interface Project {
  readonly id: string
  readonly name: string
  readonly ping_key: string | null
  readonly badge_key: string
  readonly check_limit: number
  readonly ping_limit: number
  readonly checks: number
  readonly channels: number
  readonly keys: number
  readonly created: string
}

interface Key extends Omit<KeyRow, "createdAt"> {
  readonly created: string
}

/** Returns the installation behind a server. */
export const ofServer = (server: Server): Installation => {
  const ask = async <A>(method: string, path: string, body?: object): Promise<A> => {
    try {
      const { text } = await send(
        `${server.url.replace(/\/+$/, "")}/api/v3/projects/${path}`,
        {
          method,
          headers: { "X-Api-Key": server.adminKey },
          ...(body !== undefined && { body: JSON.stringify(body) }),
          isOnce: method === "POST",
        },
        { attempts: 3, total: 30_000, fetch },
      )
      return JSON.parse(text)
    } catch (error) {
      if (error instanceof SyntaxError)
        throw new Failure(`${new URL(server.url).origin} answers, but is no server of Overdue`)
      if (!(error instanceof ClientError)) throw error
      const advice =
        error._tag !== "NotFound"
          ? ""
          : "; an earlier version, and a server of Healthchecks, do not have this: there, projects and keys are managed on its pages"
      throw new Failure(`${error.message}${advice}`, { cause: error })
    }
  }
  return {
    projects: async () =>
      (await ask<{ readonly projects: readonly Project[] }>("GET", "")).projects.map(rowOf),
    createProject: async (settings) => {
      const made = await ask<Project & { readonly api_key: string; readonly api_key_readonly: string }>(
        "POST",
        "",
        wire(settings),
      )
      return {
        project: rowOf(made),
        apiKey: made.api_key,
        apiKeyReadOnly: made.api_key_readonly,
        pingKey: made.ping_key ?? "",
      }
    },
    updateProject: async (id, { rotatesPingKey, ...settings }) =>
      rowOf(await ask("POST", id, { ...wire(settings), ...(rotatesPingKey && { rotate_ping_key: true }) })),
    deleteProject: async ({ id, name }) =>
      void (await ask("DELETE", `${id}?confirm=${encodeURIComponent(name)}`)),
    keys: async (project) =>
      (await ask<{ readonly keys: readonly Key[] }>("GET", `${project}/keys/`)).keys.map(keyRowOf),
    createKey: async (project, { access, label, key }) => {
      const made = await ask<Key & { readonly key: string }>("POST", `${project}/keys/`, {
        access,
        label,
        ...(key !== undefined && { key }),
      })
      return { key: made.key, ...keyRowOf(made) }
    },
    deleteKey: async (project, id) => void (await ask("DELETE", `${project}/keys/${id}`)),
    idOfKey: () => undefined,
  }
}

const wire = ({ name, checkLimit, pingLogLimit, pingKey, badgeKey }: ProjectSettings) => ({
  name,
  check_limit: checkLimit,
  ping_limit: pingLogLimit,
  ping_key: pingKey,
  badge_key: badgeKey,
})

const rowOf = (project: Project): ProjectRow => ({
  id: project.id,
  name: project.name,
  pingKey: project.ping_key ?? undefined,
  badgeKey: project.badge_key,
  checkLimit: project.check_limit,
  pingLogLimit: project.ping_limit,
  createdAt: Date.parse(project.created),
  checks: project.checks,
  channels: project.channels,
  keys: project.keys,
})

const keyRowOf = ({ id, access, hint, label, created }: Key): KeyRow => ({
  id,
  access,
  hint,
  label,
  createdAt: Date.parse(created),
})
