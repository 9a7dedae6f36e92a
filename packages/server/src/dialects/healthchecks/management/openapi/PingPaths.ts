/** The ping API, for the OpenAPI document. Its paths are read by hand, for speed, so they are described by hand. */
import type { DescribedOperation, DescribedParameter, Document } from "./Document.ts"

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
  description: "Exit status of the job.",
  schema: { type: "integer", minimum: 0, maximum: 255 },
}
const rid: DescribedParameter = {
  name: "rid",
  in: "query",
  description: "UUID of the run, which tells apart runs that overlap.",
  schema: { type: "string", format: "uuid" },
}
const creation: readonly DescribedParameter[] = [
  {
    name: "create",
    in: "query",
    description: "1 creates the check when there is none with this slug.",
    schema: { type: "string", enum: ["1"] },
  },
  ...["name", "tags", "timeout", "grace", "schedule", "tz", "channels"].map((name): DescribedParameter => ({
    name,
    in: "query",
    description: "Of the check that is created.",
    schema: string,
  })),
]

const bySlug: readonly DescribedParameter[] = [...address, rid, ...creation]

const text = { "text/plain": { schema: string } }

/** Every method works alike; POST is the one that carries a body everywhere. */
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
      200: { description: "OK: the signal is on disk.", content: text },
      ...(parameters.includes(creation[0]!)
        ? { 201: { description: "Created: and so is the check.", content: text } }
        : {}),
      400: { description: "The address or a parameter is wrong.", content: text },
      404: { description: "There is no such check.", content: text },
      ...(parameters.includes(address[1]!)
        ? { 409: { description: "Several checks have this slug.", content: text } }
        : {}),
      429: {
        description: "The check has had its pings for this minute; Retry-After tells for how many seconds.",
        content: text,
      },
    },
  },
})

export const pingPaths: Document["paths"] = {
  "/ping/{uuid}": operation(
    "pingSuccess",
    "The job has finished well",
    [id, rid],
    "Any method will do, and so will the address without `/ping`. An exit status at the end of the path (`/ping/{uuid}/3`) is a success when it is 0, and a failure up to 255. The first bytes of the body are kept.",
  ),
  "/ping/{uuid}/start": operation("pingStart", "The job has started", [id, rid]),
  "/ping/{uuid}/fail": operation("pingFail", "The job has failed", [id, rid]),
  "/ping/{uuid}/log": operation("pingLog", "Something to remember that changes nothing", [id, rid]),
  "/ping/{ping_key}/{slug}": operation("pingBySlug", "The job has finished well, by slug", bySlug),
  "/ping/{ping_key}/{slug}/start": operation("pingStartBySlug", "The job has started, by slug", bySlug),
  "/ping/{ping_key}/{slug}/fail": operation("pingFailBySlug", "The job has failed, by slug", bySlug),
  "/ping/{ping_key}/{slug}/log": operation("pingLogBySlug", "Something to remember, by slug", bySlug),
  "/ping/{ping_key}/{slug}/{exit_status}": operation(
    "pingExitStatusBySlug",
    "The job has ended, by slug",
    [...address, exitStatus, rid, ...creation],
    "A success when the exit status is 0, and a failure otherwise.",
  ),
}
