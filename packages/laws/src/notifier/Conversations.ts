/** Laws of conversations: that they come to an end, and what their verdicts say. */
import type { Verdict } from "@overdue/core/Notifier"
import fc from "fast-check"
import { expect, it } from "vitest"
import type { Response } from "./LawfulNotifier.ts"
import type { Given, Trial } from "./Trial.ts"

/** The most requests of one conversation. */
const mostRequests = 8

/** Registers the laws. */
export const conversations = <Config>({ notifier: { tell }, sample, requests }: Trial<Config>): void => {
  /** Returns the verdict when the target gives every request the same response. */
  const ended = (one: Given<Config>, response: Response): Verdict => {
    let next = tell(one.told, one.config, one.links)
    for (let asked = 0; next.type === "ask" && asked < mostRequests; asked++) next = next.heard(response)
    return next.type === "end" ? next.verdict : expect.fail("the conversation does not come to an end")
  }

  const asked = requests.filter(({ sent }) => sent !== undefined)

  it(`comes to a verdict within ${mostRequests} requests, whatever the target answers`, () => {
    fc.assert(
      fc.property(asked, responses, (one, response) => {
        const { type } = ended(one, response)
        expect(type).not.toBe("skipped")
        if (type === "delivered") expect(response.status).toBeLessThan(300)
      }),
    )
    const [one] = fc.sample(asked, 1)
    for (let status = 100; status <= 599; status++) {
      expect(ended(one!, { status, body: "", retryAfter: undefined })).toHaveProperty("type")
    }
  })

  it("asks for another attempt, and not before the target wants one, when the target has had too much", () => {
    fc.assert(
      fc.property(
        asked,
        fc.constantFrom(429, 503),
        fc.nat(),
        fc.string(),
        (one, status, retryAfter, body) => {
          expect(ended(one, { status, body, retryAfter })).toMatchObject({
            type: "retry",
            after: retryAfter,
          })
        },
      ),
    )
  })

  it("asks for another attempt when the target is in trouble", () => {
    const [one] = fc.sample(asked, 1)
    for (const status of [408, 500, 502, 503, 504]) {
      expect(ended(one!, { status, body: "", retryAfter: undefined }).type).toBe("retry")
    }
  })

  it("quotes no secret, even when the target echoes what it was sent", () => {
    const echoes = responses.map((response) => ({
      ...response,
      body: response.body + sample.secrets.join(" "),
    }))
    fc.assert(
      fc.property(asked, echoes, (one, response) => {
        const verdict = JSON.stringify(ended(one, response))
        for (const secret of sample.secrets) expect(verdict).not.toContain(secret)
      }),
    )
    expect(sample.secrets.every((secret) => JSON.stringify(sample.values).includes(secret))).toBe(true)
  })
}

const responses: fc.Arbitrary<Response> = fc.record({
  status: fc.integer({ min: 100, max: 599 }),
  body: fc.oneof(fc.string(), fc.json()),
  retryAfter: fc.option(fc.nat(), { nil: undefined }),
})
