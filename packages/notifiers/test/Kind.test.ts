import type { Told } from "@overdue/core/Alert"
import { end, once, type Conversation, type HttpKind, type NotifyRequest } from "@overdue/notifiers/HttpKind"
import { overHttp } from "@overdue/notifiers/Kind"
import * as Limits from "@overdue/notifiers/Limits"
import * as Sender from "@overdue/notifiers/sending/Sender"
import { notifierLaws } from "@overdue/laws/notifierLaws"
import * as Value from "@overdue/notifiers/Value"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import * as Alerts from "./Alerts.ts"
import * as Receiver from "../../../test/kit/Receiver.ts"

const Config = Schema.Struct({
  url: Schema.String.annotate({ message: "a URL", description: "Where issues are kept." }),
})

const post = (url: string, body: unknown): NotifyRequest => ({
  method: "POST",
  url,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
})

const failed = (status: number, after: number | undefined) =>
  end({ type: "retry", why: `the target answered with status ${status}`, after })

/** A tracker of issues: opens one for an outage, and comments on it from then on. */
const issues: HttpKind<typeof Config.Type> = {
  kind: "issues",
  title: "Issues",
  documentation: "https://issues.example/docs",
  config: Config,
  takesSeveral: true,
  tell: ({ alerts: [{ check, status, memory, outage, id }], othersDown }: Told, { url }): Conversation => {
    const known = memory as { readonly issue: number } | undefined
    const said = { name: check.details.name, status, othersDown, since: outage?.since, id: outage?.id ?? id }
    const comment = (issue: number): Conversation =>
      once(post(`${url}/${issue}`, said), ({ status, retryAfter: after }) =>
        status < 300
          ? { type: "delivered", remember: outage === undefined ? {} : { [outage.id]: { issue } } }
          : { type: "retry", why: `the target answered with status ${status}`, after },
      )
    if (known !== undefined) return comment(known.issue)
    return {
      type: "ask",
      request: post(url, said),
      heard: ({ status, body, retryAfter }) => {
        if (status >= 300) return failed(status, retryAfter)
        const { issue } = parsed(body)
        return issue === undefined ? failed(status, retryAfter) : comment(issue)
      },
    }
  },
}

const parsed = (body: string): { readonly issue?: number } => {
  try {
    return Object(JSON.parse(body)) as { issue?: number }
  } catch {
    return {}
  }
}

notifierLaws(
  { ...issues, description: overHttp(issues).description, parse: Value.reader(Config) },
  { values: [{ url: "https://issues.example/t0k3n" }], secrets: ["t0k3n"] },
)

describe("a kind that asks twice", () => {
  const means = {
    links: { root: undefined },
    send: Sender.make({ isAllowed: () => true }),
  }
  const kind = overHttp(issues)

  it("goes on with what it heard, and remembers it for the next alert of the outage", async () => {
    await using receiver = await Receiver.listen({ status: 200, body: '{"issue": 7}' })
    const value = { url: `${receiver.url}/issues` }
    const alert = Alerts.make()
    const verdict = await Effect.runPromise(kind.notify(Alerts.told(alert), value, means))
    expect(receiver.received.map(({ url }) => url)).toEqual(["/issues", "/issues/7"])
    const remember = { [alert.outage!.id]: { issue: 7 } }
    expect(verdict).toEqual({ type: "delivered", remember })
    const later = { ...alert, memory: remember[alert.outage!.id] }
    await Effect.runPromise(kind.notify(Alerts.told(later), value, means))
    expect(receiver.received.map(({ url }) => url)).toEqual(["/issues", "/issues/7", "/issues/7"])
  })

  it("that never comes to an end is taken to have failed for now", async () => {
    await using receiver = await Receiver.listen()
    const again = (): Conversation => ({
      type: "ask",
      request: post(receiver.url, {}),
      heard: again,
    })
    const endless = overHttp({ ...issues, tell: again })
    const verdict = await Effect.runPromise(endless.notify(Alerts.told(), { url: receiver.url }, means))
    expect(verdict).toMatchObject({
      type: "retry",
      why: expect.stringContaining(`${Limits.requests} requests`),
    })
    expect(receiver.received).toHaveLength(Limits.requests)
  })
})
