/** What a server under attack has that requests can be about. */
import * as Dialects from "@overdue/server/dialects/index"
import type { OverdueServer } from "../../kit/OverdueServer.ts"
import * as Documented from "./Documented.ts"
import type * as HttpCase from "./HttpCase.ts"

/** The mounts of all dialects but the first, of which the requests are known. */
const others = Dialects.dialects.slice(1).map(({ mount }) => mount)

/** Makes checks of every kind that a signal can meet, and resolves to them and the badges of their tags. */
export const make = async (overdue: OverdueServer, domain: string): Promise<HttpCase.Addresses> => {
  const keywords = { start_kw: "START", success_kw: "SUCCESS,ok", failure_kw: "FAILED, ERROR" }
  const kinds = [
    {},
    { schedule: "*/5 * * * *", tz: "Europe/Riga" },
    { schedule: "Mon..Fri *-*-* 09:00" },
    { filter_http_body: true, ...keywords },
    { filter_subject: true, filter_body: true, filter_default_fail: true, ...keywords },
    { methods: "POST", manual_resume: true },
    { runs: "every", alert: { failures: 2, out_of: 3 } },
  ]
  const checks = await Promise.all(
    Array.from({ length: 28 }, async (_, index) => {
      const details = { name: `job ${index}`, slug: `job-${index}`, tags: `tag-${index % 5} all` }
      const { json } = await overdue.api("POST", "/api/v3/checks/", {
        ...details,
        ...kinds[index % kinds.length],
      })
      return { id: String(json["uuid"]), badge: String(json["badge_url"]) }
    }),
  )
  const { json } = await overdue.api("GET", "/api/v3/badges/")
  const ofTags = Object.values(json["badges"] as Record<string, Record<string, string>>).flatMap(
    Object.values,
  )
  const badges = [...ofTags, ...checks.map(({ badge }) => badge)].map((url) => new URL(String(url)).pathname)
  const operations = await Documented.read(overdue.url, others)
  return { checks: checks.map(({ id }) => id), badges, domain, operations }
}
