/** Where alerts go: the registry of channel kinds, and core's `Notifier` over it. */
import { Notifier, unknownKind, type Verdict } from "@overdue/core/Notifier"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { overHttp, type Kind, type Means } from "./Kind.ts"
import * as Sender from "./sending/Sender.ts"
import { webhook } from "./Webhook.ts"

/** Every kind there is. */
export const kinds: readonly Kind[] = [overHttp(webhook)]

export interface Options extends Pick<Sender.Options, "timeout" | "certificateAuthorities"> {
  /** Sends to private addresses too. Default: false. */
  readonly allowPrivateTargets?: boolean | undefined
  /** Where people reach this installation, for links in what is sent; none: no links. */
  readonly siteRoot?: string | undefined
}

/** Core's `Notifier` for every kind. */
export const layer = (options: Options = {}): Layer.Layer<Notifier> =>
  Layer.sync(Notifier, () => make(options))

/** The same without a layer. */
export const make = (options: Options = {}): Notifier["Service"] => {
  const byName = new Map(kinds.map((kind) => [kind.description.kind, kind]))
  const means: Means = {
    links: { root: options.siteRoot?.replace(/\/+$/, "") },
    send: Sender.make({
      ...options,
      isAllowed: options.allowPrivateTargets === true ? () => true : undefined,
    }),
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
