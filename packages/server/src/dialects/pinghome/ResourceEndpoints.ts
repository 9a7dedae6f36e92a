/** The endpoints of uptime monitors. */
import * as JsonSchema from "../../docs/JsonSchema.ts"
import { checkLimit, type Endpoint } from "../../rest/Endpoint.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import * as Expiry from "./Expiry.ts"
import * as ExpiryEndpoints from "./ExpiryEndpoints.ts"
import * as Integrations from "./Integrations.ts"
import * as Parameters from "./Parameters.ts"
import * as Resource from "./Resource.ts"
import * as ResourceFields from "./ResourceFields.ts"
import * as ResourceLogEndpoints from "./ResourceLogEndpoints.ts"
import * as ResourceLogs from "./ResourceLogs.ts"
import * as Resources from "./Resources.ts"
import * as ResourceStatistic from "./ResourceStatistic.ts"
import * as Subject from "./Subject.ts"

const example = "service_id=SERVICE_ID&name=Website&type=http&url=https://example.org&regions[]=eu-central-1"

const commands: readonly Endpoint[] = [
  {
    path: "/resource-cmd/v1/resource",
    methods: {
      POST: {
        id: "createResource",
        access: "write",
        doc: {
          summary: "Create an uptime monitor",
          description:
            "It is asked at once, and then every minute unless the operator has chosen another time. It tells all channels of the project.",
          body: ResourceFields.Creation,
          example,
          answer: "The id of the uptime monitor.",
          shape: Answers.createdOf(),
          status: 201,
          refusals: checkLimit,
        },
        run: Resources.create,
      },
      DELETE: {
        id: "deleteResources",
        access: "write",
        doc: {
          summary: "Delete uptime monitors",
          description: "All of them, or none when there is one that the project does not have.",
          query: {
            id: {
              description: `Required: ids of uptime monitors, given several times or with commas; at most ${Subject.mostDeleted}.`,
              schema: JsonSchema.list(JsonSchema.of(Shapes.uuid)),
            },
          },
          answer: "The ids of the uptime monitors.",
          shape: Answers.deletedShape,
          refusals: { ...Parameters.refused, 404: "The project does not have all of them." },
        },
        run: Resources.removeSeveral,
      },
    },
  },
  {
    path: "/resource-cmd/v1/resource/{id}",
    methods: {
      PUT: {
        id: "updateResource",
        access: "write",
        doc: {
          summary: "Update an uptime monitor",
          description: "What is left out stays as it is.",
          body: ResourceFields.Update,
          example: "grace_period=5",
          answer: "The uptime monitor, with a `message`.",
          shape: JsonSchema.ref("Resource"),
        },
        run: Resources.update,
      },
      DELETE: {
        id: "deleteResource",
        access: "write",
        doc: {
          summary: "Delete an uptime monitor",
          answer: "The id of the uptime monitor.",
          shape: Answers.changedShape,
        },
        run: Resources.remove,
      },
    },
  },
  {
    path: "/resource-cmd/v1/resource/{id}/status",
    methods: {
      PUT: {
        id: "setResourceStatus",
        access: "write",
        doc: {
          summary: "Switch an uptime monitor on or off",
          body: Resources.Status,
          example: "enabled=false",
          answer: "The id of the uptime monitor.",
          shape: Answers.changedShape,
        },
        run: Resources.setStatus,
      },
    },
  },
]

const queries: readonly Endpoint[] = [
  {
    path: "/resource-query/v1/service/{id}/resources",
    methods: {
      GET: {
        id: "listResources",
        access: "read",
        doc: {
          summary: "List the uptime monitors of a service",
          query: Parameters.pagingDoc,
          answer: "A page of the uptime monitors, newest first.",
          shape: Answers.pageOf("Resource"),
          refusals: Parameters.refused,
        },
        isLong: true,
        run: Resources.list,
      },
    },
  },
  {
    path: "/resource-query/v1/resource/{id}",
    methods: {
      GET: {
        id: "getResource",
        access: "read",
        doc: {
          summary: "Get an uptime monitor",
          answer: "The uptime monitor.",
          shape: JsonSchema.ref("Resource"),
        },
        run: Resources.get,
      },
    },
  },
  {
    path: "/resource-query/v1/resource/{id}/regions",
    methods: {
      GET: {
        id: "getResourceRegions",
        access: "read",
        doc: {
          summary: "Get the regions of an uptime monitor",
          answer: "Labels of the places from which it is asked.",
          shape: JsonSchema.object({ regions: JsonSchema.list({ type: "string" }) }),
        },
        run: Resources.regions,
      },
    },
  },
]

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  ...commands,
  ...queries,
  ...ExpiryEndpoints.endpoints,
  ...ResourceLogEndpoints.endpoints,
]

/** What answers consist of. */
export const schemas = {
  Resource: Resource.Output,
  ResourceStatistic: ResourceStatistic.Output,
  StateChange: ResourceLogs.Change,
  Response: ResourceLogs.Response,
  Integration: Integrations.Output,
  Certificate: Expiry.Ssl,
  Domain: Expiry.Tld,
}
