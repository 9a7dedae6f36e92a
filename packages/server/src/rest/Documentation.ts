/** The routes of an API's documentation: its OpenAPI document, and the same as a page for people. */
import * as Effect from "effect/Effect"
import * as DocsPage from "../docs/DocsPage.ts"
import { AllSpoken, type Route } from "../dialects/Dialect.ts"
import { empty, type Outbound } from "../http/Http.ts"
import { Site } from "../Site.ts"
import type { Api } from "./Api.ts"
import * as OpenApi from "./OpenApi.ts"

/** The path of the page. */
export const docs = "/docs"

const headers = {
  "cache-control": "max-age=300",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
}

/** Returns the routes. The address of the dialect itself leads to the page. */
export const routes = (api: Api): readonly Route[] => {
  const route = (
    path: string,
    type: string,
    print: (root: string, neighbours: readonly DocsPage.Neighbour[]) => string,
  ): Route => {
    // To make it takes tens of milliseconds, and everybody may ask for it.
    let known: { readonly root: string; readonly answer: Outbound } | undefined
    return {
      name: "documentation",
      path,
      handle: Effect.fnUntraced(function* () {
        const { root } = yield* Site
        const neighbours = (yield* AllSpoken)().filter(({ title }) => title !== api.title)
        if (known?.root !== root) {
          const body = Buffer.from(print(root, neighbours))
          known = { root, answer: { status: 200, headers: { "content-type": type, ...headers }, body } }
        }
        return known.answer
      }),
    }
  }
  return [
    { name: "welcome", path: "/", handle: () => Effect.succeed(empty(302, { location: docs })) },
    route("/openapi.json", "application/json", (root) =>
      JSON.stringify(OpenApi.make(api, root), undefined, 1),
    ),
    route(docs, "text/html; charset=utf-8", (root, neighbours) =>
      DocsPage.print(OpenApi.make(api, root), { bodies: "forms or JSON", neighbours }),
    ),
  ]
}
