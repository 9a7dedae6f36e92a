/** Conditions: whether an answer is what a probe asks for. Pure; nobody's text is ever a regular expression here. */
import type { Condition, Operator, Subject } from "../Probe.ts"
import * as Excerpt from "./Excerpt.ts"
import * as JsonPath from "./JsonPath.ts"

/** What conditions are about. What an answer does not have is absent. */
export interface Answer {
  readonly statusCode?: number | undefined
  readonly body?: string | undefined
  /** Returns a header field by its name, in any case; several of the same name joined by commas. */
  readonly header?: ((name: string) => string | undefined) | undefined
  /** In milliseconds, from the beginning to the end. */
  readonly time: number
  /** Whole days until the certificate expires, negative when it has. */
  readonly certificateDays?: number | undefined
  /**
   * Whole days until the registration of the domain expires, negative when it has. `unknown`: its registry fails, which is
   * no fault of the target, so that conditions about it are not judged.
   */
  readonly domainDays?: number | "unknown" | undefined
  /** What a server has reported. */
  readonly value?: number | undefined
}

/**
 * Returns why an answer does not meet all conditions, by the first that it does not meet, counted from 1; `undefined` when
 * it meets all. The reason shows at most 60 characters of the answer.
 *
 * A condition is met by one of its values; `not-equal` and `not-contains` by none of them. What the answer does not have
 * meets only those two. So a condition without values is never met, or with those two always.
 */
export const failure = (conditions: readonly Condition[], answer: Answer): string | undefined => {
  for (const [index, condition] of conditions.entries()) {
    if (condition.of === "domain" && answer.domainDays === "unknown") continue
    const found = subject(condition, answer)
    if (!isMet(condition, found)) return `condition ${index + 1} failed: ${described(condition, found)}`
  }
  return undefined
}

/** Subjects that are numbers. */
const measures: ReadonlySet<Subject> = new Set(["status", "time", "certificate", "domain", "value"])

/** Operators that hold of numbers only. */
const orders: ReadonlySet<Operator> = new Set(["greater-than", "less-than", "at-least", "at-most"])

/**
 * Returns what a condition should be instead that no answer could ever meet, or every one would, because a key is no path or a
 * value no number; continues a sentence after "expected". `undefined` when it may be.
 */
export const objection = ({ of, key, operator, values }: Condition): string | undefined => {
  if (of === "json" && JsonPath.steps(key) === undefined)
    return `keys of JSON such as groups.user[0].name or ["odd name"], not ${key}`
  if (operator.endsWith("contains") && values.includes(""))
    return "texts to look for that are not empty: everything contains an empty one"
  const isEquality = operator === "equal" || operator === "not-equal"
  if (of === "status" && isEquality) {
    const wrong = values.find((value) => !isStatusWritten(value))
    return wrong === undefined ? undefined : `values of status such as 200, 2xx or 200-299, not ${wrong}`
  }
  if (!orders.has(operator) && !(isEquality && measures.has(of))) return undefined
  const wrong = values.find((value) => numberOf(value) === undefined)
  return wrong === undefined ? undefined : `numbers to compare ${of} with, such as 90, not ${wrong}`
}

/** Returns the statuses, both included, that `200`, `2xx` or `200-299` means; `undefined` of other texts. */
const statusesOf = (value: string): readonly [first: number, last: number] | undefined => {
  const [, first, last = first] = /^(\d{3})(?:\s*-\s*(\d{3}))?$/.exec(value.trim()) ?? []
  if (first !== undefined) return [Number(first), Number(last)]
  const [, hundred] = /^([1-9])xx$/i.exec(value.trim()) ?? []
  return hundred === undefined ? undefined : [Number(`${hundred}00`), Number(`${hundred}99`)]
}

const isStatusWritten = (value: string): boolean => {
  const [first, last] = statusesOf(value) ?? [0, 0]
  return first >= 100 && first <= last
}

/** Returns what conditions ask as a text, the same in whichever order their members are written. */
export const question = (conditions: readonly Condition[]): string =>
  JSON.stringify(conditions.map(({ of, key, operator, values }) => [of, key, operator, values]))

