/** What the OpenAPI document says of each operation, in the order of its chapters. */
import type { OperationId } from "../OperationId.ts"
import { empty, json, listOf, object, ref, text, type Doc } from "./Doc.ts"

const string = { type: "string" } as const
const instant = { type: "integer", minimum: 0, maximum: 10_000_000_000 } as const

const details = {
  details: {
    description: "1 adds what Healthchecks does not know.",
    schema: { type: "string", enum: ["1"] },
  },
} as const

const aCheck = json("The check.", ref("Check"))

const docs: Readonly<Record<OperationId, Doc>> = {
  listChecks: {
    tag: "Checks",
    summary: "List checks",
    query: {
      slug: { description: "Only checks with this slug.", schema: string },
      tag: {
        description: "Only checks with this tag; given several times, with all of them.",
        schema: { type: "array", items: string },
      },
    },
    answers: { 200: listOf("checks", "Check") },
  },
  createCheck: {
    tag: "Checks",
    summary: "Create a check",
    description: "With `unique`, the first check that matches is updated instead.",
    body: ref("CheckInput"),
    answers: {
      200: json("A check matched, and was updated.", ref("Check")),
      201: json("The new check.", ref("Check")),
      403: empty("The project has as many checks as it may have."),
    },
  },
  getCheck: { tag: "Checks", summary: "Get a check", answers: { 200: aCheck } },
  updateCheck: {
    tag: "Checks",
    summary: "Update a check",
    description: "Fields that the request leaves out stay as they are.",
    body: ref("CheckInput"),
    answers: { 200: aCheck },
  },
  pauseCheck: {
    tag: "Checks",
    summary: "Pause a check",
    description:
      "Nothing is expected of it until it is resumed, or until its next signal unless `manual_resume` is set.",
    answers: { 200: aCheck },
  },
  resumeCheck: {
    tag: "Checks",
    summary: "Resume a paused check",
    description: "The check is as new.",
    answers: { 200: aCheck, 409: text("The check is not paused.") },
  },
  deleteCheck: {
    tag: "Checks",
    summary: "Delete a check",
    answers: { 200: json("The check as it was.", ref("Check")) },
  },
  listPings: {
    tag: "History",
    summary: "List the pings of a check",
    description: "Newest first, as many as are kept.",
    query: details,
    answers: { 200: listOf("pings", "Ping") },
  },
  getPingBody: {
    tag: "History",
    summary: "Get the body of a ping",
    answers: { 200: text("The body, byte for byte.") },
  },
  listFlips: {
    tag: "History",
    summary: "List the flips of a check",
    description: "When its status became up, or ceased to be, newest first.",
    query: {
      seconds: {
        description: "Only flips of the last so many seconds; 0 for all.",
        schema: { type: "integer", minimum: 0, maximum: 31_536_000 },
      },
      start: { description: "Only flips at or after this instant, in seconds since 1970.", schema: instant },
      end: { description: "Only flips before this instant, in seconds since 1970.", schema: instant },
      ...details,
    },
    answers: { 200: listOf("flips", "Flip"), 400: empty("A parameter is wrong.") },
  },
  getStatistics: {
    tag: "History",
    summary: "Get the statistics of a check",
    description:
      "For how long it was up, down, paused or unknown, its outages and its runs, in a window of time: the last thirty days unless given.",
    query: {
      start: { description: "Begin of the window, in seconds since 1970.", schema: instant },
      end: { description: "End of the window, not part of it, in seconds since 1970.", schema: instant },
      by: {
        description: "Also unit by unit of the calendar, at most a thousand.",
        schema: { type: "string", enum: ["hour", "day", "week", "month"] },
      },
      tz: { description: "Time zone of the calendar; that of the check unless given.", schema: string },
    },
    answers: {
      200: json("The statistics.", ref("Statistics")),
      400: json("A parameter is wrong.", ref("Error")),
    },
  },
  listChannels: {
    tag: "Channels",
    summary: "List channels",
    description: "Where checks can tell what becomes of them.",
    answers: { 200: listOf("channels", "Channel") },
  },
  createChannel: {
    tag: "Channels",
    summary: "Create a channel",
    body: ref("ChannelInput"),
    answers: { 201: json("The new channel.", ref("Channel")) },
  },
  deleteChannel: {
    tag: "Channels",
    summary: "Delete a channel",
    answers: { 200: json("The channel as it was.", ref("Channel")) },
  },
  testChannel: {
    tag: "Channels",
    summary: "Try a channel",
    description:
      "Tells it, once, that a check of no consequence is down. One that delivers is put to work again.",
    answers: {
      200: json("It was told.", object({ result: { type: "string", enum: ["delivered", "skipped"] } })),
      502: json(
        "It could not be told, and why.",
        object({ result: { type: "string", enum: ["retry", "permanent"] }, error: string }),
      ),
    },
  },
  listBadges: {
    tag: "Badges",
    summary: "List badges",
    description: "By tag; `*` stands for all checks.",
    answers: {
      200: json(
        "Addresses of badges.",
        object({ badges: { type: "object", additionalProperties: ref("BadgeUrls") } }),
      ),
    },
  },
  getStatus: {
    tag: "Service",
    summary: "See whether the service works",
    answers: { 200: text("OK: the service works, and so does its database.") },
  },
  getMetrics: {
    tag: "Service",
    summary: "Count what goes on in the whole installation",
    description: "Asks for the header `X-Metrics-Key`.",
    answers: {
      200: json(
        "Numbers.",
        object({
          ts: { type: "integer" },
          max_ping_id: { type: ["integer", "null"] },
          max_notification_id: { type: ["integer", "null"] },
          num_unprocessed_flips: { type: "integer" },
        }),
      ),
      403: empty("The metrics key is wrong, or the installation has none."),
    },
  },
  reportNotification: {
    tag: "Service",
    summary: "Report what became of a message",
    description: "For providers that send messages.",
    answers: { 200: empty("Taken.") },
  },
  reportBounce: {
    tag: "Service",
    summary: "Report a mail that came back",
    answers: { 200: text("OK: taken.") },
  },
  getDocument: {
    tag: "Service",
    summary: "Get this document",
    answers: { 200: json("An OpenAPI 3.1 document.", { type: "object" }) },
  },
  getDocs: {
    tag: "Service",
    summary: "Read this document",
    answers: { 200: { description: "A page for people.", type: "text/html", schema: string } },
  },
}

export const of = (id: OperationId): Doc => docs[id]

/** The order of operations in the document. */
export const order = Object.keys(docs) as readonly OperationId[] // safe because these are its keys
