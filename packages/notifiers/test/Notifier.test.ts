import { Notifier } from "@overdue/core/Notifier"
import * as Notifiers from "@overdue/notifiers"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import * as Alerts from "./Alerts.ts"
import * as Receiver from "../../../test/kit/Receiver.ts"

const { channel } = Alerts
const notifier = Notifiers.make({ allowPrivateTargets: true })
const notify = (...given: Parameters<typeof notifier.notify>) => Effect.runPromise(notifier.notify(...given))

describe("the notifier", () => {
  it("knows a kind by the name that it lists", () => {
    for (const { kind } of notifier.kinds) {
      const refused = Result.merge(notifier.parse(kind, 5))
      expect(refused).toMatchObject({ _tag: "ChannelInvalid", field: "value" })
    }
  })

  it("refuses a kind that it does not know, and says which there are", () => {
    expect(Result.merge(notifier.parse("pigeon", {}))).toMatchObject({
      _tag: "ChannelInvalid",
      field: "kind",
      message: expect.stringContaining("webhook"),
    })
  })

  it("is core's Notifier when it is provided as a layer", async () => {
    const kinds = Effect.map(Notifier, (service) => service.kinds)
    expect(await Effect.runPromise(Effect.provide(kinds, Notifiers.layer()))).toEqual(notifier.kinds)
  })

  it("tells a channel and says that it is delivered", async () => {
    await using receiver = await Receiver.listen()
    const told = await notify(Alerts.told(), channel({ url_down: `${receiver.url}/hook` }))
    expect(told).toEqual({ type: "delivered" })
    expect(receiver.received).toMatchObject([{ method: "GET", url: "/hook", body: "" }])
  })

  it("skips an alert that the channel does not want", async () => {
    await using receiver = await Receiver.listen()
    const up = Alerts.make({ alert: { status: "up", reason: "success" } })
    expect(await notify(Alerts.told(up), channel({ url_down: receiver.url }))).toMatchObject({
      type: "skipped",
      why: expect.stringContaining("url_up"),
    })
    expect(receiver.received).toEqual([])
  })

  it("gives up a channel whose kind is gone or whose stored value is not one", async () => {
    expect(await notify(Alerts.told(), channel({}, "pigeon"))).toMatchObject({ type: "permanent" })
    expect(await notify(Alerts.told(), channel({ url_down: 5 }))).toEqual({
      type: "permanent",
      why: "value.url_down: expected a string",
    })
  })

  it("refuses a private target unless told otherwise, and names the host and what allows it", async () => {
    await using receiver = await Receiver.listen()
    const verdict = await Effect.runPromise(
      Notifiers.make().notify(Alerts.told(), channel({ url_down: `${receiver.url}/secret-path` })),
    )
    expect(verdict).toMatchObject({ type: "permanent", why: expect.stringContaining("127.0.0.1") })
    expect(verdict).toMatchObject({ why: expect.stringContaining("--allow-private-targets") })
    expect(verdict).toMatchObject({ why: expect.not.stringContaining("secret-path") })
    expect(receiver.received).toEqual([])
  })
})