/** A subject of an answer. */
interface Found {
  readonly text: string
  /** Whether other spellings of the same number are equal: 1.0 and 1. */
  readonly isNumber: boolean
}

const subject = ({ of, key }: Condition, answer: Answer): Found | undefined => {
  switch (of) {
    case "json": {
      const selected = answer.body === undefined ? undefined : JsonPath.select(answer.body, key)
      return (
        selected && {
          text: selected.text,
          isNumber: !selected.isString && numberOf(selected.text) !== undefined,
        }
      )
    }
    case "body":
      return answer.body === undefined ? undefined : { text: answer.body, isNumber: false }
    case "status":
      return measured(answer.statusCode)
    case "time":
      return measured(answer.time)
    case "header": {
      const text = answer.header?.(key)
      return text === undefined ? undefined : { text, isNumber: false }
    }
    case "certificate":
      return measured(answer.certificateDays)
    case "domain":
      return measured(answer.domainDays)
    case "value":
      return measured(answer.value)
  }
}

const measured = (value: number | string | undefined): Found | undefined =>
  value === undefined ? undefined : { text: String(value), isNumber: true }

const isMet = ({ of, operator, values }: Condition, found: Found | undefined): boolean => {
  const isAny = (holds: (found: Found, value: string) => boolean): boolean =>
    found !== undefined && values.some((value) => holds(found, value))
  const equals = of === "status" ? isStatus : isEqual
  switch (operator) {
    case "equal":
      return isAny(equals)
    case "not-equal":
      return !isAny(equals)
    case "contains":
      return isAny(({ text }, value) => text.includes(value))
    case "not-contains":
      return !isAny(({ text }, value) => text.includes(value))
    case "greater-than":
      return isAny((one, value) => compared(one, value) > 0)
    case "less-than":
      return isAny((one, value) => compared(one, value) < 0)
    case "at-least":
      return isAny((one, value) => compared(one, value) >= 0)
    case "at-most":
      return isAny((one, value) => compared(one, value) <= 0)
  }
}

const isEqual = ({ text, isNumber }: Found, value: string): boolean =>
  text === value || (isNumber && numberOf(text) === numberOf(value))

/** Whether a status is a value, or one of those that it means. */
const isStatus = ({ text }: Found, value: string): boolean => {
  const asked = statusesOf(value)
  if (asked === undefined) return text === value.trim()
  return Number(text) >= asked[0] && Number(text) <= asked[1]
}

/** The difference of two numbers; NaN, which is neither more nor less, when one of them is none. */
const compared = ({ text }: Found, value: string): number => {
  const [one, other] = [numberOf(text), numberOf(value)]
  return one === undefined || other === undefined ? Number.NaN : one - other
}

/** A number in decimal notation; `undefined` for other texts, also such that only JavaScript reads as numbers. */
const numberOf = (text: string): number | undefined => {
  if (text.length > 100 || !/^\s*[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?\s*$/i.test(text)) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}

const described = ({ of, key }: Condition, found: Found | undefined): string => {
  const name = Excerpt.of(key)
  switch (of) {
    case "json":
      if (found === undefined) return `json ${name} is missing, or the body is no JSON`
      return `json ${name} is ${Excerpt.of(found.text)}`
    case "body":
      return found === undefined
        ? "there is no body"
        : `body begins with ${Excerpt.of(found.text) || "nothing"}`
    case "header":
      return found === undefined ? `header ${name} is missing` : `header ${name} is ${Excerpt.of(found.text)}`
    case "status":
      return found === undefined ? "there is no status" : `status is ${found.text}`
    case "time":
      return `time is ${found?.text} ms`
    case "certificate":
      return found === undefined ? "there is no certificate" : `certificate has ${found.text} days left`
    case "domain":
      return found === undefined ? "the end of the domain is not known" : `domain has ${found.text} days left`
    case "value":
      return found === undefined ? "there is no value" : `value is ${found.text}`
  }
}
