/** The documentation of every operation, in the order in which the OpenAPI document lists them. */
import * as Flips from "../endpoints/Flips.ts"
import * as ChannelDocs from "./ChannelDocs.ts"
import type { OperationId } from "../OperationId.ts"
import * as ProbeDocs from "./ProbeDocs.ts"
import * as ProjectDocs from "./ProjectDocs.ts"
import { object } from "../../../../docs/JsonSchema.ts"
import { empty, json, listOf, ref, text, type Doc } from "./Doc.ts"
import { details, instant, localTime, localTimes, ofWrites, remarks, silenced, string } from "./Parameters.ts"

const aCheck = json("The check.", ref("Check"))

const docs: Readonly<Record<OperationId, Doc>> = {
  listChecks: {
    tag: "Checks",
    summary: "List checks",
    query: {
      slug: { description: "Returns only checks with exactly this slug.", schema: string },
      tag: {
        description:
          "Returns only checks with this tag. Repeat the parameter to ask for checks that have all of several tags.",
        schema: { type: "array", items: string },
      },
      ...details,
    },
    answers: { 200: listOf("checks", "Check") },
  },
  createCheck: {
    tag: "Checks",
    summary: "Create a check",
    description:
      "With `unique`, the API first looks for a check with the same values in the listed fields, and updates the oldest match instead of creating another check.",
    query: ofWrites,
    body: ref("CheckInput"),
    answers: {
      200: json("The existing check that matched, as updated.", ref("Check")),
      201: json("The new check.", ref("Check")),
      403: json(
        "The project has reached its limit of checks, which the header `Overdue-Error` names. The body is empty, unless the query has `defaults=own` or `remarks=1`.",
        ref("Error"),
      ),
      409: json("Another check has the `uuid` or the `badge_key`.", ref("Error")),
    },
  },
  getCheck: {
    tag: "Checks",
    summary: "Get a check",
    query: { ...details, ...remarks },
    answers: { 200: aCheck },
  },
  updateCheck: {
    tag: "Checks",
    summary: "Update a check",
    description: "Fields that are not in the request keep their values.",
    query: ofWrites,
    body: ref("CheckInput"),
    answers: { 200: aCheck },
  },
  pauseCheck: {
    tag: "Checks",
    summary: "Pause a check",
    description:
      "A paused check expects no pings and sends no alerts. It is resumed by the call for that, and, unless `manual_resume` is set, by its next ping.",
    answers: { 200: aCheck },
  },
  resumeCheck: {
    tag: "Checks",
    summary: "Resume a paused check",
    description: "Sets the status to `new`: the check expects nothing before its first ping.",
    answers: { 200: aCheck, 409: text("The check is not paused, so there is nothing to resume.") },
  },
  deleteCheck: {
    tag: "Checks",
    summary: "Delete a check",
    answers: {
      200: json(
        "The deleted check, as it was before; only its `uuid` when its record was damaged.",
        ref("Check"),
      ),
    },
  },
  silenceCheck: {
    tag: "Checks",
    summary: "Silence a check",
    description:
      "Keeps alerts of the check back. Signals go on being expected, recorded and shown. When the silence ends, the channels are told if the check is down then; they are told at once that an outage is over which they know of.",
    body: ref("SilenceInput"),
    answers: { 200: aCheck },
  },
  endSilence: {
    tag: "Checks",
    summary: "End the silence of a check",
    answers: { 200: aCheck },
  },
  silenceProject: {
    tag: "Checks",
    summary: "Silence all checks of the project, or those that have a tag",
    description: "Without a tag, checks that are created during the silence are silent, too.",
    query: silenced,
    body: ref("SilenceInput"),
    answers: { 200: json("What was silenced.", ref("Silence")) },
  },
  endSilenceOfProject: {
    tag: "Checks",
    summary: "End the silence of all checks of the project, or of those that have a tag",
    query: silenced,
    answers: { 200: json("What is not silent any more.", ref("Silence")) },
  },
  listPings: {
    tag: "History",
    summary: "List the pings of a check",
    description: "Lists the pings that are kept, newest first, at most 1000.",
    query: details,
    answers: { 200: listOf("pings", "Ping") },
  },
  getPingBody: {
    tag: "History",
    summary: "Get the body of a ping",
    answers: {
      200: text(
        "The stored body, byte for byte. Only the first bytes of a long body are stored; the answer to the ping says how many, in Ping-Body-Limit.",
      ),
    },
  },
  listFlips: {
    tag: "History",
    summary: "List the flips of a check",
    description: "Lists the changes of the check's status, newest first.",
    query: {
      seconds: {
        description: "Returns only flips of the last this many seconds. `0` returns all.",
        schema: { type: "integer", minimum: 0, maximum: Flips.longestSpan },
      },
      start: {
        description: "Returns only flips at or after this time, a Unix timestamp in seconds.",
        schema: instant,
      },
      end: {
        description: "Returns only flips before this time, a Unix timestamp in seconds.",
        schema: instant,
      },
      ...details,
    },
    answers: {
      200: listOf("flips", "Flip"),
      400: empty("A query parameter is not a number within its bounds."),
    },
  },
  getStatistics: {
    tag: "History",
    summary: "Get the statistics of a check",
    description:
      "Returns how long the check was up, down, paused or unknown, its outages, and its runs, from `start` to `end`. By default the window is the last 30 days.",
    query: {
      start: { description: `Start of the window, inclusive, ${localTimes}.`, schema: localTime },
      end: { description: `End of the window, exclusive, ${localTimes}.`, schema: localTime },
      by: {
        description:
          "Adds the same figures for each hour, day, week or month of the window, at most 1000 of them.",
        schema: { type: "string", enum: ["hour", "day", "week", "month"] },
      },
      tz: {
        description:
          "Time zone of local times, and in which `by` cuts the window. By default the time zone of the check's schedule.",
        schema: string,
      },
    },
    answers: {
      200: json("The statistics.", ref("Statistics")),
      400: json("A query parameter is wrong; the error says which one, and what is expected.", ref("Error")),
    },
  },
  ...ChannelDocs.docs,
  ...ProjectDocs.docs,
  ...ProbeDocs.docs,
  listBadges: {
    tag: "Badges",
    summary: "List badges",
    description:
      "Lists the addresses of the project's badges by tag. The badge of `*` shows the status of all checks together.",
    answers: {
      200: json(
        "The addresses of badges, by tag.",
        object({ badges: { type: "object", additionalProperties: ref("BadgeUrls") } }),
      ),
    },
  },
  getStatus: {
    tag: "Service",
    summary: "Check whether the service works",
    description:
      "For load balancers and monitoring; `/healthz` does the same. The check writes to the database.",
    answers: {
      200: text("`OK`: the service can store pings."),
      503: text("The database cannot be written to; the log of the server says why."),
    },
  },
  getMetrics: {
    tag: "Service",
    summary: "Get metrics of the installation",
    description:
      "Requires the installation's metrics key (OVERDUE_METRICS_KEY) in the header `X-Metrics-Key`, or as a bearer token; keys of projects do not count. Whoever accepts `text/plain`, as Prometheus does, gets the metrics of the engine itself in the text format of Prometheus instead.",
    answers: {
      200: json(
        "The current time as a Unix timestamp, the numbers of the latest ping and of the latest notification, and how many status changes still wait to be sent.",
        object({
          ts: { type: "integer" },
          max_ping_id: { type: ["integer", "null"] },
          max_notification_id: { type: ["integer", "null"] },
          num_unprocessed_flips: { type: "integer" },
        }),
      ),
      403: empty("The metrics key is wrong, or the installation was started without one."),
      429: json(
        "Too many wrong keys came from this network in the last minute. Wait for the number of seconds in Retry-After.",
        ref("Error"),
      ),
    },
  },
  reportNotification: {
    tag: "Service",
    summary: "Report the delivery status of a message",
    description: "A callback for SMS and call providers, kept for compatibility: the report is ignored.",
    answers: { 200: empty("The report was received, and ignored.") },
  },
  reportBounce: {
    tag: "Service",
    summary: "Report a bounced e-mail",
    description: "A callback for e-mail providers, kept for compatibility: the report is ignored.",
    answers: { 200: text("`OK`: the report was received, and ignored.") },
  },
  getDocument: {
    tag: "Service",
    summary: "Get the OpenAPI document",
    answers: { 200: json("An OpenAPI 3.1 document that describes this API.", { type: "object" }) },
  },
  getDocs: {
    tag: "Service",
    summary: "Read the documentation",
    answers: {
      200: { description: "The OpenAPI document as a web page.", type: "text/html", schema: string },
    },
  },
}

/** Returns the documentation of an operation. */
export const of = (id: OperationId): Doc => docs[id]

/** The order of operations in the document. */
export const order = Object.keys(docs) as readonly OperationId[] // safe because these are its keys
