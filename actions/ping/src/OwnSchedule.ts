/** The schedule of this workflow: from the checked-out file, else from the repository, else from the event. */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import type { Fetch } from "@overdue/client"

/** A schedule in `on.schedule`. */
export interface Own {
  readonly schedule: string
  /** `undefined` means UTC. */
  readonly tz: string | undefined
}

/** What the search may use. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Reads the repository; `undefined`: only the disk and the event are read. */
  readonly token: string | undefined
  readonly fetch: Fetch
  /** How long the repository may take to answer, in milliseconds; 10,000 at most. */
  readonly patience: number
}

/** Returns the only schedule of the workflow, or a text that says why there is none. */
export const find = async (world: World): Promise<Own | string> => {
  const path = /^[^/]+\/[^/]+\/(.+?)@/.exec(world.environment.GITHUB_WORKFLOW_REF ?? "")?.[1]
  if (path === undefined) return "GITHUB_WORKFLOW_REF does not name the file of the workflow"
  const text = (await fromDisk(world, path)) ?? (await fromRepository(world, path))
  if (text === undefined) {
    const schedule = await fromEvent(world)
    return schedule === undefined
      ? `${path} cannot be read: check out the repository before this step, or give the job the permission contents: read`
      : { schedule, tz: undefined }
  }
  const all = await entries(text)
  if (all.length === 1) return all[0]!
  return all.length === 0
    ? `${path} has no on.schedule`
    : `${path} has ${all.length} schedules and a check has one: write it into the input schedule`
}

const fromDisk = async ({ environment }: World, path: string): Promise<string | undefined> => {
  try {
    return await readFile(join(environment.GITHUB_WORKSPACE ?? "", path), "utf8")
  } catch {
    return undefined
  }
}

const fromRepository = async (
  { environment, token, fetch, patience }: World,
  path: string,
): Promise<string | undefined> => {
  const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_WORKFLOW_SHA } = environment
  if (token === undefined || !GITHUB_API_URL || !GITHUB_REPOSITORY) return undefined
  try {
    const query = GITHUB_WORKFLOW_SHA ? `?ref=${GITHUB_WORKFLOW_SHA}` : ""
    const response = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/contents/${path}${query}`, {
      method: "GET",
      headers: { Accept: "application/vnd.github.raw+json", Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(Math.min(patience, 10_000)),
    })
    return response.status === 200 ? await response.text() : undefined
  } catch {
    return undefined
  }
}

const fromEvent = async ({ environment }: World): Promise<string | undefined> => {
  try {
    const event: unknown = JSON.parse(await readFile(environment.GITHUB_EVENT_PATH ?? "", "utf8"))
    return textOf(event, "schedule")
  } catch {
    return undefined
  }
}

const entries = async (workflow: string): Promise<readonly Own[]> => {
  const { parse } = await import("yaml")
  let document: unknown
  try {
    document = parse(workflow)
  } catch {
    return []
  }
  const on = memberOf(document, "on")
  const schedules = memberOf(on, "schedule")
  if (!Array.isArray(schedules)) return []
  return schedules.flatMap((entry: unknown) => {
    const schedule = textOf(entry, "cron")
    return schedule === undefined ? [] : [{ schedule, tz: textOf(entry, "timezone") }]
  })
}

const memberOf = (value: unknown, name: string): unknown =>
  // safe because any object may be asked for any property
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined

const textOf = (value: unknown, name: string): string | undefined => {
  const member = memberOf(value, name)
  return typeof member === "string" ? member : undefined
}
