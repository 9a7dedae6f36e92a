/** The backup program borgmatic with its hooks for Healthchecks and Cronhub, as Debian ships it. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { ClientFixture } from "./ClientFixture.ts"
import * as Tool from "./Tool.ts"

it.for([
  { service: "healthchecks", urlOf: (url: string) => url, method: "POST" },
  // It asks with GET, and finds the other addresses by itself.
  { service: "cronhub", urlOf: (url: string) => url.replace("/ping/", "/ch/start/"), method: "GET" },
])("borgmatic reports a backup that works, and one that fails, to $service", async (hook, context) => {
  const { service, method } = hook
  Tool.need(context, "borg", "borgbackup")
  const borgmatic = Tool.need(context, "borgmatic")
  await using fixture = await ClientFixture.open()
  const { id, url: ours } = await fixture.check()
  const url = hook.urlOf(ours)
  const home = join(fixture.folder, "home")
  const source = join(fixture.folder, "source")
  mkdirSync(home)
  mkdirSync(source)
  writeFileSync(join(source, "file"), "precious")
  const environment = { HOME: home, BORG_BASE_DIR: home, XDG_CONFIG_HOME: home }
  const config = join(fixture.folder, "config.yaml")
  const backUp = async (job: string): Promise<number> => {
    const repository = join(fixture.folder, "repository")
    const isNew = await isFlat(borgmatic)
    writeFileSync(config, configuration({ source, repository, service, url, job, isFlat: isNew }))
    const { code } = await borgmatic(["--config", config, "create"], { environment })
    return code
  }
  // Any configuration will do for that, and the repository is only needed once.
  await backUp("true")
  expect((await borgmatic(["--config", config, "init", "--encryption", "none"], { environment })).code).toBe(
    0,
  )
  const earlier = (await fixture.pings(id)).length

  expect(await backUp("true")).toBe(0)
  expect(await fixture.status(id)).toBe("up")
  expect(await backUp("false")).not.toBe(0)
  expect(await fixture.status(id)).toBe("down")
  const pings = (await fixture.pings(id)).slice(earlier)
  expect(pings.map(({ type, method }) => `${method} ${type}`)).toEqual([
    `${method} start`,
    `${method} success`,
    `${method} start`,
    `${method} fail`,
  ])
  expect(pings[1]!.duration).toBeGreaterThan(0)
  if (method === "POST") expect(await fixture.body(pings[3]!)).toMatch(/false/)
})

/** From version 1.8 on the configuration has no sections. */
const isFlat = async (borgmatic: Tool.Run): Promise<boolean> => {
  const [major = 0, minor = 0] = (await borgmatic(["--version"])).stdout.split(".").map(Number)
  return major > 1 || minor >= 8
}

const configuration = (given: {
  readonly source: string
  readonly repository: string
  readonly service: string
  readonly url: string
  readonly job: string
  readonly isFlat: boolean
}): string => {
  const { source, repository, service, url, job, isFlat } = given
  const document = {
    location: {
      source_directories: [source],
      repositories: isFlat ? [{ path: repository }] : [repository],
    },
    hooks: { before_backup: [job], [service]: { ping_url: url } },
  }
  // YAML takes JSON as it is.
  return JSON.stringify(isFlat ? { ...document.location, ...document.hooks } : document)
}
