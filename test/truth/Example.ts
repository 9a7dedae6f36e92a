/** Acceptance examples of the dialects: a setup, one request, and what its answer must be. */
import { compare, isObject, same, type Difference } from "./Compare.ts"
import * as Matchers from "./Matchers.ts"
import type { Failure, Scenario } from "./Scenario.ts"
import * as Targets from "./Targets.ts"
import { keys } from "../kit/Keys.ts"
import type { StoreName } from "../kit/StoreName.ts"
import { ReplayedServer, type Received, type Sent } from "./ReplayedServer.ts"

interface Request {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

type Fixture =
  | { readonly type: "channel"; readonly kind: string; readonly name: string; readonly value?: unknown }
  | { readonly type: "limit"; readonly checks: number }
  | { readonly type: "http_target"; readonly responses: readonly Targets.HttpAnswer[] }
  | { readonly type: "tcp_target"; readonly banner: string }

/** Names → paths into the answer, such as `$.data.id`. */
type Save = Readonly<Record<string, string>>

type Step =
  | { readonly request: Request; readonly expect_status?: number; readonly save?: Save }
  | { readonly advance_s: number }
  | { readonly tick: true }
  | { readonly probe: string }
  | { readonly fixture: Fixture; readonly save?: Save }

interface Expect {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly text?: string
  readonly json?: unknown
  readonly json_subset?: unknown
  readonly json_len?: Readonly<Record<string, number>>
  readonly json_keys?: Readonly<Record<string, readonly string[]>>
}

interface Example {
  readonly dialect: string
  readonly id: string
  readonly setup: readonly Step[]
  readonly request: Request
  readonly expect: Expect
}

const kinds = ["request", "advance_s", "tick", "probe", "fixture"] as const

/** An example that can be run, or a sentence about what is wrong with the row. */
export const parse = (row: Readonly<Record<string, unknown>>): Scenario | string => {
  const { id, dialect, setup, request, expect } = row
  if (typeof id !== "string") return "id: expected a string"
  if (typeof dialect !== "string") return "dialect: expected a string"
  if (!Array.isArray(setup)) return "setup: expected an array"
  for (const [index, step] of setup.entries()) {
    if (!isObject(step) || !kinds.some((kind) => kind in step)) {
      return `setup[${index}]: expected one of ${kinds.join(", ")}`
    }
  }
  if (!isObject(request)) return "request: expected an object"
  if (!isObject(expect) || typeof expect["status"] !== "number") return "expect.status: expected a number"
  const example = row as unknown as Example // safe because its parts were looked at
  return { id, run: (store) => run(example, store) }
}

/** Nothing in an example depends on the date. */
const start = Date.UTC(2026, 5, 15, 12, 30)

const run = async (example: Example, store: StoreName): Promise<Failure | undefined> => {
  const { setup, request, expect } = example
  const limit = setup.find((step) => "fixture" in step && step.fixture.type === "limit") as
    | { readonly fixture: { readonly checks: number } }
    | undefined
  await using server = await ReplayedServer.open({ store, start, checkLimit: limit?.fixture.checks })
  await using targets = new Targets.Targets()
  const names = new Map<string, unknown>([
    ["KEY", keys.readWrite],
    ["RO_KEY", keys.readOnly],
    ["OTHER_KEY", keys.other],
    ["PING_KEY", keys.ping],
    ["BASE", ""],
  ])
  for (const [step, each] of setup.entries()) {
    const differences = await perform(each, { server, targets, names, dialect: example.dialect })
    if (differences.length > 0) return { step, what: Object.keys(each)[0]!, differences }
  }
  const sent = sentOf(request, names, example.dialect)
  const answer = await server.send(sent)
  const differences = judge(expand(expect, names) as Expect, answer)
  return differences.length === 0
    ? undefined
    : { step: setup.length, what: `${sent.method} ${sent.path}`, differences }
}

interface Scene {
  readonly server: ReplayedServer
  readonly targets: Targets.Targets
  readonly names: Map<string, unknown>
  readonly dialect: string
}

const perform = async (step: Step, scene: Scene): Promise<readonly Difference[]> => {
  const { server, names } = scene
  if ("advance_s" in step) {
    await server.advance(step.advance_s)
    return []
  }
  if ("tick" in step) {
    await server.sweep()
    return []
  }
  if ("probe" in step) {
    await server.probe(String(expand(step.probe, names)))
    return []
  }
  if ("fixture" in step) return save(step.save, await prepare(step.fixture, scene), names)
  const answer = await server.send(sentOf(step.request, names, scene.dialect))
  if (step.expect_status !== undefined && step.expect_status !== answer.status) {
    return same("status", step.expect_status, answer.status)
  }
  return save(step.save, documentOf(answer), names)
}

const prepare = async (fixture: Fixture, { server, targets }: Scene): Promise<unknown> => {
  switch (fixture.type) {
    case "channel": {
      const { kind, name, value = {} } = fixture
      return server.addChannel({ kind, name, value })
    }
    case "http_target":
      return { url: await targets.http(fixture.responses) }
    case "tcp_target":
      return targets.tcp(fixture.banner)
    case "limit":
      return {}
  }
}

const save = (
  wanted: Save | undefined,
  document: unknown,
  names: Map<string, unknown>,
): readonly Difference[] =>
  Object.entries(wanted ?? {}).flatMap(([name, path]) => {
    const value = at(document, path)
    names.set(name, value)
    return value === undefined ? same(`save ${path}`, "a value", undefined) : []
  })

/** The value at a path such as `$.data.id`, or `$.checks[0].uuid`. */
const at = (document: unknown, path: string): unknown =>
  path
    .split(/[.[\]]+/)
    .filter((key) => key !== "")
    .slice(1)
    .reduce<unknown>((value, key) => partOf(value, key), document)

const partOf = (value: unknown, key: string): unknown => {
  if (Array.isArray(value)) return value[Number(key)]
  return isObject(value) ? value[key] : undefined
}

/** Puts values in place of names; `{{x:int}}` alone becomes a number. */
const expand = (value: unknown, names: ReadonlyMap<string, unknown>): unknown => {
  if (typeof value === "string") {
    const number = /^\{\{(\w+):int\}\}$/.exec(value)
    if (number !== null) return Number(names.get(number[1]!))
    return value.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => textIn(names, name) ?? whole)
  }
  if (Array.isArray(value)) return value.map((item) => expand(item, names))
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item, names)]))
    : value
}

