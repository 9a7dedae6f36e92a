/** Bodies for the management API: unusual, wrong, or no JSON at all. */
import * as HostileValue from "./HostileValue.ts"
import type { SeededRandom } from "../../kit/SeededRandom.ts"

const fields = [
  "name",
  "slug",
  "tags",
  "desc",
  "timeout",
  "grace",
  "schedule",
  "tz",
  "channels",
  "unique",
  "methods",
  "manual_resume",
  "subject",
  "subject_fail",
  "start_kw",
  "success_kw",
  "failure_kw",
  "filter_subject",
  "filter_body",
  "filter_http_body",
  "filter_default_fail",
  "early",
  "armed",
  "restart",
  "max_runtime",
  "min_runtime",
  "start_satisfies",
  "runs",
  "alert",
  "quiet",
  "remind_every",
  "notify_on_first_ping",
  "api_key",
  "status",
  "uuid",
]

/** So that some checks come into being, and some policies are unusual. */
const sane = [
  ["name", "nightly"],
  ["slug", "job-1"],
  ["tags", "a b c"],
  ["timeout", 60],
  ["grace", 31_536_000],
  ["schedule", "0 0 29 2 *"],
  ["schedule", "*-*-* 02:30:00"],
  ["tz", "America/New_York"],
  ["channels", "*"],
  ["unique", ["name", "tags"]],
  ["methods", "POST"],
  ["manual_resume", true],
  ["filter_http_body", true],
  ["failure_kw", "FAILED,ERROR"],
  ["runs", "every"],
  ["max_runtime", "never"],
  ["alert", { failures: 3, out_of: 32, recoveries: 2 }],
  ["quiet", [{ schedule: "0 1 * * *", duration: 3_600 }]],
  ["remind_every", 60],
] as const

export const make = (random: SeededRandom, isChannel: boolean): Buffer => {
  if (random.happens(0.1)) return random.bytes(random.below(200))
  if (random.happens(0.05)) return Buffer.from("[".repeat(random.pick([1, 500, 50_000])))
  const isSane = random.happens(0.3)
  const entries = isChannel
    ? [
        ["name", HostileValue.text(random)],
        ["kind", HostileValue.rather(random, () => "webhook")],
        ["value", webhook(random)],
      ]
    : random.times(random.below(6), () => field(random, isSane))
  const whole = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  return random.happens(0.15) ? HostileValue.mutate(random, whole) : whole
}

const field = (random: SeededRandom, isSane: boolean): readonly [string, unknown] => {
  if (isSane) return random.pick(sane)
  const name = HostileValue.rather(random, () => random.pick(fields))
  if (random.happens(0.4)) return [name, HostileValue.json(random)]
  switch (name) {
    case "timeout":
    case "grace":
    case "max_runtime":
    case "remind_every":
      return [name, random.between(60, 100_000)]
    case "schedule":
      return [name, HostileValue.schedule(random)]
    case "unique":
      return [
        name,
        random.times(random.below(3), () => random.pick(["name", "slug", "tags", "timeout", "grace"])),
      ]
    case "quiet":
      return [name, [{ schedule: HostileValue.schedule(random), duration: HostileValue.number(random) }]]
    case "alert":
      return [name, { failures: HostileValue.number(random), out_of: HostileValue.number(random) }]
    default:
      return [name, random.happens(0.3) ? random.happens(0.5) : HostileValue.text(random)]
  }
}

/** To a port that nobody listens on: nothing leaves the machine. */
const webhook = (random: SeededRandom): unknown =>
  random.happens(0.3)
    ? HostileValue.json(random)
    : {
        method_down: random.pick(["GET", "POST", "PUT", "BREW"]),
        url_down: `http://127.0.0.1:1/${HostileValue.rather(random, () => "$NAME")}`,
        body_down: HostileValue.text(random),
        headers_down: { [HostileValue.rather(random, () => "X-A")]: HostileValue.text(random) },
      }
