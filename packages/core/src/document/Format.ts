/** How instants and spans are written in documents, as Healthchecks writes them. */
import { second, type Instant, type Span } from "../Time.ts"

/** Returns whole seconds, rounded down; `undefined` stays. */
export const seconds = <S extends Span | undefined>(span: S): S =>
  (span === undefined ? undefined : Math.floor(span / second)) as S // safe because both branches keep undefined

/** Returns ISO 8601 in UTC to the second, rounded down: `2026-01-31T12:00:00+00:00`. */
export const instant = (at: Instant): string =>
  `${new Date(Math.floor(at / second) * second).toISOString().slice(0, "2026-01-31T12:00:00".length)}+00:00`

/** The same, and `null` for none. */
export const instantOrNull = (at: Instant | undefined): string | null =>
  at === undefined ? null : instant(at)

/** Returns ISO 8601 in UTC with microseconds, which Python leaves out when they are zero. */
export const preciseInstant = (at: Instant): string => {
  const fraction = ((at % second) + second) % second
  return fraction === 0 ? instant(at) : instant(at).replace("+", `.${String(fraction).padStart(3, "0")}000+`)
}
