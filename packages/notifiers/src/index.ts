/** The registry of the kinds of channels, and core's `Notifier` for them. */
import { Notifier, unknownKind, type Verdict } from "@overdue/core/Notifier"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { overHttp, type Kind, type Means } from "./Kind.ts"
import * as Sender from "./sending/Sender.ts"
import { webhook } from "./Webhook.ts"

/** Every kind of channel. */
export const kinds: readonly Kind[] = [overHttp(webhook)]

/** How alerts are sent. */
export interface Options extends Pick<Sender.Options, "timeout" | "certificateAuthorities"> {
  /** Whether requests may go to private, loopback and link-local addresses; by default false. */
  readonly allowPrivateTargets?: boolean | undefined
  /**
   * Where people reach this installation, for links in what is sent; without one, there are no links. A function is asked
   * for each message, for a server that knows its port only once it listens.
   */
  readonly siteRoot?: string | (() => string | undefined) | undefined
}

/**
 * Returns the layer of a notifier that knows every kind.
 *
 * @example
 * ```ts
 * import * as Monitor from "@overdue/engine/Monitor"
 * import * as Notifiers from "@overdue/notifiers"
 *
 * await using monitor = await Monitor.make({ notifiers: Notifiers.layer() })
 * const value = { url_down: "https://example.org/alerts", method_down: "POST", body_down: "$NAME is $STATUS" }
 * const channel = await monitor.createChannel({ name: "on call", kind: "webhook", value })
 * const check = await monitor.ensure({ slug: "backup", every: "1 day", channels: [channel.id] })
 * console.log(channel.kind, check.details.channels.length) // → webhook 1
 * ```
 */
export const layer = (options: Options = {}): Layer.Layer<Notifier> =>
  Layer.sync(Notifier, () => make(options))

/** Returns the notifier without a layer. */
export const make = (options: Options = {}): Notifier["Service"] =>
  over(
    Sender.make({
      ...options,
      isAllowed: options.allowPrivateTargets === true ? () => true : undefined,
    }),
    options,
  )

/** Returns the notifier that sends by a given sender. */
export const over = (send: Sender.Sender, { siteRoot }: Pick<Options, "siteRoot">): Notifier["Service"] => {
  const byName = new Map(kinds.map((kind) => [kind.description.kind, kind]))
  const means: Means = {
    links: {
      get root() {
        return (typeof siteRoot === "function" ? siteRoot() : siteRoot)?.replace(/\/+$/, "")
      },
    },
    send,
  }
  return {
    kinds: kinds.map(({ description }) => description),
    parse: (name, value) => {
      const kind = byName.get(name)
      return kind === undefined ? Result.fail(unknownKind(name, [...byName.keys()])) : kind.parse(value)
    },
    notify: Effect.fn("Notifier.notify")(function* (told, channel): Effect.fn.Return<Verdict> {
      const kind = byName.get(channel.kind)
      if (kind === undefined) {
        return { type: "permanent", why: unknownKind(channel.kind, [...byName.keys()]).message }
      }
      return yield* kind.notify(told, channel.value, means)
    }),
  }
}
