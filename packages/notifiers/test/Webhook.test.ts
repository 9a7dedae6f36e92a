import { createHash } from "node:crypto"
import type { ToldAlert } from "@overdue/core/Alert"
import type { Verdict } from "@overdue/core/Notifier"
import { notifierLaws } from "@overdue/laws/notifierLaws"
import type { NotifyRequest } from "@overdue/notifiers/HttpKind"
import { overHttp } from "@overdue/notifiers/Kind"
import * as Limits from "@overdue/notifiers/Limits"
import * as Notifiers from "@overdue/notifiers"
import * as Value from "@overdue/notifiers/Value"
import { accepted, webhook } from "@overdue/notifiers/Webhook"
import * as Probe from "@overdue/core/Probe"
import * as Probing from "@overdue/core/probe/Probing"
import { day } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import * as Alerts from "./Alerts.ts"
import * as Receiver from "../../../test/kit/Receiver.ts"

const noLinks = { root: undefined }
const parse = Value.reader(webhook.config)
const refused = (value: unknown) => Result.merge(parse(value))

const keyOf = ({ id }: ToldAlert): string => createHash("sha256").update(id).digest("hex").slice(0, 32)

/** What it would do. */
const tell = (value: unknown, alert: ToldAlert = Alerts.make()) =>
  webhook.tell(Alerts.told(alert), Result.getOrThrow(parse(value)), noLinks)

/** What would be sent. */
const sent = (value: unknown, alert?: ToldAlert): NotifyRequest => {
  const next = tell(value, alert)
  return next.type === "ask" ? next.request : expect.fail("nothing is sent")
}

notifierLaws(
  { ...webhook, parse, description: overHttp(webhook).description },
  {
    values: [
      { url_down: "https://hooks.example/t0k3n?p=$NAME" },
      {
        method_up: "PUT",
        url_up: "http://user:pa55w0rd@hooks.example/$TAG1",
        body_up: "$NAME $JSON $BODY",
        headers_up: { Authorization: "Bearer s3cr3t", "X-Name": "$NAME $TAGS $NAME_JSON" },
      },
      {
        method_down: "POST",
        url_down: "https://a.example/",
        body_down: "down",
        url_up: "https://a.example/up",
      },
    ],
    secrets: ["t0k3n", "pa55w0rd", "s3cr3t"],
  },
)

describe("a webhook's value", () => {
  it("is completed with what Healthchecks takes for granted", () => {
    expect(refused({ url_down: "https://hooks.example/" })).toEqual({
      method_down: "GET",
      url_down: "https://hooks.example/",
      body_down: "",
      headers_down: {},
      method_up: "GET",
      url_up: "",
      body_up: "",
      headers_up: {},
    })
  })

  it("may come as Healthchecks stores it: a JSON string, with the form's name in it", () => {
    const stored =
      '{"name": "ops", "method_up": "PUT", "url_up": "http://a.example", "headers_up": {"A": "b"}}'
    expect(refused(stored)).toMatchObject({ method_up: "PUT", headers_up: { A: "b" } })
    expect(refused(stored)).not.toHaveProperty("name")
  })

  const url_down = "https://hooks.example/"
  it.each<[unknown, string, string]>([
    [undefined, "value", "an object"],
    ["{", "value", "an object"],
    ['"text"', "value", "an object"],
    [[], "value", "an object"],
    [{}, "value.url_down", "a URL here or in url_up"],
    [{ url_down: "" }, "value.url_down", "a URL here or in url_up"],
    [{ url_down, url_dwn: "" }, "value.url_dwn", "no such field"],
    [{ url_down: null }, "value.url_down", "a string"],
    [{ url_up: 5 }, "value.url_up", "a string"],
    [{ url_down: "hooks.example" }, "value.url_down", "http://"],
    [{ url_down: "ftp://hooks.example" }, "value.url_down", "http://"],
    [{ url_down: "http://" }, "value.url_down", "http://"],
    [{ url_down: "http://a b/" }, "value.url_down", "http://"],
    [{ url_down: url_down + "x".repeat(Limits.url) }, "value.url_down", "at most 1000 characters"],
    [{ url_down, method_down: "get" }, "value.method_down", "GET, POST or PUT"],
    [{ url_down, method_up: "DELETE" }, "value.method_up", "GET, POST or PUT"],
    [{ url_down, body_down: {} }, "value.body_down", "a string"],
    [{ url_down, body_up: "x".repeat(Limits.body + 1) }, "value.body_up", "at most 10000 characters"],
    [{ url_down, headers_down: "A: b" }, "value.headers_down", "an object"],
    [{ url_down, headers_down: [] }, "value.headers_down", "an object"],
    [{ url_down, headers_down: { "": "b" } }, "value.headers_down", "header names"],
    [{ url_down, headers_down: { "A b": "b" } }, "value.headers_down", "header names"],
    [{ url_down, headers_down: { "A\r\nB": "b" } }, "value.headers_down", "header names"],
    [{ url_down, headers_down: { A: 1 } }, "value.headers_down.A", "a string"],
    [{ url_down, headers_down: { A: "b\r\nC: d" } }, "value.headers_down.A", "a single line"],
    [{ url_down, headers_down: { A: "x".repeat(1001) } }, "value.headers_down.A", "at most 1000"],
    [{ url_down, headers_down: { A: "b", a: "c" } }, "value.headers_down.a", "each header once"],
    [
      { url_down, headers_up: { "Content-Length": "5" } },
      "value.headers_up.Content-Length",
      "no header that",
    ],
    [{ url_down, headers_up: many(51) }, "value.headers_up", "at most 50 headers"],
  ])("is refused when it is %j: %s must be %s", (value, field, expected) => {
    expect(refused(value)).toMatchObject({
      _tag: "ChannelInvalid",
      field,
      expected: expect.stringContaining(expected),
    })
  })
})

