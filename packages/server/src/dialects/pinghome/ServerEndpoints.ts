/** The endpoints of server monitors. */
import * as JsonSchema from "../../docs/JsonSchema.ts"
import { checkLimit, type Endpoint } from "../../rest/Endpoint.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Limits from "@overdue/core/Limits"
import * as Answers from "./Answers.ts"
import * as Parameters from "./Parameters.ts"
import * as Metric from "./ServerMetric.ts"
import * as ServerMetrics from "./ServerMetrics.ts"
import * as ServerReports from "./ServerReports.ts"
import * as ServerResource from "./ServerResource.ts"
import * as Subject from "./Subject.ts"
import * as ServerResources from "./ServerResources.ts"

const instant = JsonSchema.of(Shapes.instant)
const count = JsonSchema.of(Shapes.count)

const commands: readonly Endpoint[] = [
  {
    path: "/resource-cmd/v1/server-resource",
    methods: {
      POST: {
        id: "createServerResource",
        access: "write",
        doc: {
          summary: "Create a server monitor",
          description: "It tells all channels of the project when the server does not report.",
          body: ServerResource.Creation,
          example: "service_id=SERVICE_ID&name=web-1",
          answer: "The id of the server monitor.",
          shape: Answers.createdOf(),
          status: 201,
          refusals: checkLimit,
        },
        run: ServerResources.create,
      },
      DELETE: {
        id: "deleteServerResources",
        access: "write",
        doc: {
          summary: "Delete server monitors",
          description: "All of them, or none when there is one that the project does not have.",
          query: {
            id: {
              description: `Required: ids of server monitors, given several times or with commas; at most ${Subject.mostDeleted}.`,
              schema: JsonSchema.list(JsonSchema.of(Shapes.uuid)),
            },
          },
          answer: "The ids of the server monitors.",
          shape: Answers.deletedShape,
          refusals: { ...Parameters.refused, 404: "The project does not have all of them." },
        },
        run: ServerResources.removeSeveral,
      },
    },
  },
  {
    path: "/resource-cmd/v1/server-resource/{id}",
    methods: {
      PUT: {
        id: "updateServerResource",
        access: "write",
        doc: {
          summary: "Update a server monitor",
          description: "What is left out stays as it is.",
          body: ServerResource.Update,
          example: "interval=30",
          answer: "The id of the server monitor.",
          shape: Answers.changedShape,
        },
        run: ServerResources.update,
      },
      DELETE: {
        id: "deleteServerResource",
        access: "write",
        doc: {
          summary: "Delete a server monitor",
          answer: "The id of the server monitor.",
          shape: Answers.changedShape,
        },
        run: ServerResources.remove,
      },
    },
  },
]

const queries: readonly Endpoint[] = [
  {
    path: "/resource-query/v1/service/{id}/server-resources",
    methods: {
      GET: {
        id: "listServerResources",
        access: "read",
        doc: {
          summary: "List the server monitors of a service",
          query: Parameters.pagingDoc,
          answer: "A page of the server monitors, newest first.",
          shape: Answers.pageOf("ServerResource"),
          refusals: Parameters.refused,
        },
        isLong: true,
        run: ServerResources.list,
      },
    },
  },
  {
    path: "/resource-query/v1/server-resource/{id}",
    methods: {
      GET: {
        id: "getServerResource",
        access: "read",
        doc: {
          summary: "Get a server monitor",
          answer: "The server monitor.",
          shape: JsonSchema.ref("ServerResource"),
        },
        run: ServerResources.get,
      },
    },
  },
  {
    path: "/statistic-query/v1/server-resource/{id}/metrics",
    methods: {
      GET: {
        id: "getServerMetrics",
        access: "read",
        doc: {
          summary: "Get the metrics of a server",
          description:
            "Of processes, there are those of the last report that had any, in the time that is asked for. Buckets begin at full minutes, hours and days in UTC; the first and the last are whole, though the time may begin or end within them.",
          query: {
            type: { description: "Required: what was measured.", schema: { enum: Metric.types } },
            interval: {
              description: "The width of the buckets; `on-demand`: as it was reported.",
              schema: { enum: ServerMetrics.intervals, default: "on-demand" },
            },
            start_date: {
              description: "By default, an hour before the end, and of buckets a day.",
              schema: instant,
            },
            end_date: { description: "By default, now.", schema: instant },
            limit: Parameters.limitDoc(
              "How many, the newest; of a type with very many parts there are fewer.",
            ),
          },
          answer: "The metrics, oldest first; in buckets, `value` is the mean.",
          shape: JsonSchema.ref("Metrics"),
          refusals: Parameters.refused,
        },
        isLong: true,
        run: ServerMetrics.get,
      },
    },
  },
]

const reports: readonly Endpoint[] = [
  {
    path: "/data-gateway/v1/server-resource/{id}/metrics",
    methods: {
      POST: {
        id: "reportServerMetrics",
        access: "write",
        doc: {
          summary: "The server reports",
          description: `As JSON, of at most 64 KiB. Types that the server monitor does not list are left out, and the message names them and their lists. Of one type and instant, the first value counts, so that a report may be sent again. A monitor keeps ${Limits.series} series of numbers, such as what is free on one disk; further ones are left out, and the message says how many.`,
          body: ServerReports.Report,
          answer: "How many metrics were kept whole, and of how many something was left out.",
          shape: Answers.saidOf({ accepted: count, ignored: count }),
        },
        longest: ServerReports.longest,
        run: ServerReports.take,
      },
    },
  },
]

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [...commands, ...queries, ...reports]

/** What answers consist of. */
export const schemas = { ServerResource: ServerResource.Output, Metrics: ServerMetrics.Output }
