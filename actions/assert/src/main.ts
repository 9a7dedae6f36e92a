/** The step as the runner calls it: asks, waits when told to, and reports in outputs, annotations and a summary. */
import * as core from "@actions/core"
import * as Fetch from "@overdue/action-ping/Fetch"
import { InvalidInputs, printSpan } from "@overdue/action-ping/Inputs"
import * as Say from "@overdue/action-ping/Say"
import * as Stage from "@overdue/action-ping/Stage"
import { ClientError, connect } from "@overdue/client/management"
import { setTimeout as sleep } from "node:timers/promises"
import { ask } from "./Answer.ts"
import type { Answer, Finding } from "./Answer.ts"
import * as Question from "./Question.ts"
import * as Summary from "./Summary.ts"

/** The server could not be asked; the message says why. */
class NoVerdict extends Error {}

const main = async (): Promise<void> => {
  let question: Question.Question
  try {
    question = Question.read(process.env)
  } catch (error) {
    if (!(error instanceof InvalidInputs)) throw error
    core.setFailed(`the inputs of the step are wrong: ${error.message}`)
    return
  }
  if (question.apiKey !== undefined) core.setSecret(question.apiKey)
  try {
    await report(question, await settle(question))
  } catch (error) {
    if (!(error instanceof NoVerdict)) throw error
    core.setOutput("result", "no-verdict")
    core.setOutput("down", "")
    core.setOutput("checks", "[]")
    core.setOutput("badge", "")
    if (question.noVerdictFails) core.setFailed(`no verdict: ${error.message}`)
    else core.warning(`no verdict: ${error.message}`, { title: "Checks were not asked" })
  }
}

/** Bytes of an answer that are read: some ten thousand checks. A longer list is no verdict. */
const answerLimit = 16_777_216

/** Returns the first answer that is as expected, or the last one when the wait is over. */
const settle = async (question: Question.Question): Promise<Answer> => {
  const { server, apiKey, retries, maxWait, interval } = question
  if (server === undefined)
    throw new NoVerdict("the server is not named, because server and OVERDUE_URL are empty")
  if (apiKey === undefined)
    throw new NoVerdict("there is no API key, because api-key and OVERDUE_API_KEY are empty")
  const fetch = Fetch.make({
    userAgent: "overdue-action-assert",
    limit: answerLimit,
    followsRedirects: false,
  })
  const api = connect({ baseUrl: server, apiKey, attempts: retries + 1, total: maxWait, fetch })
  const end = Date.now() + question.wait
  for (;;) {
    const outcome = await attempt(() => ask(api, question, Date.now()))
    const left = end - Date.now()
    const isFinal = "findings" in outcome && outcome.findings.every(({ ok }) => ok)
    // A key that is refused now will be refused in a minute.
    const isHopeless = "message" in outcome && (outcome._tag === "Denied" || outcome._tag === "Refused")
    if (isFinal || isHopeless || left <= 0) {
      if ("findings" in outcome) return outcome
      throw new NoVerdict(outcome.message, { cause: outcome })
    }
    const pause = Math.min(interval, left)
    Say.info(
      `${progress(outcome)}; asking again in ${printSpan(pause / 1000)}, ${printSpan(left / 1000)} left`,
    )
    await sleep(pause)
  }
}

const attempt = async <A>(call: () => Promise<A>): Promise<A | ClientError> => {
  try {
    return await call()
  } catch (error) {
    if (error instanceof ClientError) return error
    throw error
  }
}

const progress = (outcome: Answer | ClientError): string => {
  if (!("findings" in outcome)) return outcome.message
  const wrong = outcome.findings.filter(({ ok }) => !ok)
  const named = wrong.slice(0, 5).map(({ name, status }) => `${name} is ${status}`)
  return `${named.join(", ")}${wrong.length > 5 ? ` and ${wrong.length - 5} more` : ""}`
}

const report = async (question: Question.Question, { findings, badge }: Answer): Promise<void> => {
  const wrong = findings.filter(({ ok }) => !ok)
  const headline =
    wrong.length === 0
      ? `${count(findings)} as expected`
      : `${wrong.length} of ${count(findings)} not as expected`
  core.setOutput("result", wrong.length === 0 ? "pass" : "fail")
  const down = findings.filter(({ status }) => status === "down").map(({ name }) => name)
  core.setOutput("down", down.join("\n"))
  core.setOutput("checks", JSON.stringify(findings))
  core.setOutput("badge", badge)
  for (const finding of findings) Say.info(line(finding))
  for (const { name, reason } of wrong) {
    if (question.mismatchFails) core.error(reason, { title: name })
    else core.warning(reason, { title: name })
  }
  // Enterprise servers from before 2022 have no summary.
  if (question.withSummary && process.env.GITHUB_STEP_SUMMARY)
    await Summary.write(findings, headline, Date.now())
  if (wrong.length === 0) Say.info(headline)
  else if (question.mismatchFails) core.setFailed(headline)
  else core.warning(headline)
}

const count = (findings: readonly Finding[]): string =>
  findings.length === 1 ? "1 check" : `${findings.length} checks`

const line = ({ ok, name, status, reason }: Finding): string =>
  `${ok ? "✓" : "✗"} ${name}: ${ok ? status : reason}`

await Stage.run(main)
