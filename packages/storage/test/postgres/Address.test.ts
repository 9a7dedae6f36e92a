import { minute, second } from "@overdue/core/Time"
import * as Address from "@overdue/storage/postgres/Address"
import fc from "fast-check"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

const read = (text: string, fallback?: string) => {
  const { password, ...address } = Result.getOrThrow(Address.parse(text, fallback))
  return { ...address, password: password === undefined ? undefined : Redacted.value(password) }
}
const refusal = (text: string): string => {
  const parsed = Address.parse(text)
  return Result.isFailure(parsed) ? parsed.failure : "taken"
}

const plain = {
  hosts: [{ host: "db.example.org", port: 5432 }],
  database: "overdue",
  username: "me",
  password: undefined,
  tls: { mode: "prefer", rootCertificate: undefined, certificate: undefined, key: undefined },
  schema: undefined,
  isPooled: undefined,
  connections: 10,
  connectWithin: 5 * second,
  applicationName: "overdue",
}

describe("the address of a PostgreSQL database", () => {
  it("is read as libpq reads it", () => {
    expect(read("postgres://me@db.example.org/overdue")).toEqual(plain)
    expect(read("postgresql://me@db.example.org:5433/overdue")).toEqual({
      ...plain,
      hosts: [{ host: "db.example.org", port: 5433 }],
    })
    // Without a name, the database is that of the user.
    expect(read("postgres://me@db.example.org")).toEqual({ ...plain, database: "me" })
    expect(read("postgres://m%40e:p%3Aa%2Fs%40s@[::1]:6/a%20b")).toEqual({
      ...plain,
      hosts: [{ host: "::1", port: 6 }],
      database: "a b",
      username: "m@e",
      password: "p:a/s@s",
    })
  })

  it("has several hosts, with a port for each or for all", () => {
    const hosts = (text: string) => read(text).hosts.map(({ host, port }) => `${host} ${port}`)
    expect(hosts("postgres://me@a:1,b:2,c/x?target_session_attrs=read-write")).toEqual([
      "a 1",
      "b 2",
      "c 5432",
    ])
    expect(hosts("postgres://me@/x?host=a,b&port=7")).toEqual(["a 7", "b 7"])
    expect(hosts("postgres://me@a,b/x?port=7,8")).toEqual(["a 7", "b 8"])
    expect(read("postgres://me@a,b/x?hostaddr=10.0.0.1,10.0.0.2").hosts).toEqual([
      { host: "a", port: 5432, address: "10.0.0.1" },
      { host: "b", port: 5432, address: "10.0.0.2" },
    ])
    expect(hosts("postgres://me@%2Frun%2Fpostgresql/x")).toEqual(["/run/postgresql 5432"])
    expect(hosts("postgres://me@/x?host=/run/postgresql")).toEqual(["/run/postgresql 5432"])
  })

  it("says how it is encrypted, which schema it is, and how it is used", () => {
    expect(
      read(
        "postgres://me@db.example.org/overdue?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/me.pem&sslkey=/me.key" +
          "&schema=jobs&pgbouncer=true&pool_size=4&connect_timeout=60&application_name=node-1",
      ),
    ).toEqual({
      ...plain,
      tls: { mode: "verify-full", rootCertificate: "/ca.pem", certificate: "/me.pem", key: "/me.key" },
      schema: "jobs",
      isPooled: true,
      connections: 4,
      connectWithin: minute,
      applicationName: "node-1",
    })
  })

  it("leaves the password to the environment, unless it has one", () => {
    expect(read("postgres://me@h/x", "secret").password).toBe("secret")
    expect(read("postgres://me:own@h/x", "secret").password).toBe("own")
    expect(read("postgres://me@h/x?password=own", "secret").password).toBe("own")
  })

  it.each([
    ["postgres:me@h/x", /is not of the form/],
    ["postgres://h/x", /names no user/],
    ["postgres://me@h:0/x", /port that is no whole number from 1 to 65535/],
    ["postgres://me@h:70000/x", /port/],
    ["postgres://me@h:5x/x", /port that is no whole number/],
    ["postgres://me@h:a/x", /port that is no whole number/],
    ["postgres://me@::1/x", /brackets: \[::1\]:5432/],
    ["postgres://me@a,b,c/x?port=1,2", /2 ports for 3 hosts/],
    ["postgres://me@a,b/x?hostaddr=10.0.0.1", /1 hostaddr for 2 hosts/],
    [`postgres://me@${Array(17).fill("h").join(",")}/x`, /more than 16 hosts/],
    ["postgres://me:p%zz@h/x", /% in its password/],
    ["postgres://me:p@ss@h/x", /write @, :, \/, \? and # in a password as %40/],
    ["postgres://me:p/ss@h/x", /write @/],
    ["postgres://me:p#ss@h/x", /write @/],
    ["postgres://me@h/x?sslmode=verify", /sslmode that is none of/],
    ["postgres://me@h/x?sslcert=/a", /both or neither/],
    ["postgres://me@h/x?target_session_attrs=read-only", /Overdue writes/],
    ["postgres://me@h/x?schema=Jobs", /no plain name/],
    ["postgres://me@h/x?schema=pg_temp", /no plain name/],
    ["postgres://me@h/x?schema=a;drop", /no plain name/],
    ["postgres://me@h/x?pgbouncer=yes", /neither true nor false/],
    ["postgres://me@h/x?pool_size=1", /from 2 to 200/],
    ["postgres://me@h/x?connect_timeout=0", /from 1 to 60/],
    ["postgres://me@h/x?sslmod=require", /a parameter that is none of host, hostaddr, port/],
  ])("%s is refused, and it is said why", (text, why) => {
    expect(refusal(text)).toMatch(why)
  })

  it("is never repeated in a refusal, as it may hold a password", () => {
    const secret = "hunter2hunter2"
    const spoiled = fc
      .record({ text: fc.string({ maxLength: 30 }), at: fc.nat(60), isUrl: fc.boolean() })
      .map(({ text, at, isUrl }) => {
        const whole = `${isUrl ? "postgres://" : ""}me:${secret}@host:5432/name?sslmode=require`
        return whole.slice(0, at) + text + whole.slice(at)
      })
    fc.assert(
      fc.property(spoiled, (text) => {
        expect(refusal(text)).not.toContain("hunter2")
      }),
      { numRuns: 2_000 },
    )
  })
})
