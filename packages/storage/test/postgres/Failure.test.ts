import { constants } from "node:os"
import * as Failure from "@overdue/storage/postgres/Failure"
import { AuthenticationError, ConnectionError, SqlError, UnknownError } from "effect/sql/SqlError"
import { describe, expect, it } from "vitest"

const coded = (code: string): Error => Object.assign(new Error(`write ${code}`), { code })
const broken = (code: string) => new SqlError({ reason: new ConnectionError({ cause: coded(code) }) })
const place = "The PostgreSQL database overdue"

describe("a failure of PostgreSQL", () => {
  // Five letters are as long as a code of PostgreSQL: EPIPE, EPERM.
  it.each(Object.keys(constants.errno))("is a connection that broke, when the system says %s", (code) => {
    expect(Failure.translate(broken(code), place)).toMatchObject({
      reason: "unavailable",
      detail: `${place} cannot be reached (write ${code}). Check that it runs, and the way there.`,
    })
    expect(Failure.translate(broken(code), place, true).reason).toBe("unknown-outcome")
  })

  it("has the reason that the server gave for ending a connection, before that it has ended", () => {
    const stopping = Failure.translate(broken("57P01"), place)
    expect(stopping).toMatchObject({
      reason: "unavailable",
      detail: expect.stringMatching(/stops or starts/),
    })
    const refused = new SqlError({ reason: new AuthenticationError({ cause: coded("28P01") }) })
    expect(Failure.translate(refused, place).detail).toMatch(/refuses its user/)
  })

  it("at a commit leaves open what was kept, unless the server has said that it refuses it", () => {
    const unknown = (cause: unknown) => new SqlError({ reason: new UnknownError({ cause }) })
    expect(Failure.translate(unknown(new Error("gone")), place, true).reason).toBe("unknown-outcome")
    expect(Failure.translate(unknown(new Error("gone")), place).reason).toBe("failed")
    expect(Failure.translate(unknown(coded("XX000")), place, true).reason).toBe("failed")
    expect(Failure.translate(unknown(coded("23503")), place, true).reason).toBe("constraint")
  })
})
