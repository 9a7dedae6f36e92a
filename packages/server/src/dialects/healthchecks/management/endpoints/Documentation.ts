/** The endpoints of the documentation: the OpenAPI document, and the same as a web page. */
import * as Notifier from "@overdue/core/Notifier"
import * as Effect from "effect/Effect"
import type { Beside } from "../../../../docs/DocsPage.ts"
import type { Document } from "../../../../docs/Document.ts"
import * as Documentation from "../../../../docs/Documentation.ts"
import type { Outbound } from "../../../../http/Http.ts"
import { AllSpoken } from "../../../Dialect.ts"
import type { Endpoint, Open, Operation } from "../Endpoint.ts"
import * as OpenApi from "../openapi/OpenApi.ts"

/** Returns the endpoints that describe these endpoints and themselves. */
export const make = (endpoints: readonly Endpoint[]): readonly Endpoint[] => {
  const operation = (
    id: "getDocument" | "getDocs",
    answer: (document: Document, beside: Beside) => Outbound,
  ): Operation => {
    const kept = Documentation.keeper()
    return {
      id,
      access: "none",
      run: Effect.fnUntraced(function* ({ root }: Open) {
        const { kinds } = yield* Notifier.Notifier
        const spoken = yield* AllSpoken
        return kept(kinds, root, () => {
          const neighbours = spoken().filter(({ title }) => title !== "Healthchecks")
          return answer(OpenApi.make([...endpoints, ...described], root, kinds), { examples, neighbours })
        })
      }),
    }
  }
  const described: readonly Endpoint[] = [
    { path: "/openapi.json", methods: { GET: operation("getDocument", Documentation.document) }, since: 3 },
    { path: "/docs", methods: { GET: operation("getDocs", Documentation.page) }, since: 3 },
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
