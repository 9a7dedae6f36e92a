/** `overdue checks update`: changes the fields of checks that the flags name. */
import type { Check, CheckChange } from "@overdue/client/management"
import * as CheckView from "../../CheckView.ts"
import * as Choice from "../../Choice.ts"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import * as HealthchecksPolicy from "../../HealthchecksPolicy.ts"
import * as Json from "../../Json.ts"
import * as Notes from "../../Notes.ts"
import * as Server from "../../Server.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as PolicyFlags from "../../PolicyFlags.ts"
import * as Select from "../../Select.ts"
import * as WrittenFields from "../../WrittenFields.ts"

const flags = {
  ...PolicyFlags.policyFlags,
  ...Choice.flags,
  restart: {
    kind: "switch",
    help: "expect the next signal as if the last one had come now, whatever else changes",
  },
  json: Server.jsonFlag,
  ...Server.flags,
} as const satisfies Flags

/** What tells one check from another. */
const own = ["name", "slug"] as const

export const command: Command = {
  name: "checks update",
  usage: ["checks update CHECK … --FIELD VALUE …", "checks update --tag TAG --FIELD VALUE …"],
  description: "Changes the fields that the flags name, and no others. CHECK is an id, a slug, or a name.",
  flags,
  details: `A changed schedule or time zone counts from now on. A URL for --probe changes the target alone, and an object the\nwhole probe.\n\n${PolicyFlags.notation}`,

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const which = Choice.which(given.tag, positionals)
    const policy = PolicyFlags.read(given)
    if (Object.keys(policy).length === 0 && !given.restart)
      throw new UsageError("name at least one field to change, such as --grace 30m")
    const change: CheckChange = { ...policy, ...(given.restart && { restart: true }) }
    const { before, checks, channels } = await Server.use(io, given, async (api) => {
      const chosen = await Choice.find(api, which)
      const name = own.find((name) => policy[name] !== undefined && policy[name] !== "")
      if (chosen.length > 1 && name !== undefined) {
        throw new UsageError(`--${name} tells one check from the others: change it for one check at a time`)
      }
      await HealthchecksPolicy.expectKept(api, policy, given.restart ? ["--restart"] : [])
      Choice.announce(io, which, chosen, "updating")
      const before = new Map(chosen.map((check) => [Select.idOf(check), check]))
      const changeOf = (id: string) =>
        PolicyFlags.isTargetAlone(given) ? aimed(change, before.get(id)) : change
      const checks = await Choice.each(chosen, (id) => api.checks.update(id, changeOf(id), { remarks: true }))
      const isLonely = checks.some(CheckView.tellsNobody)
      return { before: chosen, checks, channels: isLonely ? await api.channels.list() : [] }
    })
    if (given.json) {
      Json.print(io, which.is === "named" && which.words.length === 1 ? checks[0] : checks)
      return 0
    }
    for (const [index, check] of checks.entries()) {
      const changed = WrittenFields.differing(Object.keys(policy), before[index]!, check)
      const what = [...changed, ...(given.restart ? ["when the next signal is expected"] : [])]
      Notes.print(io, check.remarks)
      io.stdout.write(
        `${Select.title(check)}: ${what.length === 0 ? "unchanged" : `changed ${what.join(", ")}`}\n`,
      )
    }
    const advice = CheckView.advice(checks, channels)
    if (advice !== undefined) Notes.print(io, [{ text: advice }])
    return 0
  },
}

/** Returns a change of the target of one check, which leaves the rest of the probe that is there as it is. */
const aimed = (change: CheckChange, before: Check | undefined): CheckChange => {
  const [probe, known] = [change.probe, before?.probe]
  if (typeof probe !== "object" || typeof known !== "object" || probe === null || known === null)
    return change
  const { every: _, ...given } = probe
  return { ...change, probe: { ...known, ...given } }
}
