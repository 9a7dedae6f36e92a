/** The step as the runner calls it: a start when the job begins and its outcome when it ends; or one signal. */
import * as core from "@actions/core"
import { ClientError, ping } from "@overdue/client"
import type { Fetch as HttpFetch, Kind, Target } from "@overdue/client"
import { randomUUID } from "node:crypto"
import * as Fetch from "./Fetch.ts"
import { printSpan } from "./Inputs.ts"
import * as Job from "./Job.ts"
import type { Outcome } from "./Outcome.ts"
import * as OwnSchedule from "./OwnSchedule.ts"
import * as Say from "./Say.ts"
import * as Stage from "./Stage.ts"
import * as Step from "./Step.ts"

const environment = process.env

/** A signal could not be delivered: a warning, or with `strict` a failure of the step. */
class Trouble extends Error {}

const main = async (): Promise<void> => {
  const stage = core.getState("stage")
  const isPost = stage !== ""
  if (isPost && stage !== "started") return
  // Tells the later post stage that it is one, whatever becomes of this stage.
  if (!isPost) core.saveState("stage", "begun")
  let isStrict = false
  try {
    const step = Step.read(environment, isPost ? "post" : "main")
    isStrict = step.isStrict
    for (const secret of Step.secrets(step.check)) core.setSecret(secret)
    if (step.problems.length > 0) await confess(step, isPost)
    else if (isPost) await finish(step, sinceStart())
    else await (step.mode === "job" ? start(step) : finish(step, {}))
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    else if (isStrict) core.setFailed(error.message)
    else core.warning(error.message, { title: "Not monitored" })
  }
}

/** Tells the check of a step that is written wrongly, for it would hear nothing else, and fails the step. */
const confess = async (step: Step.Step, isPost: boolean): Promise<void> => {
  const problem = `the inputs of the step are wrong: ${step.problems.join("; ")}`
  core.setFailed(problem)
  if (step.check.is === "missing") return
  const text = [step.body, problem].filter((part) => part !== undefined).join("\n\n")
  const particulars = isPost ? sinceStart() : {}
  try {
    await send({ ...step, body: text }, { kind: "fail", word: "failure" }, particulars)
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    Say.info(error.message)
  }
}

const start = async (step: Step.Step): Promise<void> => {
  const rid = randomUUID()
  // Saved before anything can fail: a job whose start was lost still reports its end.
  core.saveState("stage", "started")
  core.saveState("rid", rid)
  core.saveState("startedAt", String(Date.now()))
  core.setOutput("rid", rid)
  await send(step, { kind: "start", word: "started" }, { rid })
}

/** Sends the outcome, of the whole job or as it is at this step, unless there is none to be sent. */
const finish = async (step: Step.Step, particulars: Particulars): Promise<void> => {
  if (step.outcome === undefined) {
    Say.info("the job was cancelled and on-cancel is `nothing`, so no signal is sent")
    return
  }
  await send(step, step.outcome, particulars)
}

/** Returns what the end of a run carries. */
const sinceStart = (): Particulars => ({
  rid: core.getState("rid"),
  took: ` after ${printSpan((Date.now() - Number(core.getState("startedAt"))) / 1000)}`,
})

/** What a signal carries beyond its outcome. */
interface Particulars {
  readonly rid?: string
  readonly took?: string
}

/** Bytes of a body that a server is assumed to store until it says otherwise. */
const defaultBodyLimit = 10_000

/** Bytes of an answer to a ping that are read; it is a line of text. */
const answerLimit = 65_536

/** Bytes of a workflow file that are read; none in use is as long. */
const workflowLimit = 1_048_576

const fetchOf = (limit: number): HttpFetch =>
  Fetch.make({ userAgent: "overdue-action-ping", limit, followsRedirects: true })

const send = async (step: Step.Step, { kind, word }: Outcome, { rid, took = "" }: Particulars) => {
  const isFirst = core.getState("stage") === ""
  if (isFirst) core.setOutput("sent", "false")
  const end = Date.now() + step.maxWait
  const target = await resolve(step)
  const limit = Number(core.getState("bodyLimit")) || defaultBodyLimit
  try {
    const { isNew, bodyLimit } = await ping(target, {
      kind,
      ...(rid !== undefined && { rid }),
      body: Job.report(Job.read(environment), { headline: `${word}${took}`, text: step.body, limit }),
      bodyLimit: limit,
      attempts: step.retries + 1,
      total: Math.max(1, end - Date.now()),
      fetch: fetchOf(answerLimit),
    })
    if (isFirst) {
      if (bodyLimit !== undefined && step.mode === "job") core.saveState("bodyLimit", String(bodyLimit))
      core.setOutput("sent", "true")
      core.setOutput("created", String(isNew))
    }
    Say.info(`${label(kind)} was delivered${isNew ? ", and created the check" : ""}`)
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    throw new Trouble(`${label(kind)} was not delivered: ${error.message}`, { cause: error })
  }
}

const label = (kind: Kind): string =>
  typeof kind === "number" ? `the signal "exit status ${kind}"` : `the signal "${kind}"`

/** Returns the check as the client names it, with the schedule of the workflow if that is asked for. */
const resolve = async ({ check, token, maxWait }: Step.Step): Promise<Target> => {
  switch (check.is) {
    case "missing":
      throw new Trouble(`no signal is sent: ${check.why} (in runs from forks, secrets are empty)`)
    case "url":
      return check.url
    case "id":
      return check
    case "slug": {
      const { create, ...slug } = check
      if (create === undefined) return slug
      if (create.schedule !== "workflow") return { ...slug, create }
      const own = await OwnSchedule.find({
        environment,
        token,
        fetch: fetchOf(workflowLimit),
        patience: maxWait / 2,
      })
      if (typeof own !== "string") {
        const { schedule, tz } = own
        return { ...slug, create: { ...(tz !== undefined && { tz }), ...create, schedule } }
      }
      // Created without the schedule, the check would keep a wrong one. A later run creates it.
      core.warning(`no check is created, because the schedule of the workflow is unknown: ${own}`)
      return slug
    }
  }
}

await Stage.run(main)
