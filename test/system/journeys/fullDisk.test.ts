/** A server whose disk takes nothing more says so to everyone who must know, and goes on when there is room again. */
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"

const prlimit = "/usr/bin/prlimit"

/** Bytes that any file of the server may have from now on: none is a full disk, but for the words. */
const limitFiles = ({ child }: OverdueServer, bytes: "0" | "unlimited"): void => {
  execFileSync(prlimit, ["--pid", String(child.pid), `--fsize=${bytes}:`])
}

/** What is answered once it is this status: health is looked at once a second. */
const until = async (status: number, url: string): Promise<Response> => {
  for (;;) {
    const answer = await fetch(url)
    if (answer.status === status) return answer
    await answer.arrayBuffer()
  }
}

describe.skipIf(!existsSync(prlimit))("a disk that takes nothing more", () => {
  it("makes the service unhealthy, refuses pings, tells the operator once, and loses nothing", async () => {
    using folder = Folder.make()
    await using overdue = await OverdueServer.start(folder.path)
    const { json } = await overdue.api("POST", "/api/v3/checks/", { name: "job" })
    const ping = () => fetch(`${overdue.url}/ping/${String(json["uuid"])}`)
    expect((await ping()).status).toBe(200)
    expect((await fetch(`${overdue.url}/healthz`)).status).toBe(200)

    const began = Date.now()
    limitFiles(overdue, "0")
    const unhealthy = await until(503, `${overdue.url}/healthz`)
    expect(unhealthy.headers.get("retry-after")).toBe("5")
    expect(await unhealthy.text()).toBe("the database cannot be used now; try again in 5 seconds")
    expect((await fetch(`${overdue.url}/healthz`, { method: "HEAD" })).status).toBe(503)
    expect((await fetch(`${overdue.url}/api/v3/status/`)).status).toBe(503)
    for (let count = 0; count < 5; count++) expect((await ping()).status).toBe(503)
    const told = overdue.output.stderr.match(/the store failed: [^\n]*overdue\.db is on a disk that failed/g)
    // Again after ten seconds, should this machine be that slow.
    expect(told!.length).toBeLessThanOrEqual(1 + Math.floor((Date.now() - began) / 10_000))
    expect(overdue.output.stderr).not.toContain(String(json["uuid"]))

    limitFiles(overdue, "unlimited")
    await until(200, `${overdue.url}/healthz`)
    expect((await ping()).status).toBe(200)
    expect((await overdue.api("GET", `/api/v3/checks/${String(json["uuid"])}`)).json["n_pings"]).toBe(2)
  })
})
