/**
 * For how long the worst bodies that every door takes hold up everybody else: the longest time that the event loop of a
 * real server stood still for one request, with a key and without. The rival in the same run is a request of nothing.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Folder from "../kit/Folder.ts"
import { keys } from "../kit/Keys.ts"
import { OverdueServer } from "../kit/OverdueServer.ts"
import { SocketDialogue } from "../kit/SocketDialogue.ts"
import { median } from "./report/Quantile.ts"
import * as Table from "./report/Table.ts"

const rounds = 20
const KiB = 1024

/** As long as `size` bytes, from a beginning, something that is repeated, and an end. */
const filled = (size: number, [begin, unit, end]: readonly [string, string, string]): string =>
  begin + unit.repeat(Math.max(0, Math.floor((size - begin.length - end.length) / unit.length))) + end

const names = (size: number): string => {
  const parts: string[] = []
  for (let length = 2, n = 0; length < size - 20; n++) {
    parts.push(`"${n.toString(36)}":1.0`)
    length += parts.at(-1)!.length + 1
  }
  return `{${parts.join(",")}}`
}

/** Bodies of JSON that cost the most for their length. */
const jsons = (size: number): readonly (readonly [string, string])[] => [
  ["numbers", filled(size, ["[1", ",1", "]"])],
  ["fractions", filled(size, ['{"a":[1.0', ",1.0", "]}"])],
  ["objects", filled(size, ['{"a":[{}', ",{}", "]}"])],
  ["names", names(size)],
  ["depth", "[".repeat(size / 2) + "]".repeat(size / 2)],
  ["escapes", filled(size, ['{"name":"', "\\u0000", '"}'])],
  ["a long text", filled(size, ['{"desc":"', "x", '"}'])],
  ["timeouts", filled(size, ["{", '"timeout":60.0,', '"timeout":60.0}'])],
  ["blanks", filled(size, ['{"timeout"', " ", ":60}"])],
  ["channels", filled(size, ['{"channels":"x', ",x", '"}'])],
  ["tags", filled(size, ['{"tags":"x', " x", '"}'])],
  ["unique", filled(size, ['{"unique":["name"', ',"name"', "]}"])],
  [
    "windows",
    filled(size, [
      '{"quiet":[{"cron":"0 0 * * *","duration":60}',
      ',{"cron":"* * * * *","duration":60}',
      "]}",
    ]),
  ],
  ["a schedule", filled(size, ['{"schedule":"0', ",0", ' * * * *"}'])],
]

interface Attack {
  readonly door: string
  readonly name: string
  readonly run: () => Promise<unknown>
}

using folder = Folder.make()
const watched = join(folder.path, "port")
const watch = new URL("stalls/watch.ts", import.meta.url).pathname
const server = await OverdueServer.start(folder.path, {
  environment: {
    NODE_OPTIONS: `--import=${watch}`,
    OVERDUE_BENCH_WATCH: watched,
    OVERDUE_LOG_LEVEL: "error",
  },
  args: ["--smtp-port", "0", "--ping-email-domain", "ping.example"],
})
const [, smtpPort = ""] = await server.printed(/smtp:\/\/\S+:(\d+)/)
const port = readFileSync(watched, "utf8")
const stood = async (): Promise<number> => Number(await (await fetch(`http://127.0.0.1:${port}/`)).text())

