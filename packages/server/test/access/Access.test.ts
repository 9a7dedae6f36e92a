/** Who a request is from, by its key or by the word of a host application. */
import * as RateLimit from "@overdue/engine/RateLimit"
import * as Monitor from "@overdue/engine/Monitor"
import { TurnedAway } from "@overdue/engine/TurnedAway"
import * as Access from "@overdue/server/access/Access"
import * as Keys from "@overdue/server/access/Keys"
import * as Protection from "@overdue/server/access/Protection"
import * as WebRequest from "@overdue/server/http/WebRequest"
import * as Server from "@overdue/server/Server"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { HttpHost, site } from "../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../test/kit/Keys.ts"

const wrong = "W".repeat(32)

/** Opens the door, and tells the caller or the tag of the refusal. */
const open = (server: HttpHost, door: Access.Door, authorize?: Access.Authorize) =>
  server.run(
    Access.open(server.inbound("GET", "/"), door).pipe(
      Effect.matchEffect({
        onFailure: (refusal) => Effect.succeed(refusal._tag),
        onSuccess: ({ by, access, project }) => Effect.succeed({ by, access, project: project.name }),
      }),
      Effect.provideService(Access.Authorize, authorize),
    ),
  )

describe("a key", () => {
  it.each([
    ["that may write, to read", keys.readWrite, "read", { by: "key", access: "read-write", project: "P" }],
    ["that may write, to write", keys.readWrite, "write", { by: "key", access: "read-write", project: "P" }],
    ["that is read-only, to read", keys.readOnly, "read", { by: "key", access: "read-only", project: "P" }],
    ["that is read-only, to write", keys.readOnly, "write", "ReadOnly"],
    ["of another project", keys.other, "read", { by: "key", access: "read-write", project: "other" }],
    ["that nobody has", "W".repeat(32), "read", "KeyWrong"],
    ["that is empty", "", "read", "KeyWrong"],
    ["that is not there", undefined, "read", "KeyMissing"],
  ] as const)("%s, opens what it opens", async (_case, key, need, expected) => {
    await using server = await HttpHost.open()
    expect(await open(server, { need, key })).toEqual(expected)
  })

  it("that is wrong is answered so many times a minute; right ones work on", async () => {
    await using server = await HttpHost.open()
    const { trusts, requests } = Protection.defaults
    const protection = { trusts, requests, wrongKeys: RateLimit.make(2) }
    const turnedAway: string[] = []
    const ask = (key: string, remoteAddress: string) =>
      server.run(
        Access.open({ ...server.inbound("GET", "/"), remoteAddress }, { need: "read", key }).pipe(
          Effect.match({ onFailure: ({ _tag }) => _tag, onSuccess: ({ by }) => by }),
          Effect.provideService(TurnedAway, (why) => void turnedAway.push(why)),
          Effect.provideService(Protection.Protection, protection),
        ),
      )
    for (const [key, from, expected] of [
      [wrong, "192.0.2.7", "KeyWrong"],
      [keys.readOnly, "192.0.2.7", "key"],
      [wrong, "192.0.2.7", "KeyWrong"],
      [wrong, "192.0.2.7", "TooManyRequests"],
      [keys.readOnly, "192.0.2.7", "key"],
      [wrong, "192.0.2.8", "KeyWrong"],
      [wrong, "2001:db8::1", "KeyWrong"],
      [wrong, "2001:db8:0:0:9::", "KeyWrong"],
      [wrong, "2001:db8::ffff", "TooManyRequests"],
      [wrong, "2001:db8:0:1::1", "KeyWrong"],
    ] as const) {
      expect([key, from, await ask(key, from)]).toEqual([key, from, expected])
    }
    const tooMany = "too many wrong keys came from their network"
    expect(turnedAway).toEqual([tooMany, tooMany])
  })

  it("stands in no log, be it right or wrong", async () => {
    const log: string[] = []
    await using server = await HttpHost.open({ log })
    const body = { api_key: wrong }
    expect((await server.ask("POST", "/api/v3/checks/", { key: wrong })).status).toBe(401)
    expect((await server.ask("POST", "/api/v3/checks/", { key: "", body })).status).toBe(401)
    expect((await server.ask("GET", "/api/v3/checks/", { key: keys.readWrite })).status).toBe(200)
    for (const key of [wrong, keys.readWrite]) expect(log.join("\n")).not.toContain(key)
  })

  it("that is wrong counts for the address behind a proxy only where that proxy is trusted", async () => {
    await using server = await HttpHost.open()
    const ask = (protection: Protection.Protection, forwarded: string) =>
      server.run(
        Access.open(server.inbound("GET", "/", { headers: { "x-forwarded-for": forwarded } }), {
          need: "read",
          key: wrong,
        }).pipe(
          Effect.flip,
          Effect.map(({ _tag }) => _tag),
          Effect.provideService(Protection.Protection, protection),
        ),
      )
    const { trusts, requests } = Protection.defaults
    const anybody = { trusts, requests, wrongKeys: RateLimit.make(1) }
    expect(await ask(anybody, "198.51.100.1")).toBe("KeyWrong")
    expect(await ask(anybody, "198.51.100.2")).toBe("TooManyRequests")
    const isOurs = (hop: string) => hop === "192.0.2.7"
    const trusted = { trusts: isOurs, requests, wrongKeys: RateLimit.make(1) }
    expect(await ask(trusted, "198.51.100.1")).toBe("KeyWrong")
    expect(await ask(trusted, "198.51.100.2")).toBe("KeyWrong")
    expect(await ask(trusted, "198.51.100.2")).toBe("TooManyRequests")
  })

  it("opens so many times a minute as the operator allows; a refused one is not counted", async () => {
    await using server = await HttpHost.open()
    const requests = RateLimit.make(2)
    const ask = (need: Access.Need) =>
      server.run(
        Access.open(server.inbound("GET", "/"), { need, key: keys.readOnly }).pipe(
          Effect.flip,
          Effect.orElseSucceed(() => undefined),
          Effect.provideService(Protection.Protection, {
            trusts: Protection.defaults.trusts,
            requests,
          }),
        ),
      )
    for (let count = 0; count < 5; count++) expect(await ask("write")).toMatchObject({ _tag: "ReadOnly" })
    expect([await ask("read"), await ask("read")]).toEqual([undefined, undefined])
    expect(await ask("read")).toMatchObject({ _tag: "TooManyRequests", seconds: 30 })
  })
})

