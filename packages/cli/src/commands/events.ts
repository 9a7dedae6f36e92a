/** `overdue events`: what happened to the checks of a project, in the order in which it happened. */
import * as Choice from "../Choice.ts"
import type { Flip, Management, Ping } from "@overdue/client/management"
import * as Arguments from "../Arguments.ts"
import * as CheckView from "../CheckView.ts"
import type { Listed } from "../CheckView.ts"
import type { Command } from "../Command.ts"
import { counted } from "@overdue/core/Counted"
import type { Flags } from "../Flags.ts"
import * as History from "../History.ts"
import type { Io } from "../Io.ts"
import * as Json from "../Json.ts"
import * as NamedZone from "../NamedZone.ts"
import * as Pool from "../Pool.ts"
import * as Select from "../Select.ts"
import * as Server from "../Server.ts"
import { columnsOf, paint, type Colour } from "../Style.ts"
import { table } from "../Table.ts"
import * as Window from "../Window.ts"
import * as Expression from "./schedule/Expression.ts"

const flags = {
  since: {
    kind: "text",
    value: "TIME",
    default: "24h",
    help: "from a time, or so long ago: 2h, 2026-10-01T08:00",
  },
  until: { kind: "text", value: "TIME", help: "to a time, exclusive; by default now" },
  tag: Choice.tagsFlag,
  check: { kind: "texts", short: "c", value: "CHECK", help: "only this check: its id, slug or name" },
  all: { kind: "switch", help: "every ping, also those that are as expected" },
  ...Window.zoneFlag,
  json: { kind: "switch", help: "print a JSON list" },
  ...Server.flags,
} as const satisfies Flags

export const command: Command = {
  name: "events",
  usage: ["events [--since TIME] [--until TIME] [--tag TAG …] [--check CHECK …] [--all]"],
  description:
    "Lists what happened, newest last: changes of status with their reasons, failures, and pings that did not count.",
  flags,
  details: [
    "Examples",
    "  overdue events --since 2h",
    "  overdue events --check backup --since 2026-10-01 --all --tz Europe/Riga",
    "",
    "A server keeps the last 100 pings of each check unless it is set up to keep more.",
  ].join("\n"),

  async run(args, io) {
    const given = Arguments.flagsAlone(flags, args, io.environment)
    const words = Arguments.any(given.check, Arguments.check)
    const zone = NamedZone.read(given.tz ?? "UTC")
    const now = Date.now()
    const from = Window.instant("--since", given.since ?? flags.since.default, now, zone)
    const to = given.until === undefined ? Infinity : Window.instant("--until", given.until, now, zone)
    const past = await Server.use(io, given, async (api) => {
      const all = await api.checks.list({ tags: Choice.tags(given.tag), details: true })
      const chosen = words.length === 0 ? all : Choice.named(all, words)
      return await Pool.map(chosen, (check) => read(api, check, from))
    })
    const events = past
      .flatMap((past) => eventsOf(past, given.all))
      .filter(({ at }) => at >= from && at < to)
      // Of a ping and the change that it made, the ping was first.
      .toSorted((a, b) => a.at - b.at || Number(a.isFlip) - Number(b.isFlip))
    if (given.json) Json.print(io, events.map(inJson))
    else
      print(io, events, (at) =>
        given.tz === undefined ? History.instant(iso(at)) : Expression.wall(at, zone),
      )
    remark(io, past, from)
    return 0
  },
}

/** What the server knows of the past of a check; no pings when the key is read-only. */
interface Past {
  readonly check: Listed
  readonly flips: readonly Flip[]
  readonly pings: readonly Ping[] | undefined
}

/** Asks for no more than what may have happened since: a check that was quiet takes no request. */
const read = async (api: Management, check: Listed, from: number): Promise<Past> => {
  const { uuid, since, last_ping, started } = check
  const id = Select.idOf(check)
  const isStill = since !== undefined && CheckView.at(since) < from
  const isSilent =
    !started && (last_ping === null ? check.n_pings === 0 : CheckView.at(last_ping) + 1000 < from)
  const start = Math.min(Math.floor(from / 1000), 9_999_999_999)
  const [flips, pings] = await Promise.all([
    isStill ? [] : api.checks.flips(id, { details: true, start: Math.max(0, start) }),
    uuid === undefined ? undefined : isSilent ? [] : api.checks.pings(uuid, { details: true }),
  ])
  return { check, flips, pings }
}

interface Event {
  readonly at: number
  readonly check: Listed
  readonly isFlip: boolean
  readonly what: string
  readonly why: string
  readonly colour: Colour | undefined
}

const eventsOf = ({ check, flips, pings = [] }: Past, isAll: boolean): readonly Event[] => {
  const changed = flips.map((flip): Event => {
    const to = flip.to ?? (flip.up === 1 ? "up" : "not up")
    return {
      at: CheckView.at(flip.timestamp),
      check,
      isFlip: true,
      what: flip.from === undefined ? to : `${flip.from} → ${to}`,
      why: flip.diagnosis?.[0]?.text ?? (flip.reason === undefined ? "–" : CheckView.meaning(flip.reason)),
      colour: to === "down" ? "red" : to === "up" ? "green" : "yellow",
    }
  })
  const instants = new Set(changed.map(({ at }) => at))
  return [
    ...changed,
    ...pings
      .map((ping): Event => ({
        at: CheckView.at(ping.date),
        check,
        isFlip: false,
        what: History.kind(ping),
        why: ping.diagnosis?.map(({ text }) => text).join(" ") || "–",
        colour: undefined,
      }))
      // A failure that changed the status stands there as the change, with the reason.
      .filter(({ at, what }) => isAll || (/^(fail|ign|cancel)/.test(what) && !instants.has(at))),
  ]
}

const print = (io: Io, events: readonly Event[], when: (at: number) => string): void => {
  if (events.length === 0) return void io.stdout.write("nothing happened\n")
  const shape = [
    { title: "AT", text: ({ at }: Event) => when(at) },
    { title: "CHECK", text: ({ check }: Event) => Select.title(check), isElastic: true as const, least: 12 },
    { title: "WHAT", text: ({ what }: Event) => what, colour: ({ colour }: Event) => colour },
    { title: "WHY", text: ({ why }: Event) => why, isElastic: true as const, rank: 1 },
  ]
  io.stdout.write(table(events, shape, { columns: columnsOf(io), paint: paint(io) }))
}

/** Says what is missing, which nobody can see in a list. */
const remark = (io: Io, past: readonly Past[], from: number): void => {
  if (past.some(({ pings }) => pings === undefined)) {
    io.stderr.write("note: this key is read-only: only changes of status are listed, no pings\n")
  }
  const cut = past.filter(({ pings = [] }) => {
    const oldest = pings.at(-1)
    return oldest !== undefined && oldest.n > 1 && CheckView.at(oldest.date) > from
  }).length
  if (cut > 0)
    io.stderr.write(`note: of ${counted(cut, "check")}, the first pings of that time are no longer kept\n`)
}

const inJson = ({ at, check, isFlip, what, why }: Event) => ({
  at: iso(at),
  check: Select.idOf(check),
  name: check.name,
  slug: check.slug,
  kind: isFlip ? "flip" : "ping",
  what,
  why: why === "–" ? null : why,
})

const iso = (at: number): string => new Date(at).toISOString()