const post =
  (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  async (): Promise<number> => {
    // Whoever sends far too much is cut off.
    const answer = await fetch(server.url + path, { method: "POST", body, headers }).catch(() => undefined)
    await answer?.body?.cancel()
    return answer?.status ?? 0
  }

const withKey = { "X-Api-Key": keys.readWrite }
const { json: check } = await server.api("POST", "/api/v3/checks/?defaults=own", { name: "job", slug: "job" })
const uuid = String(check["uuid"])
const update = `/api/v3/checks/${uuid}`
const address = `${uuid}@ping.example`
const mail = (headers: string, text: string) => `${headers}\r\n\r\n${text}`

const bySmtp = (data: string) => async (): Promise<void> => {
  const talk = await SocketDialogue.open(Number(smtpPort))
  await talk.hear(/^220 /)
  for (const line of ["EHLO a", "MAIL FROM:<a@b.example>", `RCPT TO:<${address}>`, "DATA"])
    await talk.ask(line)
  await talk.ask(`${data}\r\n.`)
  talk.socket.destroy()
}

const headers64: readonly (readonly [string, string])[] = [
  ["a folded header", filled(63 * KiB, ["To: a", "\r\n b", ""])],
  ["many headers", filled(63 * KiB, ["A: 1", "\r\nTo: b", ""])],
  ["many addresses", filled(63 * KiB, ["To: a@ping.example", ",a@ping.example", ""])],
  ["many domains", filled(63 * KiB, ["To: a@é.x", ",a@é.x", ""])],
]

const messages: readonly (readonly [string, string])[] = [
  ["a folded header", filled(63 * KiB, ["Subject: a", "\r\n b", ""])],
  ["elements", filled(900 * KiB, ["Subject: a\r\n\r\n<p>", "<b>", ""])],
]

const attacks: readonly Attack[] = [
  { door: "rival", name: "nothing", run: post("/nowhere", "") },
  ...jsons(1_000 * KiB).map(([name, body]) => ({
    door: "API, no key",
    name,
    run: post("/api/v3/checks/", body),
  })),
  ...jsons(16 * KiB - 20).map(([name, body]) => ({
    door: "API, no key, 16 KiB",
    name,
    run: post("/api/v3/checks/", body),
  })),
  ...jsons(128 * KiB - 20).flatMap(([name, body]) => [
    { door: "API, create", name, run: post("/api/v3/checks/", body, withKey) },
    { door: "API, update, own", name, run: post(`${update}?defaults=own`, body, withKey) },
  ]),
  ...headers64.map(([name, header]) => ({
    door: "/inbound/email",
    name,
    run: post("/inbound/email", mail(header, "done")),
  })),
  ...headers64.map(([name, header]) => ({
    door: "/inbound/email?to=",
    name,
    run: post(`/inbound/email?to=${address}`, mail(header, "done")),
  })),
  ...messages.map(([name, data]) => ({ door: "SMTP", name, run: bySmtp(data) })),
  { door: "ping", name: "a body", run: post(`/ping/${uuid}`, "x".repeat(1_000 * KiB)) },
  { door: "ping", name: "a long query", run: post(`/ping/${uuid}?${"a=1&".repeat(3_500)}`, "") },
  {
    door: "ping",
    name: "create",
    run: post(`/ping/${keys.ping}/new?create=1&tags=${"x+".repeat(6_000)}`, ""),
  },
]

interface Result extends Omit<Attack, "run"> {
  readonly median: number
  readonly longest: number
}

const results: Result[] = []
try {
  for (const { door, name, run } of attacks) {
    for (let warm = 0; warm < 3; warm++) await run()
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      await stood()
      await run()
      times.push(await stood())
    }
    results.push({ door, name, median: median(times), longest: Math.max(...times) })
  }
} finally {
  await server.stop()
}

const round = (figure: number): number => Number(figure.toPrecision(3))
const worst = results.toSorted((a, b) => b.median - a.median)[0]!
const [rival] = results

process.stdout.write(`
${Table.format(
  ["door", "body", "stood still, median", "longest"],
  results.map(({ door, name, median, longest }) => [
    door,
    name,
    Table.duration(median * 1e6),
    Table.duration(longest * 1e6),
  ]),
)}
${JSON.stringify({
  bench: "stalls",
  unit: "ms",
  worst: { door: worst.door, body: worst.name, median: round(worst.median), longest: round(worst.longest) },
  rival: { median: round(rival!.median), longest: round(rival!.longest) },
})}
`)
