/** The channels that a request chooses: `*` for all, nothing for none, or ids and exact names separated by commas. */
import type { Channel } from "../Channel.ts"
import * as Result from "effect/Result"

/** Returns the ids of the chosen channels, each once. Fails with a message in Healthchecks' words. */
export const resolve = (
  choice: string,
  channels: readonly Pick<Channel, "id" | "name">[],
): Result.Result<readonly string[], string> => {
  if (choice === "*") return Result.succeed(channels.map(({ id }) => id))
  if (choice === "") return Result.succeed([])
  const chosen = new Set<string>()
  for (const text of choice.split(",")) {
    if (text === "") return Result.fail("empty channel identifier")
    const matches = channels.filter(({ id, name }) => id === text || name === text)
    if (matches.length === 0) return Result.fail(`invalid channel identifier: ${text}`)
    if (matches.length > 1) return Result.fail(`non-unique channel identifier: ${text}`)
    chosen.add(matches[0]!.id)
  }
  return Result.succeed([...chosen])
}
