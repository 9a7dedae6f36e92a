/**
 * The laws that every kind of channel over HTTP must keep, whatever the alerts, the value and the responses. Run under
 * vitest; each law is one sentence of its output.
 */
import type { Told } from "@overdue/core/Alert"
import type { ChannelInvalid, Description, Verdict } from "@overdue/core/Notifier"
import type { Span } from "@overdue/core/Time"
import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as ArbitraryAlert from "./ArbitraryAlert.ts"

/** A request to the target of a channel. */
export interface Request {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** The answer of the target. */
export interface Response {
  readonly status: number
  readonly body: string
  readonly retryAfter: Span | undefined
}

/** Where links in messages lead. */
export interface Links {
  readonly root: string | undefined
}

/**
 * The next step in telling a channel: send a request, whose response decides the step after it, or end with a verdict.
 */
export type Conversation =
  | { readonly type: "ask"; readonly request: Request; readonly heard: (response: Response) => Conversation }
  | { readonly type: "end"; readonly verdict: Verdict }

/** A kind of channel, described by structure, so that this package need not import one that implements it. */
export interface LawfulNotifier<Config> {
  readonly description: Description
  readonly parse: (value: unknown) => Result.Result<Config, ChannelInvalid>
  readonly tell: (told: Told, config: Config, links: Links) => Conversation
}

/** Values with which the laws are tried. */
export interface Sample {
  /** Valid values of the kind, as objects. */
  readonly values: readonly Readonly<Record<string, unknown>>[]
  /** Texts in those values that nobody except the target may see. */
  readonly secrets: readonly string[]
}

/** The most requests of one conversation. */
const mostRequests = 8

/** Registers the laws for a kind of channel as tests. */
export const notifierLaws = <Config>(notifier: LawfulNotifier<Config>, sample: Sample): void => {
  const { description, parse, tell } = notifier
  const { kind } = description
  const configs = sample.values.map((value) => Result.getOrThrow(parse(value)))
  const given = fc.record({
    told: ArbitraryAlert.told(description.takesSeveral),
    config: fc.constantFrom(...configs),
    links: allLinks,
  })
  /** The first request of each conversation that has one. */
  const requests = given.map((one) => ({ ...one, sent: requestOf(tell(one.told, one.config, one.links)) }))

  describe(`the description of the kind ${kind}`, () => {
    it("names it, says what people call it and where it is documented, and every field of its value", () => {
      expect(kind).toMatch(/^[a-z][a-z0-9-]*$/)
      expect(description.title).not.toBe("")
      expect(description.documentation).toMatch(/^https:\/\//)
      const properties = Object.entries(
        description.value["properties"] as Record<string, { description?: string }>,
      )
      for (const [field, { description }] of properties)
        expect([field, description]).toEqual([field, expect.stringMatching(/\.$/)])
      const known = properties.map(([field]) => field)
      for (const value of sample.values) expect(known).toEqual(expect.arrayContaining(Object.keys(value)))
    })
  })

  describe(`a value of the kind ${kind}`, () => {
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

  describe(`a request of the kind ${kind}`, () => {
    it("is made for a check that goes down, or for one that comes up", () => {
      fc.assert(
        fc.property(given, ({ told, config, links }) => {
          const both = (["down", "up"] as const).map((status) =>
            tell(withStatus(told, status), config, links),
          )
          expect(both.some(({ type }) => type === "ask")).toBe(true)
        }),
      )
    })

    it("depends on nothing but what is told, the value and the links, and changes none of them", () => {
      fc.assert(
        fc.property(requests, ({ sent, ...one }) => {
          const before = JSON.stringify(one)
          expect(requestOf(tell(one.told, one.config, one.links))).toEqual(sent)
          expect(JSON.stringify(one)).toBe(before)
        }),
      )
    })

    it("carries the id of the alert or of its outage, the same at every attempt", () => {
      fc.assert(
        fc.property(requests, ({ told, config, links, sent }) => {
          if (sent === undefined) return
          expect(requestOf(tell(renamed(told), config, links))).not.toEqual(sent)
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

  describe(`a conversation of the kind ${kind}`, () => {
    /** Returns the verdict when the target gives every request the same response. */
    const ended = (one: { told: Told; config: Config; links: Links }, response: Response): Verdict => {
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
  })
}

const requestOf = (conversation: Conversation): Request | undefined =>
  conversation.type === "ask" ? conversation.request : undefined

const withStatus = (told: Told, status: "down" | "up"): Told => {
  const [first, ...others] = told.alerts
  return { ...told, alerts: [{ ...first, status }, ...others.map((alert) => ({ ...alert, status }))] }
}

/** Returns the same alerts with other ids, of outages with other ids. */
const renamed = (told: Told): Told => {
  const [first, ...others] = told.alerts
  const other = (alert: Told["alerts"][0]) => ({
    ...alert,
    id: `${alert.id}0`,
    outage: alert.outage === undefined ? undefined : { ...alert.outage, id: `${alert.outage.id}0` },
  })
  return { ...told, alerts: [other(first), ...others.map(other)] }
}

const expectRefusal = (parsed: Result.Result<unknown, ChannelInvalid>): void => {
  const refused = Result.merge(Result.map(parsed, () => undefined))
  expect(refused).toMatchObject({ _tag: "ChannelInvalid" })
  expect(refused?.field).toMatch(/^value/)
  expect(refused?.expected).not.toBe("")
}

const allLinks: fc.Arbitrary<Links> = fc.record({
  root: fc.constantFrom(undefined, "https://overdue.example"),
})

const responses: fc.Arbitrary<Response> = fc.record({
  status: fc.integer({ min: 100, max: 599 }),
  body: fc.oneof(fc.string(), fc.json()),
  retryAfter: fc.option(fc.nat(), { nil: undefined }),
})