const textIn = (names: ReadonlyMap<string, unknown>, name: string): string | undefined => {
  const value = names.get(name)
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined
}

const mounts: Readonly<Record<string, string>> = { uptime66: "/u66", cronhub: "/ch", pinghome: "/ph" }

/** Where a path lives: below its dialect's mount; without a dialect of its own, the path tells. */
const mounted = (dialect: string, path: string): string => {
  if (/^\/api\/v[123]\/(?!monitors)/.test(path) || dialect.startsWith("hc-")) return path
  if (mounts[dialect] !== undefined) return mounts[dialect] + path
  if (/^\/api\/v1\/monitors|^\/(ping|start|finish|fail)\//.test(path)) return mounts["cronhub"] + path
  if (/^\/api\/heartbeats|^\/webhook-heartbeat/.test(path)) return mounts["uptime66"] + path
  return /^\/[a-z]+-(cmd|query|gateway|manager)\//.test(path) ? mounts["pinghome"] + path : path
}

const sentOf = (request: Request, names: ReadonlyMap<string, unknown>, dialect: string): Sent => {
  const { method, path, headers, body } = expand(request, names) as Request
  const encoded = Matchers.encode(body, headers)
  return { method, path: mounted(dialect, path), ...encoded }
}

const judge = (expect: Expect, answer: Received): readonly Difference[] => {
  const differences = [...same("status", expect.status, answer.status)]
  for (const [name, prefix] of Object.entries(expect.headers ?? {})) {
    const value = answer.headers[name.toLowerCase()]
    if (value?.startsWith(prefix) !== true) differences.push(...same(`header ${name}`, prefix, value))
  }
  if (expect.text !== undefined) differences.push(...same("text", expect.text, answer.text))
  const document = documentOf(answer)
  const { rule } = Matchers
  if ("json" in expect) differences.push(...compare(expect.json, document, { rule, isSubset: false }))
  if ("json_subset" in expect) {
    differences.push(...compare(expect.json_subset, document, { rule, isSubset: true }))
  }
  for (const [name, length] of Object.entries(expect.json_len ?? {})) {
    const list = isObject(document) ? document[name] : undefined
    differences.push(...same(`$.${name}.length`, length, Array.isArray(list) ? list.length : undefined))
  }
  for (const [path, names] of Object.entries(expect.json_keys ?? {})) {
    const found = at(document, path)
    const wanted = names.toSorted().join(" ")
    differences.push(
      ...same(`keys of ${path}`, wanted, isObject(found) ? Object.keys(found).sort().join(" ") : found),
    )
  }
  return differences
}

/** `undefined` when the body is no JSON. */
const documentOf = (answer: Received): unknown => {
  try {
    return JSON.parse(answer.text)
  } catch {
    return undefined
  }
}
