/**
 * A PostgreSQL database as a side of a move.
 *
 * Its snapshot has a session of its own, in one transaction that only reads: whoever takes a dump may be slow, and a
 * transaction of the pool would be taken for one that stands still, ended, and begun again in the middle of the dump.
 */
import { hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Side } from "../moving/Side.ts"
import * as Address from "./Address.ts"
import * as Driver from "./Driver.ts"
import { flavour } from "./Flavour.ts"
import * as MachineClock from "./MachineClock.ts"
import * as Pool from "./Pool.ts"
import * as Schema from "./Schema.ts"
import * as Session from "./Session.ts"
import { Unit } from "./Unit.ts"

/** Nobody waits for who loads a dump, and to delete a project takes all that it has along. */
const limits: Session.Limits = { statement: hour, lock: minute, idle: minute, answer: hour + minute }

/** Returns the side of an address. */
export const of = (address: Address.Address): Side => {
  const place = Address.place(address)
  const usual = Session.settingsOf(address, Session.limits)
  return {
    flavour,
    place,
    open: Effect.gen(function* () {
      const driver = yield* Driver.open({ address, limits })
      yield* Schema.make(driver, address)
      return driver
    }),
    snapshot: Effect.gen(function* () {
      const session = yield* Effect.acquireRelease(
        MachineClock.by(Session.opener(address, usual)),
        ({ close }) => close,
      )
      const unit = new Unit(Pool.linkOf(session), place)
      yield* unit.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
      for (const setting of Object.entries({ ...usual, ...unlimited }))
        yield* unit.query("SELECT set_config(?, ?, true)", [setting])
      return (read) => read(unit)
    }),
  }
}

const unlimited = { statement_timeout: "0", idle_in_transaction_session_timeout: "0" }
