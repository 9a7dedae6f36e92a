/** A signal in the queue of those that could not be sent, and how it is read from its file. */
import { readFile, stat } from "node:fs/promises"
import type { Kind } from "@overdue/client"

/** A signal in the queue. */
export interface Entry {
  /** The ping URL without the kind, a secret. */
  readonly url: string
  readonly kind: Kind
  readonly rid: string | undefined
  /** When it happened, epoch milliseconds. */
  readonly at: number
  /** When the run began that it ends, epoch milliseconds. */
  readonly startedAt: number | undefined
  readonly body: Buffer
  /** Names the signal, so that a server takes it once; `undefined` in entries of older versions. */
  readonly key?: string | undefined
}

/** The largest file that may be an entry: `ping --body -` takes any body. */
const mostBytes = 50_000_000

/**
 * Reads a file of the queue. Resolves to `undefined` when it is none of ours to read, such as a directory, a device, or the
 * file of another user.
 */
export const read = async (path: string): Promise<Entry | "damaged" | undefined> => {
  let text: string
  try {
    const { size } = await stat(path).then((found) => (found.isFile() ? found : { size: Infinity }))
    if (size > mostBytes) return undefined
    text = await readFile(path, "utf8")
  } catch {
    return undefined
  }
  try {
    return parsed(JSON.parse(text)) ?? "damaged"
  } catch {
    return "damaged"
  }
}

const parsed = (value: Record<string, unknown>): Entry | undefined => {
  const { url, kind = "success", rid, at, startedAt, body, key } = value
  if (typeof url !== "string" || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return undefined
  if (!isKind(kind) || !isInstant(at) || typeof body !== "string") return undefined
  return {
    url,
    kind,
    rid: typeof rid === "string" ? rid : undefined,
    at,
    startedAt: isInstant(startedAt) ? startedAt : undefined,
    body: Buffer.from(body, "base64"),
    // Anything else would break the header in which it is sent, and with it the queue.
    ...(typeof key === "string" && /^[!-~]{1,64}$/.test(key) && { key }),
  }
}

const isKind = (value: unknown): value is Kind =>
  typeof value === "number"
    ? Number.isInteger(value) && value >= 0 && value <= 255
    : ["success", "start", "fail", "cancel", "log"].some((kind) => kind === value)

/** Within what a `Date` can tell. */
const isInstant = (value: unknown): value is number =>
  typeof value === "number" && Math.abs(value) <= 8_640_000_000_000_000
