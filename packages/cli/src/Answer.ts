/**
 * Tells the answer of a ping server from that of something in between: a proxy, a login page, a captive portal. And what
 * an answer means that comes from a server of Healthchecks.
 */
import { ClientError } from "@overdue/client"
import type { Fetch, Kind, Target } from "@overdue/client"
import * as Caught from "./Caught.ts"

/** Characters that the answer of a ping server has at most: `OK`, `(rate limited)`, `not found`, a sentence in JSON. */
const mostText = 1000

/** Something else than a ping server has answered, so that the signal was neither taken nor refused. */
export class ForeignAnswer extends Error {
  readonly status: number

  constructor(status: number) {
    super(`something else than a ping server answered ${status}`)
    this.status = status
  }

  /** For who tells what went wrong by code. */
  get code(): string {
    return this.message
  }
}

/**
 * Returns a `fetch` that fails with a `ForeignAnswer` where no ping server answers: after a redirect that leads nowhere,
 * for the 407 of a proxy and the 511 of a network that wants a login, for a page of HTML and for a long text. A short
 * text or none at all is taken for a ping server's, whatever it says, because Healthchecks has several. With 408, 429 and
 * 5xx it does not matter who says so. Healthchecks answers 404 with a page to `cancel`, which it does not have.
 */
export const ofPingServer =
  (fetch: Fetch, kind: Kind): Fetch =>
  async (url, init) => {
    const response = await fetch(url, init)
    const { status, headers } = response
    const text = await response.text()
    const isUnknownKind = kind === "cancel" && status === 404
    const isEncoded = /\S/.test(headers.get("content-encoding")?.replace("identity", "") ?? "")
    if (isForeign(status, text, isEncoded) && !isUnknownKind) throw new ForeignAnswer(status)
    return { status, headers, text: async () => text }
  }

/** Returns what went wrong, and what it means for a kind that servers of Healthchecks do not have. */
export const explained = (problem: unknown, kind: Kind): string =>
  Caught.message(problem) +
  (kind === "cancel" && problem instanceof ClientError && problem._tag === "NotFound"
    ? "; a server of Healthchecks has no cancel: end the run with success, fail or an exit status"
    : "")

/** Returns the flags that describe the check to be created. */
export const described = (target: Target): readonly string[] =>
  typeof target === "object" && "create" in target && typeof target.create === "object"
    ? Object.keys(target.create).map((name) => `--${name}`)
    : []

/** Returns what to do about a check that was created without what describes it. */
export const withoutDescription = (flags: readonly string[]): string =>
  `the server is one of Healthchecks: it created the check as all are there, without ${flags.join(", ")}; set that with \`overdue checks update\``

const isForeign = (status: number, text: string, isEncoded: boolean): boolean => {
  if (status === 407 || status === 511 || (status >= 300 && status < 400)) return true
  if (status === 408 || status === 429 || status >= 500) return false
  // Nobody asked for a compressed answer, so it comes from something that does not look.
  return isEncoded || text.length > mostText || /^\s*</.test(text)
}
