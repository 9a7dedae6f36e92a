/** Attacks by many requests, each of which is harmless: pings, wrong keys and addresses, and what is read again and again. */
import { keys } from "../../../kit/Keys.ts"
import type { SeededRandom } from "../../../kit/SeededRandom.ts"
import type { Attack } from "../Stranger.ts"

const longKey = (random: SeededRandom): string =>
  random
    .bytes(20)
    .toString("hex")
    .repeat(14 * 25)

const readOnly = { "X-Api-Key": keys.readOnly }
const tenKilobytes = "y".repeat(10_000)

/** What polls ask for. */
const polled = (check: string): readonly string[] => [
  "/api/v3/checks/",
  "/api/v1/checks/?tag=all",
  "/api/v3/badges/",
  "/api/v3/channels/?details=1",
  `/api/v3/checks/${check}/pings/`,
  `/api/v3/checks/${check}/flips/`,
  "/api/v3/openapi.json",
  "/api/v3/docs",
  "/api/v3/status/",
  "/healthz",
]

/** Requests that are many. */
export const attacks: readonly Attack[] = [
  {
    name: "a flood of pings of one check",
    lanes: 4,
    pause: 10,
    run: (stranger, random) => {
      const path = `/ping/${stranger.target.addresses.checks[1]}`
      return stranger.ask(random.happens(0.5) ? { path } : { method: "POST", path, body: tenKilobytes })
    },
  },
  {
    name: "a flood of pings of a job whose address has got around",
    lanes: 2,
    pause: 10,
    run: (stranger) => stranger.ask({ path: `/ping/${stranger.target.known}/log` }),
  },
  {
    name: "a flood of pings of many checks",
    lanes: 4,
    pause: 15,
    run: (stranger, random) =>
      stranger.ask({
        method: "POST",
        path: `/ping/${random.pick(stranger.target.addresses.checks)}${random.pick(["", "/start", "/fail", "/log"])}`,
        body: tenKilobytes,
      }),
  },
  {
    name: "addresses of no check",
    lanes: 3,
    pause: 15,
    run: (stranger, random) =>
      stranger.ask({
        path: random.pick([
          `/ping/${crypto.randomUUID()}`,
          `/ping/${longKey(random)}/job?create=1`,
          `/ping/${random.bytes(11).toString("hex")}/job/start`,
          `/${crypto.randomUUID()}/fail`,
        ]),
      }),
  },
  {
    name: "wrong API keys",
    lanes: 2,
    pause: 20,
    run: (stranger, random) => {
      const key = random.bytes(16).toString("hex")
      return stranger.ask(
        random.pick([
          { path: "/api/v3/checks/", headers: { "X-Api-Key": key } },
          { method: "POST", path: "/api/v2/checks/", body: JSON.stringify({ api_key: key }) },
          { path: `/projects/${crypto.randomUUID()}/metrics/${key}` },
          { path: "/api/v3/projects/", headers: { "X-Api-Key": key } },
        ]),
      )
    },
  },
  {
    name: "checks made by pings",
    lanes: 2,
    pause: 40,
    run: (stranger, random) =>
      stranger.ask({
        path: `/ping/${keys.ping}/new-${random.below(100_000)}?create=1&timeout=60&tags=${"x+".repeat(200)}`,
      }),
  },
  {
    name: "polls of lists, badges and metrics",
    lanes: 2,
    pause: 150,
    run: (stranger, random) => {
      const { checks, badges } = stranger.target.addresses
      return stranger.ask(
        random.pick([
          { path: random.pick(polled(random.pick(checks))), headers: readOnly },
          { path: random.pick(badges) },
          { path: `/projects/${crypto.randomUUID()}/metrics/${keys.readOnly}` },
        ]),
      )
    },
  },
  {
    name: "checks that flip, told to channels that hang",
    lanes: 1,
    pause: 4_000,
    run: async (stranger, random) => {
      const path = `/ping/${random.pick(stranger.target.flipping.checks)}`
      await stranger.ask({ path: `${path}/fail` })
      await stranger.ask({ path })
    },
  },
]
