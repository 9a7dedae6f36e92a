/** Parses the paths of pings as the URL table of Healthchecks does, and `/cancel`, which Healthchecks does not have. */
import { urlKey } from "@overdue/core/Project"
import * as Uuid from "@overdue/core/Uuid"
import type { Action } from "@overdue/core/Signal"

/** The check with a slug, in the project with a ping key. */
export interface BySlug {
  readonly pingKey: string
  /** May have upper-case letters, which are not valid in a slug. */
  readonly slug: string
}

/** A parsed path. */
export interface PingUrl {
  readonly target: { readonly id: string } | BySlug
  readonly action: Action
  /** Any number; only 0 to 255 is a valid exit status. */
  readonly exitStatus: number | undefined
}

const byId = new RegExp(`^(?:/ping)?/(${Uuid.source})(?:/(start|fail|log|cancel|[0-9]+)?)?$`)
const bySlug = /^\/ping\/([A-Za-z0-9_-]+)\/([A-Za-z0-9_-]+)(?:\/(start|fail|log|cancel|[0-9]+))?$/

/** Parses a path. Returns `undefined` when it is not the path of a ping. */
export const parse = (path: string): PingUrl | undefined => {
  const id = byId.exec(path)
  if (id !== null) return { target: { id: id[1]! }, ...suffix(id[2]) }
  const slug = bySlug.exec(path)
  return slug === null || !urlKey.pattern.test(slug[1]!)
    ? undefined
    : { target: { pingKey: slug[1]!, slug: slug[2]! }, ...suffix(slug[3]) }
}

const suffix = (text: string | undefined): Pick<PingUrl, "action" | "exitStatus"> => {
  switch (text) {
    case undefined:
      return { action: "success", exitStatus: undefined }
    case "start":
    case "fail":
    case "log":
    case "cancel":
      return { action: text, exitStatus: undefined }
  }
  return { action: "success", exitStatus: Number(text) }
}

/** Returns the run id in a query, in lower case; `undefined` when there is none, `null` when it is not a UUID. */
export const rid = (query: URLSearchParams): string | undefined | null => {
  const given = query.getAll("rid").at(-1)
  if (given === undefined) return undefined
  return Uuid.parse(given) ?? null
}
