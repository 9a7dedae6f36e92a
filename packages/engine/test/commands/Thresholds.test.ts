import * as Check from "@overdue/core/Check"
import type * as Probe from "@overdue/core/Probe"
import * as Threshold from "@overdue/core/probe/Threshold"
import * as Batch from "@overdue/engine/commands/receive/Batch"
import * as Rounds from "@overdue/engine/commands/Rounds"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import * as Arrival from "../../../../test/kit/Arrival.ts"
import * as EngineFixture from "../../../../test/kit/EngineFixture.ts"

const server = "0f55a1c2-7d31-4c8e-9a55-3b1c2d4e5f60"

describe("a batch", () => {
  const waiting = (samples: Batch.Arrival["samples"]): Batch.Waiting => ({
    arrival: { ...Arrival.overHttp({ id: server }), ...(samples !== undefined && { samples }) },
    at: 0,
    since: 0,
    stepped: 0,
    done: () => {},
  })

  it("looks for thresholds only when there is something to judge", () => {
    const sample = { series: "cpu", at: 0, value: 1 }
    expect(Batch.selectionOf([waiting(undefined), waiting([])], false)).not.toHaveProperty("watching")
    expect(Batch.selectionOf([waiting([sample]), waiting([sample])], false).watching).toEqual([server])
  })
})

describe("a threshold", () => {
  it("is not asked, also when somebody wants to know at this moment", async () => {
    const probe = Result.getOrThrow(Threshold.parse(`cpu > 90 on ${server}`))
    const made = Check.make({ id: "c", project: "p", badgeKey: "b", createdAt: 0, policy: { probe } })
    const asked: Probe.Probe[] = []
    const receipt = await Effect.runPromise(
      Effect.provide(
        Rounds.once(made, (given) => Effect.sync(() => ({ why: String(asked.push(given)) }))),
        EngineFixture.layer(),
      ),
    )
    expect([receipt, asked]).toEqual([undefined, []])
  })
})
