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
import * as WorstBodies from "../kit/WorstBodies.ts"
import { median } from "./report/Quantile.ts"
import * as Table from "./report/Table.ts"
import * as History from "./seed/History.ts"
import * as Pruning from "./stalls/pruning.ts"

const usualRounds = 20
const { KiB } = WorstBodies
interface Attack {
  readonly door: string
  readonly name: string
  readonly run: () => Promise<unknown>
  /** What is done before each time, and is not timed. */
  readonly prepare?: () => Promise<void>
  /** How often it is timed, when that is not the usual number. */
  readonly rounds?: number
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

/** Sends a body in pieces of a byte from many connections at once, until each has its answer or is closed. */
const inPieces = (connections: number) => async (): Promise<void> => {
  const head = `POST /ping/${uuid} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`
  const talks = await Promise.all(
    Array.from({ length: connections }, () => SocketDialogue.open(Number(new URL(server.url).port))),
  )
  for (const talk of talks) talk.say(`${head}${"1\r\nx\r\n".repeat(20_000)}0\r\n\r\n`)
  await Promise.all(talks.map((talk) => talk.hear(/^HTTP/).catch(() => undefined)))
  for (const talk of talks) talk.socket.destroy()
}

/** Sends long bodies from many connections at once, as fast as they are taken. */
const longBodies = (connections: number, id: string) => async (): Promise<void> => {
  const size = 16 * 1024 * KiB
  const head = `POST /ping/${id} HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`
  const talks = await Promise.all(
    Array.from({ length: connections }, () => SocketDialogue.open(Number(new URL(server.url).port))),
  )
  for (const talk of talks) talk.say(head + "x".repeat(size))
  await Promise.all(talks.map((talk) => talk.hear(/^HTTP/).catch(() => undefined)))
  for (const talk of talks) talk.socket.destroy()
}

const attacks: readonly Attack[] = [
  { door: "rival", name: "nothing", run: post("/nowhere", "") },
  ...WorstBodies.jsons(1_000 * KiB).map(([name, body]) => ({
    door: "API, no key",
    name,
    run: post("/api/v3/checks/", body),
  })),
  ...WorstBodies.jsons(16 * KiB - 20).map(([name, body]) => ({
    door: "API, no key, 16 KiB",
    name,
    run: post("/api/v3/checks/", body),
  })),
  ...WorstBodies.jsons(128 * KiB - 20).flatMap(([name, body]) => [
    { door: "API, create", name, run: post("/api/v3/checks/", body, withKey) },
    { door: "API, update, own", name, run: post(`${update}?defaults=own`, body, withKey) },
  ]),
  ...WorstBodies.headers.map(([name, header]) => ({
    door: "/inbound/email",
    name,
    run: post("/inbound/email", mail(header, "done")),
  })),
  ...WorstBodies.headers.map(([name, header]) => ({
    door: "/inbound/email?to=",
    name,
    run: post(`/inbound/email?to=${address}`, mail(header, "done")),
  })),
  ...WorstBodies.messages.map(([name, data]) => ({ door: "SMTP", name, run: bySmtp(data) })),
  { door: "ping", name: "a body", run: post(`/ping/${uuid}`, "x".repeat(1_000 * KiB)) },
  { door: "ping", name: "a long query", run: post(`/ping/${uuid}?${"a=1&".repeat(3_500)}`, "") },
  { door: "ping", name: "pieces of a byte", run: inPieces(1) },
  { door: "ping, 50 connections", name: "pieces of a byte", run: inPieces(50) },
  { door: "ping, 50 connections", name: "bodies of 16 MiB", run: longBodies(50, uuid) },
  { door: "ping, 50 connections", name: "16 MiB to nobody", run: longBodies(50, crypto.randomUUID()) },
  {
    door: "ping",
    name: "create",
    run: post(`/ping/${keys.ping}/new?create=1&tags=${"x+".repeat(6_000)}`, ""),
  },
]

const { json: project } = await server.api("GET", "/api/v3/project/")
const metrics = `/projects/${String(project["id"])}/metrics/${keys.readOnly}`
const read = (path: string) => async (): Promise<void> => {
  const answer = await fetch(server.url + path, { headers: { "X-Api-Key": keys.readOnly } })
  await answer.arrayBuffer()
}

/** Checks with as many tags as there is room for, all of them different: what is read of them with a key that only reads. */
const crowd = async (): Promise<readonly Attack[]> => {
  const [checks, tagsEach] = [300, 125]
  for (let check = 0; check < checks; check++) {
    const tags = Array.from({ length: tagsEach }, (_, n) =>
      (check * tagsEach + n).toString(36).padStart(3, "0"),
    )
    await server.api("POST", "/api/v3/checks/", { name: `check ${check}`, tags: tags.join(" ") })
  }
  return [
    ["badges", "/api/v3/badges/"],
    ["checks", "/api/v3/checks/"],
    ["checks with details", "/api/v3/checks/?details=1"],
    ["checks of a tag", "/api/v3/checks/?tag=001"],
    ["metrics", metrics],
  ].map(([name = "", path = ""]) => ({ door: "37,500 tags, read", name, run: read(path) }))
}

const database = join(folder.path, "overdue.db")
const longOf = (check: string): string =>
  History.flips(`c.id = '${check}'`, { n: "1000 + n", at: `${Date.now()} - 300 * n` })

/** A check that has gone up and down for a year, and who reads of it. */
const history = (): readonly Attack[] => {
  History.write(database, longOf(uuid))
  const ofCheck = `/api/v3/checks/${uuid}`
  return [
    ["flips", `${ofCheck}/flips/`],
    ["metrics", metrics],
    ["statistics", `${ofCheck}/statistics?start=1`],
    ["statistics by hour", `${ofCheck}/statistics?by=hour`],
  ].map(([name = "", path = ""]) => ({ door: "100,000 flips, read", name, run: read(path) }))
}

const webhook = { kind: "webhook", name: "hook", value: { method_down: "GET", url_down: server.url } }

/** What has a long history, made anew for each time that it is deleted. */
const deletions = (): readonly Attack[] => {
  return [
    {
      door: "a long history, deleted",
      name: "a channel with 50,000 deliveries",
      prepare: async () => {
        const { json } = await server.api("POST", "/api/v3/channels/", webhook)
        const ofCheck = `f.check_key = (SELECT key FROM checks WHERE id = '${uuid}')`
        const told = `${ofCheck} AND f.n BETWEEN 1001 AND 51000 AND h.id = '${String(json["id"])}'`
        History.write(database, History.deliveries(told))
        return `/api/v3/channels/${String(json["id"])}`
      },
    },
    {
      door: "a long history, deleted",
      name: "a check with 100,000 flips",
      prepare: async () => {
        const { json } = await server.api("POST", "/api/v3/checks/", { name: "gone" })
        History.write(database, longOf(String(json["uuid"])))
        return `/api/v3/checks/${String(json["uuid"])}`
      },
    },
  ].map(({ door, name, prepare }) => {
    let path = ""
    return {
      door,
      name,
      rounds: 3,
      prepare: async () => {
        path = await prepare()
      },
      run: async () => {
        const { status } = await server.api("DELETE", path)
        if (status !== 200) throw new Error(`${name} is not deleted: ${status}`)
      },
    }
  })
}

interface Result extends Pick<Attack, "door" | "name"> {
  readonly median: number
  readonly longest: number
}

const results: Result[] = []
try {
  const all = [...attacks, ...(await crowd()), ...history(), ...deletions()]
  for (const { door, name, run, prepare, rounds = usualRounds } of all) {
    if (prepare === undefined) for (let warm = 0; warm < 3; warm++) await run()
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      await prepare?.()
      await stood()
      await run()
      times.push(await stood())
    }
    results.push({ door, name, median: median(times), longest: Math.max(...times) })
  }
  await server.api("POST", "/api/v3/channels/", webhook)
} finally {
  await server.stop()
}
for (const { name, times } of await Pruning.run(folder.path, 3)) {
  results.push({ door: "old records, pruned", name, median: median(times), longest: Math.max(...times) })
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
