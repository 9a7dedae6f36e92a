/** What the agent says of answers, and of answers that do not come. */
import * as Answer from "@overdue/probes/agent/Answer"
import * as HttpAnswer from "@overdue/probes/HttpAnswer"
import { describe, expect, it } from "vitest"

const now = Date.UTC(2026, 2, 1, 12)

const refusal = (body: object, date?: string) => {
  const verdict = Answer.verdict(
    { status: 422, retryAfter: undefined, date, text: JSON.stringify(body) },
    now,
  )
  if (verdict.is !== "refused") throw new Error(`it is ${verdict.is}`)
  return verdict
}

describe("a report that is refused", () => {
  it("is said why, field by field, three of them at most", () => {
    const errors = ["a", "b", "c", "d", "e"].map((field) => ({ field, message: "is wrong" }))
    expect(refusal({ message: "Validation failed", errors: errors.slice(0, 1) }).why).toBe(
      "the server refuses a report (422): Validation failed: a is wrong",
    )
    expect(refusal({ message: "Validation failed", errors }).why).toBe(
      "the server refuses a report (422): Validation failed: a is wrong; b is wrong; c is wrong; and 2 more",
    )
  })

  it.each([[null], ["x"], [[null, 1, {}]], [{}]])(
    "is so whatever stands where errors should: %j",
    (errors) => {
      expect(refusal({ message: "no", errors }).why).toBe("the server refuses a report (422): no")
    },
  )

  it.each([
    [undefined, ""],
    ["nonsense", ""],
    ["Sun, 01 Mar 2026 12:00:30 GMT", ""],
    [
      "Tue, 03 Mar 2026 12:00:00 GMT",
      "; this machine's clock says 2026-03-01T12:00:00Z, and the server's 2026-03-03T12:00:00Z: set the one that is wrong",
    ],
  ])("hints at a clock that is wrong, when the server's Date is %s", (date, hint) => {
    expect(refusal({ message: "no" }, date).hint).toBe(hint)
  })
})

const coded = (code: string) => Object.assign(new Error("no"), { code })

describe("a server without an answer", () => {
  it.each([
    [new DOMException("late", "TimeoutError"), "does not answer in time"],
    [coded("ECONNREFUSED"), "cannot be reached (ECONNREFUSED)"],
    [coded("HPE_INVALID_CONSTANT"), "does not speak HTTP (HPE_INVALID_CONSTANT): check the address"],
    [
      coded("ERR_SSL_WRONG_VERSION_NUMBER"),
      "does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER): check the address",
    ],
    [
      coded("CERT_NOT_YET_VALID"),
      "has a certificate that is not valid now (CERT_NOT_YET_VALID): check that, and the clock of this machine",
    ],
  ])("is called what it is: %s", (error, said) => {
    expect(HttpAnswer.unanswered(error)).toBe(said)
  })
})
