/** The statements that add pings to the log, and take away what a project does not keep. */
import type { Check } from "@overdue/core/Check"
import type * as Ping from "@overdue/core/Ping"
import { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Row as Values, Transaction } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Keys from "../Keys.ts"
import * as Many from "../Many.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"
import * as Pings from "./Pings.ts"

/**
 * How many pings beyond a project's limit are deleted together; as many as the limit, if that is larger, because finding
 * them takes as many steps. Queries leave them out until then.
 */
const pruneEvery = 100

/** The check of a ping, and what the row of the ping needs of it. */
interface Owner {
  readonly key: number
  readonly project: number
  readonly pingLogLimit: number
  /** Key of the newest ping that is logged of it. */
  readonly lastLogged: number | undefined
  readonly check: Pick<Check, "state">
}

/**
 * Inserts pings and returns, by the keys of their checks, the key of the newest ping of each. `ahead` are keys that were
 * asked for before. Every `pruneEvery` pings of a check, deletes those that its project no longer keeps. Fails with reason
 * `constraint` when a number is logged already.
 */
export const insert = Effect.fnUntraced(function* (
  connection: Transaction,
  flavour: Flavour,
  pings: readonly { readonly owner: Owner; readonly ping: Ping.NewPing }[],
  ahead: readonly number[],
) {
  const newest = new Map<number, number>()
  const numbers = new Map<number, number>()
  if (pings.length === 0) return newest
  // Known beforehand, so that a check's second ping in a batch can name the first.
  const keys =
    ahead.length >= pings.length ? ahead : yield* Keys.next(connection, flavour, "pings", pings.length)
  const usual: Values[] = []
  const further: Values[] = []
  const bodies: Values[] = []
  const prunes: Values[] = []
  const { bodiesApartFrom = Infinity } = flavour
  for (const [index, { owner, ping }] of pings.entries()) {
    const logged = numbers.get(owner.key) ?? (owner.lastLogged === undefined ? 0 : owner.check.state.pings)
    if (ping.n <= logged) return yield* Effect.fail(numberTaken(ping))
    numbers.set(owner.key, ping.n)
    const key = keys[index]!
    const isApart = ping.body !== undefined && ping.body.length > bodiesApartFrom
    if (isApart) bodies.push([key, owner.project, ping.body])
    usual.push([
      key,
      owner.project,
      owner.key,
      newest.get(owner.key) ?? Row.orNull(owner.lastLogged),
      ping.n,
      ping.at,
      ping.kind,
      ping.scheme,
      ping.remoteAddress,
      ping.method,
      ping.userAgent,
    ])
    further.push([
      Row.orNull(ping.rid),
      Row.orNull(ping.exitStatus),
      Row.orNull(ping.duration),
      isApart ? null : Row.orNull(ping.body),
      Row.orNull(ping.idempotencyKey),
      ping.extension === undefined ? null : JSON.stringify(ping.extension),
    ])
    newest.set(owner.key, key)
    if (ping.n % Math.max(pruneEvery, owner.pingLogLimit) === 0)
      prunes.push([key, ping.n - owner.pingLogLimit])
  }
  yield* further.every(isEmpty)
    ? connection.send(insertionOfUsual, usual)
    : connection.send(
        insertion,
        usual.map((values, index) => [...values, ...further[index]!]),
      )
  if (bodies.length > 0) yield* connection.send(bodyInsertion, bodies)
  if (prunes.length > 0) {
    for (const statement of Pings.deletion(`${Pings.chain} SELECT key FROM log WHERE n <= ?`))
      yield* connection.send(statement, prunes)
  }
  return newest
})

const isEmpty = (values: Values): boolean => values.every((value) => value === null)

const numberTaken = ({ check, n }: Ping.Ping): StoreError =>
  new StoreError({
    reason: "constraint",
    detail: `This contradicts what is stored: ${RecordName.nth("ping", n, check)} is logged already.`,
  })

const bodyInsertion = Many.apart(
  Many.insert("ping_bodies", { key: "integer", project: "integer", body: "bytes" }),
)

const usualColumns = {
  key: "integer",
  project: "integer",
  check_key: "integer",
  previous: "integer",
  n: "integer",
  at: "integer",
  kind: "text",
  scheme: "text",
  remote_address: "text",
  method: "text",
  user_agent: "text",
} as const satisfies Many.Columns

const furtherColumns = {
  rid: "text",
  exit_status: "integer",
  duration: "integer",
  body: "bytes",
  idempotency_key: "text",
  extension: "text",
} as const satisfies Many.Columns

const insertionOfUsual = Many.apart(Many.insert("pings", usualColumns))
const insertion = Many.apart(Many.insert("pings", { ...usualColumns, ...furtherColumns }))
