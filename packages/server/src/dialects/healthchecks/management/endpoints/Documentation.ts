/** The endpoints of the documentation: the OpenAPI document, and the same as a web page. */
import * as Notifier from "@overdue/core/Notifier"
import * as Effect from "effect/Effect"
import type { Outbound } from "../../../../http/Http.ts"
import type { Endpoint, Open, Operation } from "../Endpoint.ts"
import * as DocsPage from "../openapi/DocsPage.ts"
import type { Document } from "../openapi/Document.ts"
import * as OpenApi from "../openapi/OpenApi.ts"

/** Seconds for which browsers may cache it. */
const maxAge = 300

/** Returns the endpoints that describe these endpoints and themselves. */
export const make = (endpoints: readonly Endpoint[]): readonly Endpoint[] => {
  const page = (
    id: "getDocument" | "getDocs",
    type: string,
    print: (document: Document) => string,
    headers: Outbound["headers"] = {},
  ): Operation => ({
    id,
    access: "none",
    run: ({ root }: Open) =>
      Effect.map(Notifier.Notifier, ({ kinds }) => ({
        status: 200,
        headers: { "content-type": type, "cache-control": `max-age=${maxAge}`, ...headers },
        body: print(OpenApi.make([...endpoints, ...described], root, kinds)),
      })),
  })
  const described: readonly Endpoint[] = [
    {
      path: "/openapi.json",
      methods: { GET: page("getDocument", "application/json", OpenApi.print) },
      since: 3,
    },
    {
      path: "/docs",
      methods: {
        GET: page("getDocs", "text/html; charset=utf-8", DocsPage.print, {
          "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
        }),
      },
      since: 3,
    },
  ]
  return described
}
