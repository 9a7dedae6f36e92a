/** The endpoints of the documentation: the OpenAPI document, and the same as a web page. */
import * as Notifier from "@overdue/core/Notifier"
import * as Effect from "effect/Effect"
import type { Outbound } from "../../../../http/Http.ts"
import { AllSpoken } from "../../../Dialect.ts"
import type { Endpoint, Open, Operation } from "../Endpoint.ts"
import * as DocsPage from "../../../../docs/DocsPage.ts"
import type { Document } from "../../../../docs/Document.ts"
import * as OpenApi from "../openapi/OpenApi.ts"

/** Seconds for which browsers may cache it. */
const maxAge = 300

/** Returns the endpoints that describe these endpoints and themselves. */
export const make = (endpoints: readonly Endpoint[]): readonly Endpoint[] => {
  const page = (
    id: "getDocument" | "getDocs",
    type: string,
    print: (document: Document, neighbours: readonly DocsPage.Neighbour[]) => string,
    headers: Outbound["headers"] = {},
  ): Operation => {
    // To make it takes tens of milliseconds, and everybody may ask for it.
    const answers = new WeakMap<readonly Notifier.Description[], { root: string; answer: Outbound }>()
    return {
      id,
      access: "none",
      run: Effect.fnUntraced(function* ({ root }: Open) {
        const { kinds } = yield* Notifier.Notifier
        const neighbours = (yield* AllSpoken)().filter(({ title }) => title !== "Healthchecks")
        const known = answers.get(kinds)
        if (known?.root === root) return known.answer
        const answer: Outbound = {
          status: 200,
          headers: { "content-type": type, "cache-control": `max-age=${maxAge}`, ...headers },
          body: Buffer.from(print(OpenApi.make([...endpoints, ...described], root, kinds), neighbours)),
        }
        answers.set(kinds, { root, answer })
        return answer
      }),
    }
  }
  const described: readonly Endpoint[] = [
    {
      path: "/openapi.json",
      methods: { GET: page("getDocument", "application/json", OpenApi.print) },
      since: 3,
    },
    {
      path: "/docs",
      methods: {
        GET: page(
          "getDocs",
          "text/html; charset=utf-8",
          (document, neighbours) => DocsPage.print(document, { examples, neighbours }),
          {
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
          },
        ),
      },
      since: 3,
    },
  ]
  return described
}

const examples: Readonly<Record<string, string>> = {
  createCheck:
    '{"name": "Backups", "schedule": "15 5 * * *", "tz": "Europe/Riga", "grace": 1800, "channels": "*"}',
  updateCheck: '{"grace": 3600}',
  updateChannel:
    '{"up": false, "quiet": [{"schedule": "0 22 * * *", "tz": "Europe/Riga", "duration": 28800}]}',
  createChannel:
    '{"name": "On call", "kind": "webhook", "value": {"method_down": "POST", "url_down": "https://example.org/down"}}',
}