describe("a webhook that is told", () => {
  it("gets what its side says: method, URL, headers and body", async () => {
    await using receiver = await Receiver.listen(Receiver.status(204))
    const value = {
      method_down: "POST",
      url_down: `${receiver.url}/down/$CODE?name=$NAME`,
      headers_down: { "Content-Type": "application/json", "X-Status": "$STATUS" },
      body_down: '{"name": $NAME_JSON, "log": $BODY_JSON}',
      method_up: "PUT",
      url_up: `${receiver.url}/up`,
      headers_up: { "X-Status": "$STATUS" },
      body_up: "$NAME is $STATUS",
    }
    const told = {
      details: { name: 'Ночной "бэкап"' },
      alert: { lastPing: Alerts.ping({ body: Alerts.text("no space\n") }) },
    }
    const notifier = Notifiers.make({ allowPrivateTargets: true })
    const channel = Alerts.channel(value)
    for (const status of ["down", "up"] as const) {
      const alert = Alerts.make({ ...told, alert: { ...told.alert, status } })
      expect(await Effect.runPromise(notifier.notify(Alerts.told(alert), channel))).toEqual({
        type: "delivered",
      })
    }
    const [down, up] = receiver.received
    expect(down).toMatchObject({ method: "POST" })
    expect(decodeURIComponent(down?.url ?? "")).toBe(`/down/${Alerts.checkId}?name=Ночной "бэкап"`)
    expect(JSON.parse(down?.body ?? "")).toEqual({ name: 'Ночной "бэкап"', log: "no space\n" })
    expect(down?.headers).toMatchObject({ "content-type": "application/json", "x-status": "down" })
    expect(up).toMatchObject({ method: "PUT", url: "/up", body: 'Ночной "бэкап" is up' })
    expect(up?.headers).toMatchObject({ "x-status": "up" })
  })

  it("is not told of a side without URL", () => {
    const value = { url_up: "https://hooks.example/" }
    const why = "the channel has no url_down, so it is told nothing of checks that are down"
    expect(tell(value)).toEqual({ type: "end", verdict: { type: "skipped", why } })
    expect(tell(value, Alerts.make({ alert: { status: "up" } }))).toMatchObject({ type: "ask" })
  })

  it("gets no body with GET, and none when its template is empty", () => {
    const side = { url_down: "https://hooks.example/", body_down: "text" }
    expect(sent(side)).toMatchObject({ method: "GET", body: undefined })
    expect(sent({ ...side, method_down: "POST", body_down: "" })).toMatchObject({
      method: "POST",
      body: undefined,
    })
  })

  it("can tell a repeated delivery by the header Idempotency-Key, unless it has one of its own", () => {
    const url_down = "https://hooks.example/"
    expect(sent({ url_down }).headers).toMatchObject({ "Idempotency-Key": keyOf(Alerts.make()) })
    expect(keyOf(Alerts.make())).not.toContain(Alerts.checkId.slice(0, 8))
    expect(sent({ url_down, headers_down: { "idempotency-key": "$CODE" } }).headers).toEqual({
      "idempotency-key": Alerts.checkId,
      "Overdue-Occasion": "flip",
    })
  })

  it.each(["flip", "reminder", "test"] as const)("can tell by a header that it is a %s", (occasion) => {
    const alert = Alerts.make({ alert: { occasion } })
    const url_down = "https://hooks.example/"
    expect(sent({ url_down }, alert).headers).toMatchObject({ "Overdue-Occasion": occasion })
    expect(sent({ url_down, headers_down: { "overdue-occasion": "mine" } }, alert).headers).toEqual({
      "overdue-occasion": "mine",
      "Idempotency-Key": keyOf(alert),
    })
  })

  it("is told by $NEWS what a reminder reminds of, so that nobody takes it for a recovery", () => {
    const url = "https://hooks.example/"
    const side = { url_down: url, method_down: "POST", body_down: "$NEWS" }
    const value = { ...side, url_up: url, method_up: "POST", body_up: "$NEWS" }
    const certificate = {
      host: "h",
      issuer: "i",
      subject: "s",
      validFrom: 0,
      validTo: Alerts.at + 12.5 * day,
    }
    const results = [{ region: "", ok: true, timings: { whole: 1 }, certificate }]
    const probing = { ...Probing.none, last: { at: Alerts.at, results } }
    const probe = Probe.make({ url: "https://example.org", remind: { certificate: [30] } })
    const news = (alert: Partial<ToldAlert>) =>
      sent(value, Alerts.make({ alert, policy: { probe }, state: { probing } })).body
    expect(news({})).toBe("Nightly backup is down (missed)")
    expect(news({ occasion: "reminder" })).toBe("Nightly backup is still down (missed)")
    expect(news({ status: "up", reason: "success" })).toBe("Nightly backup is up (success)")
    const reminder = { occasion: "reminder", status: "up", reason: "success" } as const
    expect(news(reminder)).toBe("Nightly backup: its certificate expires in 12 days, at 2026-02-13 00:00 UTC")
    const late = Alerts.make({ alert: reminder })
    expect(sent(value, late).body).toBe("Nightly backup: something of it was to expire soon")
    const why = "the channel has no url_up, so it is told nothing of checks that are up"
    expect(tell(side, late)).toEqual({ type: "end", verdict: { type: "skipped", why } })
  })

  it("sees what the last ping carried in its body only", () => {
    const alert = Alerts.make({
      alert: { lastPing: Alerts.ping({ body: Alerts.text("secret"), exitStatus: 3 }) },
    })
    const side = {
      method_down: "POST",
      url_down: "https://hooks.example/$BODY/$EXITSTATUS",
      headers_down: { "X-Body": "$BODY_JSON", "X-Exit": "$EXITSTATUS" },
      body_down: "$BODY $BODY_JSON $EXITSTATUS",
    }
    expect(sent(side, alert)).toMatchObject({
      url: "https://hooks.example/$BODY/3",
      headers: { "X-Body": "$BODY_JSON", "X-Exit": "3" },
      body: 'secret "secret" 3',
    })
  })

  it("gets headers in Latin-1, with references for the rest", () => {
    const headers_down = { "X-A": "b\u0101r \u00bd $NAME" }
    const alert = Alerts.make({ details: { name: "🌙\r\nX-Injected: 1" } })
    expect(sent({ url_down: "https://hooks.example/", headers_down }, alert).headers["X-A"]).toBe(
      "b&#257;r \u00bd &#127769;  X-Injected: 1",
    )
  })

  it("keeps a header with a name that JavaScript knows", () => {
    const value =
      '{"url_down": "https://hooks.example/", "headers_down": {"__proto__": "a", "constructor": "b"}}'
    expect(Object.entries(sent(value).headers)).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
      ["Idempotency-Key", keyOf(Alerts.make())],
      ["Overdue-Occasion", "flip"],
    ])
  })
})

