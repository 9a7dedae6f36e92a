/** Finds the endpoint of a path, as the URL table of Healthchecks does. */
import * as Uuid from "@overdue/core/Uuid"
import type { Endpoint } from "./Endpoint.ts"
import type { Version } from "../checks/Versions.ts"

/** The endpoint of a path with its parameters, or where the path leads instead. */
export type Found =
  | {
      readonly endpoint: Endpoint
      readonly path: Readonly<Record<string, string>>
      readonly redirect?: undefined
    }
  /** Only the slash at the end is missing. */
  | { readonly redirect: string }

/** A compiled table of endpoints. */
export interface Router {
  /** Returns `undefined` when the version has no endpoint with this path. */
  readonly find: (version: Version, path: string) => Found | undefined
}

/** The patterns of the parameters in paths. Ids are in lower case. */
const parameters: Readonly<Record<string, string>> = {
  uuid: Uuid.source,
  unique_key: "[A-z0-9]{40}",
  n: "[0-9]+",
  delivery: `${Uuid.source}\\.[0-9]+\\.${Uuid.source}(?:\\.-?[0-9]+)?`,
  key: "[0-9a-f]{12}",
}

/** Returns a router that tries the endpoints in order. */
export const make = (endpoints: readonly Endpoint[]): Router => {
  const compiled = endpoints.map((endpoint) => ({ endpoint, pattern: compile(endpoint.path) }))
  const match = (version: Version, below: string): Found | undefined => {
    for (const { endpoint, pattern } of compiled) {
      if (version < (endpoint.since ?? 1) || version > (endpoint.until ?? 3)) continue
      const found = pattern.exec(below)
      if (found !== null) return { endpoint, path: { ...found.groups } }
    }
    return undefined
  }
  return {
    find: (version, path) => {
      const below = decoded(path).slice(`/api/v${version}`.length)
      const found = match(version, below)
      if (found !== undefined || below.endsWith("/")) return found
      return match(version, `${below}/`) === undefined ? undefined : { redirect: `${path}/` }
    },
  }
}

const compile = (path: string): RegExp =>
  new RegExp(`^${path.replace(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>${parameters[name]})`)}$`)

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
