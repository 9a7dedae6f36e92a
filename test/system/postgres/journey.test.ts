/** What an operator of an installation in PostgreSQL does, from the first start on. */
import { writeFileSync } from "node:fs"
import { expect, it } from "vitest"
import { eventually } from "../../kit/Eventually.ts"
import { keys } from "../../kit/Keys.ts"
import { onPostgres } from "../../kit/postgres/onPostgres.ts"
import * as Receiver from "../../kit/Receiver.ts"
import * as Installation from "./Installation.ts"

await onPostgres("an installation in PostgreSQL", ({ fresh }) => {
  it("shows its keys at the first start alone, and has after a restart what it had", async () => {
    using own = Installation.at(fresh())
    const listening = /^overdue is listening on (http:\/\/\S+)\n/
    const first = own.start(["serve", "--port", "0"])
    const [, url = ""] = await first.printed(listening)
    const [, key = ""] = await first.printed(/shown only now:\n +API key +(\S+)\n/)
    const made = await fetch(`${url}/api/v3/checks/`, {
      method: "POST",
      headers: { "X-Api-Key": key },
      body: JSON.stringify({ name: "nightly – größer", slug: "nightly" }),
    })
    const { ping_url: ping, uuid } = (await made.json()) as { ping_url: string; uuid: string }
    expect(await (await fetch(ping, { method: "POST", body: "done: 3 files" })).text()).toBe("OK")
    first.child.kill("SIGTERM")
    const { code, stderr } = await first.ended
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining("on the PostgreSQL database postgres at 127.0.0.1:"),
    ])
    expect(stderr).not.toContain("of-no-consequence")

    const second = own.start(["serve", "--port", "0"])
    const [, again = ""] = await second.printed(listening)
    const headers = { "X-Api-Key": key }
    const check = await (await fetch(`${again}/api/v3/checks/${uuid}`, { headers })).json()
    expect(check).toMatchObject({ name: "nightly – größer", status: "up", n_pings: 1 })
    const body = await fetch(`${again}/api/v3/checks/${uuid}/pings/1/body`, { headers })
    expect(await body.text()).toBe("done: 3 files")
    second.child.kill("SIGTERM")
    expect((await second.ended).stdout).toMatch(/^overdue is listening on \S+\n$/)
  })

  it("tells a webhook of a job that failed", async () => {
    using own = Installation.at(fresh())
    await using receiver = await Receiver.listen(Receiver.status(200))
    await using server = await own.serve()
    const value = JSON.stringify({ url_down: `${receiver.url}/hook?$STATUS`, url_up: "" })
    const added = await own.run(["channels", "add", "webhook", "ops", "--value", value])
    expect([added.code, added.stderr]).toEqual([0, ""])
    const { json } = await server.api("POST", "/api/v3/checks/", { name: "backup", channels: "*" })
    await fetch(String(json["ping_url"]))
    await fetch(`${String(json["ping_url"])}/fail`)
    await eventually(
      () => receiver.received.map(({ url }) => url),
      (urls) => urls.includes("/hook?down"),
    )
    const { stdout } = await eventually(
      () => own.run(["alerts", "list"]),
      ({ stdout }) => stdout.includes("delivered"),
    )
    expect(stdout).toContain("backup")
  })

  it("does what its commands say, with the server and without it", async () => {
    using own = Installation.at(fresh())
    await using server = await own.serve()
    writeFileSync(
      own.file("checks.yaml"),
      "checks:\n  - name: nightly\n    slug: nightly\n    schedule: 15 5 * * *\n    tz: Europe/Riga\n",
    )
    const api = { OVERDUE_URL: server.url, OVERDUE_API_KEY: keys.readWrite }
    const applied = await own.run(["apply", own.file("checks.yaml"), "--yes"], api)
    expect([applied.code, applied.stderr]).toEqual([0, ""])
    expect((await own.run(["checks", "list"], api)).stdout).toMatch(/^new +nightly +nightly +15 5/m)
    const created = await own.run(["projects", "create", "staging", "--json"])
    expect(created.code).toBe(0)
    const { apiKey } = JSON.parse(created.stdout)
    const status = async () =>
      (await fetch(`${server.url}/api/v3/checks/`, { headers: { "X-Api-Key": apiKey } })).status
    expect(await status()).toBe(200)
    const revoked = await own.run(["keys", "revoke", apiKey, "--project", "staging", "--yes"])
    expect([revoked.code, await status()]).toEqual([0, 401])
    await server.stop()
    expect((await own.run(["projects", "list"])).stdout).toMatch(/^staging +0 of /m)
  })

  it("is not copied by `overdue backup` and `restore`, which say what does that", async () => {
    using own = Installation.at(fresh())
    const told = /PostgreSQL.*pg_dump.*OVERDUE_SECRET/s
    for (const command of [
      ["backup", own.file("x")],
      ["restore", own.file("x")],
    ]) {
      const { code, stdout, stderr } = await own.run(command)
      expect([code, stdout, stderr]).toEqual([2, "", expect.stringMatching(told)])
      expect(stderr).not.toContain("of-no-consequence")
    }
  })
})
