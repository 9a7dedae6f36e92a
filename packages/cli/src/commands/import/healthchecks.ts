/** `overdue import healthchecks`: the checks of a project of Healthchecks, with their ids and badges. */
import { ClientError, connect, type Management } from "@overdue/client/management"
import * as Arguments from "../../Arguments.ts"
import type { Command } from "../../Command.ts"
import { confirm, yesFlag } from "../../Confirm.ts"
import { counted } from "@overdue/core/Counted"
import { Failure, UsageError } from "../../Failure.ts"
import { fetch } from "../../Fetch.ts"
import type { Flags } from "../../Flags.ts"
import type { Io } from "../../Io.ts"
import * as Json from "../../Json.ts"
import type { Plan } from "../../moving/Move.ts"
import type { Waiting } from "../../moving/Waiting.ts"
import type { Progress } from "../../moving/Progress.ts"
import { plain } from "../../Style.ts"
import * as Target from "../../Target.ts"

const flags = {
  url: { kind: "text", value: "URL", help: "address of the server to move from, without /api" },
  key: {
    kind: "text",
    value: "KEY",
    env: "HEALTHCHECKS_API_KEY",
    help: "an API key of the project there that may read and write; a read-only one sees no ids",
  },
  "ping-key": {
    kind: "text",
    value: "KEY",
    help: "the ping key of the project there, for ping URLs by slug",
  },
  to: {
    kind: "text",
    value: "URL",
    env: "OVERDUE_URL",
    default: Target.defaultUrl,
    help: "address of the new server",
  },
  "api-key": {
    kind: "text",
    value: "KEY",
    env: "OVERDUE_API_KEY",
    help: "an API key of the project to move into",
  },
  arm: {
    kind: "switch",
    isOn: true,
    help: "expect nothing of a check here before its first signal, also of one that was heard of there",
  },
  plan: { kind: "switch", help: "show what would be done, and do nothing" },
  yes: yesFlag,
  json: { kind: "switch", help: "print the report as JSON" },
} as const satisfies Flags

const toFlag = "--to (or OVERDUE_URL)"

