/** What is done with several alerts, one after another: those that are named, or those that a filter chooses. */
import type { DeliveriesFilter, Delivery, DeliveryStatus } from "@overdue/client/management"
import { mostListed } from "@overdue/core/Limits"
import { counted } from "@overdue/core/Counted"
import { confirm, yesFlag } from "../Confirm.ts"
import { Failure, UsageError } from "../Failure.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as InTurn from "../InTurn.ts"
import type { Io } from "../Io.ts"
import * as Show from "../local/Show.ts"
import { plain } from "../Style.ts"
import * as Alerting from "./Alerting.ts"
import * as Alerts from "./Alerts.ts"

/** The flags of a command that does something with alerts. */
export const flags = { ...Alerts.flags, yes: yesFlag, ...Alerting.flags } as const satisfies Flags

/** What is done. */
export interface Act {
  /** For people, before and after: `send again`, `sent again`. */
  readonly verb: string
  readonly done: string
  /** Of what a filter chooses that asks for no status, only alerts of which this became are meant. */
  readonly usual: readonly DeliveryStatus[]
  readonly one: (alerting: Alerting.Alerting, id: string) => Promise<Delivery>
}

/** Does it, and returns the exit code. Asks before it does it with what a filter chose. */
export const run = async (args: readonly string[], io: Io, act: Act): Promise<number> => {
  const { flags: given, positionals } = parse(flags, args, io.environment)
  const { verb, done, usual, one } = act
  const filter = Alerts.filterOf(given)
  const { limit: _, ...choice } = filter
  const isFiltered = Object.keys(choice).length > 0
  if (positionals.length > 0 && isFiltered) {
    throw new UsageError(
      "name alerts by their ids, or choose them with --check, --channel and --status, not both",
    )
  }
  if (positionals.length === 0 && !isFiltered) {
    throw new UsageError("name alerts by their ids, or choose them with --check, --channel or --status")
  }
  const alerting = await Alerting.open(given, io, { says: true })
  const chosen = isFiltered
    ? await chosenBy(alerting, filter, usual)
    : await Alerts.named(alerting, positionals)
  if (chosen.length === 0) {
    if (given.json) Show.json(io, [])
    else io.stdout.write(`no alerts to ${verb}\n`)
    return 0
  }
  const question = `${verb[0]!.toUpperCase()}${verb.slice(1)} ${counted(chosen.length, "alert")}?`
  if (isFiltered && !(await confirm(io, given.yes, question))) return 1
  const results = await InTurn.each(chosen, done, async ({ id }) => {
    if (id === undefined)
      throw new Failure("this key is read-only: alerts are changed with one that may write")
    return await one(alerting, id)
  })
  if (given.json) Show.json(io, results)
  else
    for (const result of results)
      io.stdout.write(`${done}: ${plain(result.news)} → ${plain(result.channel_name)}\n`)
  return 0
}

/** Asked for each status by itself: a server lists only so many alerts of all. */
const chosenBy = async (
  alerting: Alerting.Alerting,
  filter: DeliveriesFilter,
  usual: readonly DeliveryStatus[],
): Promise<readonly Delivery[]> => {
  const statuses = filter.status === undefined ? usual : [filter.status]
  const limit = filter.limit ?? mostListed
  const found = await Promise.all(statuses.map((status) => alerting.deliveries({ ...filter, status, limit })))
  return found.flat().slice(0, limit)
}
