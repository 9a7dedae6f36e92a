/** What heartbeats are created and updated with. */
import { day, hour, minute, second, type Span } from "@overdue/core/Time"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { FieldsInvalid } from "../../rest/Endpoint.ts"
import * as Fields from "../../rest/Fields.ts"
import type * as Body from "../Body.ts"
import * as Name from "./Name.ts"
import * as Values from "./Values.ts"

/** Units of time, the longest first. */
export const units = { days: day, hours: hour, minutes: minute, seconds: second } as const

/** A unit of time. */
export type Unit = keyof typeof units

/** The names of the units, the longest first. */
export const unitNames = Object.keys(units) as readonly Unit[] // safe because those are its keys

/** The longest interval, and the longest grace. */
export const longest: Span = 365 * day

const most = longest / second
const unit = Schema.Literals(unitNames).annotate({ message: `must be one of ${unitNames.join(", ")}` })

const optional = {
  run_interval: Schema.optionalKey(Fields.integer(1, most)).annotate({
    description: "How much time may pass between two runs, in units of `run_interval_type`; by default 1.",
  }),
  run_interval_type: Schema.optionalKey(unit).annotate({ description: "By default `days`." }),
  run_interval_grace: Schema.optionalKey(Fields.integer(0, most)).annotate({
    description: "How late a run may be, in units of `run_interval_grace_type`; by default 1.",
  }),
  run_interval_grace_type: Schema.optionalKey(unit).annotate({ description: "By default `hours`." }),
  is_ok_notifications: Schema.optionalKey(
    Schema.Array(Schema.Number).annotate({
      description:
        "Ids of the notification handlers that it tells; those that there are not are left out. Empty: it tells nobody.",
      message: "must be a list of ids of notification handlers",
    }),
  ),
  is_enabled: Schema.optionalKey(Schema.Boolean.annotate({ message: "must be 1 or 0" })).annotate({
    description: "Whether runs are expected; also 1, 0, on, off. By default they are.",
  }),
  project_id: Schema.optionalKey(Fields.integer(0, Number.MAX_SAFE_INTEGER)).annotate({
    description: "Id of the project that it belongs to; 0: none.",
  }),
}

/** What a heartbeat is created with. */
export const Creation = Schema.Struct({ name: Name.field, ...optional })

/** What a heartbeat is updated with: what is left out stays. */
export const Change = Schema.Struct({ name: Schema.optionalKey(Name.field), ...optional })

/** The arguments, read. */
export type Arguments = typeof Change.Type

const readCreation = Fields.reader(Creation)
const readChange = Name.reader(Change)

/** Returns the arguments of a creation. */
export const ofCreation = (fields: Body.Fields): Effect.Effect<Arguments, FieldsInvalid> =>
  readCreation(Values.normalised(fields))

/** Returns the arguments of an update of what has a name already. */
export const ofChange = (fields: Body.Fields, name: string): Effect.Effect<Arguments, FieldsInvalid> =>
  readChange(Values.normalised(fields), name)
