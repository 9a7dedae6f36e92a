/** Bugs of probers elsewhere: what they may not get or say, and what must not be told of a target. */
import type { Bug } from "./Bug.ts"

const endpoint = "packages/server/src/dialects/healthchecks/management/endpoints/Probes.ts"
const operator = "packages/server/src/access/Operator.ts"
const ticket = "packages/server/src/access/Ticket.ts"
const rounds = "packages/engine/src/commands/Rounds.ts"
const ofServer = ["packages/server/test/dialects/healthchecks/management/Probes.test.ts"]

export const remoteProber: readonly Bug[] = [
  {
    what: "a read-only key claims rounds, and sees the passwords that targets are asked with",
    file: operator,
    original: 'Access.open(inbound, { need: "write", key })',
    replacement: 'Access.open(inbound, { need: "read", key })',
    tests: ofServer,
  },
  {
    what: "a key of a project gets what is to be asked for all of them",
    file: endpoint,
    original: "...(project !== undefined && { project: project.id })",
    replacement: "...(project?.id === region && { project: project.id })",
    tests: ofServer,
  },
  {
    what: "a key of a project hands in results for the checks of others",
    file: rounds,
    original: "project !== undefined && check.project !== project",
    replacement: "project === check.id",
    tests: ofServer,
  },
  {
    what: "a prober says of one region what another was to ask",
    file: ticket,
    original: "JSON.stringify([named, region, question])",
    replacement: "JSON.stringify([named, region && question])",
    tests: ofServer,
  },
  {
    what: "a result of the target before counts for the one that the check has now",
    file: ticket,
    original: "isOn: (terms) => Keys.isSame(signed, signature(named, terms)),",
    replacement: "isOn: () => signed !== '' && Keys.isSame(named, named),",
    tests: ofServer,
  },
  {
    what: "what a prober has to say that stood still is taken for news",
    file: rounds,
    original: "claimedAt > Turn.validity",
    replacement: "claimedAt > 1e6 * Turn.validity",
    tests: ofServer,
  },
  {
    what: "one bad result keeps all others out that are handed in with it",
    file: endpoint,
    original: 'if (Result.isFailure(result)) return invalid(Sentence.of(result.failure.issue, "result"))',
    replacement: "if (Result.isFailure(result)) return yield* Effect.die(result.failure)",
    tests: ofServer,
  },
]
