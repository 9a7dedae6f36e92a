/** Laws of requests: for what they are made, what they depend on, and that they can be sent. */
import type { Told } from "@overdue/core/Alert"
import fc from "fast-check"
import { expect, it } from "vitest"
import { requestOf, type Trial } from "./Trial.ts"

/** Registers the laws. */
export const requests = <Config>({ notifier: { tell }, given, requests }: Trial<Config>): void => {
  it("is made for a check that goes down, or for one that comes up", () => {
    fc.assert(
      fc.property(given, ({ told, config, links }) => {
        const both = (["down", "up"] as const).map((status) => tell(withStatus(told, status), config, links))
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
}

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
