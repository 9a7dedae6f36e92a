/**
 * Who may open a database. Its API keys are digested, and its badges signed, under a secret that is kept elsewhere, so
 * whoever comes with another one must be refused before anything is changed.
 */
import { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Connection } from "./Connection.ts"
import * as Row from "./Row.ts"

/** What a database knows of the secret that it was made under. */
export interface Facts {
  /** `undefined` until one was recorded. */
  readonly fingerprint: string | undefined
  /** The digests of all API keys. */
  readonly digests: readonly string[]
}

/**
 * Decides who may open a database. Succeeds with the fingerprint to record where there is none yet (`undefined`: none),
 * and fails with the end of a sentence that begins with the name of the database and says what to do.
 */
export type Admit = (facts: Facts) => Result.Result<string | undefined, string>

/** The name of the setting that holds the fingerprint. */
export const setting = "secret fingerprint"

/** Asks whether a database may be opened, and records the fingerprint. Fails with reason `failed` when it may not. */
export const ask = Effect.fnUntraced(function* (connection: Connection, admit: Admit, place: string) {
  const fingerprint = yield* Row.first(
    connection,
    "SELECT value FROM settings WHERE name = ?",
    [setting],
    ([value]) => Row.text(value, "value"),
  )
  const digests = yield* Row.query(connection, "SELECT digest FROM api_keys", [[]], ([digest]) =>
    Row.text(digest, "digest"),
  )
  const admitted = admit({ fingerprint, digests })
  if (Result.isFailure(admitted)) {
    return yield* new StoreError({ reason: "failed", detail: `${place} ${admitted.failure}` })
  }
  if (fingerprint !== undefined || admitted.success === undefined) return undefined
  yield* connection.execute("INSERT INTO settings (name, value) VALUES (?, ?)", [[setting, admitted.success]])
  return undefined
})
