/** `overdue ping`: one signal to a check; what cannot be sent is kept on this machine. */
import * as Uuid from "@overdue/core/Uuid"
import type { Command } from "../Command.ts"
import { UsageError } from "../Failure.ts"
import { deliver, sendOthers, timeoutFlag, timeoutOf } from "../Delivery.ts"
import { parse } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as Spool from "../Spool.ts"
import * as Target from "../Target.ts"

const flags = {
  ...Target.targetFlags,
  rid: { kind: "text", value: "UUID", help: "id of the run that the signal belongs to" },
  body: {
    kind: "text",
    short: "b",
    value: "TEXT",
    help: "text to store with the ping; - reads standard input",
  },
  "network-timeout": timeoutFlag,
  spool: Spool.flag,
  quiet: { kind: "switch", short: "q", help: "print nothing" },
} as const satisfies Flags

export const command: Command = {
  name: "ping",
  usage: ["ping --check ID [KIND]", "ping --slug SLUG [--create …] [KIND]"],
  description:
    "Sends one signal to a check. KIND is success (the default), start, fail, cancel, log, or an exit status.",
  flags,
  details: [
    "cancel ends a run that has neither succeeded nor failed. Healthchecks does not have it.",
    "",
    "Examples",
    "  ./backup; overdue ping --slug backup $?",
    "  df -h / | overdue ping --slug disk log --body -",
  ].join("\n"),
  exits: {
    0: "the server has stored the signal, or it is kept on this machine and sent with the next one",
    1: "the signal is lost: the server refused it, it could not be kept, or it is a start, which is never kept; or it is not known whether it arrived",
  },

  async run(args, io) {
    const { flags: given, positionals, rest } = parse(flags, args, io.environment)
    const [word = "success", ...surplus] = [...positionals, ...(rest ?? [])]
    if (surplus.length > 0)
      throw new UsageError(`unexpected argument ${JSON.stringify(surplus[0])}: a ping has one kind`)
    if (given.rid !== undefined && Uuid.parse(given.rid) === undefined)
      throw new UsageError(
        `--rid is a UUID such as 123e4567-e89b-42d3-a456-426614174000, not ${JSON.stringify(given.rid)}`,
      )
    const target = Target.read(given)
    const body = given.body === "-" ? await everything(io.stdin) : given.body && Buffer.from(given.body)
    const terms = {
      spool: given.spool ? Spool.directory(io.environment) : undefined,
      say: (line: string) => void (given.quiet || io.stderr.write(`overdue ping: ${line}\n`)),
      timeout: timeoutOf(given["network-timeout"]),
    }
    const signal = { target, kind: kind(word), rid: given.rid, at: Date.now(), body: body || undefined }
    const others = sendOthers(target, terms)
    const { is } = await deliver(signal, terms)
    await others.end()
    return is === "sent" || is === "kept" ? 0 : 1
  },
}

const kind = (word: string) => {
  switch (word) {
    case "success":
    case "start":
    case "fail":
    case "cancel":
    case "log":
      return word
  }
  if (/^\d{1,3}$/.test(word) && Number(word) <= 255) return Number(word)
  // A script that lost its `$?` must not be told apart from one that succeeded by chance.
  if (word.trim() === "") {
    throw new UsageError(
      "the kind of the ping is empty, as of a variable that is not set; leave it out for a success",
    )
  }
  throw new UsageError(
    `the kind of a ping is success, start, fail, log, cancel, or an exit status 0 … 255, not ${JSON.stringify(word)}`,
  )
}

/** Loaded only for who needs it: a ping from a script must start fast. */
const everything = async (stream: NodeJS.ReadableStream): Promise<Buffer> => {
  const { buffer } = await import("node:stream/consumers")
  return await buffer(stream)
}
