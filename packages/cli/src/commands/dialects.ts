/** `overdue dialects`: which APIs a server speaks, and where each is reached; needs neither server nor database. */
import type { Dialect } from "@overdue/server/dialects/Dialect"
import * as Site from "@overdue/server/Site"
import * as NodeServer from "@overdue/server/http/NodeServer"
import * as Arguments from "../Arguments.ts"
import type { Command } from "../Command.ts"
import { whole, type Flags } from "../Flags.ts"
import * as Config from "../serve/Config.ts"
import * as VirtualHosts from "../serve/VirtualHosts.ts"
import { columnsOf, paint } from "../Style.ts"
import { table, type Column } from "../Table.ts"

const { host, port } = Config.flags

const flags = {
  host,
  port,
  "site-root": Config.flags["site-root"],
  "host-of": Config.flags["host-of"],
  json: { kind: "switch", help: "print a JSON list" },
} as const satisfies Flags

interface Row {
  readonly name: string
  readonly title: string
  /** Where clients find it, without a slash at the end. */
  readonly urls: readonly string[]
  /** Its page for people. */
  readonly docs: string | null
}

const columns: readonly Column<Row>[] = [
  { title: "DIALECT", text: ({ name }) => name },
  { title: "API OF", text: ({ title }) => title },
  { title: "REACHED AT", text: ({ urls }) => urls.join(", "), isElastic: true, least: 30 },
  { title: "PAGE", text: ({ docs }) => docs ?? "", isElastic: true, least: 30, rank: 1 },
]

export const command: Command = {
  name: "dialects",
  usage: ["dialects [--site-root URL] [--host-of DIALECT=HOST]"],
  description: "Lists the APIs that a server speaks, and where clients of each reach it.",
  flags,
  details:
    "Takes the settings of `overdue serve`, from flags or its environment. A client that cannot be given a path is given a host of its own, by --host-of.",

  async run(args, io) {
    const given = Arguments.flagsAlone(flags, args, io.environment)
    const wanted = whole("--port", given.port ?? port.default, { least: 0, most: 65_535 })!
    const root = Config.siteRoot(given["site-root"]) ?? NodeServer.urlOf(given.host ?? host.default, wanted)
    const rows = VirtualHosts.dialects(given["host-of"]).map((dialect, index) =>
      rowOf(dialect, root, index === 0),
    )
    io.stdout.write(
      given.json
        ? `${JSON.stringify(rows)}\n`
        : table(rows, columns, { columns: columnsOf(io), paint: paint(io) }),
    )
    return 0
  },
}

/** The first dialect is reached at the root as well, where its URLs lead. */
const rowOf = ({ name, title, mount, docs, hosts }: Dialect, root: string, isFirst: boolean): Row => {
  const own = isFirst ? root : root + mount
  return {
    name,
    title,
    urls: [own, ...(isFirst ? [root + mount] : []), ...hosts.map((one) => Site.rootOfHost(root, one))],
    docs: docs === undefined ? null : own + docs,
  }
}
