/**
 * A recorded conversation with Healthchecks, told to the machine alone: requests become events of checks, answers become
 * what the machine ought to say. The rest of the service is no part of it.
 */
import * as Check from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import * as Ping from "@overdue/core/Ping"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import * as Shown from "@overdue/core/Shown"
import * as Signal from "@overdue/core/Signal"
import { second, type Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"

type Json = Readonly<Record<string, unknown>>

interface Request {
  readonly method: string
  readonly path: string
  readonly body?: string | Json
}

interface Answer {
  readonly status: number
  readonly json?: Json
}

export interface Recording {
  readonly id: string
  readonly start: string
  readonly steps: readonly {
    readonly advance_s?: number
    readonly sweep?: boolean
    readonly request?: Request
    readonly expect?: Answer
    readonly save?: Json
    readonly email?: Json
    readonly badge?: Json
    readonly set?: Json
  }[]
}

interface Tracked {
  check: Check.Check
  readonly flips: Flip[]
  readonly pings: { readonly kind: Ping.Kind; readonly at: Instant; readonly rid: string | undefined }[]
}

/** A difference between what Healthchecks answered and what the machine says. */
export interface Difference {
  readonly step: number
  readonly ours: unknown
  readonly theirs: unknown
}

const api = /^\/api\/v([123])\/checks\/\{\{([^}]+)\}\}(?:\/(pause|resume|flips|pings)\/?)?$/
const created = /^\/api\/v([123])\/checks\/$/
const ping = /^\/ping\/\{\{([^}]+)\}\}\/?(start|fail|log|\d+)?(?:\?rid=(.*))?$/

/** Whether every step is about one check and the machine can be asked; e-mail and tags take more than that. */
export const isAboutTheMachine = ({ steps }: Recording): boolean =>
  steps.every(({ request, email, badge, set }) => {
    if (email ?? badge ?? set) return false
    return request === undefined || [api, created, ping].some((form) => form.test(request.path))
  })

/** How many answers were compared, and where they differ. */
export const compare = (
  recording: Recording,
): { readonly compared: number; readonly differences: readonly Difference[] } => {
  const conversation = new Conversation(Date.parse(recording.start))
  const differences: Difference[] = []
  let compared = 0
  recording.steps.forEach(({ advance_s, sweep, request, expect, save }, step) => {
    if (advance_s !== undefined) conversation.now += advance_s * second
    if (sweep) conversation.sweep()
    if (request === undefined || expect === undefined || expect.status >= 300) return
    const id = Object.keys(save ?? {})[0] ?? String(expect.json?.["uuid"])
    const said = conversation.ask(request, id, expect)
    if (said === undefined) return
    compared += 1
    if (JSON.stringify(said.ours) !== JSON.stringify(said.theirs)) differences.push({ step, ...said })
  })
  return { compared, differences }
}

class Conversation {
  now: Instant
  readonly #tracked = new Map<string, Tracked>()

  constructor(now: Instant) {
    this.now = now
  }

  sweep(): void {
    for (const tracked of this.#tracked.values()) this.#step(tracked, { type: "tick" })
  }

  /** What the machine says and what Healthchecks said, where the machine has a say. */
  ask(request: Request, id: string, answer: Answer): { ours: unknown; theirs: unknown } | undefined {
    const [, slash, named] = ping.exec(request.path) ?? api.exec(request.path) ?? []
    const name = ping.test(request.path) ? slash : named
    if (name === undefined) return this.#create(request, id, answer)
    const tracked = this.#tracked.get(name)
    if (tracked === undefined) throw new Error(`${name} was never created`)
    if (ping.test(request.path)) {
      this.#receive(tracked, request)
      return undefined
    }
    const [, version, , verb] = api.exec(request.path)!
    if (verb === "flips") return { ours: flipsOf(tracked), theirs: answer.json?.["flips"] }
    if (verb === "pings") return { ours: pingsOf(tracked), theirs: theirPings(answer.json?.["pings"]) }
    if (verb === "pause" || verb === "resume") this.#step(tracked, { type: verb })
    else if (request.method === "POST") {
      const policy = policyOf(request.body, tracked.check.policy)
      this.#step(tracked, { type: "configure", policy, from: "anchor" })
    } else if (request.method === "DELETE") this.#tracked.delete(name)
    return this.#compare(tracked, version, answer)
  }

  #create(request: Request, id: string, answer: Answer): { ours: unknown; theirs: unknown } | undefined {
    const [, version] = created.exec(request.path) ?? []
    if (request.method !== "POST" || answer.status !== 201) return undefined
    const policy = policyOf(request.body, Check.healthchecksPolicy)
    const check = Check.make({ id, project: "P", badgeKey: "", createdAt: this.now, policy })
    const tracked = { check, flips: [], pings: [] }
    this.#tracked.set(id, tracked)
    return this.#compare(tracked, version, answer)
  }

