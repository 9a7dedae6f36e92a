/** Attacks by what requests to the API contain: the worst JSON, schedules and quiet windows, and many channels. */
import { keys } from "../../../kit/Keys.ts"
import * as WorstBodies from "../../../kit/WorstBodies.ts"
import * as HostileValue from "../../fuzz/HostileValue.ts"
import type { Attack } from "../Stranger.ts"

const { KiB } = WorstBodies
const withKey = { "X-Api-Key": keys.readWrite }
const short = WorstBodies.jsons(16 * KiB - 20)
const middling = WorstBodies.jsons(128 * KiB - 20)
const long = WorstBodies.jsons(1_000 * KiB)

/** Schedules that make whoever looks for their next slot look far. */
const schedules: readonly string[] = [
  "0 0 29 2 1",
  "0 0 30 2 *",
  "0 0 31 2,4,6,9,11 *",
  "59 23 29 2 sun#5",
  "0 0 L 2 fri#5",
  "0 0 15W 2 *",
  `${Array.from({ length: 30 }, (_, index) => 2 * index).join()} * * * *`,
  "* * 29 2 *",
  "*-02-29 00:00:00",
  "Mon *-02-29 00:00:00",
  "*-02~03 23:59:59",
  "2099-12-31 *:*:*",
  "*-*-* *:*:0/7",
  "Sun *-02-29/4 *:59:59",
]

const zones = ["UTC", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "Australia/Lord_Howe"]

/** As many windows as a check may have, which open as often as they may. */
const quiet = Array.from({ length: 16 }, (_, index) => ({
  schedule: `${index} ${Array.from({ length: 6 }, (_, turn) => (4 * turn + index) % 24).join()} * * *`,
  tz: zones[index % zones.length]!,
  duration: 60,
}))

/** What requests with and without a key may contain. */
export const attacks: readonly Attack[] = [
  {
    name: "worst JSON without a key",
    lanes: 2,
    pause: 60,
    run: (stranger, random) =>
      stranger.ask({
        method: "POST",
        path: "/api/v3/checks/",
        body: random.pick(random.happens(0.1) ? long : short)[1],
      }),
  },
  {
    name: "worst JSON with a key",
    lanes: 2,
    pause: 100,
    run: (stranger, random) => {
      const path = random.pick(["/api/v3/checks/", `/api/v3/checks/${stranger.target.addresses.checks[0]}`])
      const query = random.pick(["", "?defaults=own", "?remarks=1&defaults=own"])
      return stranger.ask({
        method: "POST",
        path: path + query,
        headers: withKey,
        body: random.pick(middling)[1],
      })
    },
  },
  {
    name: "schedules of the worst kinds",
    lanes: 2,
    pause: 40,
    run: async (stranger, random) => {
      const document = {
        name: "schedule",
        slug: `schedule-${random.below(100)}`,
        unique: ["slug"],
        schedule: random.happens(0.7) ? random.pick(schedules) : HostileValue.schedule(random),
        tz: random.pick(zones),
        grace: random.pick([60, 3_600, 31_536_000]),
        ...(random.happens(0.3) && { quiet }),
      }
      const path = `/api/v3/checks/?defaults=own${random.pick(["", "&remarks=1"])}`
      const body = JSON.stringify(document)
      const { status, text } = await stranger.ask({ method: "POST", path, headers: withKey, body })
      if (status !== 200 && status !== 201) return
      const [, id] = /"uuid": ?"([^"]+)"/.exec(text) ?? []
      await stranger.ask({ path: `/ping/${id}` })
    },
  },
  {
    name: "16 quiet windows and 64 open runs",
    lanes: 2,
    pause: 25,
    run: async (stranger, random) => {
      const slug = `quiet-${random.below(20)}`
      if (random.happens(0.05)) {
        const document = { name: slug, slug, unique: ["slug"], timeout: 60, grace: 60, runs: "every", quiet }
        const body = JSON.stringify({ ...document, max_runtime: 3_600 })
        const path = "/api/v3/checks/?defaults=own"
        await stranger.ask({ method: "POST", path, headers: withKey, body })
      }
      await stranger.ask({ path: `/ping/${keys.ping}/${slug}/start?rid=${crypto.randomUUID()}` })
    },
  },
  {
    name: "channels to hanging receivers",
    lanes: 1,
    pause: 1_000,
    run: async (stranger, random) => {
      const value = { url_down: stranger.target.hangingUrl, url_up: stranger.target.hangingUrl }
      const body = JSON.stringify({ name: `channel ${random.below(1_000)}`, kind: "webhook", value })
      const made = await stranger.ask({ method: "POST", path: "/api/v3/channels/", headers: withKey, body })
      const [, id] = /"id": ?"([^"]+)"/.exec(made.text) ?? []
      const slug = `told-${random.below(50)}`
      const check = { name: slug, slug, unique: ["slug"], timeout: 1, grace: 1, channels: "*" }
      const path = "/api/v3/checks/?defaults=own"
      await stranger.ask({ method: "POST", path, headers: withKey, body: JSON.stringify(check) })
      await stranger.ask({ path: `/ping/${keys.ping}/${slug}/fail` })
      if (random.happens(0.8))
        await stranger.ask({ method: "DELETE", path: `/api/v3/channels/${id}`, headers: withKey })
    },
  },
]
