/**
 * Sends telemetry to a collector, whatever that does: one that is away, slow, or answers nonsense costs what is not
 * exported, and neither time of the server nor its memory.
 */
import * as http from "node:http"
import * as https from "node:https"
import { promisify } from "node:util"
import { gzip } from "node:zlib"
import { Said } from "@overdue/core/Said"
import { hour, second } from "@overdue/core/Time"
import * as Monotonic from "@overdue/engine/Monotonic"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Schedule from "effect/Schedule"
import type { Signal, Target } from "./Telemetry.ts"

/** Exports of one signal that may be under way at the same time; a further one fails, and what it has is dropped. */
const atOnce = 4

/** Bytes that are read of an answer, which nobody looks at. */
const mostOfAnswer = 65_536

/** Statuses after which the same may be sent again (OTLP specification, "Retryable Response Codes"), and how often it is. */
const retryable = new Set([429, 502, 503, 504])
const tries = 3

/** How long the second try waits; the third twice as long. */
const pause = second

/** Why an export failed, as it follows "because". */
class Failed extends Error {
  readonly mayPass: boolean
  constructor(why: string, mayPass: boolean) {
    super(why)
    this.mayPass = mayPass
  }
}

/**
 * Returns what Effect's exporters send with. It dies when an export has failed: they would try again by themselves
 * otherwise, for as long as a collector says. So they drop what there is for a minute.
 */
export const client = (signal: Signal, target: Target): HttpClient.HttpClient => {
  let underWay = 0
  const news = newsOf(signal, target)
  return HttpClient.make((request, url) =>
    Effect.suspend(() => {
      if (underWay >= atOnce) return failed(news, new Failed("the collector is too slow for it", false))
      underWay += 1
      return Effect.matchEffect(sendAgain(url, request, target), {
        onSuccess: () =>
          Effect.as(news.works, HttpClientResponse.fromWeb(request, new Response(null, { status: 200 }))),
        onFailure: (cause) => failed(news, cause),
      }).pipe(Effect.ensuring(Effect.sync(() => (underWay -= 1))))
    }),
  )
}

const failed = (news: News, cause: Failed): Effect.Effect<never> =>
  Effect.andThen(news.fails(cause.message), Effect.die(cause))

interface News {
  readonly fails: (why: string) => Effect.Effect<void>
  readonly works: Effect.Effect<void>
}

/** Says once that exports fail, and that they work again; of a collector that comes and goes once an hour. */
const newsOf = (signal: Signal, { url }: Target): News => {
  const said = new Said(hour)
  const { host } = new URL(url)
  let isFailing = false
  let isSaid = false
  return {
    fails: (why) =>
      Effect.flatMap(Monotonic.now, (now) => {
        if (isFailing) return Effect.void
        isFailing = true
        isSaid = said.again(signal, now) !== undefined
        return isSaid
          ? Effect.logWarning(
              `${signal} cannot be exported to the collector at ${host}, because ${why}; they are dropped until that works again, and all else goes on`,
            )
          : Effect.void
      }),
    works: Effect.suspend(() => {
      const isNews = isFailing && isSaid
      isFailing = false
      return isNews ? Effect.logInfo(`${signal} are exported again`) : Effect.void
    }),
  }
}

/** Sends until it is taken, refused, or no time is left. */
const sendAgain = (url: URL, request: HttpClientRequest, target: Target): Effect.Effect<void, Failed> =>
  Effect.flatMap(
    attempted(() => bodyOf(request, target)),
    (body) =>
      Effect.retry(
        attempted((aborted) => send(url, body, aborted)),
        { while: ({ mayPass }) => mayPass, times: tries - 1, schedule: Schedule.exponential(pause) },
      ),
  ).pipe(
    Effect.timeoutOrElse({
      duration: target.timeout,
      orElse: () => Effect.fail(new Failed(`it did not answer within ${target.timeout / second} s`, false)),
    }),
  )

const attempted = <A>(run: (aborted: AbortSignal) => Promise<A>): Effect.Effect<A, Failed> =>
  Effect.tryPromise({
    try: run,
    catch: (cause) => (cause instanceof Failed ? cause : new Failed(reasonOf(cause), true)),
  })

interface Body {
  readonly bytes: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

const bodyOf = async ({ body, headers }: HttpClientRequest, { isCompressed }: Target): Promise<Body> => {
  if (body._tag !== "Uint8Array") throw new Failed("it was made in a form that cannot be sent", false)
  const bytes = isCompressed ? await promisify(gzip)(body.body) : body.body
  return {
    bytes,
    headers: {
      ...headers,
      ...(isCompressed && { "content-encoding": "gzip" }),
      "content-length": String(bytes.byteLength),
    },
  }
}

/** Sends once, and resolves when the answer was read or there was too much of it. A redirect is refused. */
const send = (url: URL, { bytes, headers }: Body, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const { request } = url.protocol === "https:" ? https : http
    const sent = request(url, { method: "POST", headers, signal }, (response) => {
      const { statusCode: status = 0 } = response
      const isTaken = status >= 200 && status < 300
      const end = () =>
        isTaken ? resolve() : reject(new Failed(`it answered ${status}`, retryable.has(status)))
      let room = mostOfAnswer
      response.on("data", (part: Buffer) => {
        room -= part.length
        if (room >= 0) return
        end()
        response.destroy()
      })
      response.on("end", end)
      response.on("error", reject)
    })
    sent.on("error", reject)
    sent.end(bytes)
  })

/** A code such as ECONNREFUSED: messages may name more. */
const reasonOf = (cause: unknown): string => {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown"
  return `the connection failed (${/^[A-Z_]{1,60}$/.test(code) ? code : "unknown"})`
}
