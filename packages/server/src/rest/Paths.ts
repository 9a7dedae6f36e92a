/** Finds the endpoint of a path. */
import * as Uuid from "@overdue/core/Uuid"
import type { Endpoint } from "./Endpoint.ts"

/** An endpoint with the parameters in the path. */
export interface Found {
  readonly endpoint: Endpoint
  readonly path: Readonly<Record<string, string>>
}

/** The patterns of the parameters in paths. Others are any text without a slash. */
const parameters: Readonly<Record<string, string>> = {
  uuid: Uuid.source,
  // A number beyond those that are exact is none that anything has.
  serial: "[0-9]{1,15}",
}

/** Returns what finds the endpoint of a path among some, which are tried in order; `undefined` when none has it. */
export const finder = (endpoints: readonly Endpoint[]) => {
  const compiled = endpoints.map((endpoint) => ({ endpoint, pattern: compile(endpoint.path) }))
  return (path: string): Found | undefined => {
    for (const { endpoint, pattern } of compiled) {
      const found = pattern.exec(path)
      if (found !== null) return { endpoint, path: { ...found.groups } }
    }
    return undefined
  }
}

const compile = (path: string): RegExp =>
  new RegExp(
    `^${path.replace(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>${parameters[name] ?? "[^/]+"})`)}/?$`,
  )

/** Returns what a part of a path says; itself when it is not encoded as it should be. */
export const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
