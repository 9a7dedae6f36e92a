/** The endpoints of what has happened to uptime monitors, and of their integrations. */
import * as JsonSchema from "../../docs/JsonSchema.ts"
import type { Endpoint } from "../../rest/Endpoint.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import * as Integrations from "./Integrations.ts"
import * as Parameters from "./Parameters.ts"
import * as ResourceLogs from "./ResourceLogs.ts"
import * as ResourceStatistic from "./ResourceStatistic.ts"

const instant = JsonSchema.of(Shapes.instant)

const dates = {
  start_date: { description: "From when on.", schema: instant },
  end_date: { description: "Until when; by default now.", schema: instant },
}

const limited = { limit: Parameters.limitDoc("How many, the newest.") }

const logs: readonly Endpoint[] = [
  {
    path: "/statistic-query/v1/resource/{id}/statistic",
    methods: {
      GET: {
        id: "getResourceStatistic",
        access: "read",
        doc: {
          summary: "Get the statistic of an uptime monitor",
          query: {
            interval: {
              description: "The width of the buckets, in UTC; weeks begin on Mondays.",
              schema: { enum: ResourceStatistic.intervals, default: "hour" },
            },
            ...dates,
            ...limited,
          },
          description:
            "Unless a time is given, that of the last 24 hours. The first and the last bucket are whole, though the time may begin or end within them. A threshold has none, because nobody asks.",
          answer: "For each bucket in which there was a round, oldest first, how many there were.",
          shape: JsonSchema.ref("ResourceStatistic"),
          refusals: Parameters.refused,
        },
        isLong: true,
        run: ResourceStatistic.get,
      },
    },
  },
  {
    path: "/statistic-query/v1/resource/{id}/state-changed-logs",
    methods: {
      GET: {
        id: "listResourceChanges",
        access: "read",
        doc: {
          summary: "List the changes of the state of an uptime monitor",
          query: { ...dates, ...limited },
          answer: "The changes, newest first.",
          shape: JsonSchema.object({ data: JsonSchema.list(JsonSchema.ref("StateChange")) }),
          refusals: Parameters.refused,
        },
        isLong: true,
        run: ResourceLogs.changes,
      },
    },
  },
  {
    path: "/response-manager/v1/resource/{id}/responses",
    methods: {
      GET: {
        id: "listResourceResponses",
        access: "read",
        doc: {
          summary: "List what an uptime monitor was answered",
          description: "As many rounds are kept as the project keeps pings of a check.",
          query: { ...dates, ...limited },
          answer: "What each place said in each round, newest first.",
          shape: JsonSchema.object({ data: JsonSchema.list(JsonSchema.ref("Response")) }),
          refusals: Parameters.refused,
        },
        isLong: true,
        run: ResourceLogs.responses,
      },
    },
  },
]

const integrations: readonly Endpoint[] = [
  {
    path: "/resource-query/v1/resource/{id}/integrations",
    methods: {
      GET: {
        id: "listIntegrations",
        access: "read",
        doc: {
          summary: "List the integrations of an uptime monitor",
          answer: "The integrations.",
          shape: JsonSchema.object({ data: JsonSchema.list(JsonSchema.ref("Integration")) }),
        },
        run: Integrations.list,
      },
    },
  },
  {
    path: "/resource-cmd/v1/resource/{id}/integration",
    methods: {
      POST: {
        id: "createIntegration",
        access: "write",
        doc: {
          summary: "Add an integration",
          description:
            "It is kept and listed. Nothing is sent to a status page, for which this API has no credentials.",
          body: Integrations.Creation,
          example: "integration=r276xxt51c23&type=statuspageIo&name=Outage",
          answer: "The id of the uptime monitor.",
          shape: Answers.createdOf(),
          status: 201,
          refusals: { 409: "It has an integration with this id." },
        },
        run: Integrations.create,
      },
    },
  },
  {
    path: "/resource-cmd/v1/resource/{id}/integration/{integration}",
    methods: {
      PUT: {
        id: "updateIntegration",
        access: "write",
        doc: {
          summary: "Change an integration",
          description: "What is left out stays as it is.",
          body: Integrations.Changes,
          example: "status=resolved",
          answer: "The id of the uptime monitor.",
          shape: Answers.changedShape,
        },
        run: Integrations.update,
      },
      DELETE: {
        id: "deleteIntegration",
        access: "write",
        doc: {
          summary: "Remove an integration",
          answer: "The id of the uptime monitor.",
          shape: Answers.changedShape,
        },
        run: Integrations.remove,
      },
    },
  },
]

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [...logs, ...integrations]
