/** What is logged of rounds. */
import type * as Check from "@overdue/core/Check"
import type * as Ping from "@overdue/core/Ping"
import * as Rounds from "@overdue/core/probe/Rounds"

const encoder = new TextEncoder()

/** Where the results of probes come from. */
export const origin: Ping.Origin = {
  scheme: "process",
  remoteAddress: "",
  method: "",
  userAgent: "",
  body: undefined,
}

/** Returns what is logged of the round that a check was just told by. */
export const by = ({ state }: Check.Check): Partial<Ping.Origin> => {
  const round = state.probing?.last
  if (round === undefined) return {}
  const failures = Rounds.failures(round)
  return {
    extension: Rounds.extensionOf(round),
    body: failures === undefined ? undefined : encoder.encode(failures),
  }
}
