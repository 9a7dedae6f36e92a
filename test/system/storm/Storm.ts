/**
 * A storm: a real server under hostile load of every kind at once, beside well-behaved jobs in a process of their own,
 * and jobs that fall silent on purpose, whose channels hang, drip, fail, and work.
 */
import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { setTimeout } from "node:timers/promises"
import * as Folder from "../../kit/Folder.ts"
import type * as Overdue from "../../kit/Overdue.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import * as ProcessFigures from "../../kit/ProcessFigures.ts"
import { listen, type Receiver } from "../../kit/Receiver.ts"
import { SeededRandom } from "../../kit/SeededRandom.ts"
import { Child } from "./Child.ts"
import * as Innocence from "./Innocence.ts"
import type * as Job from "./Job.ts"
import * as Ledger from "./Ledger.ts"
import type { JobsOrder, JobsReport, StrangersOrder, StrangersReport } from "./Messages.ts"
import * as Setup from "./Setup.ts"

export interface Options {
  readonly seed: number
  readonly seconds: number
  /** How many channels of the strangers hang. */
  readonly channels: number
  /** What the names of attacks have to contain; by default all attack. */
  readonly only?: string
  readonly onProgress?: (progress: Progress) => void
}

/** What is seen of a server at an instant. */
export interface Sample {
  /** Megabytes. */
  readonly memory: number
  readonly descriptors: number
}

/** How it goes. */
export interface Progress extends Sample, Innocence.Judgement {
  readonly second: number
  readonly jobs: JobsReport
  readonly strangers: StrangersReport
  /** Of its log so far. */
  readonly lines: number
}

export interface Report extends Innocence.Judgement {
  readonly ledger: Ledger.Ledger
  readonly jobs: JobsReport
  readonly strangers: StrangersReport
  /** One for each second of the storm. */
  readonly samples: readonly Sample[]
  /** File descriptors before the storm and after it. */
  readonly descriptors: { readonly before: number; readonly after: number }
  /** Parts of a processor that the server and the strangers used. */
  readonly processor: { readonly server: number; readonly strangers: number }
  /** Lines of its log a minute. */
  readonly linesPerMinute: number
  readonly ended: Overdue.Ended
  /** Milliseconds from SIGTERM to the end. */
  readonly endedAfter: number
}

const counts = { count: 50, silent: 6 }
/** Connections that are half open when the server is stopped. */
const halfOpen = 50
const domain = "ping.example"
/** Seconds between two looks at how it goes. */
const between = 10
/** Descriptors that a server may have open more than before: of its worker that reads mail, say. */
export const descriptorsMore = 20
/** Milliseconds within which connections of a storm are closed when it is over. */
const calm = 30_000

/** Answers at once that all is well, and then a byte a second. */
const dripping = {
  write: (response: { write: (text: string) => void; on: (event: "close", run: () => void) => void }) => {
    response.write("O")
    const timer = setInterval(() => response.write("K"), 1_000)
    response.on("close", () => clearInterval(timer))
  },
}

export const run = async (options: Options): Promise<Report> => {
  using folder = Folder.make("storm")
  await using failing = await listen({ status: 500 })
  await using drips = await listen(dripping)
  await using hangs = await listen("hang")
  using jobsProcess = new Child<JobsOrder, JobsReport>("jobs.ts")
  using strangersProcess = new Child<StrangersOrder, StrangersReport>("strangers.ts")
  const { receiver: good } = await jobsProcess.report()
  await using overdue = await OverdueServer.start(folder.path, {
    args: ["--smtp-port", "0", "--ping-email-domain", domain, "--ping-rate", "600"],
    environment: { OVERDUE_ADMIN_KEY: Setup.adminKey },
  })
  const receivers = { good, hanging: hangs.url, dripping: drips.url, failing: failing.url }
  const storm = new Storm(options, overdue, folder.file("overdue.db"), {
    jobs: jobsProcess,
    strangers: strangersProcess,
  })
  await Promise.race([storm.rage(receivers), diedEarly(overdue)])
  return await storm.settle([hangs, drips, failing])
}

interface Processes {
  readonly jobs: Child<JobsOrder, JobsReport>
  readonly strangers: Child<StrangersOrder, StrangersReport>
}

class Storm {
  readonly #options: Options
  readonly #overdue: OverdueServer
  readonly #database: string
  readonly #processes: Processes
  readonly #samples: Sample[] = []
  #jobs: readonly Job.Job[] = []
  #before = 0
  #processor = { server: 0, strangers: 0 }
  #linesPerMinute = 0

  constructor(options: Options, overdue: OverdueServer, database: string, processes: Processes) {
    this.#options = options
    this.#overdue = overdue
    this.#database = database
    this.#processes = processes
  }

