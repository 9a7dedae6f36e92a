/**
 * An independent opinion of what becomes of a check, for small worlds only.
 *
 * It lives through every single tick of the clock, keeps no deadline, and looks each question up from the beginning
 * again. Written from the rules, not from the machine; slow and obvious on purpose.
 */

/** All times are ticks. */
export interface Rules {
  /** The first slot after a tick. */
  readonly slotAfter: (tick: number) => number
  readonly grace: number
  /** Ticks that a run may take; `Infinity` when it may run for ever. */
  readonly maxRuntime: number
  readonly minRuntime: number
  readonly startSatisfies: boolean
  readonly onlyLatest: boolean
  readonly failures: number
  readonly outOf: number
  readonly recoveries: number
  readonly isQuiet: (tick: number) => boolean
  readonly remindEvery: number
  readonly manualResume: boolean
}

export interface OpenRun {
  readonly rid: string | undefined
  readonly startedAt: number
  overran: boolean
}

export interface Change {
  readonly at: number
  readonly from: string
  readonly to: string
  readonly reason: string
  readonly isBlind: boolean
}

/** Something that is about to happen by itself, and the tick at which its clock has run out. */
interface Alarm {
  readonly rangAt: number
  readonly isBlind: boolean
  readonly ring: (at: number) => void
}

export class Oracle {
  status = "new"
  lastPing: number | undefined
  lastSuccess: number | undefined
  lastDuration: number | undefined
  anchor: number | undefined
  toldAt: number | undefined
  runs: OpenRun[] = []
  /** Every outcome since the check was made or resumed, oldest first. */
  outcomes: boolean[] = []
  now: number
  rules: Rules
  readonly isBlindAt: (tick: number) => boolean
  changes: Change[] = []
  remindedAt: number | undefined

  constructor(rules: Rules, now: number, isBlindAt: (tick: number) => boolean) {
    this.rules = rules
    this.now = now
    this.isBlindAt = isBlindAt
  }

  copy(): Oracle {
    const other = new Oracle(this.rules, this.now, this.isBlindAt)
    other.status = this.status
    other.lastPing = this.lastPing
    other.lastSuccess = this.lastSuccess
    other.lastDuration = this.lastDuration
    other.anchor = this.anchor
    other.toldAt = this.toldAt
    other.runs = this.runs.map((run) => ({ ...run }))
    other.outcomes = [...this.outcomes]
    return other
  }

  /** Lives up to and including a tick. */
  live(until: number): void {
    for (let tick = this.now; tick <= until; tick++) {
      this.now = tick
      for (let alarm = this.firstAlarm(); alarm !== undefined; alarm = this.firstAlarm()) alarm.ring(tick)
    }
  }

  signal(type: "success" | "fail" | "start", rid: string | undefined): void {
    if (this.status === "paused" && this.rules.manualResume) return
    if (type === "start") return this.start(rid)
    this.lastDuration = this.close(type, rid)
    this.lastPing = this.now
    this.anchor = this.now
    if (type === "fail") this.outcome(false, "fail", false)
    else if (this.lastDuration !== undefined && this.lastDuration < this.rules.minRuntime) {
      this.outcome(false, "too-short", false)
    } else {
      this.lastSuccess = this.now
      this.outcome(true, "success", false)
    }
  }

  pause(): void {
    if (this.status === "paused") return
    this.change("paused", "paused", false)
    this.runs = []
  }

  resume(): void {
    if (this.status !== "paused") return
    this.change("new", "resumed", false)
    this.runs = []
    this.outcomes = []
    this.lastPing = undefined
    this.anchor = undefined
  }

  configure(rules: Rules): void {
    this.rules = rules
    if (rules.onlyLatest) this.runs = this.runs.slice(-1)
  }

  /** The slot that is waited for, if one is. */
  slot(): number | undefined {
    const isOpen = this.runs.length > 0 && this.rules.startSatisfies
    if (this.status !== "up" && !(this.status === "new" && isOpen)) return undefined
    const from = [this.anchor, isOpen ? this.runs.at(-1)?.startedAt : undefined]
    return this.rules.slotAfter(Math.max(...from.filter((tick) => tick !== undefined)))
  }

