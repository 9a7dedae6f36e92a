/** A well-behaved job: it signals when it said that it would, and keeps a record of what it has sent. */
import { request } from "node:http"
import { setTimeout } from "node:timers/promises"
import { SocketDialogue } from "../../kit/SocketDialogue.ts"

/** How jobs signal. */
export const ways = [
  "id",
  "body",
  "run",
  "slug",
  "run by slug",
  "exit status",
  "mail",
  "mail by slug",
  "slot",
  "handed over",
] as const

/** A job, with the check that waits for it. Lengths are in milliseconds. */
export interface Job {
  readonly id: string
  /** Also the name of the check. */
  readonly slug: string
  readonly way: (typeof ways)[number]
  readonly period: number
  readonly grace: number
}

/** Where jobs signal. */
export interface Doors {
  readonly url: string
  readonly mailPort: number
  readonly mailDomain: string
  readonly pingKey: string
}

/** A signal, and what became of it. */
export interface Sent {
  readonly job: string
  /** By which door: they may take different times. */
  readonly door: "http" | "mail"
  /** Epoch milliseconds. */
  readonly at: number
  /** Milliseconds until it was answered. */
  readonly took: number
  /** A status of HTTP, a reply of SMTP, or the name of an error. */
  readonly answer: string
}

/** Whether a signal was taken. */
export const isTaken = ({ answer }: Sent): boolean => /^(200|201|250 .*)$/.test(answer)

/** How long the run of a job takes: some of a second. */
const runtime = 600
/** How long after its slot a job of a schedule signals. */
const afterSlot = 100
/** How long an answer is waited for. */
const patience = 30_000
const kilobyte = "x".repeat(1024)

/** Signals at every instant at which it is due, until it is told to stop; resolves once all signals are answered. */
export const run = async (
  job: Job,
  doors: Doors,
  { stop, note }: { readonly stop: AbortSignal; readonly note: (sent: Sent) => void },
): Promise<void> => {
  const underWay = new Set<Promise<void>>()
  const isSlotted = job.way === "slot"
  const begin = Date.now()
  for (let turn = 0; ; turn++) {
    const due = isSlotted
      ? Math.ceil((begin + turn * job.period) / job.period) * job.period + afterSlot
      : begin + turn * job.period
    await setTimeout(due - Date.now(), undefined, { signal: stop }).catch(() => undefined)
    if (stop.aborted) break
    const signalled = signal(job, doors, note).finally(() => underWay.delete(signalled))
    underWay.add(signalled)
  }
  await Promise.all(underWay)
}

const signal = async (job: Job, doors: Doors, note: (sent: Sent) => void): Promise<void> => {
  const noted = async (door: Sent["door"], send: () => Promise<string>): Promise<void> => {
    const at = Date.now()
    const startedAt = performance.now()
    const answer = await send().catch((error: unknown) => String(error))
    note({ job: job.id, door, at, took: performance.now() - startedAt, answer })
  }
  const byId = `/ping/${job.id}`
  const bySlug = `/ping/${doors.pingKey}/${job.slug}`
  const ping = (path: string, body?: string) => noted("http", () => ask(doors.url + path, body))
  const mail = (to: string) => noted("mail", () => send(doors, `${to}@${doors.mailDomain}`))
  const timed = async (path: string): Promise<void> => {
    const rid = crypto.randomUUID()
    await ping(`${path}/start?rid=${rid}`)
    await setTimeout(runtime)
    await ping(`${path}?rid=${rid}`, kilobyte)
  }
  switch (job.way) {
    case "id":
    case "slot":
      return ping(byId)
    case "body":
      return ping(byId, kilobyte)
    case "run":
      return timed(byId)
    case "slug":
      return ping(bySlug)
    case "run by slug":
      return timed(bySlug)
    case "exit status":
      return ping(`${bySlug}/0`, kilobyte)
    case "mail":
      return mail(job.id)
    case "mail by slug":
      return mail(`${doors.pingKey}+${job.slug}`)
    case "handed over":
      return noted("mail", () =>
        ask(`${doors.url}/inbound/email?to=${job.id}@${doors.mailDomain}`, message(job.slug)),
      )
  }
}

/** A request over a connection of its own, as curl makes it. */
const ask = (url: string, body?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = request(url, {
      agent: false,
      method: body === undefined ? "GET" : "POST",
      timeout: patience,
    })
    asked.on("timeout", () => asked.destroy(new Error("no answer")))
    asked.on("error", reject)
    asked.on("response", (answer) => {
      answer.on("error", reject)
      answer.on("end", () => resolve(String(answer.statusCode)))
      answer.resume()
    })
    asked.end(body)
  })

const message = (subject: string): string =>
  `From: cron@example.org\r\nSubject: ${subject}: done\r\n\r\n${kilobyte}\r\n`

const send = async ({ mailPort }: Doors, address: string): Promise<string> => {
  using talk = await SocketDialogue.open(mailPort)
  talk.socket.setTimeout(patience, () => talk.socket.destroy())
  await talk.hear(/^220 .*\r\n/)
  for (const line of ["EHLO job.example", "MAIL FROM:<cron@example.org>", `RCPT TO:<${address}>`, "DATA"]) {
    const reply = await talk.ask(line)
    if (!/^[23]/.test(reply)) return reply
  }
  return await talk.ask(`${message("report")}.`)
}
