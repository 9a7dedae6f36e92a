/** A dialect that consists of an API and its pings: their routes, and those of the documentation. */
import * as Effect from "effect/Effect"
import { AllSpoken, type Dialect, type DirectRoute, type Services } from "../dialects/Dialect.ts"
import type { Beside } from "../docs/DocsPage.ts"
import type { Document } from "../docs/Document.ts"
import * as Documentation from "../docs/Documentation.ts"
import { empty, type Handler, type Inbound, type Outbound } from "../http/Http.ts"
import { Site } from "../Site.ts"
import * as Api from "./Api.ts"
import * as OpenApi from "./OpenApi.ts"

/** What the dialect is made of. */
export interface Parts extends Pick<Dialect, "name" | "mount"> {
  readonly api: Api.Api
  readonly pings: DirectRoute
  /** Returns the path by which the API knows that of a request; by default the same. */
  readonly pathOf?: (inbound: Inbound) => string
}

/** Returns the dialect, whose own address leads to its page. */
export const make = ({ name, mount, api, pings, pathOf }: Parts): Dialect => {
  const handle = Api.handler(api)
  return {
    name,
    title: api.title,
    mount,
    docs,
    hosts: [],
    routes: [
      pings,
      { name: "welcome", path: "/", handle: toDocs },
      { name: "documentation", path: "/openapi.json", handle: described(api, Documentation.document) },
      { name: "documentation", path: docs, handle: described(api, Documentation.page) },
      { name: "documentation", path: `${docs}/`, handle: toDocs },
      {
        name: "API",
        path: "/*",
        handle: pathOf === undefined ? handle : (inbound) => handle({ ...inbound, path: pathOf(inbound) }),
      },
    ],
  }
}

/** Where the page is, relative to where the dialect is reached. */
const docs = "/docs"

const toDocs = () => Effect.succeed(empty(302, { location: docs }))

/** Bodies to show, by the ids of operations. */
const examplesOf = ({ endpoints }: Api.Api): Readonly<Record<string, string>> =>
  Object.fromEntries(
    endpoints
      .flatMap(({ methods }) => Object.values(methods))
      .flatMap(({ id, doc: { example } }) => (example === undefined ? [] : [[id, example]])),
  )

const described = (
  api: Api.Api,
  answer: (document: Document, beside: Beside) => Outbound,
): Handler<Services> => {
  const kept = Documentation.keeper()
  return Effect.fnUntraced(function* () {
    const { root } = yield* Site
    const spoken = yield* AllSpoken
    return kept(spoken, root, () => {
      const neighbours = spoken().filter(({ title }) => title !== api.title)
      return answer(OpenApi.make(api, root), {
        bodies: "forms or JSON",
        examples: examplesOf(api),
        neighbours,
      })
    })
  })
}