  /** When a signal is expected: the slot, or the first tick after it at which the clock runs. */
  expected(): number | undefined {
    const slot = this.slot()
    return slot === undefined ? undefined : this.rangAt(slot, 0, slot + 100)
  }

  private start(rid: string | undefined): void {
    const others = this.rules.onlyLatest ? [] : this.runs.filter((run) => run.rid !== rid)
    this.runs = [...others, { rid, startedAt: this.now, overran: false }]
  }

  /** Closes what a success or failure closes; how long it took if that is known. */
  private close(type: "success" | "fail", rid: string | undefined): number | undefined {
    const run = this.runs.find((open) => open.rid === rid)
    if (run !== undefined) {
      this.runs = this.runs.filter((open) => open !== run)
      return this.now - run.startedAt
    }
    if (this.rules.onlyLatest && (type === "fail" || rid === undefined)) this.runs = []
    return undefined
  }

  private outcome(isOk: boolean, reason: string, isBlind: boolean): void {
    this.outcomes.push(isOk)
    if (isOk) {
      const inARow = this.outcomes.length - 1 - this.outcomes.lastIndexOf(false)
      if (this.status === "down" && inARow < this.rules.recoveries) return
      if (this.status !== "up") this.change("up", reason, isBlind)
      return
    }
    if (this.status === "down") return
    const failed = this.outcomes.slice(-this.rules.outOf).filter((ok) => !ok).length
    if (failed >= this.rules.failures) this.change("down", reason, isBlind)
    else if (this.status !== "up") {
      // Tolerated, and from now on the check is watched.
      if (reason === "overran") this.anchor = this.now
      this.change("up", reason, isBlind)
    }
  }

  private change(to: string, reason: string, isBlind: boolean): void {
    this.changes.push({ at: this.now, from: this.status, to, reason, isBlind })
    this.status = to
    this.toldAt = to === "down" ? this.now : undefined
    this.remindedAt = undefined
  }

  /** What rings first by now: oldest first; at the same tick the slot, then the runs as they started, then a reminder. */
  private firstAlarm(): Alarm | undefined {
    const alarms: Alarm[] = []
    const add = (origin: number, span: number, ring: (isBlind: boolean) => void): void => {
      const rangAt = this.rangAt(origin, span, this.now)
      if (rangAt === undefined) return
      const awake = this.rangAt(origin, span, this.now, () => false)
      const isBlind = awake !== undefined && awake < rangAt
      alarms.push({ rangAt, isBlind, ring: () => ring(isBlind) })
    }
    const slot = this.slot()
    if (slot !== undefined) {
      add(slot, this.rules.grace, (isBlind) => {
        this.anchor = slot
        this.outcome(false, "missed", isBlind)
      })
    }
    for (const run of this.runs) {
      if (run.overran) continue
      add(run.startedAt, this.rules.maxRuntime, (isBlind) => {
        run.overran = true
        this.outcome(false, "overran", isBlind)
      })
    }
    if (this.status === "down" && this.toldAt !== undefined) {
      add(this.toldAt, this.rules.remindEvery, () => {
        this.toldAt = this.now
        this.remindedAt = this.now
      })
    }
    return alarms.toSorted((one, other) => one.rangAt - other.rangAt)[0]
  }

  /** When a clock has run for a span that begins to run with the first tick from `origin` on that is not stopped. */
  private rangAt(
    origin: number,
    span: number,
    until: number,
    isBlindAt: (tick: number) => boolean = this.isBlindAt,
  ): number | undefined {
    let hasBegun = false
    let counted = 0
    for (let tick = origin; tick <= until; tick++) {
      const isStopped = this.rules.isQuiet(tick) || isBlindAt(tick)
      if (!isStopped) hasBegun = true
      if (hasBegun && counted >= span) return tick
      if (!isStopped) counted += 1
    }
    return undefined
  }
}
