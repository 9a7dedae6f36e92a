/** What may stand for a value in an example: `"<uuid>"`, `"<int|null>"`, `"<re:…>"`, `{"$approx": [v, tolerance]}`. */
import { isObject } from "./Compare.ts"

const isText = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value)

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  any: (value) => value !== undefined,
  absent: (value) => value === undefined,
  null: (value) => value === null,
  bool: (value) => typeof value === "boolean",
  int: (value) => Number.isInteger(value),
  number: (value) => typeof value === "number",
  string: (value) => typeof value === "string",
  array: (value) => Array.isArray(value),
  object: isObject,
  uuid: isText(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
  iso: isText(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/),
  sqldt: isText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
  hex32: isText(/^[0-9a-f]{32}$/),
  hex40: isText(/^[0-9a-f]{40}$/),
}

/** Decides on matchers; leaves everything else. */
export const rule = (expected: unknown, actual: unknown, parent: unknown): boolean | undefined => {
  if (isObject(expected)) {
    if (Array.isArray(expected["$approx"])) return isNear(expected["$approx"], actual)
    if (Array.isArray(expected["$iso_delta"])) return isAfter(expected["$iso_delta"], actual, parent)
    return undefined
  }
  if (typeof expected !== "string") return undefined
  const pattern = /^<re:(.*)>$/s.exec(expected)
  if (pattern !== null) return typeof actual === "string" && new RegExp(pattern[1]!).test(actual)
  const named = /^<([\w|]+)>$/.exec(expected)?.[1]?.split("|")
  return named?.every((name) => Object.hasOwn(kinds, name)) === true
    ? named.some((name) => kinds[name]!(actual))
    : undefined
}

const isNear = ([value, tolerance]: readonly unknown[], actual: unknown): boolean =>
  typeof actual === "number" && Math.abs(actual - Number(value)) <= Number(tolerance)

const isAfter = ([sibling, seconds]: readonly unknown[], actual: unknown, parent: unknown): boolean => {
  const other = isObject(parent) ? parent[String(sibling)] : undefined
  return Date.parse(String(actual)) - Date.parse(String(other)) === Number(seconds) * 1000
}

interface Encoded {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
}

/** A request's body as its content type says: JSON, a form, or parts; a text is sent as it is. */
export const encode = (body: unknown, headers: Readonly<Record<string, string>>): Encoded => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  if (body === undefined || body === "") return { headers, body: undefined }
  if (typeof body === "string") return { headers, body: bytes(body) }
  const name = Object.keys(headers).find((each) => each.toLowerCase() === "content-type")
  const type = name === undefined ? "application/json" : headers[name]!
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return { headers, body: bytes(new URLSearchParams(pairs(body)).toString()) }
  }
  if (type.startsWith("multipart/form-data")) {
    const boundary = "example-boundary"
    const parts = pairs(body).map(
      ([key, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
    )
    return {
      headers: { ...headers, [name!]: `multipart/form-data; boundary=${boundary}` },
      body: bytes(`${parts.join("")}--${boundary}--\r\n`),
    }
  }
  return { headers, body: bytes(JSON.stringify(body)) }
}

/** A list is sent as `name[]`, once for each item. */
const pairs = (body: unknown): [string, string][] =>
  Object.entries(body as object).flatMap(([name, value]): [string, string][] =>
    Array.isArray(value)
      ? value.map((item): [string, string] => [`${name}[]`, String(item)])
      : [[name, String(value)]],
  )
