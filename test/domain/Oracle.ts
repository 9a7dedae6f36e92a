/**
 * An independent opinion of what becomes of a check, for small worlds only.
 *
 * It lives through every single tick of the clock, keeps no deadline, and looks each question up from the beginning
 * again. Written from the rules, not from the machine; slow and obvious on purpose. Its clock never runs back.
 */
import { anchorAfterMiss, earlySlot, rangAt, slotAfter, type Rules } from "./SlowTime.ts"

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
  /** Whether it came late because nobody was awake. */
  readonly isBlind: boolean
  /** Whether it happened inside a quiet window. */
  readonly isQuiet: boolean
}

/** What the channels are told. */
export interface Telling {
  readonly at: number
  readonly status: "up" | "down"
  readonly occasion: "flip" | "reminder"
  /** Which change of the check it tells of, counted from 1. */
  readonly flip: number
}

export type Signal = "success" | "fail" | "start" | "cancel" | "log"

/** What is about to happen by itself: since when it is due, and whether it was due earlier to one who was awake. */
interface Alarm {
  readonly rangAt: number
  readonly isBlind: boolean
  readonly ring: (isBlind: boolean) => void
}

/** What the newest failures stand for, so that one slot or run is one failed outcome. */
interface Blame {
  /** The slot that was missed last. */
  readonly missed: number | undefined
  /** When a run last failed or overran. */
  readonly runAt: number | undefined
  /** The run of the last explicit failure; `undefined` when it had no id, or has started again since. */
  readonly rid: string | undefined
  /** Whether a failure has been heard since the miss. */
  readonly isTaken: boolean
}

const nobody: Blame = { missed: undefined, runAt: undefined, rid: undefined, isTaken: false }

export class Oracle {
  status = "new"
  lastPing: number | undefined
  lastSuccess: number | undefined
  lastDuration: number | undefined
  anchor: number | undefined
  /** Whether the anchor is a signal, which may have come early for its slot. */
  anchorIsSignal = false
  /** While the check is down and the channels know: when they were last told. */
  toldAt: number | undefined
  silencedUntil: number | undefined
  /** Open runs, the one that started first in front. */
  runs: OpenRun[] = []
  /** Every outcome since the check was made or resumed, oldest first. */
  outcomes: boolean[] = []
  changes: Change[] = []
  tellings: Telling[] = []
  /** How many changes there were, and how often something has happened by itself. */
  flips = 0
  rung = 0
  now: number
  rules: Rules
  readonly isBlindAt: (tick: number) => boolean
  private blame: Blame = nobody

  constructor(rules: Rules, now: number, isBlindAt: (tick: number) => boolean = () => false) {
    this.rules = rules
    this.now = now
    this.isBlindAt = isBlindAt
    if (rules.armed) this.anchor = now
  }

  copy(): Oracle {
    const other = new Oracle(this.rules, this.now, this.isBlindAt)
    return Object.assign(other, this, {
      runs: this.runs.map((run) => ({ ...run })),
      outcomes: [...this.outcomes],
      changes: [...this.changes],
      tellings: [...this.tellings],
    })
  }

  /** Lives up to and including a tick. */
  live(until: number): void {
    for (let tick = this.now; tick <= until; tick++) {
      this.now = tick
      for (let alarm = this.firstAlarm(); alarm !== undefined; alarm = this.firstAlarm()) {
        alarm.ring(alarm.isBlind)
        this.rung += 1
      }
    }
  }

  signal(type: Signal, rid?: string): void {
    if (type === "log" || (this.status === "paused" && this.rules.manualResume)) return
    if (type === "start") return this.start(rid)
    if (type === "cancel") return this.cancel(rid)
    const closed = this.close(type, rid)
    this.lastDuration = closed.timed === undefined ? undefined : this.now - closed.timed.startedAt
    this.lastPing = this.now
    this.anchorAt(this.now, true)
    const isTooShort = this.lastDuration !== undefined && this.lastDuration < this.rules.minRuntime
    if (type === "success" && !isTooShort) {
      this.lastSuccess = this.now
      return this.succeed()
    }
    const isOverrun = closed.hasOverran && this.blame.runAt !== undefined
    const isKnown = isOverrun || (rid !== undefined && rid === this.blame.rid) || this.isOfTheMiss()
    this.blame = { ...this.blame, runAt: this.now, rid, isTaken: true }
    this.fail(type === "fail" ? "fail" : "too-short", false, isKnown)
  }

