/** A database that an installation is moved to, or from. */
import type { StoreError } from "@overdue/core/Store"
import type { Effect } from "effect/Effect"
import type { Scope } from "effect/Scope"
import type { Connection, Database } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"

/**
 * Reads one state of a database, which stays as it is until `read` has ended, while others write. Nobody who writes has to
 * wait for that.
 */
export type Snapshot = <A>(read: (connection: Connection) => Effect<A, StoreError>) => Effect<A, StoreError>

/** A database that an installation is moved to, or from. */
export interface Side {
  readonly flavour: Flavour
  /** Names the database at the beginning of a sentence. */
  readonly place: string
  readonly open: Effect<Database, StoreError, Scope>
  readonly snapshot: Effect<Snapshot, StoreError, Scope>
}
