/** The table of kinds in the README of the probes is the registry, and every scheme has a kind. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { schemes } from "@overdue/core/probe/ProbeUrl"
import { kinds } from "@overdue/probes"
import { describe, expect, it } from "vitest"

const readme = readFileSync(join(import.meta.dirname, "../../packages/probes/README.md"), "utf8")

/** A row: `| kind | schemes and ports | what is asked | what fails it |`. */
const rows = Object.entries(kinds).map(([name, { asks, fails }]) => {
  const ports = Object.entries(schemes)
    .filter(([, { kind }]) => kind === name)
    .map(([scheme, { port }]) => `\`${scheme}\`${port === 0 ? "" : ` ${port ?? "any"}`}`)
  return `| ${name} | ${ports.join(", ")} | ${asks} | ${fails} |`
})

describe("the README of the probes", () => {
  it("has a row for every kind, as the kind describes itself, and no other", () => {
    const [, table = ""] = /## Kinds\n\n\|.*\n\|---.*\n((?:\|.*\n)+)/.exec(readme) ?? []
    expect(table.trimEnd().split("\n")).toEqual(rows)
  })
})

it("every kind of probe is registered by its own name, and has a scheme", () => {
  for (const [name, kind] of Object.entries(kinds)) {
    expect(kind.name).toBe(name)
    expect(Object.values(schemes).some((scheme) => scheme.kind === name)).toBe(true)
  }
})
