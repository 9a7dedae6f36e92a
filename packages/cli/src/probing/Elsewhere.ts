/** A prober that runs on this machine, for a server elsewhere. */
import * as Heartbeat from "@overdue/probes/Heartbeat"
import type * as Line from "@overdue/probes/remote/Line"
import * as RemoteProber from "@overdue/probes/remote/RemoteProber"
import * as Effect from "effect/Effect"
import * as Ending from "../Ending.ts"
import { Failure } from "../Failure.ts"
import { fetch } from "../Fetch.ts"
import type { Io } from "../Io.ts"
import * as Json from "../Json.ts"
import * as Posting from "../Posting.ts"
import * as Log from "../serve/Log.ts"

/** What the command line says. */
export interface Terms {
  readonly region: string
  /** Address of the server, without a slash at the end. */
  readonly base: string
  /** Reads the key; throws when it cannot be read. */
  readonly keyNow: () => string
  readonly atOnce: number
  readonly allowPrivateTargets: boolean
  readonly heartbeat: string | undefined
  readonly log: Log.Style
}

/** Runs it until SIGTERM or SIGINT; resolves to the exit code. */
export const run = async (io: Io, terms: Terms): Promise<number> => {
  const { heartbeat, region, base, log } = terms
  const signalled = Ending.signalled()
  const stop = Effect.flatMap(
    Effect.promise(() => signalled),
    (signal) => Effect.logInfo(`stopping on ${signal}`),
  )
  const alive = heartbeat === undefined ? undefined : Heartbeat.beat(heartbeat)
  const prober = RemoteProber.run({ ...terms, alive, post: posting(terms) }, stop)
  io.stdout.write(`overdue probe asks for ${region}\n`)
  const started = Effect.logInfo(`started for the region ${region} of ${new URL(base).host}`)
  await Effect.runPromise(Effect.provide(Effect.andThen(started, prober), Log.layer(log)))
  Ending.leave()
  return 0
}

/** Asks what is due, and says what came of it; resolves to the exit code. */
export const once = async (io: Io, terms: Terms, isJson: boolean): Promise<number> => {
  const asked = RemoteProber.once({ ...terms, post: posting(terms) })
  const effect = Effect.catchTag(asked, "Trouble", ({ why }) => Effect.succeed(why))
  const told = await Effect.runPromise(Effect.provide(effect, Log.layer({ ...terms.log, level: "error" })))
  if (typeof told === "string") throw new Failure(`the server does not say what is due: ${told}`)
  if (isJson) Json.print(io, told)
  else {
    const { ok, failed, unknown, lost } = told
    io.stdout.write(`ok ${ok}, failed ${failed}, unknown ${unknown}, lost ${lost}\n`)
  }
  Ending.leave()
  return told.lost > 0 ? 1 : 0
}

const posting = ({ base, keyNow }: Terms): Line.Post => {
  const credential = (key: string) => ({ "X-Api-Key": key })
  const post = Posting.make({ fetch, program: "overdue-probe", keyNow, credential })
  return (endpoint, body, signal) => post(`${base}/api/v3/probes/${endpoint}`, body, signal)
}
