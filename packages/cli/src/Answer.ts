/** Tells the answer of a ping server from that of something in between: a proxy, a login page, a captive portal. */
import type { Fetch } from "@overdue/client"

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
 * 5xx it does not matter who says so.
 */
export const ofPingServer =
  (fetch: Fetch): Fetch =>
  async (url, init) => {
    const response = await fetch(url, init)
    const { status, headers } = response
    const text = await response.text()
    if (isForeign(status, text)) throw new ForeignAnswer(status)
    return { status, headers, text: async () => text }
  }

const isForeign = (status: number, text: string): boolean => {
  if (status === 407 || status === 511 || (status >= 300 && status < 400)) return true
  if (status === 408 || status === 429 || status >= 500) return false
  return text.length > mostText || /^\s*</.test(text)
}
