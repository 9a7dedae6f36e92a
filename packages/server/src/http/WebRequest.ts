/** The carrier for runtimes that use the web-standard `Request` and `Response`. */
import {
  BodyTooLarge,
  isHeadOnly,
  isStream,
  longestBody,
  type Body,
  type BodyStream,
  type Inbound,
  type Outbound,
} from "./Http.ts"

/**
 * Returns a request as plain data. `Request` does not tell who sent it: without an address, pings are logged without
 * one.
 */
export const inbound = (request: Request, remoteAddress = ""): Inbound => {
  const url = new URL(request.url)
  return {
    method: request.method.toUpperCase(),
    host: url.host,
    path: url.pathname,
    query: url.search.slice(1),
    header: (name) => request.headers.get(name) ?? undefined,
    hasBody: request.body !== null,
    body: (limit) => read(request, limit),
    remoteAddress,
    scheme: url.protocol.slice(0, -1),
  }
}

/** Returns an answer as a `Response`. Cancelling its body ends the producer of a stream. */
export const response = (request: Request, outbound: Outbound): Response => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(outbound.headers)) {
    for (const each of typeof value === "string" ? [value] : value) headers.append(name, each)
  }
  const { status } = outbound
  return new Response(isHeadOnly(request.method, status) ? null : bodyOf(outbound), { status, headers })
}

const bodyOf = ({ body }: Outbound): string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> =>
  isStream(body) ? streamOf(body) : (body as string | Uint8Array<ArrayBuffer>) // safe because nobody shares its memory

/** Pulls a chunk when the reader wants one. `ReadableStream.from` does the same, but not every runtime has it. */
const streamOf = (chunks: BodyStream): ReadableStream<Uint8Array> => {
  let iterator: AsyncIterator<Uint8Array> | undefined
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        iterator ??= chunks[Symbol.asyncIterator]()
        const next = await iterator.next()
        if (next.done === true) controller.close()
        else controller.enqueue(next.value)
      },
      cancel: async () => {
        await iterator?.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

const read = async (request: Request, limit: number): Promise<Body> => {
  const kept: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    if (size < limit) kept.push(chunk.subarray(0, limit - size))
    size += chunk.length
    if (size > longestBody) throw new BodyTooLarge()
  }
  return { bytes: Buffer.concat(kept), isCut: size > limit }
}
