/** Instants and spans as text and numbers in documents, as Healthchecks writes them. */
import { second, type Instant, type Span } from "../Time.ts"

/** Returns a span in whole seconds, rounded down; `undefined` for `undefined`. */
export const seconds = <S extends Span | undefined>(span: S): S =>
  (span === undefined ? undefined : Math.floor(span / second)) as S // safe because both branches keep undefined

/** Returns a span in seconds to the millisecond, 0.2 or 60; `undefined` for `undefined`. */
export const exactSeconds = <S extends Span | undefined>(span: S): S =>
  (span === undefined ? undefined : span / second) as S // safe because both branches keep undefined

/** Returns an instant as ISO 8601 in UTC, rounded down to the second: `2026-01-31T12:00:00+00:00`. */
export const instant = (at: Instant): string =>
  `${new Date(Math.floor(at / second) * second).toISOString().slice(0, "2026-01-31T12:00:00".length)}+00:00`

/** Returns the same as `instant`, and `null` for `undefined`. */
export const instantOrNull = (at: Instant | undefined): string | null =>
  at === undefined ? null : instant(at)

/** Returns an instant as ISO 8601 in UTC with microseconds, which are left out when they are zero, as Python does. */
export const preciseInstant = (at: Instant): string => {
  const fraction = ((at % second) + second) % second
  return fraction === 0 ? instant(at) : instant(at).replace("+", `.${String(fraction).padStart(3, "0")}000+`)
}
