/** How instants, spans, status and URLs are written in the Healthchecks APIs. */
import { createHash } from "node:crypto"
import * as Shown from "@overdue/core/Shown"
import { second, type Instant, type Span } from "@overdue/core/Time"
import type { Json, View } from "./Field.ts"

/** Whole seconds, rounded down; `undefined` stays. */
export const seconds = <S extends Span | undefined>(span: S): S =>
  (span === undefined ? undefined : Math.floor(span / second)) as S // safe because both branches keep undefined

/** ISO 8601 in UTC to the second, rounded down: `2026-01-31T12:00:00+00:00`. */
export const instant = (at: Instant): string =>
  `${new Date(at).toISOString().slice(0, "2026-01-31T12:00:00".length)}+00:00`

export const instantOrNull = (at: Instant | undefined): string | null =>
  at === undefined ? null : instant(at)

/** ISO 8601 with microseconds, which Python leaves out when they are zero. */
export const preciseInstant = (at: Instant): string => {
  const fraction = ((at % second) + second) % second
  return fraction === 0 ? instant(at) : instant(at).replace("+", `.${String(fraction).padStart(3, "0")}000+`)
}

/** API v1 says `started` for as long as an open run is within its time, whatever the check is otherwise. */
export const status = ({ check, now, blind, version }: View): Json =>
  version === 1 && Shown.isRunning(check, now, blind) ? "started" : Shown.statusAt(check, now, blind)

export const apiUrl =
  (suffix: string) =>
  ({ check, root, version }: View): Json =>
    `${root}/api/v${version}/checks/${check.id}${suffix}`

/** Hex SHA-1 of the first 16 hex digits of an id: names a check to those who may not ping it. */
export const uniqueKey = (id: string): string =>
  createHash("sha1").update(id.replaceAll("-", "").slice(0, 16)).digest("hex")