export const command: Command = {
  name: "import healthchecks",
  usage: ["import healthchecks --url URL --key KEY [--ping-key KEY] [--to URL] [--plan]"],
  description: "Moves checks with their ids, badges and settings. Repeating it changes nothing.",
  flags,
  details: [
    "Example",
    "  overdue import healthchecks --url https://hc.example.org --key hcw_… --ping-key … \\",
    "    --to https://overdue.example.org --api-key hcw_… --plan",
    "",
    "Ping URLs and mail addresses by id go on working once the name of the old server leads to the new one;",
    "those by slug with --ping-key. Badges by tag are signed with the secret of the server: they go on working",
    "when the first start of the new one has the SECRET_KEY of the old one as OVERDUE_SECRET.",
    "A check that was up or down there is expected here by its next slot, so that a job that died meanwhile",
    "is noticed, unless --no-arm is given. The API of Healthchecks does not tell the settings of channels.",
  ].join("\n"),
  exits: {
    0: "all is moved",
    1: "something was refused, or not confirmed",
    3: "with --plan: there is something to do",
  },

  async run(args, io) {
    const given = Arguments.flagsAlone(flags, args, io.environment)
    const { url, key, "api-key": apiKey, to = Target.defaultUrl } = given
    if (url === undefined || !/^https?:\/\//.test(url) || !URL.canParse(url))
      throw new UsageError("--url is the address of the server to move from, such as https://hc.example.org")
    if (key === undefined) throw new UsageError("the server to move from needs a key: give --key KEY")
    if (apiKey === undefined)
      throw new UsageError("the server to move to needs a key: give --api-key KEY, or set OVERDUE_API_KEY")
    const host = new URL(Target.site(to, toFlag)).host
    Target.key(apiKey)
    const Source = await import("../../moving/Source.ts")
    const Move = await import("../../moving/Move.ts")
    const Waiting = await import("../../moving/Waiting.ts")
    const progress = (await import("../../moving/Progress.ts")).make(io.stderr)
    const say = (line: string) => progress.say(`overdue import healthchecks: ${plain(line)}`)
    const source = await Source.read({ url, key: Target.key(key, "--key (or HEALTHCHECKS_API_KEY)"), say })
    const waiting = Waiting.watch({ host, fetch, say })
    const destination = { baseUrl: to, apiKey, ...waiting.patience }
    const target = await here(connect(destination), to, waiting)
    const plan = Move.plan(source, target, { pingKey: given["ping-key"], isArming: given.arm })
    const api = connect({ ...destination, defaults: plan.defaults })
    await Move.expectElsewhere(plan, api)
    if (given.plan || plan.steps.length === 0) {
      report(io, given.json, { plan, done: 0, failed: [] })
      return plan.steps.length === 0 ? 0 : 3
    }
    if (!given.json) io.stdout.write(planned(plan))
    const question = `Make ${counted(plan.steps.length, "change")} at ${new URL(to).origin}?`
    if (!(await confirm(io, given.yes, question))) return 1
    const outcome = await perform(plan, api, { progress, waiting })
    report(io, given.json, { plan, ...outcome })
    return outcome.failed.length === 0 ? 0 : 1
  },
}

/** What became of a plan. */
interface Outcome {
  readonly done: number
  readonly failed: readonly { readonly what: string; readonly why: string }[]
}

const perform = async (
  plan: Plan,
  api: Management,
  { progress, waiting }: { readonly progress: Progress; readonly waiting: Waiting },
): Promise<Outcome> => {
  const Move = await import("../../moving/Move.ts")
  const failed: { what: string; why: string }[] = []
  let done = 0
  for (const [index, step] of plan.steps.entries()) {
    progress.show(index, plan.steps.length)
    waiting.begin()
    try {
      await Move.perform(step, api)
      done++
    } catch (error) {
      if (!(error instanceof ClientError) && !(error instanceof Failure)) throw error
      failed.push({
        what: Move.title(step),
        why: error instanceof ClientError ? waiting.end(error) : error.message,
      })
      // What one check is refused for need not be true of the next, but these are of all.
      const isOver =
        error instanceof Failure ||
        ["Denied", "Unreachable", "TimedOut", "Unavailable", "RateLimited"].includes(error._tag)
      if (!isOver) continue
      const rest = plan.steps.length - index - 1
      if (rest > 0) failed.push({ what: counted(rest, "further change"), why: "not tried; import again" })
      break
    }
  }
  progress.end()
  return { done, failed }
}

const here = async (api: Management, to: string, waiting: Waiting) => {
  try {
    // One after the other, so that one that has to be waited for is said once.
    const checks = await api.checks.list()
    const channels = await api.channels.list()
    const project = await api.project.get()
    return { checks, channels, pingKey: project.ping_key ?? undefined, badgeKey: project.badge_key }
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    const advice =
      error._tag === "Denied"
        ? "; --api-key is a key of the new project that may write"
        : error._tag === "NotFound"
          ? "; --to is the address of a server of Overdue"
          : ""
    throw new Failure(`${new URL(to).origin}: ${waiting.end(error)}${advice}`, { cause: error })
  }
}

const planned = ({ steps, unchanged, left }: Plan): string => {
  const lines = steps.map((step) => {
    switch (step.is) {
      case "create":
        return `+ check ${plain(step.check.title)}  ${step.check.uuid}${step.check.isPaused ? "  (paused)" : ""}`
      case "update":
        return `~ check ${plain(step.check.title)}  ${step.check.uuid}  ${step.fields.join(", ")}`
      case "ping key":
        return "~ ping key of the project"
      case "badge key":
        return "~ key of the project's badges"
    }
  })
  const staying =
    left.length === 0 ? [] : ["", "What stays behind:", ...left.map((sentence) => `- ${plain(sentence)}`)]
  return [
    ...lines,
    ...staying,
    "",
    `${counted(steps.length, "change")} to make, ${counted(unchanged, "check")} unchanged`,
  ].join("\n")
}

const report = (io: Io, isJson: boolean, { plan, done, failed }: Outcome & { readonly plan: Plan }): void => {
  if (isJson) {
    const count = (is: string) => plan.steps.filter((step) => step.is === is).length
    Json.print(io, {
      create: count("create"),
      update: count("update"),
      unchanged: plan.unchanged,
      done,
      failed,
      left: plan.left,
    })
    return
  }
  if (done === 0 && failed.length === 0) {
    io.stdout.write(planned(plan))
    return
  }
  io.stdout.write(`made ${counted(done, "change")}\n`)
  for (const { what, why } of failed)
    io.stderr.write(`overdue import healthchecks: ${plain(what)}: ${plain(why)}\n`)
}
