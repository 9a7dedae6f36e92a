/** What a channel wants to be told and how its deliveries fare, as documents have it. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Channel from "../Channel.ts"
import type * as CheckDocument from "./CheckDocument.ts"
import type { Json } from "./Field.ts"
import * as Format from "./Format.ts"
import * as Zone from "../Zone.ts"
import * as QuietField from "./QuietField.ts"
import * as Schemas from "./Schemas.ts"

const flag = (sentence: string) => Schemas.flag.annotate({ description: sentence })

/** Fields that can be set. Those of a new channel that are left out are `true`, and no quiet hours. */
export const switches = {
  down: Schema.optionalKey(flag("Whether it is told that a check went down.")),
  up: Schema.optionalKey(flag("Whether it is told that a check came up again.")),
  reminders: Schema.optionalKey(flag("Whether it is told again of a check that stays down.")),
  quiet: Schema.optionalKey(
    QuietField.windowsIn(Zone.utc).annotate({
      description:
        "Hours in which it is not told that checks go down. When they end, it is told of those that are still down. Schedules and local times are in UTC, unless a window has a tz.",
    }),
  ),
}

/** Fields that say how deliveries fare. */
export const deliveries = {
  disabled: Schema.NullOr(Schema.String).annotate({
    description: "Why nothing is sent any more; null while the channel works.",
  }),
  failing_since: Schema.NullOr(Schemas.instant).annotate({
    description: "When the first attempt failed since one last worked; null while attempts work.",
  }),
  waiting: Schema.Int.annotate({ description: "How many alerts wait to be sent to it." }),
  last_success: Schema.NullOr(Schemas.instant).annotate({ description: "When it was last told something." }),
  last_error: Schema.NullOr(Schema.Struct({ at: Schemas.instant, error: Schema.String })).annotate({
    description: "The last attempt that failed, and why.",
  }),
}

const Switches = Schema.Struct(switches)

/** Returns the switches that the fields of a document set; those that it leaves out are absent. */
export const read = ({ quiet, ...flags }: typeof Switches.Type): Partial<Channel.Switches> => ({
  ...flags,
  ...(quiet !== undefined && { quiet: quiet.map((window) => QuietField.parse(window, Zone.utc)) }),
})

const decodeSwitches = Schema.decodeUnknownResult(Switches)

/** Returns the switches that a document sets, if it is one. */
export const decode = (document: unknown): Result.Result<Partial<Channel.Switches>, Schema.SchemaError> =>
  Result.map(decodeSwitches(document), read)

/** Returns the fields of the switches that are not as those of a new channel. */
export const show = ({ switches }: Channel.Channel): CheckDocument.Document => {
  const { quiet, ...flags } = switches
  const changed = Object.entries(flags).filter(([, isOn]) => !isOn)
  return { ...Object.fromEntries(changed), ...(quiet.length > 0 && { quiet: quiet.map(QuietField.show) }) }
}

/** Returns the fields that say how deliveries fare. */
export const showDeliveries = (
  { disabled, failingSince, lastSuccess, lastError }: Channel.Channel,
  waiting: number,
): Readonly<Record<keyof typeof deliveries, Json>> => ({
  disabled: disabled ?? null,
  failing_since: Format.instantOrNull(failingSince),
  waiting,
  last_success: Format.instantOrNull(lastSuccess),
  last_error: lastError === undefined ? null : { at: Format.instant(lastError.at), error: lastError.why },
})
