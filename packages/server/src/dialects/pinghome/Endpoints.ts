/** The endpoints of heartbeats. */
import * as JsonSchema from "../../docs/JsonSchema.ts"
import { checkLimit, type Endpoint } from "../../rest/Endpoint.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Limits from "@overdue/core/Limits"
import * as Answers from "./Answers.ts"
import * as Events from "./Events.ts"
import * as Heartbeat from "./Heartbeat.ts"
import * as Heartbeats from "./Heartbeats.ts"
import * as Parameters from "./Parameters.ts"
import * as ResourceEndpoints from "./ResourceEndpoints.ts"
import * as Resources from "./Resources.ts"
import * as ServerEndpoints from "./ServerEndpoints.ts"
import * as ServerResources from "./ServerResources.ts"
import * as Subject from "./Subject.ts"
import * as Services from "./Services.ts"
import * as Statistic from "./Statistic.ts"

const instant = JsonSchema.of(Shapes.instant)

const commands: readonly Endpoint[] = [
  {
    path: "/resource-cmd/v1/heartbeat",
    methods: {
      POST: {
        id: "createHeartbeat",
        access: "write",
        doc: {
          summary: "Create a heartbeat",
          description: "It tells all channels of the project.",
          body: Heartbeat.Creation,
          example: "service_id=SERVICE_ID&name=Backup&interval=300",
          answer: "The id of the heartbeat, and the URL to which its job reports.",
          shape: Answers.createdOf({ url: JsonSchema.of(Shapes.url) }),
          status: 201,
          refusals: checkLimit,
        },
        run: Heartbeats.create,
      },
      DELETE: {
        id: "deleteHeartbeats",
        access: "write",
        doc: {
          summary: "Delete heartbeats",
          description: "All of them, or none when there is one that the project does not have.",
          query: {
            id: {
              description: `Required: ids of heartbeats, given several times or with commas; at most ${Subject.mostDeleted}.`,
              schema: JsonSchema.list(JsonSchema.of(Shapes.uuid)),
            },
          },
          answer: "The ids of the heartbeats.",
          shape: Answers.deletedShape,
          refusals: { ...Parameters.refused, 404: "The project does not have all of them." },
        },
        run: Heartbeats.removeSeveral,
      },
    },
  },
  {
    path: "/resource-cmd/v1/heartbeat/{id}",
    methods: {
      PUT: {
        id: "updateHeartbeat",
        access: "write",
        doc: {
          summary: "Update a heartbeat",
          description: "What is left out stays as it is.",
          body: Heartbeat.Update,
          example: "interval=600",
          answer: "The id of the heartbeat.",
          shape: Answers.changedShape,
        },
        run: Heartbeats.update,
      },
      DELETE: {
        id: "deleteHeartbeat",
        access: "write",
        doc: {
          summary: "Delete a heartbeat",
          answer: "The id of the heartbeat.",
          shape: Answers.changedShape,
        },
        run: Heartbeats.remove,
      },
    },
  },
]

const queries: readonly Endpoint[] = [
  {
    path: "/resource-query/v1/service/{id}/heartbeats",
    methods: {
      GET: {
        id: "listHeartbeats",
        access: "read",
        doc: {
          summary: "List the heartbeats of a service",
          query: Parameters.pagingDoc,
          answer: "A page of the heartbeats, newest first.",
          shape: Answers.pageOf("Heartbeat"),
          refusals: Parameters.refused,
        },
        isLong: true,
        run: Heartbeats.list,
      },
    },
  },
  {
    path: "/resource-query/v1/heartbeat/{id}",
    methods: {
      GET: {
        id: "getHeartbeat",
        access: "read",
        doc: {
          summary: "Get a heartbeat",
          answer: "The heartbeat.",
          shape: JsonSchema.ref("Heartbeat"),
        },
        run: Heartbeats.get,
      },
    },
  },
  {
    path: "/statistic-query/v1/heartbeat/{id}/statistic",
    methods: {
      GET: {
        id: "getHeartbeatStatistic",
        access: "read",
        doc: {
          summary: "Get the statistic of a heartbeat",
          query: {
            interval: {
              description: "The width of the buckets.",
              schema: { enum: Statistic.intervals, default: "1d" },
            },
            start_date: { description: "By default, that there are 30 buckets.", schema: instant },
            end_date: { description: "By default, now.", schema: instant },
          },
          description: `It is computed from the interval that the heartbeat has now, and from what is kept: of the time before the oldest event in the log only outages are known. There are ${Statistic.mostBuckets} buckets at most, the newest.`,
          answer:
            "For each bucket, oldest first: `tick_count` intervals were expected, `complete_count` of them kept and `fail_count` missed; `run_count` events were received, of those that are in the log.",
          shape: JsonSchema.ref("Statistic"),
          refusals: Parameters.refused,
        },
        isLong: true,
        run: Statistic.get,
      },
    },
  },
  {
    path: "/statistic-query/v1/heartbeat/{id}/events",
    methods: {
      GET: {
        id: "listHeartbeatEvents",
        access: "read",
        doc: {
          summary: "List the events of a heartbeat",
          query: {
            limit: {
              description: "How many.",
              schema: { type: "integer", minimum: 1, maximum: Limits.mostListed, default: 50 },
            },
            last_received_at: { description: "Only those after it.", schema: instant },
          },
          answer: "The events, newest first, and what was missed between them.",
          shape: JsonSchema.object({ data: JsonSchema.list(JsonSchema.ref("Event")) }),
          refusals: Parameters.refused,
        },
        isLong: true,
        run: Events.list,
      },
    },
  },
]

/** All endpoints. */
export const endpoints: readonly Endpoint[] = [
  ...Services.endpoints,
  ...Subject.endpoints(Resources.kind, ResourceEndpoints.endpoints),
  ...commands,
  ...queries,
  ...Subject.endpoints(ServerResources.kind, ServerEndpoints.endpoints),
]

/** What answers consist of. */
export const schemas = {
  ...ResourceEndpoints.schemas,
  Heartbeat: Heartbeat.Output,
  Service: Services.Output,
  Event: Events.Output,
  Statistic: Statistic.Output,
  ...ServerEndpoints.schemas,
  Error: Answers.Failure,
}
