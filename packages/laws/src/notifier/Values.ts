/** Laws of the values of a kind: which are taken, and how others are refused. */
import type { ChannelInvalid } from "@overdue/core/Notifier"
import * as Result from "effect/Result"
import fc from "fast-check"
import { expect, it } from "vitest"
import type { Trial } from "./Trial.ts"

/** Registers the laws. */
export const values = <Config>(trial: Trial<Config>): void => {
  refusals(trial)
  texts(trial)
}

const refusals = <Config>({ notifier: { parse }, sample }: Trial<Config>): void => {
  it("is refused with a named field when it is not an object", () => {
    const others = fc.oneof(
      fc.constantFrom(null, undefined, true, "", "words"),
      fc.double(),
      fc.array(fc.anything()),
    )
    fc.assert(fc.property(others, (value) => expectRefusal(parse(value))))
  })

  it("is refused with the field's name when it has one that is not described", () => {
    for (const value of sample.values) {
      const refused = Result.merge(parse({ ...value, "no such field": 1 }))
      expect(refused).toMatchObject({ _tag: "ChannelInvalid", field: "value.no such field" })
    }
  })

  it("is either taken or refused with a named field, whatever it is", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const parsed = parse(value)
        if (Result.isFailure(parsed)) expectRefusal(parsed)
      }),
    )
  })

  it("is taken or refused with a named field when one of its fields is anything else", () => {
    const spoilt = fc
      .constantFrom(...sample.values)
      .chain((value) =>
        fc
          .record({ field: fc.constantFrom(...Object.keys(value)), other: fc.anything() })
          .map(({ field, other }) => ({ ...value, [field]: other })),
      )
    fc.assert(
      fc.property(spoilt, (value) => {
        const parsed = parse(value)
        if (Result.isFailure(parsed)) expectRefusal(parsed)
      }),
    )
  })
}

/** How a value is stored as text, and read from it. */
const texts = <Config>({ notifier: { parse }, sample, configs }: Trial<Config>): void => {
  it("is stored as JSON that is taken again for the same", () => {
    for (const config of configs) {
      expect(Result.getOrThrow(parse(JSON.parse(JSON.stringify(config))))).toEqual(config)
    }
  })

  it("is taken as the text of its JSON too, or refused with a named field", () => {
    for (const value of sample.values) {
      const parsed = parse(JSON.stringify(value))
      if (Result.isFailure(parsed)) expectRefusal(parsed)
      else expect(parsed.success).toEqual(Result.getOrThrow(parse(value)))
    }
  })
}

const expectRefusal = (parsed: Result.Result<unknown, ChannelInvalid>): void => {
  const refused = Result.merge(Result.map(parsed, () => undefined))
  expect(refused).toMatchObject({ _tag: "ChannelInvalid" })
  expect(refused?.field).toMatch(/^value/)
  expect(refused?.expected).not.toBe("")
}