  #receive(tracked: Tracked, { method, path, body }: Request): void {
    const [, , suffix, rid] = ping.exec(path)!
    const isStatus = suffix !== undefined && /^\d+$/.test(suffix)
    const type = Signal.classify(tracked.check.policy, {
      via: "http",
      method,
      action: isStatus || suffix === undefined ? "success" : (suffix as Signal.Action), // safe because the pattern lists them
      exitStatus: isStatus ? Number(suffix) : undefined,
      text: () => (typeof body === "string" ? body : ""),
    })
    const logged = this.#step(tracked, { type, rid: rid?.toLowerCase() }).logged!
    tracked.pings.unshift({ kind: logged.kind, at: logged.at, rid: rid?.toLowerCase() })
  }

  #step(tracked: Tracked, event: Machine.Event): Machine.Step {
    const step = Machine.step(tracked.check, event, this.now)
    tracked.check = step.check
    tracked.flips.unshift(...step.flips.toReversed())
    return step
  }

  #compare({ check }: Tracked, version: string | undefined, { json }: Answer) {
    if (json?.["n_pings"] === undefined) return undefined
    const { state } = check
    const isRunning = version === "1" && Shown.isRunning(check, this.now)
    const ours = {
      status: isRunning ? "started" : Shown.statusAt(check, this.now),
      started: Shown.isStarted(check),
      n_pings: state.pings,
      last_ping: text(state.lastPing),
      next_ping: text(Shown.nextPingAt(check)),
      last_duration: Math.floor((state.lastDuration ?? 0) / second) || null,
    }
    const theirs = Object.keys(ours).map((key) => [key, json[key] ?? null])
    return { ours, theirs: Object.fromEntries(theirs) as unknown }
  }
}

/** A policy as the fields of a request change it. */
const policyOf = (body: Request["body"], before: Check.Policy): Check.Policy => {
  const fields = typeof body === "object" ? body : {}
  const bool = (name: string, value: boolean): boolean => (fields[name] as boolean | undefined) ?? value
  const words = (name: string, value: string): string => (fields[name] as string | undefined) ?? value
  const { filters } = before
  return {
    ...before,
    schedule: scheduleOf(fields, before.schedule),
    grace: typeof fields["grace"] === "number" ? fields["grace"] * second : before.grace,
    manualResume: bool("manual_resume", before.manualResume),
    methods: fields["methods"] === undefined ? before.methods : fields["methods"] === "POST" ? ["POST"] : [],
    filters: {
      ...filters,
      subject: bool("filter_subject", filters.subject),
      body: bool("filter_body", filters.body),
      httpBody: bool("filter_http_body", filters.httpBody),
      defaultFail: bool("filter_default_fail", filters.defaultFail),
      startKeywords: words("start_kw", filters.startKeywords),
      successKeywords: words("success_kw", filters.successKeywords),
      failureKeywords: words("failure_kw", filters.failureKeywords),
    },
  }
}

const scheduleOf = ({ schedule, tz, timeout }: Json, before: Schedule.Schedule): Schedule.Schedule => {
  const known = Schedule.zoneOf(before).name
  const zone = Result.getOrThrow(Zone.make(typeof tz === "string" ? Zone.canonical(tz) : known))
  if (typeof schedule === "string") return Result.getOrThrow(Schedule.parse(schedule, zone))
  if (typeof timeout === "number") return Every.make(timeout * second)
  const expression = Schedule.expressionOf(before)
  return expression === undefined ? before : Result.getOrThrow(Schedule.parse(expression, zone))
}

const text = (instant: Instant | undefined): string | null =>
  instant === undefined ? null : new Date(instant).toISOString().replace(/\.\d+Z$/, "+00:00")

const flipsOf = ({ flips }: Tracked) =>
  flips.map(({ at, to }) => ({ timestamp: text(at), up: to === "up" ? 1 : 0 }))

const pingsOf = ({ pings }: Tracked) => {
  const durations = Ping.pairedDurations(pings)
  return pings.map(({ kind, rid }, index) => ({
    type: kind === "ignored" ? "ign" : kind,
    n: pings.length - index,
    rid: rid ?? null,
    duration: durations[index] === undefined ? null : durations[index] / second,
  }))
}

const theirPings = (pings: unknown) =>
  (pings as readonly Json[]).map(({ type, n, rid, duration }) => ({
    type,
    n,
    rid,
    duration: duration ?? null,
  }))