describe("the key in the user name of basic authentication", () => {
  const sent = (authorization: string | undefined) =>
    Access.basicKey(
      WebRequest.inbound(
        new Request(
          "https://example.org/",
          authorization === undefined ? {} : { headers: { authorization } },
        ),
      ),
    )
  const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString("base64")}`
  const colons = `a:b:${"c".repeat(Keys.length - 4)}`

  it.each([
    ["is read without a password", basic(`${keys.readOnly}:`), keys.readOnly],
    ["is read with whatever password", basic(`${keys.readOnly}:x:y`), keys.readOnly],
    ["may contain colons", basic(`${colons}:`), colons],
    ["may contain colons before a password", basic(`${colons}:x:y`), colons],
    ["may be of another length, and is wrong then", basic("short:x"), "short"],
    ["is asked for in any case", basic(`${keys.readOnly}:`).replace("Basic", "basic"), keys.readOnly],
    ["is missing without the header", undefined, undefined],
    ["is missing without a colon", basic("x".repeat(Keys.length)), undefined],
    ["is missing when it is empty", basic(":password"), undefined],
    ["is missing when it is not base64", "Basic %%%", undefined],
    ["is missing in another scheme", `Bearer ${keys.readOnly}`, undefined],
  ])("%s", (_case, authorization, key) => {
    expect(sent(authorization)).toBe(key)
  })
})

describe("a host application", () => {
  it("answers for requests without a key, at once or later, and for no others", async () => {
    await using server = await HttpHost.open()
    const asked: string[] = []
    const authorize: Access.Authorize = (inbound) => {
      asked.push(inbound.path)
      return { project: server.project.id, access: "read-only", user: "ada" }
    }
    const caller = { by: "host", access: "read-only", project: "P" }
    expect(await open(server, { need: "read", key: undefined }, authorize)).toEqual(caller)
    expect(
      await open(server, { need: "read", key: undefined }, async (inbound) => authorize(inbound)),
    ).toEqual(caller)
    expect(asked).toEqual(["/", "/"])
    expect(await open(server, { need: "read", key: "W".repeat(32) }, authorize)).toBe("KeyWrong")
    expect(asked).toHaveLength(2)
  })

  it.each([
    ["may let somebody read who must not write", "write", { access: "read-only" }, "ReadOnly"],
    ["may say that it does not know who asks", "read", undefined, "KeyMissing"],
    ["cannot let anybody into a project that is gone", "read", { project: "gone" }, "KeyWrong"],
  ] as const)("%s", async (_case, need, grant, expected) => {
    await using server = await HttpHost.open()
    const whole =
      grant === undefined
        ? undefined
        : { project: server.project.id, access: "read-write" as const, ...grant }
    expect(await open(server, { need, key: undefined }, () => whole)).toBe(expected)
  })

  it("lets its users into the management API and the metrics of its project", async () => {
    await using monitor = await Monitor.make()
    const { id } = await monitor.create({ name: "backup" })
    const project = monitor.project.id
    const handle = await Server.handler(monitor, site, {
      authorize: ({ header }) =>
        header("cookie") === "session=ada" ? { project, access: "read-only" } : undefined,
    })
    const status = async (method: string, path: string, cookie: string) =>
      (await handle(new Request(`https://example.org${path}`, { method, headers: { cookie } }))).status
    for (const path of ["/api/v3/checks/", `/api/v3/checks/${id}/flips/`, `/projects/${project}/metrics/`]) {
      expect([path, await status("GET", path, "session=ada")]).toEqual([path, 200])
      expect([path, await status("GET", path, "session=eve")]).toEqual([path, 401])
    }
    expect(await status("POST", `/api/v3/checks/${id}/pause`, "session=ada")).toBe(401)
  })

  it.each(["admin", "read", "", true, undefined])("lets nobody in when it grants %j", async (access) => {
    await using monitor = await Monitor.make()
    const handle = await Server.handler(monitor, site, {
      authorize: () => ({ project: monitor.project.id, access: access as never }), // what untyped code may do
    })
    for (const method of ["GET", "POST"]) {
      expect((await handle(new Request("https://example.org/api/v3/checks/", { method }))).status).toBe(500)
    }
  })

  it("that fails is answered for with a 500, and lets nobody in", async () => {
    await using monitor = await Monitor.make()
    const handle = await Server.handler(monitor, site, {
      authorize: async () => {
        throw new Error("the session store is away")
      },
    })
    expect((await handle(new Request("https://example.org/api/v3/checks/"))).status).toBe(500)
  })
})
