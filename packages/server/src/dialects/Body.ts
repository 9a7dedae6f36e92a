/** Reads the bodies of requests for dialects: bounded, as JSON or as a form. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { BodyTooLarge, type Inbound } from "../http/Http.ts"

/** The body cannot be used. */
export class BodyInvalid extends Schema.TaggedError<BodyInvalid>()("BodyInvalid", {
  /**
   * `too long`: longer than the dialect or the server reads. `unreadable`: it does not have the format that it should
   * have, or is incomplete. `other`: JSON, but not an object.
   */
  reason: Schema.Literals(["too long", "unreadable", "other"]),
}) {}

/** Values by name. Those of a form are strings, or lists of strings where a name occurs several times. */
export type Fields = Readonly<Record<string, unknown>>

/** The most bytes of JSON, by default: no request that describes a check is nearly as long. */
const usual = 1024 * 1024

/** The most bytes of a form, by default: a megabyte of `a=1&a=1&…` takes `formData()` most of a second to parse. */
const usualForm = 64 * 1024

const decoder = new TextDecoder("utf-8", { fatal: true })

/** What a byte order mark of UTF-16 says; tools of Windows write one, as they write that of UTF-8. */
const decoderOf = ([first, second]: Uint8Array) => {
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le", { fatal: true })
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be", { fatal: true })
  return decoder
}

/** Returns the whole body; empty when there is none. Fails when it is longer than `longest` bytes, by default 1 MiB. */
export const bytes = Effect.fnUntraced(function* (inbound: Inbound, longest = usual) {
  if (!inbound.hasBody) return new Uint8Array()
  const body = yield* Effect.tryPromise({
    try: () => inbound.body(longest),
    catch: (error) => new BodyInvalid({ reason: error instanceof BodyTooLarge ? "too long" : "unreadable" }),
  })
  return body.isCut ? yield* new BodyInvalid({ reason: "too long" }) : body.bytes
})

/** The reviver of `JSON.parse`, whose context holds the source text of a number. */
export type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown

/** Parses a JSON object. An empty body stands for an empty object. */
export const json = (bytes: Uint8Array, reviver?: Reviver): Result.Result<Fields, BodyInvalid> => {
  if (bytes.length === 0) return Result.succeed({})
  let value: unknown
  try {
    value = JSON.parse(decoderOf(bytes).decode(bytes), reviver)
  } catch {
    return Result.fail(new BodyInvalid({ reason: "unreadable" }))
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Result.succeed(value as Fields) // safe because JSON has no other objects
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
 * longer than `longest` bytes, by default 64 KiB of a form and 1 MiB of JSON.
 */
export const fields = Effect.fnUntraced(function* (inbound: Inbound, longest?: number) {
  const contentType = inbound.header("content-type") ?? ""
  const read = yield* bytes(inbound, longest ?? (isForm(contentType) ? usualForm : usual))
  if (read.length === 0) return {}
  return isForm(contentType)
    ? yield* form(new Uint8Array(read), contentType)
    : yield* Effect.fromResult(json(read))
})
