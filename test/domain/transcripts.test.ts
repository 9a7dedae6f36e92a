import { readFileSync } from "node:fs"
import { describe, expect } from "vitest"
import { shown } from "./spec/Law.ts"
import * as Conversation from "./Conversation.ts"

const recordings = readFileSync(
  new URL("../truth/recordings/healthchecks.transcripts.jsonl", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line): Conversation.Recording => JSON.parse(line))
  .filter(Conversation.isAboutTheMachine)

describe("the machine as Healthchecks' dialect configures it", () => {
  shown(8, "Under the `healthchecks` defaults, the machine equals the Healthchecks transcripts.", () => {
    let answers = 0
    for (const recording of recordings) {
      const { compared, differences } = Conversation.compare(recording)
      expect(differences, recording.id).toEqual([])
      answers += compared
    }
    // So that the law cannot come to hold of nothing.
    expect(answers).toBeGreaterThan(1_000)
    return answers
  })
})
