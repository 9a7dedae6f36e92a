/** `overdue probe`: asks targets from where it runs, for a server elsewhere. */
import * as ProbeRefusal from "@overdue/core/probe/ProbeRefusal"
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import { UsageError } from "../Failure.ts"
import { whole } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as KeyAtHand from "../KeyAtHand.ts"
import * as HeartbeatFlag from "../probing/HeartbeatFlag.ts"
import * as Log from "../serve/Log.ts"
import { defaultUrl, site } from "../Target.ts"

const flags = {
  region: {
    kind: "text",
    value: "LABEL",
    env: "OVERDUE_REGION",
    help: "where this machine is: checks that name the region are asked from here",
  },
  url: { kind: "text", value: "URL", env: "OVERDUE_URL", default: defaultUrl, help: "address of the server" },
  "api-key-file": {
    kind: "text",
    value: "FILE",
    env: "OVERDUE_API_KEY_FILE",
    help: "a file with the key; instead of OVERDUE_PROBER_KEY or OVERDUE_API_KEY in the environment",
  },
  "at-once": {
    kind: "text",
    value: "N",
    default: "500",
    help: "limit of targets that are asked at the same time",
  },
  "allow-private-targets": {
    kind: "switch",
    env: "OVERDUE_ALLOW_PRIVATE_TARGETS",
    help: "let probes reach loopback and private addresses from here",
  },
  heartbeat: {
    kind: "text",
    value: "URL",
    env: "OVERDUE_PROBE_HEARTBEAT",
    help: "address that is asked for every minute as long as this works: the ping URL of a check",
  },
  once: { kind: "switch", help: "ask what is due now, report, and end" },
  ask: {
    kind: "text",
    value: "TARGET",
    help: "ask this target, written as in `checks create --probe`, once from here, without a server, and print the answer",
  },
  json: { kind: "switch", help: "with --ask or --once: print JSON" },
  ...Log.flags,
} as const satisfies Flags

export const command: Command = {
  name: "probe",
  usage: [
    "probe --region LABEL [--url URL] [--api-key-file FILE] [OPTIONS]",
    "probe --once --region LABEL …",
    "probe --ask TARGET [--json]",
  ],
  description:
    "Asks targets from where this machine is, for a server elsewhere: those of checks that name its region.",
  flags,
  details: [
    "The key is the one that the server has as OVERDUE_PROBER_KEY, or a read-write API key of a project, whose",
    "checks alone are asked then. It comes from the environment or from --api-key-file, and from no flag: everybody",
    "on the machine can read command lines. The file is read again when the server does not accept the key.",
    "",
    "Several may run for one region, and share its rounds. What the server cannot take waits for a minute.",
    "",
    "Examples",
    "  overdue probe --ask https://example.org",
    "  overdue probe --region eu-central-1 --url https://overdue.example.org --api-key-file /etc/overdue/key",
  ].join("\n"),
  exits: {
    0: "it was told to end, by SIGTERM or SIGINT: it does within two seconds; with --ask, the target is well",
    1: "with --ask, it is not, or nothing can be said of it; with --once, the server did not take everything; or the key cannot be read",
  },

  async run(args, io) {
    const given = Arguments.flagsAlone(flags, args, io.environment)
    const { ask, once, json, "allow-private-targets": allowPrivateTargets } = given
    if (ask !== undefined) {
      const Answer = await import("../probing/Answer.ts")
      return await Answer.ask(io, ask, { allowPrivateTargets, isJson: json })
    }
    if (json && !once) throw new UsageError("--json goes with --ask or --once")
    const file = given["api-key-file"]
    const keyNow = () =>
      KeyAtHand.read(io, { file, names: ["OVERDUE_PROBER_KEY", "OVERDUE_API_KEY"], who: "the prober" })
    const terms = {
      region: regionOf(given.region),
      base: site(given.url ?? defaultUrl).replace(/\/+$/, ""),
      keyNow,
      atOnce: whole("--at-once", given["at-once"] ?? flags["at-once"].default, { least: 1, most: 10_000 })!,
      allowPrivateTargets,
      heartbeat: HeartbeatFlag.read("--heartbeat", given.heartbeat),
      log: Log.read(given),
    }
    const Elsewhere = await import("../probing/Elsewhere.ts")
    return once ? await Elsewhere.once(io, terms, json) : await Elsewhere.run(io, terms)
  },
}

const regionOf = (label: string | undefined): string => {
  if (label === undefined) throw new UsageError("say where this machine is with --region LABEL")
  if (ProbeRefusal.isLabel(label)) return label
  throw new UsageError(
    "--region is a label such as eu-central-1: at most 50 letters, digits and any of . : / - _",
  )
}
