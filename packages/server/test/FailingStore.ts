/** The store in memory, which fails from when a test says so. */
import * as Store from "@overdue/core/Store"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

export class FailingStore {
  /** How everything that is asked of it ends from now on; `undefined`: as it should. */
  end: Effect.Effect<never, Store.StoreError> | undefined
  /** The one thing that fails; `undefined`: everything does. */
  only: keyof Store.Store["Service"] | undefined

  readonly layer: Layer.Layer<Store.Store, Store.StoreError> = Layer.effect(
    Store.Store,
    Effect.gen({ self: this }, function* () {
      const store = Context.get(yield* Layer.build(MemoryStore.layer), Store.Store)
      return new Proxy(store, {
        get: (target, name: keyof typeof store) => {
          const member: unknown = target[name]
          const end = () => (this.only === undefined || this.only === name ? this.end : undefined)
          if (typeof member !== "function") return end() ?? member
          return (...args: readonly unknown[]): unknown => end() ?? member.apply(target, args)
        },
      })
    }),
  )
}
