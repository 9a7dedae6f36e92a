import { second } from "@overdue/core/Time"
import { Store, type StoreError } from "@overdue/core/Store"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import * as Postgres from "@overdue/storage/Postgres"
import type * as Address from "@overdue/storage/postgres/Address"
import * as Driver from "@overdue/storage/postgres/Driver"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { writeFileSync } from "node:fs"
import * as Authority from "../../../../test/kit/Authority.ts"
import * as Folder from "../../../../test/kit/Folder.ts"
import * as Databases from "../../../../test/kit/postgres/Databases.ts"
import { onPostgres } from "../../../../test/kit/postgres/onPostgres.ts"
import * as Server from "../../../../test/kit/postgres/Server.ts"

await onPostgres("a session with PostgreSQL", ({ url }) => {
  let server: Server.Server
  let folder: Folder.Folder
  let authority: string
  beforeAll(async () => {
    server = await Server.start({
      certificate: { cert: Authority.valid, key: Authority.key },
      hasSocket: true,
    })
    folder = Folder.make("session")
    authority = folder.file("authority.pem")
    writeFileSync(authority, Authority.authority)
  })
  afterAll(async () => {
    folder?.[Symbol.dispose]()
    await server?.stop()
  })

  const ask = (address: Address.Address, sql: string) =>
    Effect.scoped(
      Effect.flatMap(Driver.open({ address, patience: second / 2 }), (driver) => driver.query(sql)),
    )
  const rows = (address: Address.Address, sql: string) => Effect.runPromise(ask(address, sql))
  const error = (address: Address.Address): Promise<StoreError> =>
    Effect.runPromise(Effect.flip(ask(address, "SELECT 1")))
  const isEncrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"

  const at = (query: string, host?: string): Address.Address => {
    const own = Databases.address(`${server.url}?${query}`)
    const port = own.hosts[0]!.port
    return host === undefined ? own : { ...own, hosts: [{ host, port, address: "127.0.0.1" }] }
  }

  describe("that is encrypted", () => {
    it.each(["prefer", "require"])("%s: without knowing the certificate", async (mode) => {
      expect(await rows(at(`sslmode=${mode}`), isEncrypted)).toEqual([[1]])
    })

    it("disable: is not", async () => {
      expect(await rows(at("sslmode=disable"), isEncrypted)).toEqual([[0]])
    })

    it("prefer: is not where the server has no encryption, and require is refused there", async () => {
      expect(
        await rows(Databases.address(`${url}${url.includes("?") ? "&" : "?"}sslmode=prefer`), isEncrypted),
      ).toEqual([[0]])
      const refused = await error(Databases.address(`${url}${url.includes("?") ? "&" : "?"}sslmode=require`))
      expect(refused.detail).toMatch(/Server refused TLS|does not support TLS/)
    })

    it("verify-ca: by an authority that is known, whatever the host", async () => {
      expect(await rows(at(`sslmode=verify-ca&sslrootcert=${authority}`), isEncrypted)).toEqual([[1]])
      expect((await error(at("sslmode=verify-ca"))).detail).toMatch(/certificate/)
      const strange = folder.file("strange.pem")
      writeFileSync(strange, Authority.strange)
      expect((await error(at(`sslmode=require&sslrootcert=${strange}`))).detail).toMatch(/certificate/)
    })

    it("verify-full: by one that is known, for the host that is named", async () => {
      const query = `sslmode=verify-full&sslrootcert=${authority}`
      expect(await rows(at(query, "target.test"), isEncrypted)).toEqual([[1]])
      for (const host of [undefined, "other.test"])
        expect((await error(at(query, host))).detail).toMatch(/does not match certificate/)
    })

    it("says which file it cannot read", async () => {
      const refused = await error(at(`sslmode=verify-full&sslrootcert=${folder.file("none.pem")}`))
      expect([refused.reason, refused.detail]).toEqual([
        "failed",
        expect.stringMatching(/^the file that sslrootcert names cannot be read: ENOENT/),
      ])
    })
  })

  it("goes over a Unix socket", async () => {
    const [{ port }] = at("").hosts as readonly [Address.Host]
    const address = { ...at(""), hosts: [{ host: server.folder, port }] }
    expect(await rows(address, "SELECT inet_server_addr()")).toEqual([[null]])
  })

  it("is with the first host that takes writes", async () => {
    await using standby = await Server.start({ settings: ["default_transaction_read_only=on"] })
    const [readOnly] = Databases.address(standby.url).hosts
    const [writable] = at("").hosts
    const gone = { host: "127.0.0.1", port: 1 }
    const port = "SELECT inet_server_port()"
    const hosts = [gone, readOnly!, writable!]
    expect(await rows({ ...at(""), hosts }, port)).toEqual([[writable!.port]])
    const alone = await error({ ...at(""), hosts: [readOnly!] })
    expect([alone.reason, alone.detail]).toEqual([
      "unavailable",
      expect.stringMatching(/takes no writes: default_transaction_read_only is on/),
    ])
  })

  it("is not with a database that has no room for every character", async () => {
    await rows(at(""), "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    const refused = await error({ ...at(""), database: "latin" })
    expect([refused.reason, refused.detail]).toEqual([
      "failed",
      expect.stringMatching(/has the encoding LATIN1.*ENCODING 'UTF8'/),
    ])
  })

  it("with a schema in which something is missing, or that is another program's, says so at the start", async () => {
    const opening = (schema: string) =>
      Effect.runPromise(
        Effect.flip(Effect.scoped(Layer.build(Postgres.layer({ address: at(`schema=${schema}`) })))),
      )
    await Effect.runPromise(Effect.scoped(Layer.build(Postgres.layer({ address: at("schema=torn") }))))
    await rows(at("schema=torn"), "DROP TABLE ping_bodies")
    expect((await opening("torn")).detail).toMatch(/lacks a table \(relation "ping_bodies" does not exist\)/)
    await rows(at(""), "CREATE SCHEMA taken")
    await rows(at("schema=taken"), "CREATE TABLE checks (id int)")
    expect((await opening("taken")).detail).toMatch(/has tables of another program.*\?schema=/)
    await rows(at(""), "CREATE SCHEMA strange")
    await rows(at("schema=strange"), "CREATE TABLE migrations (id int)")
    expect((await opening("strange")).detail).toMatch(/lacks a column.*another program's/)
  })

  it.each([
    ["a wrong password", { username: "postgres", password: undefined }, /refuses its user/],
    ["a user that is not there", { username: "nobody-here" }, /refuses its user/],
    ["a database that is not there", { database: "nowhere" }, /does not exist.*CREATE DATABASE/],
  ] as const)("with %s is refused at once, and it is said what to do", async (_, given, why) => {
    const refused = await error({ ...at(""), ...given })
    expect([refused.reason, refused.detail]).toEqual(["failed", expect.stringMatching(why)])
  })

  it("may be of a user who may use the tables, and create none", async () => {
    const owner = at("schema=granted")
    await Effect.runPromise(Effect.scoped(Layer.build(Postgres.layer({ address: owner }))))
    const grants = [
      "CREATE ROLE plain LOGIN PASSWORD 'plain'",
      "GRANT USAGE ON SCHEMA granted TO plain",
      "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA granted TO plain",
      "GRANT USAGE ON ALL SEQUENCES IN SCHEMA granted TO plain",
    ]
    for (const sql of grants) await rows(owner, sql)
    const address = { ...owner, username: "plain", password: Redacted.make("plain") }
    await Effect.runPromise(
      Effect.scoped(
        Effect.flatMap(Layer.build(Postgres.layer({ address })), (context) =>
          Effect.gen(function* () {
            const store = Context.get(context, Store)
            yield* StoreFixture.furnish(store, 1)
            expect((yield* store.check(StoreFixture.checkId(1)))?.state.pings).toBe(1)
          }),
        ),
      ),
    )
    const refused = await Effect.runPromise(
      Effect.flip(
        Effect.scoped(Layer.build(Postgres.layer({ address: { ...address, schema: "elsewhere" } }))),
      ),
    )
    expect([refused.reason, refused.detail]).toEqual([
      "failed",
      expect.stringMatching(/does not let its user do that \(permission denied.*Grant what is missing/),
    ])
  })

  it("has limits for statements, locks and pauses, and the schema that is named", async () => {
    const settings = [
      "statement_timeout",
      "lock_timeout",
      "idle_in_transaction_session_timeout",
      "search_path",
    ]
    const sql = `SELECT ${settings.map((name) => `current_setting('${name}')`).join(", ")}`
    expect(await rows(at("schema=jobs"), sql)).toEqual([["20s", "5s", "10s", "jobs"]])
  })
})
