/** Reads the bodies of requests for dialects: bounded, as JSON or as a form. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { BodyTooLarge, type Inbound } from "../http/Http.ts"

/** The body cannot be used. */
export class BodyInvalid extends Schema.TaggedError<BodyInvalid>()("BodyInvalid", {
  /**
   * `too long`: longer than the dialect or the server reads, of a stranger or at all. `unreadable`: it does not have the
   * format that it should have, or is incomplete. `other`: JSON, but not an object.
   */
  reason: Schema.Literals(["too long", "too long of a stranger", "unreadable", "other"]),
}) {}

/** Values by name. Those of a form are strings, or lists of strings where a name occurs several times. */
export type Fields = Readonly<Record<string, unknown>>

/**
 * The most bytes of JSON, by default: no request that describes a check is nearly as long, and to parse as much of the
 * worst kind holds everybody else up for a few milliseconds.
 */
const usual = 128 * 1024

/** The most bytes of a body that has to say by itself who sent it. */
export const ofStrangers = 16 * 1024

/** The most bytes of a form, by default: a megabyte of `a=1&a=1&…` takes `formData()` most of a second to parse. */
const usualForm = 64 * 1024

const decoder = new TextDecoder("utf-8", { fatal: true })

/** What a byte order mark of UTF-16 says; tools of Windows write one, as they write that of UTF-8. */
const decoderOf = ([first, second]: Uint8Array) => {
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le", { fatal: true })
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be", { fatal: true })
  return decoder
}

/** The most bytes that are read and dropped of a body that a stranger announces as longer than that. */
const dropped = 1024 * 1024

/** How a body is read. */
export interface Reading {
  /** The most bytes of it. */
  readonly longest?: number | undefined
  /** Whether it is known who sent it. Of a stranger, at most 16 KiB are read. */
  readonly isKnown: boolean
}

/** Returns the whole body; empty when there is none. Fails when it is longer than it may be, by default 128 KiB. */
export const bytes = Effect.fnUntraced(function* (inbound: Inbound, reading: Reading) {
  if (!inbound.hasBody) return new Uint8Array()
  const { longest = usual, isKnown } = reading
  const limit = isKnown ? longest : Math.min(longest, ofStrangers)
  const announced = Number(inbound.header("content-length") ?? 0)
  const isTooLong = !isKnown && announced > limit
  if (isTooLong && announced > dropped) return yield* tooLong(reading)
  const body = yield* Effect.tryPromise({
    // Nothing of what is too long is worth keeping; but a client that is cut off while it sends may never read why.
    try: () => inbound.body(isTooLong ? 0 : limit, isKnown),
    catch: (error) => new BodyInvalid({ reason: error instanceof BodyTooLarge ? "too long" : "unreadable" }),
  })
  return body.isCut ? yield* tooLong(reading) : body.bytes
})

const tooLong = ({ isKnown }: Reading): BodyInvalid =>
  new BodyInvalid({ reason: isKnown ? "too long" : "too long of a stranger" })

/** Parses a JSON object, and returns it with its source. An empty body stands for an empty object. */
export const json = (
  bytes: Uint8Array,
): Result.Result<{ readonly fields: Fields; readonly source: string }, BodyInvalid> => {
  if (bytes.length === 0) return Result.succeed({ fields: {}, source: "" })
  let source: string
  let value: unknown
  try {
    source = decoderOf(bytes).decode(bytes)
    value = JSON.parse(source)
  } catch {
    return Result.fail(new BodyInvalid({ reason: "unreadable" }))
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Result.succeed({ fields: value as Fields, source }) // safe because JSON has no other objects
    : Result.fail(new BodyInvalid({ reason: "other" }))
}

/** Parses a form, `application/x-www-form-urlencoded` or `multipart/form-data`, without its files. */
export const form = Effect.fnUntraced(function* (bytes: Uint8Array<ArrayBuffer>, contentType: string) {
  const parsed = yield* Effect.tryPromise({
    try: () => new Response(bytes, { headers: { "content-type": contentType } }).formData(),
    catch: () => new BodyInvalid({ reason: "unreadable" }),
  })
  const texts = new Map<string, string[]>()
  // One pass: a hostile form has tens of thousands of names.
  for (const [name, value] of parsed) {
    if (typeof value !== "string") continue
    const known = texts.get(name)
    if (known === undefined) texts.set(name, [value])
    else known.push(value)
  }
  return Object.fromEntries(
    Array.from(texts, ([name, values]) => [name, values.length === 1 ? values[0] : values]),
  ) satisfies Fields
})

const isForm = (contentType: string): boolean =>
  /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(contentType)

/**
 * Returns the fields of a body: of a form when the content type says so, otherwise of a JSON object. Fails when it is
 * longer than it may be, by default 64 KiB of a form and 128 KiB of JSON.
 */
export const fields = Effect.fnUntraced(function* (inbound: Inbound, reading: Reading) {
  const contentType = inbound.header("content-type") ?? ""
  const longest = reading.longest ?? (isForm(contentType) ? usualForm : usual)
  const read = yield* bytes(inbound, { ...reading, longest })
  if (read.length === 0) return {}
  return isForm(contentType)
    ? yield* form(new Uint8Array(read), contentType)
    : (yield* Effect.fromResult(json(read))).fields
})
