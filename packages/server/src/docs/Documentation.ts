/** The documentation of an API as answers: its OpenAPI document, and the same as a page for people. */
import type { HeaderFields, Outbound } from "../http/Http.ts"
import * as DocsPage from "./DocsPage.ts"
import type { Document } from "./Document.ts"

/** Browsers may keep it for five minutes, and nothing in it may load anything. */
const headers: HeaderFields = {
  "cache-control": "max-age=300",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
}

/** Returns the answer with the document. */
export const document = (described: Document): Outbound => ({
  status: 200,
  headers: { "content-type": "application/json", ...headers },
  body: Buffer.from(JSON.stringify(described, undefined, 1)),
})

/** Returns the answer with the page. */
export const page = (described: Document, beside: DocsPage.Beside): Outbound => ({
  status: 200,
  headers: { "content-type": "text/html; charset=utf-8", ...headers },
  body: Buffer.from(DocsPage.print(described, beside)),
})

/**
 * Returns what has an answer made once for each thing that it is about, and for each root at which that is reached, of
 * which there are a few: to make one takes tens of milliseconds, and everybody may ask for it.
 */
export const keeper = () => {
  const known = new WeakMap<object, Map<string, Outbound>>()
  return (about: object, root: string, make: () => Outbound): Outbound => {
    const ofRoots = known.get(about) ?? new Map<string, Outbound>()
    known.set(about, ofRoots)
    const answer = ofRoots.get(root) ?? make()
    ofRoots.set(root, answer)
    return answer
  }
}
