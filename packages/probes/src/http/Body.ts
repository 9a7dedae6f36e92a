/** The body of an answer as text, decompressed, up to a bound: what comes after it is neither read nor unpacked. */
import type { IncomingMessage } from "node:http"
import { Transform, type TransformCallback, type Duplex, type Readable } from "node:stream"
import { TextDecoder } from "node:util"
import * as zlib from "node:zlib"
import { Failure, ofError } from "../Failure.ts"
import * as Limits from "../Limits.ts"
import type { Answer } from "./Exchange.ts"

/** Returns the beginning of a body. Fails when it breaks off before, or cannot be unpacked. */
export const read = async ({ incoming, hasBody, broken }: Answer, limit = Limits.answer): Promise<string> => {
  if (!hasBody) return ""
  const decoders = decodersOf(incoming.headers["content-encoding"] ?? "")
  const bytes = await collected(incoming, { decoders, broken, limit })
  return decoderOf(incoming.headers["content-type"] ?? "").decode(bytes)
}

interface Means {
  readonly decoders: readonly Duplex[]
  readonly broken: Answer["broken"]
  readonly limit: number
}

const collected = (incoming: IncomingMessage, { decoders, broken, limit }: Means): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let size = 0
    const streams: readonly Readable[] = [incoming, ...decoders]
    const end = (failure?: Error): void => {
      for (const stream of streams) stream.destroy()
      if (failure !== undefined) reject(failure)
      else resolve(Buffer.concat(chunks, Math.min(size, limit)))
    }
    // What comes after a whole body is nobody's fault: the connection is not used again.
    void broken.then((failure) => (incoming.complete ? undefined : end(failure)))
    let arrived = 0
    incoming.on("data", (chunk: Uint8Array) => (arrived += chunk.length))
    incoming.on("error", (cause) => end(ofError(cause)))
    // An answer without a body says how it would be compressed as well.
    for (const decoder of decoders)
      decoder.on("error", () =>
        end(arrived === 0 ? undefined : new Failure("the body cannot be decompressed")),
      )
    let last: Readable = incoming
    for (const decoder of decoders) last = last.pipe(decoder)
    last.on("data", (chunk: Uint8Array) => {
      chunks.push(chunk)
      size += chunk.length
      if (size >= limit) end()
    })
    last.once("end", () => end())
  })

const decodersOf = (encoding: string): readonly Duplex[] => {
  const codings = encoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity")
  if (codings.length > Limits.codings) throw new Failure("the body cannot be decompressed")
  return codings.toReversed().flatMap((coding): readonly Duplex[] => {
    switch (coding) {
      case "gzip":
      case "x-gzip":
        return [zlib.createGunzip()]
      case "deflate":
        return [new Inflate()]
      case "br":
        return [zlib.createBrotliDecompress()]
      case "zstd":
        return [
          zlib.createZstdDecompress({ params: { [zlib.constants.ZSTD_d_windowLogMax]: Limits.zstdWindow } }),
        ]
      default:
        // What nobody asked for stays as it is.
        return []
    }
  })
}

/** `deflate`, which some servers send with the header of zlib (RFC 1950) and others without, as browsers read it. */
class Inflate extends Transform {
  #inner: zlib.Inflate | zlib.InflateRaw | undefined

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#inner === undefined) {
      const inner = ((chunk[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw()
      inner.on("data", (part: Uint8Array) => {
        if (!this.push(part)) inner.pause()
      })
      inner.once("error", (cause) => this.destroy(cause))
      this.#inner = inner
    }
    this.#inner.write(chunk, () => done())
  }

  override _read(size: number): void {
    this.#inner?.resume()
    super._read(size)
  }

  override _flush(done: TransformCallback): void {
    if (this.#inner === undefined) return done()
    this.#inner.once("end", () => done())
    this.#inner.end()
  }

  override _destroy(cause: Error | null, done: (cause: Error | null) => void): void {
    this.#inner?.destroy()
    done(cause)
  }
}

/** What the text is written in, if that is known here; otherwise UTF-8. */
const decoderOf = (contentType: string): TextDecoder => {
  const charset = /;\s*charset="?([\w.:-]{1,40})/i.exec(contentType)?.[1] ?? "utf-8"
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder()
  }
}