  pause(): void {
    if (this.status === "paused") return
    this.runs = []
    this.change("paused", "paused", false)
  }

  resume(): void {
    if (this.status !== "paused") return
    this.runs = []
    this.outcomes = []
    this.blame = nobody
    this.lastPing = undefined
    this.anchorAt(this.rules.armed ? this.now : undefined, false)
    this.change("new", "resumed", false)
  }

  /** New rules, to count from what was heard last or from now; when neither is said, from now if the slots changed. */
  configure(rules: Rules, from: "anchor" | "now" | undefined, isScheduleChanged: boolean): void {
    this.rules = rules
    if (rules.onlyLatest) this.runs = this.runs.slice(-1)
    const isFromNow = from === undefined ? isScheduleChanged : from === "now"
    const isArmedNow = this.status === "new" && rules.armed && this.anchor === undefined
    if (isArmedNow || (isFromNow && this.anchor !== undefined)) this.anchorAt(this.now, false)
  }

  silence(until: number | undefined): void {
    this.silencedUntil = until !== undefined && until > this.now ? until : undefined
  }

  /** When a signal is expected: the slot, or the first tick after it at which the clock runs. */
  expected(): number | undefined {
    const slot = this.slot()
    return slot === undefined ? undefined : this.rangAt(slot, 0, slot + 100)
  }

  /** The slot that is waited for, if one is. */
  private slot(): number | undefined {
    const { armed, startSatisfies } = this.rules
    if (this.status !== "up" && this.status !== "new") return undefined
    const start = startSatisfies ? this.runs.at(-1)?.startedAt : undefined
    const isWatched = this.status === "up" || (armed && this.anchor !== undefined)
    if (start === undefined && !isWatched) return undefined
    // Whichever of the two lasts longer: a run may have started early for a slot that lies after an edit.
    const slots = [
      ...(start === undefined ? [] : [slotAfter(this.rules, start, true)]),
      ...(this.anchor === undefined ? [] : [slotAfter(this.rules, this.anchor, this.anchorIsSignal)]),
    ].map((slot) => slot ?? Infinity)
    const last = Math.max(...slots)
    return Number.isFinite(last) ? last : undefined
  }

  private start(rid: string | undefined): void {
    const isRestart = (run: OpenRun): boolean => rid !== undefined && run.rid === rid
    const others = this.rules.onlyLatest ? [] : this.runs.filter((run) => !isRestart(run))
    this.runs = [...others, { rid, startedAt: this.now, overran: false }].slice(-64)
    if (rid !== undefined && rid === this.blame.rid) this.blame = { ...this.blame, rid: undefined }
  }

  private cancel(rid: string | undefined): void {
    const others = this.runs.filter((run) => run.rid !== rid)
    if (others.length === this.runs.length) return
    this.runs = others
    if (this.anchor !== undefined && this.status !== "paused") this.anchorAt(this.now, true)
  }

  /** Closes what a success or failure closes: the run that it is the end of, and whether what it closes had overrun. */
  private close(
    type: "success" | "fail",
    rid: string | undefined,
  ): { readonly timed: OpenRun | undefined; readonly hasOverran: boolean } {
    const timed = this.runs.findLast((run) => run.rid === rid)
    const latest =
      this.rules.onlyLatest && (type === "fail" || rid === undefined) ? this.runs.at(-1) : undefined
    this.runs = latest === undefined ? this.runs.filter((run) => run.rid !== rid) : []
    return { timed, hasOverran: (timed ?? latest)?.overran ?? false }
  }

  /** Whether a failure that is heard now is what the slot was missed for. */
  private isOfTheMiss(): boolean {
    if (this.blame.missed === undefined || this.blame.isTaken) return false
    const next = slotAfter(this.rules, this.blame.missed, false)
    return next === undefined || (this.now < next && earlySlot(this.rules, this.now) !== next)
  }

  private miss(slot: number, isBlind: boolean): void {
    const isKnown = this.blame.runAt !== undefined && this.blame.runAt >= slot
    const expected = this.rangAt(slot, 0, this.now) ?? slot
    const missed = anchorAfterMiss(this.rules, slot, expected)
    this.anchorAt(missed, false)
    this.blame = { ...this.blame, missed, isTaken: false }
    this.fail("missed", isBlind, isKnown)
  }

