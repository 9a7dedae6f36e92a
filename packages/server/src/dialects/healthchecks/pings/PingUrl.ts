/** The paths that are pings, read as Healthchecks' URL table reads them. */
import type { Action } from "@overdue/core/Signal"

export interface BySlug {
  readonly pingKey: string
  /** May hold upper-case letters, which no slug does. */
  readonly slug: string
}

export interface PingUrl {
  readonly target: { readonly id: string } | BySlug
  readonly action: Action
  /** Any number of digits; only 0..255 is an exit status. */
  readonly exitStatus: number | undefined
}

const byId =
  /^(?:\/ping)?\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\/(start|fail|log|[0-9]+)?)?$/
const bySlug = /^\/ping\/([A-Za-z0-9_-]+)\/([A-Za-z0-9_-]+)(?:\/(start|fail|log|[0-9]+))?$/

/** Reads a path; `undefined` when it is no ping. */
export const parse = (path: string): PingUrl | undefined => {
  const id = byId.exec(path)
  if (id !== null) return { target: { id: id[1]! }, ...suffix(id[2]) }
  const slug = bySlug.exec(path)
  return slug === null ? undefined : { target: { pingKey: slug[1]!, slug: slug[2]! }, ...suffix(slug[3]) }
}

const suffix = (text: string | undefined): Pick<PingUrl, "action" | "exitStatus"> => {
  switch (text) {
    case undefined:
      return { action: "success", exitStatus: undefined }
    case "start":
    case "fail":
    case "log":
      return { action: text, exitStatus: undefined }
  }
  return { action: "success", exitStatus: Number(text) }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The run id of a query, in lower case; `undefined` when there is none, `null` when it is no UUID. */
export const rid = (query: URLSearchParams): string | undefined | null => {
  const given = query.getAll("rid").at(-1)
  if (given === undefined) return undefined
  return uuid.test(given) ? given.toLowerCase() : null
}
