/** One attempt to ask a target: what it is given, and what is seen of the target, also when it fails. */
import type { SecureContext } from "node:tls"
import type { Certificate, Probe, Registration, Timings } from "@overdue/core/Probe"
import type { ProbeUrl } from "@overdue/core/probe/ProbeUrl"
import type { Span } from "@overdue/core/Time"
import { Failure } from "./Failure.ts"

/** An address of a host. */
export interface Resolved {
  readonly address: string
  /** 4 or 6. */
  readonly family: number
}

/** What attempts share. */
export interface Means {
  /** Whether an IP address may be connected to. */
  readonly isAllowed: (address: string) => boolean
  /** Finds the addresses of a host name; rejects as `node:dns` does. */
  readonly resolve: (host: string) => Promise<readonly Resolved[]>
  /** Whether this machine has a way to anywhere. */
  readonly isOnline: () => Promise<boolean>
  /** The certificates that are trusted, read once. */
  readonly secureContext: () => SecureContext
  readonly timeout: Span
  /** The ports that `ping` tries. */
  readonly pingPorts: readonly number[]
  /** What is known of the domain that a host is in. Fails only with `Unknown`. */
  readonly registrationOf: (host: string) => Promise<Registration>
}

/** What is seen of a target, as far as it has come. */
export interface Seen {
  statusCode?: number
  body?: string
  header?: (name: string) => string | undefined
  certificate?: Certificate
  registration?: Registration
}

type Phase = Exclude<keyof Timings, "whole">

/** One attempt. */
export class Attempt {
  readonly probe: Probe
  readonly url: ProbeUrl
  readonly means: Means
  readonly seen: Seen = {}
  readonly #startedAt = performance.now()
  readonly #closers = new Map<object, () => void>()
  #phases: Partial<Record<Phase, Span>> = {}
  #isOver = false

  constructor(probe: Probe, url: ProbeUrl, means: Means) {
    this.probe = probe
    this.url = url
    this.means = means
  }

  /** Milliseconds since the beginning. */
  elapsed(): Span {
    return performance.now() - this.#startedAt
  }

  /** Notes how long a part has taken. */
  took(phase: Phase, since: number): void {
    this.#phases[phase] = rounded(performance.now() - since)
  }

  /** Forgets the parts, for those of the next hop. */
  again(): void {
    this.#phases = {}
  }

  /** Returns how long all parts have taken until now. */
  timings(): Timings {
    return { ...this.#phases, whole: rounded(this.elapsed()) }
  }

  /** Whether a condition is about one of these. */
  isAbout(...subjects: readonly Probe["conditions"][number]["of"][]): boolean {
    return this.probe.conditions.some(({ of }) => subjects.includes(of))
  }

  /**
   * Has something closed when the attempt is over, however it ends. What is named is closed in one way, the last: to
   * destroy a socket under the TLS over it ends the process with a fault in Node 24.
   */
  closing(close: () => void, of: object = close): void {
    if (this.#isOver) close()
    else this.#closers.set(of, close)
  }

  /** Ends the attempt, and closes what it has opened. */
  end(): void {
    this.#isOver = true
    for (const close of this.#closers.values()) close()
    this.#closers.clear()
  }

  /** Resolves as a promise does, or fails with `timeout` when that takes longer than a time. */
  async within<A>(time: Span, promise: Promise<A>): Promise<A> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Failure("timeout")), time)
      this.closing(() => clearTimeout(timer))
    })
    try {
      return await Promise.race([promise, late])
    } finally {
      clearTimeout(timer)
    }
  }
}

const rounded = (milliseconds: number): Span => Math.round(milliseconds * 10) / 10
