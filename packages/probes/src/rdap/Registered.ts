/** What an answer of a registry says of a domain (RFC 9083 §5.3). */
import * as LocalTime from "@overdue/core/LocalTime"
import type { Registration } from "@overdue/core/Probe"
import * as Excerpt from "@overdue/core/probe/Excerpt"
import type { Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"

/** Reads an answer. `undefined` when it is none. What is not as it should be in it is passed over. */
export const read = (domain: string, body: string): Registration | undefined => {
  const answer = parsed(body)
  if (!isRecord(answer) || answer["objectClassName"] !== "domain") return undefined
  const registrar = registrarOf(listOf(answer["entities"]))
  const expiresAt = expiryOf(listOf(answer["events"]))
  return {
    domain,
    ...(registrar === undefined ? {} : { registrar }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const utc = Result.getOrThrow(Zone.make("UTC"))

const expiryOf = (events: readonly unknown[]): Instant | undefined => {
  const found = events.find((event) => isRecord(event) && event["eventAction"] === "expiration")
  if (!isRecord(found) || typeof found["eventDate"] !== "string") return undefined
  return Result.getOrElse(LocalTime.read(found["eventDate"], utc), () => undefined)
}

/** The name of the registrar, which stands in its jCard as the property `fn` (RFC 7095). */
const registrarOf = (entities: readonly unknown[]): string | undefined => {
  const found = entities.find((entity) => isRecord(entity) && listOf(entity["roles"]).includes("registrar"))
  if (!isRecord(found)) return undefined
  const properties = listOf(listOf(found["vcardArray"])[1])
  const name = properties.map(listOf).find(([property]) => property === "fn")?.[3]
  return typeof name === "string" && name.trim() !== "" ? Excerpt.of(name) : undefined
}
