/** Texts that not every database stores: each store answers to them as the others do, and nothing breaks. */
import * as Store from "@overdue/core/Store"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Receive from "@overdue/engine/commands/Receive"
import * as EmailPing from "@overdue/server/mail/EmailPing"
import * as Postgres from "@overdue/storage/Postgres"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as References from "effect/References"
import * as TestClock from "effect/testing/TestClock"
import { expect, it } from "vitest"
import * as Arrival from "../../kit/Arrival.ts"
import * as EngineFixture from "../../kit/EngineFixture.ts"
import { eventually } from "../../kit/Eventually.ts"
import { HttpHost } from "../../kit/HttpHost.ts"
import { keys } from "../../kit/Keys.ts"
import * as Databases from "../../kit/postgres/Databases.ts"
import { onPostgres } from "../../kit/postgres/onPostgres.ts"

/** U+0000, for which PostgreSQL has no room; half of a pair; and a pair that a bound may cut in two. */
const texts = ["a\0b", "\ud800", "😀".repeat(150)]
const escaped = ["%00", "a%00b", "%ED%A0%80"]

interface Request {
  readonly method: string
  readonly target: string
  readonly asked?: { readonly key?: string; readonly body?: unknown }
}

/** What strangers and users may send, about a check with an id. */
const requests = (id: string): readonly Request[] => [
  ...texts.flatMap((text) => [
    ...["name", "slug", "tags", "desc", "tz", "schedule", "methods", "subject", "success_kw", "channels"].map(
      (field) => ({ method: "POST", target: "/api/v3/checks/", asked: { body: { [field]: text } } }),
    ),
    { method: "POST", target: "/api/v3/checks/", asked: { body: { name: text, unique: ["name"] } } },
    { method: "POST", target: `/api/v3/checks/${id}`, asked: { body: { name: text, desc: text } } },
    { method: "POST", target: "/api/v3/checks/", asked: { key: "", body: { api_key: text } } },
    { method: "POST", target: `/ping/${id}`, asked: { key: "", body: text } },
    { method: "POST", target: "/ch/checks", asked: { body: { name: text } } },
  ]),
  ...escaped.flatMap((text) =>
    [
      `/ping/${text}`,
      `/ping/${id}/${text}`,
      `/ping/${id}?rid=${text}`,
      `/ping/${keys.ping}/${text}`,
      `/ping/${keys.ping}/${text}?create=1`,
      `/ping/${text}/job`,
      `/api/v3/checks/?slug=${text}`,
      `/api/v3/checks/?tag=${text}`,
      `/api/v3/checks/${text}`,
      `/api/v3/checks/${id}/pings/${text}`,
      `/api/v3/checks/${id}/flips/?start=${text}`,
      `/api/v3/channels/${text}`,
      `/api/v3/deliveries/?channel=${text}`,
      `/badge/${text}/x/y.svg`,
      `/b/2/${text}.svg`,
      `/ch/checks/${text}`,
    ].flatMap((target) => [
      { method: "GET", target },
      { method: "POST", target, asked: { body: "x" } },
    ]),
  ),
]

/** Returns what a server on a store answers to each request. */
const answers = async (store: Layer.Layer<Store.Store, Store.StoreError>) => {
  await using host = await HttpHost.open({ store, log: [] })
  const made = (await host.ask("POST", "/api/v3/checks/", { body: { name: "job", slug: "job" } })).json()
  const answered: string[] = []
  for (const { method, target, asked } of requests(made.uuid)) {
    const { status } = await host.ask(method, target, asked)
    answered.push(`${method} ${target.replaceAll(made.uuid, "ID")} ${JSON.stringify(asked ?? {})}: ${status}`)
  }
  for (const from of texts) {
    const mail = { remoteAddress: "192.0.2.1", network: "192.0.2.1", data: new TextEncoder().encode(from) }
    const to = [`${made.uuid}@example.org`, `${from}@example.org`]
    answered.push(`mail: ${(await host.run(EmailPing.receive({ ...mail, from, to }))).join(", ")}`)
  }
  return answered
}

await onPostgres("a text that not every database stores", ({ fresh }) => {
  const stores = {
    memory: () => MemoryStore.layer,
    sqlite: () => Sqlite.layer({ filename: ":memory:" }),
    postgres: () => Postgres.layer({ address: Databases.address(fresh()) }),
  }

  it("is answered alike by all stores, and by none with a fault of its own", async () => {
    const [memory, sqlite, postgres] = await Promise.all(Object.values(stores).map((make) => answers(make())))
    expect(sqlite).toEqual(memory)
    expect(postgres).toEqual(memory)
    expect(memory!.filter((line) => / 5\d\d$/.test(line))).toEqual([])
    expect(memory!.filter((line) => line === "mail: received, unknown check")).toHaveLength(texts.length)
  })

  it.each(Object.entries(stores))(
    "is stored with U+FFFD in its place where nobody is refused for it: %s",
    async (_, make) => {
      const remember = { "a\0": "\0\ud800" }
      const verdicts: readonly EngineFixture.Answer[] = [
        { type: "retry", why: "it said a\0b\ud800" },
        { type: "delivered", remember },
      ]
      const runtime = ManagedRuntime.make(
        EngineFixture.layer({ store: make(), verdicts, loops: true }).pipe(
          Layer.provideMerge(TestClock.layer()),
          Layer.provideMerge(Layer.succeed(References.MinimumLogLevel, "Error")),
        ),
      )
      const { check, channel } = await runtime.runPromise(EngineFixture.furnish())
      const arrival = Arrival.overHttp({ id: check.id }, "fail")
      const hostile = { ...arrival.origin, userAgent: "a\0b\ud800", extension: { x: "a\0b\ud800" } }
      const receive = Effect.flatMap(Receive.Receive, ({ receive }) =>
        Effect.all([receive({ ...arrival, origin: hostile }), receive(arrival)], { concurrency: 2 }),
      )
      await runtime.runPromise(receive)
      const store = Effect.flatMap(Store.Store, (store) =>
        Effect.all([
          store.pings(check.id, { limit: 10 }),
          store.deliveries({ limit: 10 }),
          store.channel(channel.id),
        ]),
      )
      const look = () => runtime.runPromise(Effect.andThen(TestClock.adjust(100), store))
      const [pings, [failed], told] = await eventually(look, ([, [first]]) => first?.error !== undefined)
      expect(pings.map(({ userAgent }) => userAgent).toSorted()).toEqual(["", "a\ufffdb\ufffd"])
      expect(pings.find(({ userAgent }) => userAgent !== "")?.extension).toEqual({ x: "a\0b\ud800" })
      expect(failed).toMatchObject({ status: "pending", error: "it said a\ufffdb\ufffd" })
      expect(told?.lastError?.why).toBe("it said a\ufffdb\ufffd")
      await eventually(look, ([, [first]]) => first?.status === "delivered")
      await runtime.dispose()
    },
  )
})
