/** A delivery as documents have it: what it says, to whom, and how far it has come. */
import * as Schema from "effect/Schema"
import * as Delivery from "../Delivery.ts"
import * as Format from "./Format.ts"
import * as Reason from "./Reason.ts"
import * as Schemas from "./Schemas.ts"

/** A delivery with what people call its check and its channel. */
export interface Named extends Delivery.TrackedDelivery {
  readonly checkName: string
  readonly channelName: string
  readonly kind: string
  /** What the channel is told, as `News` has it. */
  readonly news: string
}

/** The fields. */
export const Output = Schema.Struct({
  id: Schema.optionalKey(
    Schema.String.annotate({ description: "Not for a read-only key: it contains the id of the check." }),
  ),
  check: Schema.optionalKey(
    Schema.String.annotate({
      description: "Id of the check; a read-only key sees `unique_key` instead.",
    }),
  ),
  unique_key: Schema.optionalKey(
    Schema.String.annotate({ description: "Names the check for a read-only key." }),
  ),
  check_name: Schema.String,
  channel: Schema.String.annotate({ description: "Id of the channel." }),
  channel_name: Schema.String,
  kind: Schema.String.annotate({ description: "Kind of the channel." }),
  occasion: Schema.Literals(["flip", "reminder"]).annotate({
    description: "`reminder`: the check was down already, or is up and something of it expires soon.",
  }),
  check_status: Schema.Literals(["up", "down"]).annotate({
    description: "What the channel is told that the check is.",
  }),
  news: Schema.String.annotate({ description: "What the channel is told, in a sentence." }),
  reason: Reason.schema,
  at: Schemas.instant.annotate({ description: "When the check changed, or the reminder was due." }),
  status: Schema.Literals(Delivery.shownStatuses).annotate({
    description:
      "`held`: not told while a check is down that this one comes after. `skipped`: the channel did not want it, or it was no news any more. `superseded`: a newer alert of the check tells of it. `dead`: given up. `dropped`: given up by a person.",
  }),
  attempts: Schema.Int,
  error: Schema.NullOr(Schema.String).annotate({
    description: "Why it waits, why the last attempt failed, or why the channel was not told.",
  }),
  next_attempt: Schema.NullOr(Schemas.instant).annotate({
    description: "When it is tried again; null when it is not.",
  }),
  settled_at: Schema.NullOr(Schemas.instant).annotate({
    description: "When it came to its end; null while it has not.",
  }),
})

/** A delivery as documents have it. */
export type Document = typeof Output.Encoded

/** Returns the document of a delivery, without what names its check for programs. */
export const show = (of: Named): Document => ({
  check_name: of.checkName,
  channel: of.channel,
  channel_name: of.channelName,
  kind: of.kind,
  occasion: of.occasion,
  check_status: of.to,
  news: of.news,
  reason: of.reason,
  at: Format.instant(of.at),
  status: Delivery.shownStatus(of),
  attempts: of.attempts,
  error: of.error ?? null,
  next_attempt: of.status === "pending" ? Format.instant(of.dueAt) : null,
  settled_at: Format.instantOrNull(of.settledAt),
})
