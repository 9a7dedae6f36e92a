/** Why a probe is refused. */
import * as Limits from "../Limits.ts"
import type * as Probe from "../Probe.ts"
import { second } from "../Time.ts"
import * as Result from "effect/Result"
import * as Conditions from "./Conditions.ts"
import * as ProbeUrl from "./ProbeUrl.ts"

/** What is wrong with a probe. */
export interface ProbeRefusal {
  /** Which part of it. */
  readonly part: keyof Probe.Probe
  /** What it should be instead; continues a sentence after "expected". */
  readonly expected: string
}

/** HTTP methods of probes. */
export const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const

/** Which kinds have what a condition is about. */
const subjects: Readonly<Record<Probe.Subject, readonly Probe.Kind[]>> = {
  json: ["http"],
  status: ["http"],
  header: ["http"],
  body: ["http", "tcp", "udp", "smtp", "pop3", "imap", "dns"],
  time: ["http", "tcp", "udp", "ping", "smtp", "pop3", "imap", "dns", "tls", "domain"],
  certificate: ["http", "tls", "smtp", "pop3", "imap"],
  domain: ["http", "tls", "domain", "tcp", "smtp", "pop3", "imap", "ping"],
  value: ["metric"],
}

/** Whether targets of a kind have what a condition, or a reminder, is about. */
export const has = (kind: Probe.Kind, subject: Probe.Subject): boolean => subjects[subject].includes(kind)

/** Whether a condition about it has a key. */
export const hasKey = (subject: Probe.Subject): boolean => subject === "json" || subject === "header"

/** What a condition may be about. */
export const subjectNames = Object.keys(subjects) as readonly Probe.Subject[] // safe because those are its keys

/** How a condition may compare. */
export const operators = [
  "equal",
  "not-equal",
  "contains",
  "not-contains",
  "greater-than",
  "less-than",
  "at-least",
  "at-most",
] as const satisfies readonly Probe.Operator[]

/** Whether a text is the label of a region. */
export const isLabel = (text: string): boolean =>
  text.length <= Limits.regionLength && /^[\w.:/-]+$/.test(text)

/** Returns why a probe is refused; `undefined` when it is not. */
export const of = (probe: Probe.Probe): ProbeRefusal | undefined => all(probe)[0]

/** Returns all that is wrong with a probe, once for each part; of a target that is none, only that. */
export const all = (probe: Probe.Probe): readonly ProbeRefusal[] => {
  const url = ProbeUrl.parse(probe.url)
  if (Result.isFailure(url)) return [{ part: "url", expected: url.failure }]
  const { kind } = url.success
  const found = [
    ...ofTimes(probe),
    ofMethod(probe),
    ofHeaders(probe),
    ofBody(probe, kind),
    ofRegions(probe, kind),
    ofConditions(probe, kind),
    ofReminders(probe, kind),
  ]
  return found.filter((one) => one !== undefined)
}

const ofTimes = ({ every, grace, recovery }: Probe.Probe): readonly (ProbeRefusal | undefined)[] => {
  const { shortestRound, longestRound, longestPeriod } = Limits
  const isRound = every >= shortestRound && every <= longestRound
  const wait = (part: "grace" | "recovery", span: number): ProbeRefusal | undefined =>
    span >= 0 && span <= longestPeriod
      ? undefined
      : { part, expected: `0 to ${longestPeriod / second} seconds` }
  return [
    isRound
      ? undefined
      : { part: "every", expected: `${shortestRound / second} to ${longestRound / second} seconds` },
    wait("grace", grace),
    wait("recovery", recovery),
  ]
}

const ofMethod = ({ method }: Probe.Probe): ProbeRefusal | undefined =>
  methods.some((each) => each === method)
    ? undefined
    : { part: "method", expected: `one of ${methods.join(", ")}` }

const ofHeaders = ({ headers }: Probe.Probe): ProbeRefusal | undefined => {
  const fields = Object.entries(headers)
  const length = fields.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  if (fields.length > Limits.headers || length > Limits.headersLength)
    return {
      part: "headers",
      expected: `at most ${Limits.headers} with ${Limits.headersLength} characters in all`,
    }
  // RFC 9110 §5: anything else could end the header and begin something else.
  const wrong = fields.find(
    ([name, value]) => !/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || /[^\t\u0020-\u007e\u0080-\u00ff]/.test(value),
  )
  return wrong === undefined
    ? undefined
    : {
        part: "headers",
        expected: "names of letters and digits, and values without line breaks in Latin letters",
      }
}

const ofBody = ({ body }: Probe.Probe, kind: Probe.Kind): ProbeRefusal | undefined => {
  if (body.length > Limits.probeBodyLength)
    return { part: "body", expected: `at most ${Limits.probeBodyLength} characters` }
  if (body !== "" && !["http", "tcp", "udp"].includes(kind))
    return { part: "body", expected: "nothing, because nothing is sent to such a target" }
  return undefined
}

const ofRegions = ({ regions }: Probe.Probe, kind: Probe.Kind): ProbeRefusal | undefined => {
  if (kind === "metric" && regions.length > 0)
    return { part: "regions", expected: "none, because nobody asks: the server reports" }
  return regions.length <= Limits.regions &&
    regions.every(isLabel) &&
    new Set(regions).size === regions.length
    ? undefined
    : {
        part: "regions",
        expected: `at most ${Limits.regions} different labels such as eu-central-1, each of at most ${Limits.regionLength} characters`,
      }
}

const ofReminders = ({ remind }: Probe.Probe, kind: Probe.Kind): ProbeRefusal | undefined => {
  const part = "remind"
  for (const what of expiring) {
    const days = remind[what]
    if (days === undefined) continue
    if (!has(kind, what)) return { part, expected: `none of a ${what}, which such a target does not have` }
    const isDay = (one: number): boolean => Number.isInteger(one) && one >= 0 && one <= Limits.longestReminder
    if (days.length > Limits.reminders || !days.every(isDay))
      return {
        part,
        expected: `at most ${Limits.reminders} whole numbers of days, 0 to ${Limits.longestReminder}`,
      }
  }
  return undefined
}

/** What reminders may be of. */
export const expiring: readonly Probe.Expiring[] = ["certificate", "domain"]

const ofConditions = ({ conditions }: Probe.Probe, kind: Probe.Kind): ProbeRefusal | undefined => {
  const part = "conditions"
  if (conditions.length > Limits.conditions) return { part, expected: `at most ${Limits.conditions}` }
  if (kind === "metric" && conditions.length === 0)
    return { part, expected: "at least one about the value, such as that it is at-most 90" }
  for (const condition of conditions) {
    const { of, key, values } = condition
    if (!has(kind, of)) return { part, expected: `none about ${of}, which such a target does not have` }
    if ((key === "") === hasKey(of))
      return {
        part,
        expected: key === "" ? `a key of each that is about ${of}` : `no key of one that is about ${of}`,
      }
    const isText = (text: string): boolean => text.length <= Limits.conditionLength
    if (
      values.length === 0 ||
      values.length > Limits.conditionValues ||
      !values.every(isText) ||
      !isText(key)
    )
      return {
        part,
        expected: `1 to ${Limits.conditionValues} values of each, and at most ${Limits.conditionLength} characters in a value and a key`,
      }
    const expected = Conditions.objection(condition)
    if (expected !== undefined) return { part, expected }
  }
  return undefined
}
