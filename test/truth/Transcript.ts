/** Recorded conversations with Healthchecks: what a line says, and how it is replayed. */
import { createHash } from "node:crypto"
import { compare, isObject, print, same, type Difference } from "./Compare.ts"
import * as Names from "./Names.ts"
import type { Failure, Scenario } from "./Scenario.ts"
import { keys } from "../kit/Keys.ts"
import type { StoreName } from "../kit/StoreName.ts"
import { ReplayedServer, type Received, type Sent } from "./ReplayedServer.ts"

interface Expect {
  readonly status: number
  readonly json?: unknown
  readonly text?: string
  readonly content_type?: string
}

type Step =
  | { readonly advance_s: number }
  | { readonly sweep: true }
  | {
      readonly request: {
        readonly method: string
        readonly path: string
        readonly headers: Readonly<Record<string, string>>
        readonly body?: unknown
      }
      readonly expect: Expect
      readonly save?: Readonly<Record<string, string>>
    }
  | {
      readonly email: {
        readonly remote_addr: string
        readonly from: string
        readonly to: string
        readonly data: string
      }
    }
  | { readonly badge: { readonly tag: string; readonly format: string }; readonly expect: Expect }
  | { readonly set: Readonly<Record<string, { readonly unique_key_of: string }>> }

interface Transcript {
  readonly id: string
  /** ISO 8601. */
  readonly start: string
  readonly steps: readonly Step[]
}

const kinds = ["advance_s", "sweep", "request", "email", "badge", "set"] as const

/** A transcript that can be replayed, or a sentence about what is wrong with the row. */
export const parse = (row: Readonly<Record<string, unknown>>): Scenario | string => {
  const { id, start, steps } = row
  if (typeof id !== "string") return "id: expected a string"
  if (typeof start !== "string" || Number.isNaN(Date.parse(start))) return "start: expected an instant"
  if (!Array.isArray(steps)) return "steps: expected an array"
  for (const [index, step] of steps.entries()) {
    if (!isObject(step) || !kinds.some((kind) => kind in step)) {
      return `steps[${index}]: expected one of ${kinds.join(", ")}`
    }
    if (("request" in step || "badge" in step) && !isObject(step["expect"])) {
      return `steps[${index}].expect: expected an object`
    }
  }
  const transcript = row as unknown as Transcript // safe because its steps were looked at
  return { id, run: (store) => replay(transcript, store) }
}

/** Ends at the first step that differs: what follows would differ because of it. */
const replay = async ({ start, steps }: Transcript, store: StoreName): Promise<Failure | undefined> => {
  await using server = await ReplayedServer.open({ store, start: Date.parse(start) })
  const names = Names.make(JSON.stringify(steps.map((step) => ({ ...step, expect: undefined }))))
  for (const [index, step] of steps.entries()) {
    const differences = await perform(step, server, names)
    if (differences.length > 0) return { step: index, what: describe(step, names), differences }
  }
  return undefined
}

const perform = async (
  step: Step,
  server: ReplayedServer,
  names: Names.Names,
): Promise<readonly Difference[]> => {
  if ("advance_s" in step) {
    await server.advance(step.advance_s)
    return []
  }
  if ("sweep" in step) {
    await server.sweep()
    return []
  }
  if ("request" in step) {
    const answer = await server.send(sentOf(step.request, names))
    bind(step.save, answer, names)
    return judge(step.expect, answer, names)
  }
  if ("email" in step) {
    const { remote_addr, from, to, data } = step.email
    const message = { remoteAddress: remote_addr, network: remote_addr, from, to: [names.expand(to)] }
    await server.mail({ ...message, data: new TextEncoder().encode(names.expand(data)) })
    return []
  }
  if ("badge" in step) return badge(step.badge, step.expect, server, names)
  for (const [name, { unique_key_of }] of Object.entries(step.set)) {
    names.bind(name, uniqueKey(names.expand(`{{${unique_key_of}}}`)))
  }
  return []
}

/** The expectations of the same step use the saved names already. */
const bind = (
  save: Readonly<Record<string, string>> | undefined,
  answer: Received,
  names: Names.Names,
): void => {
  const document = documentOf(answer)
  for (const [name, field] of Object.entries(save ?? {})) {
    const value = isObject(document) ? document[field] : undefined
    if (typeof value === "string") names.bind(name, value)
  }
}

/** Asks for the badge at the address that the list of badges gives. */
const badge = async (
  { tag, format }: { readonly tag: string; readonly format: string },
  expect: Expect,
  server: ReplayedServer,
  names: Names.Names,
): Promise<readonly Difference[]> => {
  const headers = { "X-Api-Key": keys.readWrite }
  const listed = await server.send({ method: "GET", path: "/api/v3/badges/", headers, body: undefined })
  const badges = documentOf(listed) as { badges?: Record<string, Record<string, string>> } | undefined
  const url = badges?.badges?.[tag]?.[format]
  if (url === undefined) return same("badge url", `one for the tag ${tag} as ${format}`, print(badges))
  const path = new URL(url).pathname
  return judge(expect, await server.send({ method: "GET", path, headers: {}, body: undefined }), names)
}

const judge = (expect: Expect, answer: Received, names: Names.Names): readonly Difference[] => {
  const type = answer.headers["content-type"] ?? ""
  const differences = [...same("status", expect.status, answer.status)]
  if (expect.text !== undefined) differences.push(...same("text", names.expand(expect.text), answer.text))
  if (expect.content_type !== undefined) {
    differences.push(...same("content type", expect.content_type, type.split(";")[0]))
  }
  if ("json" in expect) {
    const options = { isSubset: false, rule: names.rule }
    const found = documentOf(answer)
    if (found === undefined) differences.push({ path: "body", expected: "JSON", actual: answer.text })
    else differences.push(...compare(expect.json, found, options))
  }
  return differences
}

const sentOf = (
  {
    method,
    path,
    headers,
    body,
  }: { method: string; path: string; headers: Readonly<Record<string, string>>; body?: unknown },
  names: Names.Names,
): Sent => {
  if (body === undefined || body === "") return { method, path: names.expand(path), headers, body: undefined }
  const text = typeof body === "string" ? body : JSON.stringify(body)
  const type = typeof body === "string" ? "text/plain" : "application/json"
  return {
    method,
    path: names.expand(path),
    headers: { "Content-Type": type, ...headers },
    body: new TextEncoder().encode(names.expand(text)),
  }
}

const describe = (step: Step, names: Names.Names): string => {
  if ("request" in step) return `${step.request.method} ${names.expand(step.request.path)}`
  if ("badge" in step) return `badge ${step.badge.tag} as ${step.badge.format}`
  if ("email" in step) return `e-mail to ${names.expand(step.email.to)}`
  return Object.keys(step).join()
}

const uniqueKey = (id: string): string =>
  createHash("sha1").update(id.replaceAll("-", "").slice(0, 16)).digest("hex")

/** `undefined` when the body is no JSON. */
const documentOf = (answer: Received): unknown => {
  try {
    return JSON.parse(answer.text)
  } catch {
    return undefined
  }
}
