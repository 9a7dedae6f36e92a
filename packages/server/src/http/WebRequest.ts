/** The web-standard `Request` and `Response` as plain data. */
import type { Body, Inbound, Outbound } from "./Http.ts"

/** Bytes of a body after which its sender is given up. */
export const longestBody = 64 * 1024 * 1024

export const inbound = (request: Request, remoteAddress = ""): Inbound => {
  const url = new URL(request.url)
  return {
    method: request.method.toUpperCase(),
    path: url.pathname,
    query: url.search.slice(1),
    header: (name) => request.headers.get(name) ?? undefined,
    hasBody: request.body !== null,
    body: (limit) => read(request, limit),
    remoteAddress,
    scheme: url.protocol.slice(0, -1),
  }
}

export const response = (request: Request, outbound: Outbound): Response =>
  new Response(hasNoBody(request, outbound) ? null : (outbound.body as string | Uint8Array<ArrayBuffer>), {
    status: outbound.status,
    headers: outbound.headers,
  })

/** RFC 9110 §6.4.1: no content in answers to HEAD, nor with 204 and 304. */
const hasNoBody = (request: Request, { status }: Outbound): boolean =>
  request.method === "HEAD" || status === 204 || status === 304

const read = async (request: Request, limit: number): Promise<Body> => {
  const kept: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    if (size < limit) kept.push(chunk.subarray(0, limit - size))
    size += chunk.length
    if (size > longestBody) throw new RangeError("the body is too large")
  }
  return { bytes: Buffer.concat(kept), isCut: size > limit }
}
