/** `overdue pings`: the pings of a check that the server keeps, and the body of one. */
import type { Fetch } from "@overdue/client"
import type { Ping } from "@overdue/client/management"
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import { Failure, UsageError } from "../Failure.ts"
import { fetch } from "../Fetch.ts"
import { parse, whole } from "../Flags.ts"
import type { Flags } from "../Flags.ts"
import * as History from "../History.ts"
import type { Io } from "../Io.ts"
import * as Json from "../Json.ts"
import * as Select from "../Select.ts"
import * as Server from "../Server.ts"
import { columnsOf, paint, plainLines } from "../Style.ts"
import { table, type Column } from "../Table.ts"

const flags = {
  limit: {
    kind: "text",
    short: "n",
    value: "COUNT",
    default: "20",
    help: "how many pings to list, newest first",
  },
  body: {
    kind: "text",
    short: "b",
    value: "NUMBER",
    help: "print the body of the ping with this number, or of the last one that has a body: last",
  },
  raw: {
    kind: "switch",
    help: "print the body byte by byte, also on a terminal, which may obey what is in it",
  },
  json: Server.jsonFlag,
  ...Server.flags,
} as const satisfies Flags

export const command: Command = {
  name: "pings",
  usage: ["pings CHECK [--limit COUNT]", "pings CHECK --body NUMBER|last [--raw]"],
  description:
    "Lists the pings of a check that the server keeps, or prints the body of one. CHECK is an id, a slug, or a name.",
  flags,
  details: [
    "Examples",
    "  overdue pings backup --body last",
    "  overdue pings backup --body 42 > output.txt",
    "",
    "What `overdue run` keeps of the output of a job is the body of the ping at its end.",
  ].join("\n"),

  async run(args, io) {
    const { flags: given, positionals } = parse(flags, args, io.environment)
    const words = Arguments.one(positionals, Arguments.check)
    const limit = whole("--limit", given.limit ?? flags.limit.default, { least: 1, most: 1000 })
    const n = given.body === "last" ? "last" : whole("--body", given.body, { least: 1, most: 1e15 })
    if (n !== undefined && given.json) throw new UsageError("a body is no JSON: give --body or --json")
    if (n === undefined && given.raw) throw new UsageError("--raw is about a body: add --body NUMBER")
    const last: { bytes?: Uint8Array } = {}
    return await Server.use(
      io,
      given,
      async (api) => {
        const { uuid } = await Select.one(api, words)
        if (uuid === undefined)
          throw new Failure("this key is read-only, and does not see pings: give a read-write key")
        if (n === undefined) {
          list(io, (await api.checks.pings(uuid, { details: true })).slice(0, limit), given.json)
          return 0
        }
        const number = n === "last" ? lastWithBody(await api.checks.pings(uuid)) : n
        await api.checks.pingBody(uuid, number)
        print(io, last.bytes ?? new Uint8Array(), given.raw)
        return 0
      },
      { fetch: keepingBytes(last) },
    )
  },
}

const columns: readonly Column<Ping>[] = [
  ...History.pingColumns.filter(({ title }) => title !== "AGENT"),
  { title: "BODY", text: ({ body_url }) => (body_url === null ? "–" : "yes") },
  {
    title: "REMARK",
    text: ({ diagnosis = [] }) => diagnosis.map(({ text }) => text).join(" ") || "–",
    isElastic: true,
    rank: 2,
  },
]

const list = (io: Io, pings: readonly Ping[], isJson: boolean): void => {
  if (isJson) Json.print(io, pings)
  else if (pings.length === 0) io.stdout.write("no pings\n")
  else io.stdout.write(table(pings, columns, { columns: columnsOf(io), paint: paint(io) }))
}

const lastWithBody = (pings: readonly Ping[]): number => {
  const ping = pings.find(({ body_url }) => body_url !== null)
  if (ping !== undefined) return ping.n
  throw new Failure("none of the pings that the server keeps has a body")
}

/** A program gets the bytes that arrived. A terminal gets text, whose control characters it would obey. */
const print = (io: Io, bytes: Uint8Array, isRaw: boolean): void => {
  if (isRaw || io.stdout.isTTY !== true) return void io.stdout.write(bytes)
  const text = plainLines(new TextDecoder().decode(bytes))
  io.stdout.write(text.endsWith("\n") ? text : `${text}\n`)
}

/** Returns a `fetch` that keeps the bytes of the last answer: the client makes text of them, and of some that loses. */
const keepingBytes =
  (last: { bytes?: Uint8Array }): Fetch =>
  async (url, init) => {
    const response = await fetch(url, init)
    const bytes = await response.bytes()
    last.bytes = bytes
    return { ...response, text: async () => bytes.toString() }
  }
