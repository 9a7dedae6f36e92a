/** Probes in files: exported and applied to the same project, they are as they were. */
import { Readable } from "node:stream"
import * as Changeset from "@overdue/cli/declaration/Changeset"
import * as Declaration from "@overdue/cli/declaration/Declaration"
import * as File from "@overdue/cli/declaration/File"
import { differing, fields } from "@overdue/cli/WrittenFields"
import type { Check } from "@overdue/client/management"
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import * as CheckFields from "@overdue/core/document/CheckFields"
import * as ProbeField from "@overdue/core/document/ProbeField"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as ArbitraryProbe from "../../../test/kit/ArbitraryProbe.ts"

const defaults = Object.fromEntries([...fields.values()].map(({ name, absent }) => [name, absent]))
const plan = CheckDocument.planner(CheckFields.fields)
const decode = Schema.decodeUnknownSync(ProbeField.field.schema)

/** A check as the server shows it that was sent a probe. */
const served = (given: ArbitraryProbe.Written): Check => {
  const { policy } = Result.getOrThrow(plan({ probe: decode(given) }, { channels: [] }))
  const probe = ProbeField.show(policy.probe!)
  const timeout = policy.probe!.every / 1000
  // safe because every field that is read here has its default
  return {
    ...defaults,
    schedule: undefined,
    timeout,
    grace: policy.probe!.grace / 1000,
    uuid: "c",
    channels: "",
    slug: "s",
    probe,
  } as unknown as Check
}

const changes = async (text: string, check: Check) => {
  const wanted = Declaration.read(await File.load("-", Readable.from([text])))
  const inventory = { checks: [check], channels: [] }
  return Changeset.make(wanted, inventory, { prune: true, environment: {}, now: 0 }).changes
}

describe("what an update says that it has changed", () => {
  it("is the grace of a probe, too, and how often it is asked", () => {
    const before = served({ url: "https://example.org" })
    const after = served({ url: "https://example.org", every: 300, grace: 120 })
    expect(differing(["timeout", "grace", "name"], before, after)).toEqual(["timeout", "grace"])
  })
})

describe("a project with probes", () => {
  it("does not change when it is exported and applied to itself", async () => {
    await fc.assert(
      fc.asyncProperty(ArbitraryProbe.any, async (given) => {
        const check = served(given)
        expect(await changes(File.print([check], []), check)).toEqual([])
      }),
    )
  })

  it("does not change when somebody writes what is so by default", async () => {
    const url = "https://example.org"
    const conditions = [{ of: "status", operator: "equal", values: ["200"] }]
    const check = served({ url, conditions })
    const others = { grace: "0s", recovery: 0, regions: [], method: "GET", headers: {}, body: "", remind: {} }
    const written = { url, every: "1m", conditions: [{ ...conditions[0], key: "" }], ...others }
    const file = JSON.stringify({ checks: [{ slug: "s", probe: written }] })
    expect(await changes(file, check)).toEqual([])
    expect(await changes(file.replace('"1m"', '"2m"'), check)).toHaveLength(1)
  })

  it("changes how often it is asked, and its grace, by their names of other checks", async () => {
    const check = served({ url: "https://example.org", every: 300, grace: 120 })
    const of = async (text: string) =>
      (await changes(`checks: [{slug: s, ${text}}]`, check)).flatMap((change) =>
        change.is === "update check" ? change.differences.map(({ field }) => field) : change.is,
      )
    expect(await of("timeout: 5m, grace: 2m")).toEqual([])
    expect(await of("timeout: 6m, grace: 3m")).toEqual(["timeout", "grace"])
    // Without the probe, they are of what comes in its place.
    expect(await of("probe: null, timeout: 5m, grace: 2m")).toEqual(["timeout", "grace", "probe"])
  })

  it("is not begun when a threshold has no server there", async () => {
    const probe = "cpu > 90 on 0f55a1c2-7d31-4c8e-9a55-3b1c2d4e5f60"
    const made = changes(`checks: [{slug: new, probe: ${probe}}]`, served({ url: "https://example.org" }))
    await expect(made).rejects.toThrow('check "new": probe: it watches the server monitor 0f55a1c2')
  })
})
