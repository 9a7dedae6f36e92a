import * as Spool from "@overdue/cli/Spool"
import { execFileSync } from "node:child_process"
import { mkdir, open, readdir, rename, symlink, utimes, writeFile } from "node:fs/promises"
import { extname, join } from "node:path"
import { describe, expect, it, vi } from "vitest"
import * as Folder from "../../../test/kit/Folder.ts"

/** A spool that is not there yet, in a folder that goes with the test. */
const folder = (): { readonly path: string } & Disposable => {
  const parent = Folder.make("spool")
  return { ...parent, path: parent.file("spool") }
}

const entry = (at: number): Spool.Entry => ({
  url: "https://x.test/ping/secret",
  kind: at % 256,
  rid: undefined,
  at,
  startedAt: at - 1,
  body: Buffer.from([0, 255, at % 256]),
})

const sender = (...verdicts: Spool.Verdict[]) => {
  const seen: number[] = []
  const send = async ({ at }: Spool.Entry) => {
    seen.push(at)
    return verdicts[seen.length - 1] ?? "sent"
  }
  return { seen, send }
}

describe("a spool", () => {
  it("gives back what was put in, oldest first", async () => {
    using spool = folder()
    for (const at of [1_700_000_000_002, 1_700_000_000_001, 999]) await Spool.add(spool.path, entry(at))
    expect(await Spool.list(spool.path)).toEqual([999, 1_700_000_000_001, 1_700_000_000_002].map(entry))
  })

  it("has an entry on the disk before it has its name, so that a power failure leaves none cut off", async () => {
    using spool = folder()
    await mkdir(spool.path)
    const probe = await open(join(spool.path, "probe"), "w")
    const names: (readonly string[])[] = []
    const sync = vi.spyOn(Object.getPrototypeOf(probe) as typeof probe, "sync")
    sync.mockImplementation(async function (this: typeof probe) {
      names.push((await readdir(spool.path)).map((name) => extname(name)))
      await this.datasync()
    })
    try {
      await Spool.add(spool.path, entry(1))
    } finally {
      sync.mockRestore()
      await probe.close()
    }
    expect(names.map((found) => found.toSorted())).toEqual([["", ".draft"]])
    expect(await Spool.list(spool.path)).toEqual([entry(1)])
  })

  it("that does not exist is empty", async () => {
    using spool = folder()
    const { send } = sender()
    expect(await Spool.list(spool.path)).toEqual([])
    expect(await Spool.flush(spool.path, send)).toEqual({ sent: 0, refused: 0, isPending: false })
  })

  it("sends each entry once and is empty then", async () => {
    using spool = folder()
    for (const at of [1, 2, 3]) await Spool.add(spool.path, entry(at))
    const { seen, send } = sender("sent", "refused", "sent")
    expect(await Spool.flush(spool.path, send)).toEqual({ sent: 2, refused: 1, isPending: false })
    await Spool.flush(spool.path, send)
    expect(seen).toEqual([1, 2, 3])
    expect(await readdir(spool.path)).toEqual([])
  })

  it("stops at an entry that is to be kept, and begins there the next time", async () => {
    using spool = folder()
    for (const at of [1, 2, 3]) await Spool.add(spool.path, entry(at))
    const { seen, send } = sender("sent", "keep")
    expect(await Spool.flush(spool.path, send)).toEqual({ sent: 1, refused: 0, isPending: true })
    await Spool.flush(spool.path, send)
    expect(seen).toEqual([1, 2, 2, 3])
  })

  it("keeps nobody's entries for a server that is away but its own, and each in its order", async () => {
    using spool = folder()
    const of = (host: string, at: number) => ({ ...entry(at), url: `https://${host}/ping/secret` })
    for (const [host, at] of [
      ["dead", 1],
      ["live", 2],
      ["dead", 3],
      ["other", 4],
      ["live", 5],
    ] as const) {
      await Spool.add(spool.path, of(host, at))
    }
    const seen: string[] = []
    const send = async ({ url, at }: Spool.Entry): Promise<Spool.Verdict> => {
      const { host } = new URL(url)
      seen.push(`${host} ${at}`)
      return host === "dead" ? "keep" : "sent"
    }
    expect(await Spool.flush(spool.path, send)).toEqual({ sent: 3, refused: 0, isPending: true })
    expect(seen.filter((line) => line.startsWith("dead"))).toEqual(["dead 1"])
    expect(seen.filter((line) => line.startsWith("live"))).toEqual(["live 2", "live 5"])
    expect((await Spool.list(spool.path)).map(({ at }) => at)).toEqual([1, 3])
  })

  it("passes over a check whose entry is to be skipped, and sends those of the others of its server", async () => {
    using spool = folder()
    const of = (check: string, at: number) => ({ ...entry(at), url: `https://x.test/ping/key/${check}` })
    for (const [check, at] of [
      ["gone", 1],
      ["gone", 2],
      ["live", 3],
    ] as const) {
      await Spool.add(spool.path, of(check, at))
    }
    const { seen, send } = sender("skip")
    expect(await Spool.flush(spool.path, send)).toEqual({ sent: 1, refused: 0, isPending: true })
    expect(seen).toEqual([1, 3])
    expect((await Spool.list(spool.path)).map(({ at }) => at)).toEqual([1, 2])
  })

  it("sends also what is added meanwhile", async () => {
    using spool = folder()
    await Spool.add(spool.path, entry(1))
    const seen: number[] = []
    const send = async ({ at }: Spool.Entry): Promise<Spool.Verdict> => {
      seen.push(at)
      if (at < 3) await Spool.add(spool.path, entry(at + 1))
      return "sent"
    }
    expect(await Spool.flush(spool.path, send)).toEqual({ sent: 3, refused: 0, isPending: false })
    expect(seen).toEqual([1, 2, 3])
  })

  it.each(["a\nb", "", "ü", "x".repeat(65)])("forgets the key %j, which no header can have", async (key) => {
    using spool = folder()
    await Spool.add(spool.path, { ...entry(1), key })
    expect(await Spool.list(spool.path)).toEqual([entry(1)])
  })

  it("sends only what it is asked for", async () => {
    using spool = folder()
    for (const at of [1, 2, 3]) await Spool.add(spool.path, entry(at))
    const { seen, send } = sender()
    await Spool.flush(spool.path, send, ({ at }) => at === 2)
    expect(seen).toEqual([2])
    expect((await Spool.list(spool.path)).map(({ at }) => at)).toEqual([1, 3])
  })

  it.each([
    ["{", 1],
    ["null", 1],
    ["[]", 1],
    ["", 1],
    [JSON.stringify({ url: "no address", at: 1, body: "" }), 1],
    [JSON.stringify({ url: "file:///etc/passwd", at: 1, body: "" }), 1],
    [JSON.stringify({ url: "https://x.test", at: 1e99, body: "" }), 1],
    [JSON.stringify({ url: "https://x.test", at: 1, kind: "../../admin", body: "" }), 1],
    [JSON.stringify({ url: "https://x.test", at: 1, kind: 256, body: "" }), 1],
  ])("drops an entry that says %j, and sends the others", async (text, refused) => {
    using spool = folder()
    await Spool.add(spool.path, entry(1))
    await writeFile(join(spool.path, "000000000000000-0123456789ab.json"), text)
    const { seen, send } = sender()
    expect(await Spool.list(spool.path)).toEqual([entry(1)])
    expect(await Spool.flush(spool.path, send)).toEqual({ sent: 1, refused, isPending: false })
    expect(seen).toEqual([1])
  })

  it("leaves alone what is no entry: folders, pipes, links to nothing, and files of others", async () => {
    using spool = folder()
    await Spool.add(spool.path, entry(1))
    const name = (n: number) => join(spool.path, `00000000000000${n}-0123456789ab.json`)
    await mkdir(name(0))
    execFileSync("mkfifo", [name(2)])
    await symlink("/nonexistent", name(3))
    await symlink("/dev/zero", name(4))
    await writeFile(join(spool.path, "notes.txt"), "mine")
    const before = (await readdir(spool.path)).filter((file) => !file.includes("000000000000001-"))
    const { seen, send } = sender()
    expect(await Spool.flush(spool.path, send)).toEqual({ sent: 1, refused: 0, isPending: false })
    expect(seen).toEqual([1])
    await Spool.add(spool.path, entry(1))
    expect(await Spool.clear(spool.path)).toBe(1)
    expect(await readdir(spool.path)).toEqual(before)
  })

  it("flushed by many at once sends each entry once", async () => {
    using spool = folder()
    for (let at = 1; at <= 20; at++) await Spool.add(spool.path, entry(at))
    const { seen, send } = sender()
    for (let round = 0; round < 20; round++) {
      await Promise.all(Array.from({ length: 4 }, () => Spool.flush(spool.path, send)))
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  it("leaves alone what a living process is sending, and takes over from a dead one", async () => {
    using spool = folder()
    await Spool.add(spool.path, entry(1))
    const [name] = await readdir(spool.path)
    const taken = (pid: number) => join(spool.path, name!.replace("json", `${pid}.taken`))
    const { seen, send } = sender()
    await rename(join(spool.path, name!), taken(process.ppid))
    expect(await Spool.flush(spool.path, send)).toEqual({ sent: 0, refused: 0, isPending: true })
    // Above the largest number that Linux gives to a process.
    await rename(taken(process.ppid), taken(4_194_305))
    expect(await Spool.flush(spool.path, send)).toEqual({ sent: 1, refused: 0, isPending: false })
    expect(seen).toEqual([1])
  })

  it("drops what cannot be read", async () => {
    using spool = folder()
    await Spool.add(spool.path, entry(1))
    await writeFile(join(spool.path, "000000000000000-0123456789ab.json"), "{")
    const { seen, send } = sender()
    expect(await Spool.list(spool.path)).toEqual([entry(1)])
    expect(await Spool.flush(spool.path, send)).toEqual({ sent: 1, refused: 1, isPending: false })
    expect(seen).toEqual([1])
  })

  it("keeps the newest thousand", async () => {
    using spool = folder()
    await Spool.add(spool.path, entry(0))
    const text = JSON.stringify({ url: "https://x.test", at: 5, body: "" })
    for (let n = 0; n < 999; n++) {
      await writeFile(join(spool.path, `000000000000005-${String(n).padStart(12, "0")}.json`), text)
    }
    expect(await Spool.add(spool.path, entry(9))).toBe(1)
    expect((await Spool.list(spool.path)).map(({ at }) => at).filter((at) => at !== 5)).toEqual([9])
  })

  it("deletes drafts that a process left when it died, and none that may be written", async () => {
    using spool = folder()
    await mkdir(spool.path)
    const name = (n: number) => join(spool.path, `00000000000000${n}-0123456789ab.draft`)
    for (const n of [1, 2]) await writeFile(name(n), "")
    await utimes(name(1), 0, 0)
    await Spool.add(spool.path, entry(3))
    expect((await readdir(spool.path)).filter((file) => file.endsWith(".draft"))).toHaveLength(1)
    await utimes(name(2), 0, 0)
    expect(await Spool.clear(spool.path)).toBe(1)
    expect(await readdir(spool.path)).toEqual([])
  })

  it("lies where the environment says", () => {
    expect(Spool.directory({ OVERDUE_SPOOL: "/s", XDG_STATE_HOME: "/x" })).toBe("/s")
    expect(Spool.directory({ XDG_STATE_HOME: "/x" })).toBe("/x/overdue/spool")
    vi.stubEnv("HOME", "")
    expect(Spool.directory({})).toMatch(/^\/.*\/\.local\/state\/overdue\/spool$/)
    vi.unstubAllEnvs()
    expect(Spool.directory({})).toMatch(/\/\.local\/state\/overdue\/spool$/)
  })
})
