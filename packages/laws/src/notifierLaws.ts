/**
 * The laws of a channel kind that tells over HTTP: what any of them must keep, whatever the alert, the value and the
 * answer. Runs under vitest; each law is one sentence of its output.
 */
import type { Alert } from "@overdue/core/Alert"
import type { ChannelInvalid, Verdict } from "@overdue/core/Notifier"
import type { Span } from "@overdue/core/Time"
import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { alerts } from "./Alerts.ts"

export interface Request {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

export interface Response {
  readonly status: number
  readonly body: string
  readonly retryAfter: Span | undefined
}

export interface Site {
  readonly root: string | undefined
}

/** A kind, by its structure: the laws know no package of notifiers. */
export interface LawfulNotifier<Config> {
  readonly kind: string
  readonly parse: (value: unknown) => Result.Result<Config, ChannelInvalid>
  readonly request: (alert: Alert, config: Config, site: Site) => Request | undefined
  readonly verdict: (response: Response) => Verdict
}

/** What the laws try a kind with. */
export interface Sample {
  /** Values that the kind takes, as objects. */
  readonly values: readonly Readonly<Record<string, unknown>>[]
  /** Texts in those values that nobody but the target may see. */
  readonly secrets: readonly string[]
}

export const notifierLaws = <Config>(notifier: LawfulNotifier<Config>, sample: Sample): void => {
  const { parse, request, verdict } = notifier
  const configs = sample.values.map((value) => Result.getOrThrow(parse(value)))
  const values = fc.constantFrom(...sample.values)
  const requests = fc
    .record({ alert: alerts, config: fc.constantFrom(...configs), site: sites })
    .map(({ alert, config, site }) => ({ alert, config, site, sent: request(alert, config, site) }))

  describe(`a value of the kind ${notifier.kind}`, () => {
    it("is refused with a named field when it is not an object", () => {
      const others = fc.oneof(
        fc.constantFrom(null, undefined, true, "", "words"),
        fc.double(),
        fc.array(fc.anything()),
      )
      fc.assert(fc.property(others, (value) => expectRefusal(parse(value))))
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
      const spoilt = values.chain((value) =>
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
  })

  describe(`a request of the kind ${notifier.kind}`, () => {
    it("is made for a check that goes down, or for one that comes up", () => {
      fc.assert(
        fc.property(alerts, sites, fc.constantFrom(...configs), (alert, site, config) => {
          const both = (["down", "up"] as const).map((status) => request({ ...alert, status }, config, site))
          expect(both.some((made) => made !== undefined)).toBe(true)
        }),
      )
    })

    it("depends on nothing but the alert, the value and the site, and changes none of them", () => {
      fc.assert(
        fc.property(requests, ({ alert, config, site, sent }) => {
          const before = JSON.stringify({ alert, config, site })
          expect(request(alert, config, site)).toEqual(sent)
          expect(JSON.stringify({ alert, config, site })).toBe(before)
        }),
      )
    })

    it("carries the id of the alert, the same at every attempt", () => {
      fc.assert(
        fc.property(requests, ({ alert, config, site, sent }) => {
          if (sent === undefined) return
          const other = request({ ...alert, id: `${alert.id}0` }, config, site)
          expect(other).not.toEqual(sent)
        }),
      )
    })

    it("can be sent: no header breaks out of its line, whatever people call their checks", () => {
      fc.assert(
        fc.property(requests, ({ sent }) => {
          if (sent === undefined) return
          expect(sent.url).toMatch(/^https?:\/\//i)
          for (const [name, value] of Object.entries(sent.headers)) {
            expect(name).toMatch(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/)
            expect(value).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/)
          }
        }),
      )
    })
  })

  describe(`a verdict of the kind ${notifier.kind}`, () => {
    it("is there for every status from 100 to 599 and every body", () => {
      fc.assert(
        fc.property(responses, (response) => {
          const { type } = verdict(response)
          expect(type).not.toBe("skipped")
          if (type === "delivered") expect(response.status).toBeLessThan(300)
        }),
      )
      for (let status = 100; status <= 599; status++) {
        expect(verdict({ status, body: "", retryAfter: undefined })).toHaveProperty("type")
      }
    })

    it("asks for another attempt, and not before the target wants one, when the target has had too much", () => {
      fc.assert(
        fc.property(fc.constantFrom(429, 503), fc.nat(), fc.string(), (status, retryAfter, body) => {
          expect(verdict({ status, body, retryAfter })).toMatchObject({ type: "retry", after: retryAfter })
        }),
      )
    })

    it("asks for another attempt when the target is in trouble", () => {
      for (const status of [408, 500, 502, 503, 504]) {
        expect(verdict({ status, body: "", retryAfter: undefined }).type).toBe("retry")
      }
    })

    it("quotes no secret, even when the target echoes what it was sent", () => {
      const echoes = responses.map((response) => ({
        ...response,
        body: response.body + sample.secrets.join(" "),
      }))
      fc.assert(
        fc.property(echoes, (response) => {
          const told = JSON.stringify(verdict(response))
          for (const secret of sample.secrets) expect(told).not.toContain(secret)
        }),
      )
      expect(sample.secrets.every((secret) => JSON.stringify(sample.values).includes(secret))).toBe(true)
    })
  })
}

const expectRefusal = (parsed: Result.Result<unknown, ChannelInvalid>): void => {
  const refused = Result.merge(Result.map(parsed, () => undefined))
  expect(refused).toMatchObject({ _tag: "ChannelInvalid" })
  expect(refused?.field).toMatch(/^value/)
  expect(refused?.expected).not.toBe("")
}

const sites: fc.Arbitrary<Site> = fc.record({ root: fc.constantFrom(undefined, "https://overdue.example") })

const responses: fc.Arbitrary<Response> = fc.record({
  status: fc.integer({ min: 100, max: 599 }),
  body: fc.oneof(fc.string(), fc.json()),
  retryAfter: fc.option(fc.nat(), { nil: undefined }),
})
