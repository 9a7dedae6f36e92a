/** Alerts as a command line names them: by a filter, or by the short ids that lists show. */
import type { DeliveriesFilter, Delivery, DeliveryStatus } from "@overdue/client/management"
import { shownStatuses } from "@overdue/core/Delivery"
import { deliveriesListed, mostListed } from "@overdue/core/Limits"
import { Failure, UsageError } from "../Failure.ts"
import type { Flags, Values } from "../Flags.ts"
import { whole } from "../Flags.ts"
import type { Colour } from "../Style.ts"
import type { Alerting } from "./Alerting.ts"

/** Flags that choose alerts. */
export const flags = {
  check: { kind: "text", value: "CHECK", help: "only alerts of this check: its id or slug" },
  channel: { kind: "text", value: "CHANNEL", help: "only alerts to this channel: its id or name" },
  status: { kind: "text", value: "STATUS", choices: shownStatuses, help: "only alerts of which this became" },
  limit: {
    kind: "text",
    value: "N",
    help: `at most so many, up to ${mostListed}; ${deliveriesListed} unless given`,
  },
} as const satisfies Flags

/** Returns what the flags choose. An empty word is a variable that a script forgot to set, and chooses nothing. */
export const filterOf = ({ check, channel, status, limit }: Values<typeof flags>): DeliveriesFilter => {
  for (const [name, word] of Object.entries({ check, channel })) {
    if (word !== undefined && word.trim() === "") throw new UsageError(`--${name} is empty`)
  }
  const most = whole("--limit", limit, { least: 1, most: mostListed })
  return {
    ...(check !== undefined && { check }),
    ...(channel !== undefined && { channel }),
    // safe because it is one of the choices
    ...(status !== undefined && { status: status as DeliveryStatus }),
    ...(most !== undefined && { limit: most }),
  }
}

/** Returns an id in short: the beginnings of the ids in it. `c350655f.4.0142ab12` */
export const shortOf = ({ id = "" }: Pick<Delivery, "id">): string =>
  id
    .split(".")
    .map((part) => (part.length === 36 ? part.slice(0, 8) : part))
    .join(".")

/** Returns the alerts that are named by ids, whole or short, each once. Fails unless each names one. */
export const named = async (alerting: Alerting, words: readonly string[]): Promise<readonly Delivery[]> => {
  const known = await alerting.deliveries({ limit: mostListed })
  const chosen = words.map((word) => {
    const found = known.filter((one) => isNamed(one, word.toLowerCase()))
    if (found.length === 1) return found[0]!
    throw new Failure(
      found.length === 0
        ? `there is no alert ${JSON.stringify(word)} among the last ${mostListed}; \`overdue alerts list\` lists them`
        : `${JSON.stringify(word)} fits several alerts; name one by its whole id, which --json shows`,
    )
  })
  return [...new Set(chosen)]
}

const isNamed = (delivery: Delivery, word: string): boolean => {
  if (delivery.id === word) return true
  const parts = (delivery.id ?? "").split(".")
  const asked = word.split(".")
  return (
    asked.length === parts.length &&
    asked.every((part, index) =>
      parts[index]!.length === 36
        ? part.length >= 4 && parts[index]!.startsWith(part)
        : part === parts[index],
    )
  )
}

/** Returns the colour in which a status is shown. */
export const colourOf = ({ status }: Pick<Delivery, "status">): Colour | undefined => {
  if (status === "delivered") return "green"
  if (status === "dead") return "red"
  return status === "pending" || status === "held" ? "yellow" : "dim"
}
