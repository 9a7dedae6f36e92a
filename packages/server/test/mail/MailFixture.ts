/** An engine in memory with checks that mail can reach, for the tests of every door for mail. */
import type { Check, Policy } from "@overdue/core/Check"
import * as Checks from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import * as Create from "@overdue/engine/commands/Create"
import * as Projects from "@overdue/engine/commands/Projects"
import type * as Engine from "@overdue/engine/Engine"
import * as Monitor from "@overdue/engine/Monitor"
import { Site } from "@overdue/server/Site"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Result from "effect/Result"
import { keys } from "../../../../test/kit/Keys.ts"

export const domain = "ping.example.org"

export class MailFixture implements AsyncDisposable {
  readonly monitor: Monitor.Monitor
  readonly services: Context.Context<Engine.Services | Site>
  readonly #project: string

  private constructor(
    monitor: Monitor.Monitor,
    services: Context.Context<Engine.Services | Site>,
    project: string,
  ) {
    this.monitor = monitor
    this.services = services
    this.#project = project
  }

  static async open(given: Pick<Monitor.Options, "store" | "settings"> = {}): Promise<MailFixture> {
    const monitor = await Monitor.make(given)
    const project = await monitor.runtime.runPromise(Projects.create({ name: "mail", pingKey: keys.ping }))
    const site = { root: "https://hc.example.org", pingEmailDomain: domain, secret: "secret" }
    const services = (await monitor.runtime.context()).pipe(
      Context.add(Site, site),
      Context.add(Logger.CurrentLoggers, new Set()),
    )
    return new MailFixture(monitor, services, project.id)
  }

  /** A check that any message pings, unless there are filters. */
  async check(filters: Partial<Policy["filters"]> = {}, slug = ""): Promise<Check> {
    const policy = { ...Checks.defaultPolicy, filters: { ...Checks.defaultPolicy.filters, ...filters } }
    const { check } = await this.monitor.runtime.runPromise(
      Create.run({
        project: this.#project,
        plan: () => Result.succeed({ details: { ...Checks.noDetails, slug }, policy }),
      }),
    )
    return check
  }

  /** What was logged for a check, oldest first, bodies as text. */
  pings(check: Check) {
    return this.monitor.runtime.runPromise(
      Effect.gen(function* () {
        const store = yield* Store.Store
        const summaries = yield* store.pings(check.id, { limit: 100 })
        const pings = yield* Effect.forEach(summaries.toReversed(), ({ n }) => store.ping(check.id, n))
        return pings.map((ping) => ({ ...ping!, body: new TextDecoder().decode(ping!.body) }))
      }),
    )
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.monitor.close()
  }
}
