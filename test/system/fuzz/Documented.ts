/** Requests for the APIs of other services, as their own documents describe them: unusual, wrong, or as they should be. */
import { keys } from "../../kit/Keys.ts"
import type { SeededRandom } from "../../kit/SeededRandom.ts"
import * as HostileValue from "./HostileValue.ts"
import type * as Request from "./Request.ts"

/** An operation of one of them. */
export interface Operation {
  readonly method: string
  /** With its mount, and parameters in braces. */
  readonly path: string
  readonly query: readonly string[]
  readonly fields: readonly string[]
}

/** The parts that are read of an OpenAPI document. */
interface Described {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters: readonly { readonly name: string; readonly in: string }[]
            readonly requestBody?: {
              readonly content: Readonly<
                Record<
                  string,
                  { readonly schema: { readonly properties?: Readonly<Record<string, unknown>> } }
                >
              >
            }
          }
        >
      >
    >
  >
}

/** Reads the documents of the APIs that a server has below these mounts. */
export const read = async (url: string, mounts: readonly string[]): Promise<readonly Operation[]> => {
  const all = await Promise.all(
    mounts.map(async (mount) => {
      const answer = await fetch(`${url}${mount}/openapi.json`)
      if (!answer.ok) throw new Error(`${mount} has no document: ${answer.status}`)
      const { paths } = (await answer.json()) as Described // safe because a test compares it with the standard
      return Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { parameters, requestBody }]): Operation => {
          const [content] = Object.values(requestBody?.content ?? {})
          return {
            method: method.toUpperCase(),
            path: mount + path,
            query: parameters.filter(({ in: place }) => place === "query").map(({ name }) => name),
            fields: Object.keys(content?.schema.properties ?? {}),
          }
        }),
      )
    }),
  )
  return all.flat()
}

/** A request for one of the operations. */
export const make = (
  random: SeededRandom,
  operations: readonly Operation[],
  checks: readonly string[],
): Request.Request => {
  const { method, path, query, fields } = random.pick(operations)
  const key = HostileValue.rather(random, () => random.pick([keys.readWrite, keys.readWrite, keys.readOnly]))
  const body = fields.length > 0 || random.happens(0.1) ? bodyOf(random, fields, checks) : undefined
  return {
    method: random.happens(0.85)
      ? method
      : random.pick(["GET", "HEAD", "PUT", "PATCH", "DELETE", "POST", "OPTIONS"]),
    path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameter(random, name, checks)),
    query: random.times(random.below(4), () => [
      HostileValue.rather(random, () => (query.length === 0 ? "payload" : random.pick(query))),
      value(random, checks),
    ]),
    headers: [
      random.happens(0.5) ? ["X-Api-Key", key] : ["Authorization", `Bearer ${key}`],
      ...(body === undefined ? [] : [["Content-Type", body.type] as const]),
    ],
    ...(body !== undefined && { body: body.bytes }),
  }
}

const parameter = (random: SeededRandom, name: string, checks: readonly string[]): string =>
  HostileValue.rather(random, () =>
    name === "serial" || random.happens(0.2)
      ? String(random.pick([1, 2, 28, random.below(100), 2 ** 53, 0]))
      : random.pick(checks).replaceAll("-", random.happens(0.1) ? "" : "-"),
  )

/** What some field, or some parameter, takes. */
const value = (random: SeededRandom, checks: readonly string[]): string =>
  random.pick([
    () => HostileValue.text(random),
    () => String(HostileValue.number(random)),
    () => String(random.between(1, 60)),
    () => random.pick(checks),
    () => HostileValue.schedule(random),
    () =>
      random.pick(
        "UTC Europe/Riga true false on off minutes days weeks ASC DESC name uptime 1h 30d tick fail GET".split(
          " ",
        ),
      ),
    () => random.pick(["2026-01-01 00:00:00", "2026-01-01T00:00:00Z", "0001-01-01 00:00:00", "#a1b2c3", ""]),
  ])()

const bodyOf = (random: SeededRandom, fields: readonly string[], checks: readonly string[]) => {
  if (random.happens(0.1))
    return {
      type: HostileValue.rather(random, () => "application/json"),
      bytes: random.bytes(random.below(300)),
    }
  const given = (
    random.happens(0.5) ? fields : random.times(random.below(8), () => random.pick([...fields, "x"]))
  ).map((name) => [HostileValue.rather(random, () => name), value(random, checks)] as const)
  const name = (text: string): string =>
    random.happens(0.1) ? `${text}[${random.pick(["", "0", "x"])}]` : text
  switch (random.below(3)) {
    case 0:
      return {
        type: "application/json",
        bytes: Buffer.from(
          JSON.stringify(
            Object.fromEntries(
              given.map(([key, text]) => [key, random.happens(0.3) ? HostileValue.json(random) : text]),
            ),
          ),
        ),
      }
    case 1:
      return {
        type: "application/x-www-form-urlencoded",
        bytes: Buffer.from(
          given
            .map(
              ([key, text]) =>
                `${encodeURIComponent(name(key).toWellFormed())}=${encodeURIComponent(text.toWellFormed())}`,
            )
            .join("&"),
        ),
      }
    default: {
      const boundary = "----edge"
      const parts = given.map(
        ([key, text]) =>
          `--${boundary}\r\nContent-Disposition: form-data; name="${name(key)}"\r\n\r\n${text}\r\n`,
      )
      const whole = Buffer.from(`${parts.join("")}--${boundary}--\r\n`)
      return {
        type: `multipart/form-data; boundary=${boundary}`,
        bytes: random.happens(0.2) ? HostileValue.mutate(random, whole) : whole,
      }
    }
  }
}
