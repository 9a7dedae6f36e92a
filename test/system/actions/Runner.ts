// An action's committed bundle, started as the runner starts it: inputs and state as variables, results as files.
import { spawn } from "node:child_process"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { parse } from "yaml"
import * as Folder from "../../kit/Folder.ts"
import { folder } from "./build.ts"
import type { Action } from "./build.ts"

export interface Stage {
  readonly code: number | null
  /** Of this stage alone. */
  readonly outputs: Readonly<Record<string, string>>
  /** Of the step so far. */
  readonly state: Readonly<Record<string, string>>
  readonly summary: string
  /** What the log shows: masked words are replaced, as the runner does. */
  readonly log: string
  readonly annotations: readonly {
    readonly level: "error" | "warning" | "notice"
    readonly title: string
    readonly text: string
  }[]
}

export interface Options {
  readonly inputs: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  /** What `${{ job.status }}` comes to. */
  readonly jobStatus?: "success" | "failure" | "cancelled"
  /** As the stage before left it. */
  readonly state?: Readonly<Record<string, string>>
  /** Called with the log so far on each growth. */
  readonly onLog?: (log: string) => void
}

interface Manifest {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly description: string }>>
  readonly outputs: Readonly<Record<string, { readonly description: string }>>
  readonly runs: Readonly<Record<"using" | "main" | "post", string>>
}

export async function manifest(action: Action): Promise<Manifest> {
  return parse(await readFile(join(folder(action), "action.yml"), "utf8"))
}

/** What every job has; enough of the documented default variables. */
const job = {
  CI: "true",
  GITHUB_ACTIONS: "true",
  GITHUB_ACTOR: "octocat",
  GITHUB_API_URL: "https://api.github.invalid",
  GITHUB_EVENT_NAME: "push",
  GITHUB_JOB: "build",
  GITHUB_REF: "refs/heads/main",
  GITHUB_REPOSITORY: "octo/backup",
  GITHUB_RUN_ATTEMPT: "2",
  GITHUB_RUN_ID: "1658821493",
  GITHUB_SERVER_URL: "https://github.example.com",
  GITHUB_SHA: "ffac537e6cbbf934b08745a378932722df287a53",
  GITHUB_WORKFLOW: "Nightly",
  GITHUB_WORKFLOW_REF: "octo/backup/.github/workflows/nightly.yml@refs/heads/main",
  GITHUB_WORKFLOW_SHA: "ffac537e6cbbf934b08745a378932722df287a53",
  RUNNER_NAME: "Hosted Agent",
  RUNNER_OS: "Linux",
}

export async function run(action: Action, stage: "main" | "post", options: Options): Promise<Stage> {
  using scratch = Folder.make("runner")
  const { file } = scratch
  for (const name of ["output", "state", "summary"]) await writeFile(file(name), "")
  const { inputs, runs } = await manifest(action)
  const environment: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    HOME: scratch.path,
    ...job,
    GITHUB_WORKSPACE: scratch.path,
    GITHUB_OUTPUT: file("output"),
    GITHUB_STATE: file("state"),
    GITHUB_STEP_SUMMARY: file("summary"),
    ...options.environment,
  }
  // The runner sets every declared input, an absent one to its default or to nothing, and evaluates both anew in post.
  for (const [name, { default: fallback = "" }] of Object.entries(inputs)) {
    const value = options.inputs[name] ?? fallback
    environment[`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`] = value
      .replace("${{ job.status }}", options.jobStatus ?? "success")
      .replace("${{ github.token }}", "ghs_token")
  }
  for (const [name, value] of Object.entries(options.state ?? {})) environment[`STATE_${name}`] = value

  const child = spawn(process.execPath, [join(folder(action), runs[stage])], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  })
  let text = ""
  const hear = (chunk: string) => {
    text += chunk
    options.onLog?.(text)
  }
  child.stdout.setEncoding("utf8").on("data", hear)
  child.stderr.setEncoding("utf8").on("data", hear)
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve))
  const read = async (name: string) => readFile(file(name), "utf8")
  const result: Stage = {
    code,
    outputs: pairs(await read("output")),
    state: { ...options.state, ...pairs(await read("state")) },
    summary: await read("summary"),
    ...shown(text),
  }
  return result
}

/** `name<<delimiter`, the value's lines, `delimiter`; a later value replaces an earlier one. */
function pairs(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name, , value] of text.matchAll(/^(.+?)<<(.+)\r?\n([\s\S]*?)\r?\n?^\2\r?$/gm)) {
    found[name!] = value!
  }
  return found
}

/** The log as people see it, and the commands that it carried. */
function shown(text: string): Pick<Stage, "log" | "annotations"> {
  const lines: string[] = []
  const annotations: Stage["annotations"][number][] = []
  const masks: string[] = []
  for (const line of text.split(/\r?\n/)) {
    const [, command, properties = "", value = ""] = /^::([a-z-]+)(?: ([^]*?))?::([^]*)$/.exec(line) ?? []
    // As in actions/runner, ActionCommand.cs: of this form after blanks, too, and of the older one anywhere.
    if (command === undefined && (/^\s*::/.test(line) || line.includes("##["))) {
      throw new Error(`the runner might take this for a command: ${line}`)
    }
    if (command === undefined) lines.push(line)
    else if (command === "add-mask") masks.push(unescape(value))
    else if (command === "error" || command === "warning" || command === "notice") {
      const title = /(?:^|,)title=([^,]*)/.exec(properties)?.[1] ?? ""
      annotations.push({ level: command, title: unescape(title), text: unescape(value) })
      lines.push(`${command}: ${unescape(value)}`)
    } else throw new Error(`a step gave the runner a command that it has no use for: ${line}`)
  }
  const log = masks.reduce((log, mask) => log.replaceAll(mask, "***"), lines.join("\n"))
  return { log, annotations }
}

function unescape(text: string): string {
  return text
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",")
    .replaceAll("%25", "%")
}
