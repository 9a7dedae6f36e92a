/** Lists of the APIs of other services, when there is a lot to list. */
import { Store } from "@overdue/core/Store"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { expect, it } from "vitest"
import { HttpHost } from "../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../test/kit/Keys.ts"
import { turning } from "../../../../test/kit/Turning.ts"

const count = 300
const asked = { bearer: keys.readWrite }

/** Creates as many heartbeats and services, and pings the last heartbeat. Resolves to its id and that of its service. */
const fill = async (host: HttpHost) => {
  const create = async (what: string, body: object): Promise<string> =>
    (await host.ask("POST", `/ph/resource-cmd/v1/${what}`, { ...asked, body })).json().id
  const service = await create("service", { name: "Backups" })
  let heartbeat = ""
  for (let n = 0; n < count; n++) {
    await create("service", { name: `service ${n}` })
    heartbeat = await create("heartbeat", { service_id: service, name: `job ${n}` })
  }
  for (let n = 0; n < 100; n++) await host.ask("POST", `/ping/${heartbeat}`, { body: `run ${n}` })
  return { service, heartbeat }
}

/** Each list, and how many things of it are on a page. */
const listsOf = ({ service, heartbeat }: Awaited<ReturnType<typeof fill>>): readonly [string, number][] => [
  ["/ch/api/v1/monitors", count],
  ["/u66/api/heartbeats?results_per_page=1000", count],
  ["/u66/api/projects?results_per_page=1000", count + 1],
  [`/ph/resource-query/v1/service/${service}/heartbeats?limit=100`, 100],
  ["/ph/resource-query/v1/team-service/t?limit=100", 100],
  [`/ph/statistic-query/v1/heartbeat/${heartbeat}/events?limit=1000`, 100],
]

const ask = (host: HttpHost, path: string) => host.ask("GET", path, path.startsWith("/ch") ? {} : asked)

it("a long list lets others have their turns while it is made", async () => {
  await using host = await HttpHost.open()
  for (const [path, things] of listsOf(await fill(host))) {
    const [answer, turns] = await turning(ask(host, path))
    const { data, response } = answer.json()
    expect([path, (data ?? response).length]).toEqual([path, things])
    expect(turns, path).toBeGreaterThanOrEqual(Math.floor(things / 20))
  }
})

it("a list that many ask for at once is made for all of them", async () => {
  const calls: string[] = []
  const watched = Effect.map(
    Store,
    (store) =>
      new Proxy(store, {
        get: (target, name: keyof typeof store) => {
          const member: unknown = target[name]
          if (typeof member !== "function") return member
          return (...given: readonly unknown[]): unknown => {
            // For each who asks, the key is looked for.
            if (name !== "apiKey" && name !== "project") calls.push(name)
            return member.apply(target, given)
          }
        },
      }),
  )
  const store = Layer.provide(Layer.effect(Store, watched), MemoryStore.layer)
  await using host = await HttpHost.open({ store })
  for (const [path] of listsOf(await fill(host))) {
    calls.length = 0
    const alone = await ask(host, path)
    const before = calls.length
    calls.length = 0
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(host, path)))
    // The first is begun at once, and some come when it is made already.
    expect(calls.length, path).toBeLessThanOrEqual(10 * before)
    for (const { text } of answers) expect(text === alone.text).toBe(true)
  }
})
