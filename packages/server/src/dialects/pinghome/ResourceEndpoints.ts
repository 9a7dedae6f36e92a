/** The endpoints of uptime monitors. */
import * as JsonSchema from "../../docs/JsonSchema.ts"
import { checkLimit, type Endpoint, type Method, type Operation } from "../../rest/Endpoint.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Limits from "@overdue/core/Limits"
import * as Answers from "./Answers.ts"
import * as Expiry from "./Expiry.ts"
import * as Integrations from "./Integrations.ts"
import * as Parameters from "./Parameters.ts"
import * as Resource from "./Resource.ts"
import * as ResourceLogs from "./ResourceLogs.ts"
import * as Resources from "./Resources.ts"
import * as ResourceStatistic from "./ResourceStatistic.ts"
import * as Subject from "./Subject.ts"

const instant = JsonSchema.of(Shapes.instant)
const example = "service_id=SERVICE_ID&name=Website&type=http&url=https://example.org&regions[]=eu-central-1"

const dates = {
  start_date: { description: "From when on.", schema: instant },
  end_date: { description: "Until when; by default now.", schema: instant },
}

const limited = {
  limit: {
    description: "How many, the newest.",
    schema: { type: "integer", minimum: 1, maximum: Limits.mostListed, default: 100 },
  },
} as const

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
          body: Resource.Creation,
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
          body: Resource.Update,
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
          description: "Unless a time is given, that of the last 24 hours.",
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

const names: Readonly<Record<Expiry.What, string>> = { ssl: "Certificate", tld: "Domain" }

const reminding = (
  what: Expiry.What,
  suffix: string,
): Readonly<Record<"POST" | "PUT" | "DELETE", Operation>> => {
  const noun = names[what].toLowerCase()
  const id = (verb: string): string => `${verb}${names[what]}Reminder${suffix}`
  return {
    POST: {
      id: id("create"),
      access: "write",
      doc: {
        summary: `Remind of the end of a ${noun}`,
        body: Expiry.Reminder,
        example: "days_before[]=7",
        answer: "The id of the uptime monitor.",
        shape: Answers.createdOf(),
        status: 201,
        refusals: { 409: "There are reminders already." },
      },
      run: Expiry.create(what),
    },
    PUT: {
      id: id("update"),
      access: "write",
      doc: {
        summary: `Change the reminders of the end of a ${noun}`,
        body: Expiry.Reminder,
        example: "days_before[]=1&days_before[]=7",
        answer: "The id of the uptime monitor.",
        shape: Answers.changedShape,
      },
      run: Expiry.update(what),
    },
    DELETE: {
      id: id("delete"),
      access: "write",
      doc: {
        summary: `Remind no more of the end of a ${noun}`,
        answer: "The id of the uptime monitor.",
        shape: Answers.changedShape,
      },
      run: Expiry.remove(what),
    },
  }
}

/** The samples of the vendor have other paths than its list. */
const aliases = (what: Expiry.What): readonly Endpoint[] => [
  { path: `/resource-cmd/v1/${what}/reminder/{id}`, methods: reminding(what, "ById") },
  { path: `/resource-cmd/v1/{id}/${what}/reminder`, methods: reminding(what, "Of") },
]

const expiring = (what: Expiry.What): readonly Endpoint[] => {
  const noun = names[what].toLowerCase()
  const read = (
    id: string,
    doc: Operation["doc"],
    run: Operation["run"],
  ): Partial<Record<Method, Operation>> => ({
    GET: { id, access: "read", doc, run },
  })
  return [
    {
      path: `/resource-query/v1/resource/{id}/${what}`,
      methods: read(
        `get${names[what]}`,
        {
          summary: `Get the ${noun} of an uptime monitor`,
          ...(what === "ssl" && { description: "404 until one was seen." }),
          answer: `The ${noun}, as it was seen last.`,
          shape: JsonSchema.ref(names[what]),
        },
        what === "ssl" ? Expiry.ssl : Expiry.tld,
      ),
    },
    {
      path: `/resource-query/v1/resource/{id}/${what}/reminder`,
      methods: read(
        `get${names[what]}Reminder`,
        {
          summary: `Get the reminders of the end of a ${noun}`,
          answer: "On which days before it ends.",
          shape: JsonSchema.of(Expiry.Reminder),
        },
        Expiry.get(what),
      ),
    },
    { path: `/resource-cmd/v1/resource/{id}/${what}/reminder`, methods: reminding(what, "") },
    ...aliases(what),
  ]
}

/** The endpoints. */
export const endpoints: readonly Endpoint[] = [
  ...commands,
  ...queries,
  ...expiring("ssl"),
  ...expiring("tld"),
  ...logs,
  ...integrations,
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
