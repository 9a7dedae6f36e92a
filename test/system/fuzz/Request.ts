/** A request as a client means it, and as the bytes that it sends. */
import * as HostileValue from "./HostileValue.ts"
import type { SeededRandom } from "../../kit/SeededRandom.ts"

export interface Request {
  readonly method: string
  readonly path: string
  readonly query?: readonly (readonly [string, string])[]
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: Buffer
}

/** Keeps a path one word, and otherwise as evil as it was. */
export const escaped = (text: string): string =>
  text
    .replace(/[\0-\x20#?\x7f-\uffff]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
    .slice(0, 8_000)

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed())

/** The bytes of a request. Nothing in it breaks a line that should not. */
export const print = (
  random: SeededRandom,
  { method, path, query = [], headers = [], body }: Request,
): Buffer => {
  const search = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join("&")
  const target = `${escaped(path)}${search === "" ? "" : `?${search.slice(0, 6_000)}`}`
  const isChunked = body !== undefined && random.happens(0.2)
  const all: readonly (readonly [string, string])[] = [
    ["Host", "127.0.0.1"],
    ["Connection", "close"],
    ...headers,
    ...(random.happens(0.2) ? [["User-Agent", HostileValue.text(random)] as const] : []),
    ...(random.happens(0.2) ? [["X-Forwarded-For", HostileValue.text(random)] as const] : []),
    ...(random.happens(0.1) ? [["X-Forwarded-Proto", HostileValue.text(random)] as const] : []),
    ...(random.happens(0.1) ? [["Content-Type", HostileValue.text(random)] as const] : []),
    ...(body === undefined
      ? []
      : [
          isChunked
            ? (["Transfer-Encoding", "chunked"] as const)
            : (["Content-Length", `${body.length}`] as const),
        ]),
  ]
  const lines = all.map(([name, value]) => `${token(name)}: ${fieldValue(value)}\r\n`)
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1")
  if (body === undefined) return head
  return Buffer.concat(isChunked ? [head, ...chunks(random, body)] : [head, body])
}

const token = (name: string): string => name.replace(/[^\w-]/g, "").slice(0, 100) || "X-Empty"

const fieldValue = (value: string): string => value.replace(/[^\t\x20-\x7e\x80-\xff]/g, "").slice(0, 4_000)

const chunks = (random: SeededRandom, body: Buffer): readonly Buffer[] => {
  const cut = random.below(body.length + 1)
  const parts = [body.subarray(0, cut), body.subarray(cut)].filter((part) => part.length > 0)
  return [
    ...parts.map((part) =>
      Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]),
    ),
    Buffer.from("0\r\n\r\n"),
  ]
}
