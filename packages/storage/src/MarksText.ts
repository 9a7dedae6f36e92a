/**
 * The marks of a check as one JSON text: what few states have, so that most rows have none. What is left out is as in
 * a check whose last signal was fine: its anchor is that signal's, no failure stands, nothing is kept back.
 */
import type { Failure, State } from "@overdue/core/Check"
import { expiring } from "@overdue/core/probe/ProbeRefusal"
import { none as noRound } from "@overdue/core/probe/Probing"
import * as Schema from "effect/Schema"
import * as Row from "./Row.ts"

/** The part of a state that is kept as marks. */
export type Marks = Pick<State, "anchorIsSignal" | "failure" | "tellAt" | "silencedUntil" | "probing">

const Timing = Schema.optionalKey(Schema.Number)

const Round = Schema.Struct({
  at: Row.StoredInstant,
  isAfterGap: Schema.optionalKey(Schema.Literal(true)),
  results: Schema.Array(
    Schema.Struct({
      region: Schema.String,
      ok: Schema.Boolean,
      statusCode: Schema.optionalKey(Schema.Number),
      reason: Schema.optionalKey(Schema.String),
      value: Schema.optionalKey(Schema.Number),
      timings: Schema.Struct({
        dns: Timing,
        connect: Timing,
        tls: Timing,
        firstByte: Timing,
        whole: Schema.Number,
      }),
      certificate: Schema.optionalKey(
        Schema.Struct({
          host: Schema.String,
          issuer: Schema.String,
          subject: Schema.String,
          validFrom: Schema.Number,
          validTo: Schema.Number,
          error: Schema.optionalKey(Schema.String),
        }),
      ),
      registration: Schema.optionalKey(
        Schema.Struct({
          domain: Schema.String,
          registrar: Schema.optionalKey(Schema.String),
          expiresAt: Schema.optionalKey(Schema.Number),
          error: Schema.optionalKey(Schema.String),
          isUnknown: Schema.optionalKey(Schema.Literal(true)),
        }),
      ),
    }),
  ),
})

const Stored = Schema.Struct({
  anchorIsSignal: Schema.optionalKey(Schema.Literal(false)),
  failure: Schema.optionalKey(
    Schema.Struct({
      missed: Schema.optionalKey(Row.StoredInstant),
      at: Schema.optionalKey(Row.StoredInstant),
      rid: Schema.optionalKey(Schema.String),
      isReported: Schema.optionalKey(Schema.Boolean),
    }),
  ),
  tellAt: Schema.optionalKey(Row.StoredInstant),
  silencedUntil: Schema.optionalKey(Row.StoredInstant),
  probing: Schema.optionalKey(
    Schema.Struct({
      last: Schema.optionalKey(Round),
      toldAt: Schema.optionalKey(Row.StoredInstant),
      open: Schema.optionalKey(Round),
      pendingSince: Schema.optionalKey(Row.StoredInstant),
      reminded: Schema.optionalKey(
        Schema.Array(Schema.Struct({ what: Schema.Literals(expiring), days: Schema.Int, at: Schema.Number })),
      ),
      heard: Schema.Array(Schema.String),
      unjudged: Schema.optionalKey(
        Schema.Struct({ at: Row.StoredInstant, region: Schema.String, why: Schema.String }),
      ),
    }),
  ),
})

const decodeStored = Row.document(Stored)

const none: Marks = {
  anchorIsSignal: true,
  failure: undefined,
  tellAt: undefined,
  silencedUntil: undefined,
  probing: undefined,
}

/** Returns a text that `decode` reads; `null` when there is nothing to mark. */
export const encode = ({ anchorIsSignal, failure, tellAt, silencedUntil, probing }: Marks): string | null => {
  if (
    anchorIsSignal &&
    failure === undefined &&
    tellAt === undefined &&
    silencedUntil === undefined &&
    probing === undefined
  )
    return null
  // What is undefined is left out of JSON.
  return JSON.stringify({
    anchorIsSignal: anchorIsSignal ? undefined : false,
    failure: failure && { ...failure, isReported: failure.isReported || undefined },
    tellAt,
    silencedUntil,
    probing: probing && {
      ...probing,
      reminded: probing.reminded.length === 0 ? undefined : probing.reminded,
    },
  })
}

/** Whether two states have the same marks; false for equal ones that are not the same objects. */
export const isSame = (one: Marks, other: Marks): boolean =>
  one.anchorIsSignal === other.anchorIsSignal &&
  one.failure === other.failure &&
  one.tellAt === other.tellAt &&
  one.silencedUntil === other.silencedUntil &&
  one.probing === other.probing

/** Returns the marks of a text that `encode` wrote; throws when it is none. */
export const decode = (text: string | null): Marks => {
  if (text === null) return none
  const { anchorIsSignal = true, failure, tellAt, silencedUntil, probing } = decodeStored(text, "marks")
  return {
    anchorIsSignal,
    failure: failure && readFailure(failure),
    tellAt,
    silencedUntil,
    probing: probing && { ...noRound, ...probing },
  }
}

const readFailure = ({
  missed,
  at,
  rid,
  isReported = false,
}: NonNullable<typeof Stored.Type.failure>): Failure => ({ missed, at, rid, isReported })