  /** Makes what is needed, and lets everybody loose for as long as it is to last. */
  async rage(receivers: Setup.Receivers): Promise<void> {
    const { seed, seconds, channels, only = "" } = this.#options
    const random = new SeededRandom(seed)
    const mailPort = Number((await this.#overdue.printed(/^pings by e-mail .*:(\d+)$/m))[1])
    const { good, silent, pingKey } = await Setup.jobs(this.#overdue, receivers, { random, ...counts })
    // One that signals often, and whose address others know: they cannot keep it from signalling.
    const known = good.filter(({ way }) => way === "id").toSorted((a, b) => a.period - b.period)[0]!.id
    const knowing = { mailPort, known, hangingUrl: receivers.hanging }
    const target = await Setup.strangers(this.#overdue, knowing, { domain, channels })
    this.#jobs = good
    this.#before = this.#look().descriptors
    const doors = { url: this.#overdue.url, mailPort, mailDomain: domain, pingKey }
    this.#processes.jobs.begin({ jobs: good, silent, doors })
    this.#processes.strangers.begin({ seed, target, only })
    const begun = this.#used()
    const lines = this.#lines()
    for (let second = 1; second <= seconds; second++) {
      await setTimeout(1_000)
      this.#samples.push(this.#look())
      if (second % between === 0) await this.#tell(second)
    }
    const used = this.#used()
    this.#processor = {
      server: (used.server - begun.server) / seconds,
      strangers: (used.strangers - begun.strangers) / seconds,
    }
    this.#linesPerMinute = ((this.#lines() - lines) / seconds) * 60
  }

  /** Lets the storm pass, and stops the server while some connections are still half open. */
  async settle(receivers: readonly Receiver[]): Promise<Report> {
    const { jobs, strangers } = this.#processes
    const heard = await strangers.ask("stop")
    const seen = await jobs.ask("stop")
    await Promise.all(receivers.map((receiver) => receiver.close()))
    const after = await this.#calm()
    const sockets = await this.#halfOpen()
    const stoppedAt = performance.now()
    const ended = await this.#overdue.stop()
    const endedAfter = performance.now() - stoppedAt
    for (const socket of sockets) socket.destroy()
    const ledger = Ledger.read(this.#database)
    return {
      ...Innocence.judge(this.#jobs, seen.sent, ledger.downs),
      ledger,
      jobs: seen,
      strangers: heard,
      samples: this.#samples,
      descriptors: { before: this.#before, after },
      processor: this.#processor,
      linesPerMinute: this.#linesPerMinute,
      ended,
      endedAfter,
    }
  }

  get #pid(): number {
    return this.#overdue.child.pid!
  }

  #look(): Sample {
    return { memory: ProcessFigures.memory(this.#pid), descriptors: ProcessFigures.descriptors(this.#pid) }
  }

  #used() {
    return {
      server: ProcessFigures.processorTime(this.#pid),
      strangers: ProcessFigures.processorTime(this.#processes.strangers.pid),
    }
  }

  #lines(): number {
    return this.#overdue.output.stderr.split("\n").length - 1
  }

  async #tell(second: number): Promise<void> {
    const { onProgress } = this.#options
    if (onProgress === undefined) return
    const { jobs, strangers } = this.#processes
    const [seen, heard] = [await jobs.ask("look"), await strangers.ask("look")]
    const { downs } = Ledger.read(this.#database)
    onProgress({
      ...this.#samples.at(-1)!,
      ...Innocence.judge(this.#jobs, seen.sent, downs),
      second,
      jobs: seen,
      strangers: heard,
      lines: this.#lines(),
    })
  }

  /** Waits until the connections of the storm are closed, and returns how many descriptors are open then. */
  async #calm(): Promise<number> {
    const until = performance.now() + calm
    while (this.#look().descriptors > this.#before + descriptorsMore && performance.now() < until)
      await setTimeout(200)
    return this.#look().descriptors
  }

  /** Connections in the midst of a request, for which a server that stops must not wait for long. */
  #halfOpen(): Promise<readonly Socket[]> {
    const port = Number(new URL(this.#overdue.url).port)
    return Promise.all(
      Array.from({ length: halfOpen }, async () => {
        const socket = connect(port, "127.0.0.1")
        socket.on("error", () => undefined)
        await once(socket, "connect")
        socket.write("POST /ping/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nab")
        return socket
      }),
    )
  }
}

const diedEarly = async (overdue: OverdueServer): Promise<never> => {
  const { code, signal, stderr } = await overdue.ended
  throw new Error(`the server ended by ${code ?? signal} in the storm: ${stderr.slice(-2_000)}`)
}
