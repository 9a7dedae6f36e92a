/** Probes in files: exported and applied to the same project, they are as they were. */
import { Readable } from "node:stream"
import * as Changeset from "@overdue/cli/declaration/Changeset"
import * as Declaration from "@overdue/cli/declaration/Declaration"
import * as File from "@overdue/cli/declaration/File"
import { fields } from "@overdue/cli/WrittenFields"
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
})
