/** Fields of requests, as any dialect reads them. */
import { fields } from "@overdue/core/document/CheckFields"
import * as Field from "@overdue/core/document/Field"
import * as Schemas from "@overdue/core/document/Schemas"
import * as FieldReader from "@overdue/server/dialects/FieldReader"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

describe("a dialect", () => {
  it("reads the fields of a check, and ignores what it does not know and what nobody may set", () => {
    const read = FieldReader.make(fields)
    const body = { name: "job", timeout: 60, status: "up", unique: ["name"] }
    expect(read(body)).toEqual(Result.succeed({ name: "job", timeout: 60 }))
    expect(read({ timeout: true })).toEqual(Result.fail("timeout is not a number"))
  })

  it("reads fields of its own, and values of its own, too", () => {
    const urgency = Field.make({ sentence: "How urgent it is.", schema: Schemas.oneOf(["low", "high"]) })
    const read = FieldReader.make(fields, {
      extra: { urgency },
      adapt: (name, value) => (name === "timeout" && value === "hourly" ? 3600 : value),
    })
    expect(read({ timeout: "hourly", urgency: "low" })).toEqual(
      Result.succeed({ timeout: 3600, urgency: "low" }),
    )
    expect(Result.isFailure(read({ urgency: "hourly" }))).toBe(true)
  })
})
