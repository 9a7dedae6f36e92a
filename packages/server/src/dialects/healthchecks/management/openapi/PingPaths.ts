/** The ping API in the OpenAPI document: written by hand, because its routes are not in the table of endpoints. */
import { fields } from "@overdue/core/document/CheckFields"
import type { Any } from "@overdue/core/document/Field"
import type { DescribedOperation, DescribedParameter, Document } from "../../../../docs/Document.ts"

const string = { type: "string" } as const

const id: DescribedParameter = {
  name: "uuid",
  in: "path",
  required: true,
  description: "Id of the check.",
  schema: { type: "string", format: "uuid" },
}
const address: readonly DescribedParameter[] = [
  {
    name: "ping_key",
    in: "path",
    required: true,
    description: "The project's ping key.",
    schema: string,
  },
  { name: "slug", in: "path", required: true, description: "Slug of the check.", schema: string },
]
const exitStatus: DescribedParameter = {
  name: "exit_status",
  in: "path",
  required: true,
  description: "Exit status of the job: 0 reports a success, 1 to 255 a failure.",
  schema: { type: "integer", minimum: 0, maximum: 255 },
}
const rid: DescribedParameter = {
  name: "rid",
  in: "query",
  description: "Id of the run, a UUID: pairs the start and the end of one run when runs overlap.",
  schema: { type: "string", format: "uuid" },
}
const key: DescribedParameter = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "Names the signal among those of its check, 1 to 64 visible ASCII characters, such as a UUID: sent again, it changes nothing, for as long as its ping is kept. Other values are ignored.",
  schema: string,
}
const creation: readonly DescribedParameter[] = [
  {
    name: "create",
    in: "query",
    description: "`1` creates the check when the project has none with this slug.",
    schema: { type: "string", enum: ["1"] },
  },
  {
    name: "defaults",
    in: "query",
    description:
      "`own` creates the check with the defaults of Overdue rather than those of Healthchecks, and allows spans of less than a minute. Ignored when the check exists.",
    schema: { type: "string", enum: ["own"] },
  },
  ...Object.entries<Any>(fields)
    .filter(([, { isAtBirth }]) => isAtBirth === true)
    .map(([name]): DescribedParameter => ({
      name,
      in: "query",
      description: `The \`${name}\` of the check that is created, as in the management API. Ignored when the check exists.`,
      schema: string,
    })),
]

const bySlug: readonly DescribedParameter[] = [...address, rid, key, ...creation]

const text = { "text/plain": { schema: string } }

/** Every method works alike. POST is listed because every client can send a body with it. */
const operation = (
  operationId: string,
  summary: string,
  parameters: readonly DescribedParameter[],
  description?: string,
): { readonly post: DescribedOperation } => ({
  post: {
    operationId,
    tags: ["Pings"],
    summary,
    ...(description === undefined ? {} : { description }),
    security: [],
    parameters,
    requestBody: { content: text },
    responses: {
      200: { description: "`OK`: the ping is stored durably.", content: text },
      ...(parameters.includes(creation[0]!)
        ? {
            201: {
              description: "`Created`: the check was created, and the ping is stored durably.",
              content: text,
            },
          }
        : {}),
      400: {
        description: "The exit status, the slug, `rid` or another parameter is invalid; the body says which.",
        content: text,
      },
      404: { description: "No check has this id, or no check of the project has this slug.", content: text },
      ...(parameters.includes(address[1]!)
        ? {
            409: {
              description: "Several checks of the project have this slug. Ping by id instead.",
              content: text,
            },
          }
        : {}),
      429: {
        description:
          "Too many pings for this check in the last minute. Wait for the number of seconds in Retry-After.",
        content: text,
      },
    },
  },
})

const cancelling =
  "Ends the run that `rid` names, or all runs without an id, as if it had not been: it neither succeeded nor failed, and its slot is waived. Healthchecks does not have this."

/** The paths of the ping API. */
export const pingPaths: Document["paths"] = {
  "/ping/{uuid}": operation(
    "pingSuccess",
    "Report a success",
    [id, rid, key],
    "Any HTTP method works, and so does the path without `/ping`. The path may end in the exit status of the job (`/ping/{uuid}/3`): 0 reports a success, 1 to 255 a failure. The first bytes of the body are stored, as many as Ping-Body-Limit in the answer says.",
  ),
  "/ping/{uuid}/start": operation("pingStart", "Report a start", [id, rid, key]),
  "/ping/{uuid}/fail": operation("pingFail", "Report a failure", [id, rid, key]),
  "/ping/{uuid}/log": operation("pingLog", "Log a message without changing the status", [id, rid, key]),
  "/ping/{uuid}/cancel": operation("pingCancel", "Cancel a run", [id, rid, key], cancelling),
  "/ping/{ping_key}/{slug}": operation("pingBySlug", "Report a success by slug", bySlug),
  "/ping/{ping_key}/{slug}/start": operation("pingStartBySlug", "Report a start by slug", bySlug),
  "/ping/{ping_key}/{slug}/fail": operation("pingFailBySlug", "Report a failure by slug", bySlug),
  "/ping/{ping_key}/{slug}/log": operation("pingLogBySlug", "Log a message by slug", bySlug),
  "/ping/{ping_key}/{slug}/cancel": operation("pingCancelBySlug", "Cancel a run by slug", bySlug, cancelling),
  "/ping/{ping_key}/{slug}/{exit_status}": operation(
    "pingExitStatusBySlug",
    "Report an exit status by slug",
    [...address, exitStatus, rid, key, ...creation],
    "An exit status of 0 reports a success, 1 to 255 a failure.",
  ),
}