describe("a webhook's answer", () => {
  const verdict = (status: number, retryAfter?: number): Verdict => {
    const next = tell({ url_down: "https://hooks.example/" })
    const last = next.type === "ask" ? next.heard({ status, body: "", retryAfter }) : next
    return last.type === "end" ? last.verdict : expect.fail("it asks again")
  }

  it("is a delivery with status 200, 201, 202 and 204, and with no other", () => {
    const delivered: number[] = []
    for (let status = 100; status <= 599; status++) {
      if (verdict(status).type === "delivered") delivered.push(status)
    }
    expect(delivered).toEqual([200, 201, 202, 204])
    expect(accepted).toEqual(delivered)
  })

  it("of 410 Gone says that there is no such channel, of another 4xx that the message is refused", () => {
    expect(verdict(410)).toMatchObject({ type: "permanent" })
    for (const status of [400, 401, 403, 404, 405, 413, 422, 451]) {
      const why = `the target answered with status ${status}, which refuses this message`
      expect(verdict(status)).toEqual({ type: "refused", why })
    }
  })

  it("of trouble, and of whatever the protocol does not know, is worth another attempt", () => {
    for (const status of [100, 203, 302, 408, 425, 429, 500, 502, 503, 504, 507, 599]) {
      const why = `the target answered with status ${status}`
      expect(verdict(status)).toMatchObject({ type: "retry", why })
    }
  })

  it("of 429 puts the next attempt off for as long as it says", async () => {
    await using receiver = await Receiver.listen(Receiver.status(429, { "retry-after": "7" }))
    const notifier = Notifiers.make({ allowPrivateTargets: true })
    const value = { url_down: receiver.url }
    const channel = Alerts.channel(value)
    expect(await Effect.runPromise(notifier.notify(Alerts.told(), channel))).toEqual({
      type: "retry",
      why: "the target answered with status 429",
      after: 7000,
    })
  })
})

function many(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`X-${index}`, ""]))
}
