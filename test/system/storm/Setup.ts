/** What a server has before a storm: the project of the jobs, that of the strangers, and one whose channels all hang. */
import { keys } from "../../kit/Keys.ts"
import type { OverdueServer } from "../../kit/OverdueServer.ts"
import type { SeededRandom } from "../../kit/SeededRandom.ts"
import * as Prepared from "../fuzz/Prepared.ts"
import * as Job from "./Job.ts"
import type { SilentJob } from "./SilentJob.ts"
import type { Target } from "./Stranger.ts"

/** The key of the operator. */
export const adminKey = "A".repeat(32)

/** Addresses of receivers. */
export interface Receivers {
  readonly good: string
  readonly hanging: string
  readonly dripping: string
  readonly failing: string
}

type Ask = (method: string, path: string, body?: object) => Promise<Readonly<Record<string, unknown>>>

/** Calls of the management API with a key; each must succeed. */
const asking =
  ({ url }: OverdueServer, key: string): Ask =>
  async (method, path, body) => {
    const init = { method, headers: { "X-Api-Key": key }, ...(body && { body: JSON.stringify(body) }) }
    const answer = await fetch(url + path, init)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`)
    return JSON.parse(text) as Record<string, unknown> // safe because that is what the API returns
  }

const webhook = (name: string, url: string) => ({
  name,
  kind: "webhook",
  value: { url_down: `${url}/down/$SLUG`, url_up: `${url}/up/$SLUG` },
})

const project = async (overdue: OverdueServer, name: string) => {
  const made = await asking(overdue, adminKey)("POST", "/api/v3/projects/", { name })
  return { ask: asking(overdue, String(made["api_key"])), pingKey: String(made["ping_key"]), made }
}

/** Makes the project of the jobs: well-behaved ones, and some that fall silent, all told to every receiver. */
export const jobs = async (
  overdue: OverdueServer,
  receivers: Receivers,
  {
    random,
    count,
    silent,
  }: { readonly random: SeededRandom; readonly count: number; readonly silent: number },
) => {
  const { ask, pingKey } = await project(overdue, "jobs")
  for (const [name, url] of Object.entries(receivers)) {
    await ask("POST", "/api/v3/channels/", webhook(name, url))
  }
  const check = (slug: string, fields: object) =>
    ask("POST", "/api/v3/checks/?defaults=own", { name: slug, slug, channels: "*", ...fields })
  const good: Job.Job[] = []
  for (let index = 0; index < count; index++) {
    const way = Job.ways[index % Job.ways.length]!
    const slug = `job-${index}-${way.replaceAll(" ", "-")}`
    const period = way === "slot" ? 10 : random.between(2, 20)
    const grace = random.between(3, 6)
    const when = way === "slot" ? { schedule: "*-*-* *:*:0/10" } : { timeout: period }
    // Every second mail must be read to find out what it means.
    const filter =
      index % 2 === 0 && way.startsWith("mail") ? { filter_subject: true, success_kw: "done" } : {}
    const { uuid } = await check(slug, { ...when, ...filter, grace })
    good.push({ id: String(uuid), slug, way, period: period * 1_000, grace: grace * 1_000 })
  }
  const silences: SilentJob[] = []
  for (let index = 0; index < silent; index++) {
    const [slug, period, grace] = [`silent-${index}`, random.between(2, 4), random.between(1, 2)]
    const made = await check(slug, { timeout: period, grace, armed: false })
    silences.push({ url: String(made["ping_url"]), slug, period: period * 1_000, grace: grace * 1_000 })
  }
  return { good, silent: silences, pingKey }
}

/** Makes what the strangers have, and returns what they know. */
export const strangers = async (
  overdue: OverdueServer,
  known: Pick<Target, "mailPort" | "known" | "hangingUrl">,
  { domain, channels }: { readonly domain: string; readonly channels: number },
): Promise<Target> => {
  // Their project is the one that the first start has made, with the keys of all tests.
  const addresses = await Prepared.make(overdue, domain)
  const operator = asking(overdue, adminKey)
  const { projects } = await operator("GET", "/api/v3/projects/")
  // safe because that is what the API returns
  const own = (projects as readonly { id: string; ping_key?: string }[]).find(
    ({ ping_key }) => ping_key === keys.ping,
  )!
  await operator("POST", `/api/v3/projects/${own.id}`, { check_limit: 500 })
  const { ask, made } = await project(overdue, "hanging")
  for (let index = 0; index < channels; index++)
    await ask("POST", "/api/v3/channels/", webhook(`channel ${index}`, `${known.hangingUrl}/${index}`))
  const checks: string[] = []
  for (let index = 0; index < 5; index++) {
    const fields = { name: `flipping ${index}`, slug: `flipping-${index}`, channels: "*" }
    checks.push(String((await ask("POST", "/api/v3/checks/", fields))["uuid"]))
  }
  const flipping = { key: String(made["api_key"]), checks }
  return { ...known, port: Number(new URL(overdue.url).port), addresses, flipping }
}
