/** The fields that requests about uptime monitors have, and how they are read. */
import * as Limits from "@overdue/core/Limits"
import * as ProbeRefusal from "@overdue/core/probe/ProbeRefusal"
import { minute } from "@overdue/core/Time"
import * as Schema from "effect/Schema"
import type * as Body from "../Body.ts"
import * as Fields from "../../rest/Fields.ts"
import * as Forms from "../../rest/Forms.ts"
import * as Conditions from "./ResourceConditions.ts"
import * as Services from "./Services.ts"
import * as Target from "./Target.ts"

const longest = Limits.longestPeriod / minute
const minutes = Fields.integer(0, longest)
const flag = Schema.Boolean.annotate({ message: "must be true or false" })
const text = (description: string) => Schema.String.annotate({ description, message: "must be a text" })

const name = Fields.text(Limits.nameLength).annotate({ description: "What people call it." })
const type = text(
  `How it is asked: ${Target.types.join(", ")}. With another kind, an update keeps the host, and neither port nor path.`,
)
const regions = Schema.Array(Schema.String.annotate({ message: "must be a text" }))
  .annotate({
    description:
      "Labels of the places to ask from. The server itself asks for one that never had a prober, or none for a day.",
    message: "must be a list of regions",
  })
  .check(Schema.isMinLength(1, { message: "must have at least one region" }))

const optional = {
  url: Schema.optionalKey(
    text("What is asked, when the type is http; with `host`, both must name the same."),
  ),
  host: Schema.optionalKey(text("What is asked, when the type is another.")),
  port: Schema.optionalKey(
    Schema.Union([Schema.String, Schema.Number]).annotate({
      description:
        "Required for tcp and udp, unless the host has it; of a ping there is none. At 465, 995 and 993 the connection is encrypted.",
      message: "must be a port",
    }),
  ),
  data: Schema.optionalKey(text("What is sent over tcp and udp.")),
  method: Schema.optionalKey(
    Schema.Literals([
      ...ProbeRefusal.methods,
      "",
      ...ProbeRefusal.methods.map((each) => each.toLowerCase()),
    ]).annotate({
      description: "Of the request; by default GET.",
      message: `must be one of ${ProbeRefusal.methods.join(", ")}`,
    }),
  ),
  body: Schema.optionalKey(text("The body of the request.")),
  headers: Schema.optionalKey(
    Schema.Record(
      Schema.String,
      Schema.Union([Schema.String, Schema.Number, Schema.Boolean]).annotate({ message: "must be a text" }),
    ).annotate({
      description: "Header fields of the request, as an object or as text with JSON.",
      message: "must be an object, or text with one in JSON",
    }),
  ),
  is_advanced: Schema.optionalKey(flag.annotate({ description: "Kept for clients; it changes nothing." })),
  skip_ssl_error: Schema.optionalKey(flag.annotate({ description: "Whether a certificate may be invalid." })),
  not_follow_redirect: Schema.optionalKey(
    flag.annotate({ description: "Whether a redirect is the answer." }),
  ),
  grace_period: Schema.optionalKey(
    minutes.annotate({ description: "Minutes for which all rounds must fail until it is down." }),
  ),
  recovery_period: Schema.optionalKey(
    minutes.annotate({ description: "Minutes for which all rounds must succeed until it is up again." }),
  ),
  maintenance_cron_expression: Schema.optionalKey(
    text("When maintenance begins, in UTC; empty: never. Meanwhile, nobody asks."),
  ),
  maintenance_duration: Schema.optionalKey(
    minutes.annotate({ description: "How many minutes it takes; 0: there is none." }),
  ),
  conditions: Schema.optionalKey(
    Schema.Array(Conditions.Input).annotate({
      description: `All must hold; at most ${Limits.conditions}.`,
      message: "must be a list of conditions",
    }),
  ),
}

/** What an uptime monitor is created with. */
export const Creation = Schema.Struct({ name, type, service_id: Services.field, regions, ...optional })

/** What it is updated with; what is left out stays as it is. */
export const Update = Schema.Struct({
  name: Schema.optionalKey(name),
  type: Schema.optionalKey(type),
  service_id: Schema.optionalKey(Services.field),
  regions: Schema.optionalKey(regions),
  ...optional,
})

const flags = ["is_advanced", "skip_ssl_error", "not_follow_redirect"]

/** Reads fields by one of these schemas; also those of a form, and what is empty as what is given. */
export const reader = <A>(schema: Schema.Codec<A, unknown>) => {
  const read = Fields.reader(schema, { isEmptyGiven: true })
  return (fields: Body.Fields) => read(normalised(fields))
}

/** Lists and objects may be texts with JSON in them, as in the samples of the vendor, or several fields of a form. */
const normalised = (fields: Body.Fields): Body.Fields => {
  const { others, given } = Forms.gather(Forms.withFlags(fields, flags), "regions")
  const changed: Record<string, unknown> = { ...others }
  for (const name of ["headers", "conditions"]) {
    const value = changed[name]
    if (typeof value === "string") changed[name] = value.trim() === "" ? blank[name] : parsed(value)
  }
  const regions = given.flatMap((value) => (typeof value === "string" ? listed(value) : value))
  return { ...changed, ...(given.length > 0 && { regions }) }
}

const blank: Readonly<Record<string, unknown>> = { headers: {}, conditions: [] }

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const listed = (text: string): readonly unknown[] => {
  const found = text.trim().startsWith("[") ? parsed(text) : undefined
  return Array.isArray(found) ? found : text.split(",").map((label) => label.trim())
}