  private overrun(run: OpenRun, isBlind: boolean): void {
    const { missed } = this.blame
    const next = missed === undefined ? -Infinity : slotAfter(this.rules, missed, false)
    run.overran = true
    this.blame = { ...this.blame, runAt: this.now }
    const isUnwatched = this.status === "paused" || this.anchor === undefined
    this.fail("overran", isBlind, next === undefined || this.now < next)
    // Tolerated, and watched from now on. What it was watched from before a pause is long over.
    if (isUnwatched && this.status === "up") this.anchorAt(this.now, false)
  }

  private succeed(): void {
    this.outcomes.push(true)
    this.blame = nobody
    const inARow = this.outcomes.length - 1 - this.outcomes.lastIndexOf(false)
    if (this.status === "down" && inARow < this.rules.recoveries) return
    if (this.status !== "up") this.change("up", "success", false)
  }

  /** A failure decides the status also when it is known already, and no outcome of its own. */
  private fail(reason: string, isBlind: boolean, isKnown: boolean): void {
    if (!isKnown) this.outcomes.push(false)
    if (this.status === "down") return
    const failed = this.outcomes.slice(-this.rules.outOf).filter((isOk) => !isOk).length
    if (failed >= this.rules.failures) return this.change("down", reason, isBlind)
    if (this.status !== "up") this.change("up", reason, isBlind)
  }

  private change(to: string, reason: string, isBlind: boolean): void {
    const from = this.status
    const knowOfDown = this.toldAt !== undefined
    this.changes.push({ at: this.now, from, to, reason, isBlind, isQuiet: this.rules.isQuiet(this.now) })
    this.flips += 1
    this.status = to
    this.toldAt = undefined
    if (to === "down" && this.mayDisturb()) this.tell("down", "flip")
    if (to !== "up") return
    const isHeard = reason !== "missed" && reason !== "overran"
    const isFirst = from === "new" && this.rules.notifyOnFirstPing && isHeard && this.mayDisturb()
    if (isFirst || (from === "down" && knowOfDown)) this.tell("up", "flip")
  }

  private tell(status: "up" | "down", occasion: "flip" | "reminder"): void {
    this.tellings.push({ at: this.now, status, occasion, flip: this.flips })
    if (status === "down") this.toldAt = this.now
  }

  /** Whether this is no time of quiet or silence. */
  private mayDisturb(): boolean {
    const isSilent = this.silencedUntil !== undefined && this.now < this.silencedUntil
    return !isSilent && !this.rules.isQuiet(this.now)
  }

  private anchorAt(anchor: number | undefined, isSignal: boolean): void {
    this.anchor = anchor
    this.anchorIsSignal = isSignal
  }

  /** When a clock has rung that stands still while it is quiet or nobody is awake. */
  private rangAt(origin: number, span: number, until: number): number | undefined {
    return rangAt((tick) => this.rules.isQuiet(tick) || this.isBlindAt(tick), origin, span, until)
  }

  /** What has rung by now, oldest first; at the same tick the slot, the runs as they started, then what is to be told. */
  private firstAlarm(): Alarm | undefined {
    const alarms: Alarm[] = []
    const add = (origin: number, span: number, ring: (isBlind: boolean) => void): void => {
      const due = this.rangAt(origin, span, this.now)
      if (due === undefined) return
      const awake = rangAt(this.rules.isQuiet, origin, span, this.now)
      alarms.push({ rangAt: due, isBlind: awake !== undefined && awake < due, ring })
    }
    const slot = this.slot()
    if (slot !== undefined) add(slot, this.rules.grace, (isBlind) => this.miss(slot, isBlind))
    for (const run of this.runs) {
      if (run.overran) continue
      add(run.startedAt, this.rules.maxRuntime, (isBlind) => this.overrun(run, isBlind))
    }
    if (this.status === "down" && this.mayDisturb()) {
      if (this.toldAt !== undefined)
        add(this.toldAt, this.rules.remindEvery, () => this.tell("down", "reminder"))
      else alarms.push({ rangAt: this.now, isBlind: false, ring: () => this.tell("down", "flip") })
    }
    return alarms.toSorted((one, other) => one.rangAt - other.rangAt)[0]
  }
}
