/**
 * Punctuality: whether what was decided is told soon, by the one true time, also while clocks are wrong: not only in the
 * end, when all of them are right again.
 */
import { hour, minute, type Instant } from "@overdue/core/Time"
import type { Fault } from "./Workload.ts"

/** How late an alert may be at most: nodes look every five minutes, and one message in ten fails. */
const soon = hour

/** For how long an alert may wait for the next attempt after something has been out of order. */
const after = 30 * minute

interface Span {
  readonly from: Instant
  to: Instant
}

/** What was written and has arrived, and when, by the true time. */
export class Punctuality {
  readonly #written = new Map<string, Instant>()
  readonly #arrived = new Map<string, Instant>()
  /** When something was out of order that may delay alerts, and when clocks were wrong. */
  readonly #disorders: Span[] = []
  readonly #wrongClocks: Span[] = []
  readonly #open = new Map<string, Span>()

  wrote(ids: readonly string[], at: Instant): void {
    for (const id of ids) if (!this.#written.has(id)) this.#written.set(id, at)
  }

  came(ids: readonly string[], at: Instant): void {
    for (const id of ids) if (!this.#arrived.has(id)) this.#arrived.set(id, at)
  }

  /** Something goes wrong, or is in order again. */
  inflicted(fault: Fault, at: Instant): void {
    switch (fault.type) {
      case "kill":
      case "start":
        return this.#note(this.#disorders, `process ${fault.node}`, fault.type === "kill", at)
      case "freeze":
      case "thaw":
        return this.#note(this.#disorders, `frozen ${fault.node}`, fault.type === "freeze", at)
      case "store":
      case "notifier":
        return this.#note(this.#disorders, fault.type, fault.refuses, at)
      case "clock":
        return this.#note(this.#wrongClocks, `clock ${fault.node}`, fault.ahead !== 0, at)
    }
  }

  #note(spans: Span[], what: string, begins: boolean, at: Instant): void {
    const open = this.#open.get(what)
    if (open !== undefined) open.to = at
    this.#open.delete(what)
    if (!begins) return
    const span = { from: open?.from ?? at, to: Infinity }
    spans.push(span)
    this.#open.set(what, span)
  }

  /** Returns what was told too late up to an instant, and of how many alerts that were written under a wrong clock it was asked. */
  judge(until: Instant): {
    readonly late: readonly { readonly id: string; readonly at: Instant }[]
    readonly underWrongClock: number
  } {
    const late: { id: string; at: Instant }[] = []
    let underWrongClock = 0
    for (const [id, at] of this.#written) {
      const by = at + soon
      if (by > until || this.#disorders.some(({ from, to }) => from < by && to + after > at)) continue
      if (this.#wrongClocks.some(({ from, to }) => from <= at && at < to)) underWrongClock += 1
      if ((this.#arrived.get(id) ?? Infinity) > by) late.push({ id, at })
    }
    return { late, underWrongClock }
  }
}
