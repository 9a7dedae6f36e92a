/** The step: a start when the job begins, the outcome when it ends; or one signal and no more. */
import * as core from "@actions/core"
import { ClientError, ping } from "@overdue/client"
import type { Kind, Target } from "@overdue/client"
import { randomUUID } from "node:crypto"
import * as Fetch from "./Fetch.ts"
import { InvalidInputs, printSpan } from "./Inputs.ts"
import * as Job from "./Job.ts"
import * as OwnSchedule from "./OwnSchedule.ts"
import * as Step from "./Step.ts"

const environment = process.env

/** Monitoring did not work; the build is only told so unless it is strict. */
class Trouble extends Error {}

const main = async (): Promise<void> => {
  const stage = core.getState("stage")
  const isPost = stage !== ""
  if (isPost && stage !== "started") return
  // Tells the post stage that it is one, whatever becomes of this one.
  if (!isPost) core.saveState("stage", "begun")
  let isStrict = false
  try {
    const step = Step.read(environment)
    isStrict = step.isStrict
    for (const secret of Step.secrets(step.check)) core.setSecret(secret)
    await (isPost ? finish(step) : step.mode === "job" ? start(step) : once(step))
  } catch (error) {
    if (error instanceof InvalidInputs) core.setFailed(`the step is not written right: ${error.message}`)
    else if (!(error instanceof Trouble)) throw error
    else if (isStrict) core.setFailed(error.message)
    else core.warning(error.message, { title: "Not monitored" })
  }
}

const start = async (step: Step.Step): Promise<void> => {
  const rid = randomUUID()
  // Written before anything can fail: also a job whose start was lost tells how it ended.
  core.saveState("stage", "started")
  core.saveState("rid", rid)
  core.saveState("startedAt", String(Date.now()))
  core.setOutput("rid", rid)
  await send(step, { kind: "start", word: "started" }, { rid })
}

const finish = async (step: Step.Step): Promise<void> => {
  const startedAt = Number(core.getState("startedAt"))
  if (step.outcome === undefined) {
    core.info("the job was cancelled, and on-cancel is nothing: nothing is sent")
    return
  }
  await send(step, step.outcome, {
    rid: core.getState("rid"),
    took: ` after ${printSpan((Date.now() - startedAt) / 1000)}`,
  })
}

const once = async (step: Step.Step): Promise<void> => {
  if (step.outcome === undefined) {
    core.info("the job was cancelled, and on-cancel is nothing: nothing is sent")
    return
  }
  await send(step, step.outcome, {})
}

interface Particulars {
  readonly rid?: string
  readonly took?: string
}

const send = async (step: Step.Step, { kind, word }: Step.Outcome, { rid, took = "" }: Particulars) => {
  const isFirst = core.getState("stage") === ""
  if (isFirst) core.setOutput("sent", "false")
  const fetch = Fetch.make({
    userAgent: "overdue-action-ping",
    timeout: step.maxWait,
    followsRedirects: true,
  })
  const target = await resolve(step, fetch)
  try {
    const { isNew } = await ping(target, {
      kind,
      ...(rid !== undefined && { rid }),
      body: Job.report(Job.read(environment), `${word}${took}`, step.body),
      attempts: step.retries + 1,
      total: step.maxWait,
      fetch,
    })
    if (isFirst) {
      core.setOutput("sent", "true")
      core.setOutput("created", String(isNew))
    }
    core.info(`${label(kind)} was delivered${isNew ? ", and made the check" : ""}`)
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    throw new Trouble(`${label(kind)} was not delivered: ${error.message}`, { cause: error })
  }
}

const label = (kind: Kind): string =>
  typeof kind === "number" ? `the signal "exit status ${kind}"` : `the signal "${kind}"`

/** The check as the client names it; a schedule that is the workflow's own is looked up only now. */
const resolve = async ({ check, token }: Step.Step, fetch: typeof globalThis.fetch): Promise<Target> => {
  switch (check.is) {
    case "missing":
      throw new Trouble(`nothing is sent, ${check.why} (secrets are empty in runs from forks)`)
    case "url":
      return check.url
    case "id":
      return check
    case "slug": {
      const { create, ...slug } = check
      if (create === undefined) return slug
      if (create.schedule !== "workflow") return { ...slug, create }
      const own = await OwnSchedule.find({ environment, token, fetch })
      if (typeof own !== "string") {
        const { schedule, tz } = own
        return { ...slug, create: { ...(tz !== undefined && { tz }), ...create, schedule } }
      }
      // Without its schedule the check would be made with a wrong one for good; it is made by a later run.
      core.warning(`the schedule of the workflow is not known, so no check is made: ${own}`)
      return slug
    }
  }
}

await main()
