/** Which channels a request names: `*` for all, nothing for none, or ids and exact names between commas. */
import type { Channel } from "../Channel.ts"
import * as Result from "effect/Result"

/** Ids of the chosen channels, each once; or what is wrong, in Healthchecks' words. */
export const resolve = (
  choice: string,
  channels: readonly Channel[],
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
