/** `overdue checks create`: a check and its ping URL, or with --unique the check that exists already. */
import type { Check, CheckPolicy, Management } from "@overdue/client/management"
import * as Limits from "@overdue/core/Limits"
import * as Slug from "@overdue/core/Slug"
import * as Arguments from "../../Arguments.ts"
import * as AskedView from "../../AskedView.ts"
import * as CheckView from "../../CheckView.ts"
import type { Command } from "../../Command.ts"
import { UsageError } from "../../Failure.ts"
import * as Healthchecks from "../../Healthchecks.ts"
import * as HealthchecksPolicy from "../../HealthchecksPolicy.ts"
import * as Json from "../../Json.ts"
import * as Notes from "../../Notes.ts"
import * as Server from "../../Server.ts"
import { parse } from "../../Flags.ts"
import type { Flags } from "../../Flags.ts"
import * as PolicyFlags from "../../PolicyFlags.ts"
import * as Select from "../../Select.ts"
import { plain } from "../../Style.ts"

const flags = {
  ...PolicyFlags.policyFlags,
  unique: {
    kind: "texts",
    value: "FIELD",
    help: "name, slug, tags, timeout or grace: if a check has the same value there, update it instead",
  },
  json: Server.jsonFlag,
  ...Server.flags,
} as const satisfies Flags

const uniques = ["name", "slug", "tags", "timeout", "grace"] as const

export const command: Command = {
  name: "checks create",
  usage: ["checks create --name NAME [--schedule EXPR | --timeout SPAN] [OPTIONS]"],
  description: "Creates a check and prints its ping URL, or what is asked.",
  flags,
  details: [
    "Examples",
    "  overdue checks create --name 'Nightly backup' --slug backup --schedule '0 3 * * *' --tz Europe/Riga",
    "  overdue checks create --slug backup --unique slug --grace 30m",
    "  overdue checks create --slug report --timeout 1d --no-arm",
    "",
    "A new check is armed: it expects its first signal within the period, or by the next time of the schedule.",
    "",
    PolicyFlags.notation,
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    Arguments.none(positionals)
    const unique = given.unique.map((word) => {
      const field = uniques.find((field) => field === word)
      if (field === undefined)
        throw new UsageError(`--unique is one of ${uniques.join(", ")}, not ${JSON.stringify(word)}`)
      return field
    })
    const policy = PolicyFlags.read(given)
    const { check, notes } = await Server.use(io, given, async (api) => {
      const fields = { ...policy, ...(unique.length > 0 && { unique }) }
      await HealthchecksPolicy.expectKept(api, policy)
      const check = await api.checks.create(fields, { remarks: true })
      return { check, notes: given.json ? [] : await notesOf(check, policy, api) }
    })
    if (given.json) {
      Json.print(io, check)
      return 0
    }
    Notes.print(io, check.remarks)
    const [what, how] = AskedView.target(check) ?? ["ping URL", check.ping_url ?? ""]
    io.stdout.write(
      `${Select.title(check)}\n  id        ${check.uuid ?? ""}\n  ${what.padEnd(8)}  ${plain(how)}\n`,
    )
    Notes.print(io, notes)
    return 0
  },
}

/** Returns remarks for people on a check, beyond those of the server. */
const notesOf = async (check: Check, { armed }: CheckPolicy, api: Management): Promise<Notes.Remarks> => {
  const channels = CheckView.tellsNobody(check) ? await api.channels.list() : []
  const advice = CheckView.advice([check], channels)
  // A check of ours shows that it is armed.
  const mayBeUnarmed = check.armed !== true && armed !== false && check.n_pings === 0
  const isUnarmed = mayBeUnarmed && (await Healthchecks.isOne(api))
  const namesakes = check.slug === "" ? [] : await api.checks.list({ slug: check.slug })
  return [
    ...(advice === undefined ? [] : [{ text: advice }]),
    ...(isUnarmed ? [Healthchecks.unarmed] : []),
    ...(check.slug === "" && !AskedView.isAsked(check) ? [{ text: withoutSlug(check) }] : []),
    ...(namesakes.length > 1 ? [{ text: ambiguous(check) }] : []),
  ]
}

/** A name does not make a slug in this version of the API, and whoever pings by slug would only be told "not found". */
const withoutSlug = ({ name, uuid = "" }: Check): string =>
  "without a slug, the check is pinged by its URL only, not by `overdue ping --slug`: " +
  `\`overdue checks update ${uuid} --slug ${Slug.fromName(name).slice(0, Limits.slugLength) || "SLUG"}\``

/** A server takes no signal by a slug that several checks have. */
const ambiguous = ({ slug, uuid = "" }: Check): string =>
  `another check has the slug ${slug} as well: neither can be pinged by it from now on. ` +
  `Give this one another, \`overdue checks update ${uuid} --slug SLUG\`, or create checks with --unique slug`
