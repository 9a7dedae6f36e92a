/** Bugs of probers elsewhere: what they may not get or say, and what must not be told of a target. */
import type { Bug } from "./Bug.ts"

const endpoint = "packages/server/src/dialects/healthchecks/management/endpoints/Probes.ts"
const operator = "packages/server/src/access/Operator.ts"
const ticket = "packages/server/src/access/Ticket.ts"
const rounds = "packages/engine/src/commands/Rounds.ts"
const desk = "packages/probes/src/remote/RemoteDesk.ts"
const waiting = "packages/probes/src/remote/Waiting.ts"
const line = "packages/probes/src/remote/Line.ts"
const prober = "packages/probes/src/remote/RemoteProber.ts"
const posting = "packages/cli/src/Posting.ts"
const ofProber = ["packages/probes/test/remote/RemoteProber.test.ts"]
const ofCommand = ["packages/cli/test/commands/probe.test.ts"]
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
    original: "return invalid(said.failure)",
    replacement: "return yield* Effect.die(said.failure)",
    tests: ofServer,
  },
  {
    what: "what has waited for a server for long is handed in as if it were of now",
    file: waiting,
    original: "now - since <= Limits.useful",
    replacement: "now - since <= 1e3 * Limits.useful",
    tests: ofProber,
  },
  {
    what: "a result that the server cannot read is sent for ever",
    file: desk,
    original: "waiting.remove(some)\n    const invalid",
    replacement: "const invalid",
    tests: ofProber,
  },
  {
    what: "more results are handed in at once than a server takes",
    file: waiting,
    original: "(length += each.length) > Limits.parcel",
    replacement: "(length += each.length) > 1e3 * Limits.parcel",
    tests: ofProber,
  },
  {
    what: "probers ask a server that is away every second, all of them",
    file: line,
    original: "Math.max(pause * chance, trouble.pause ?? 0)",
    replacement: "Math.max(0 * pause * chance, trouble.pause ?? 0)",
    tests: ofProber,
  },
  {
    what: "a server that asks a prober to wait is asked all the same",
    file: line,
    original: "restsUntil = now + Math.max(pause * chance, trouble.pause ?? 0)",
    replacement: "restsUntil = now + pause * chance",
    tests: ofProber,
  },
  {
    what: "a page that is no server's is asked again and again, and nobody is told",
    file: line,
    original: "Result.isFailure(read) ? yield* Trouble.stranger() : read.success",
    replacement: "Result.isFailure(read) ? yield* Effect.never : read.success",
    tests: ofProber,
  },
  {
    what: "what was asked just before the end is lost",
    file: prober,
    original: "yield* desk.finish",
    replacement: "yield* Effect.ignore(Effect.sync(() => desk.finish))",
    tests: ofProber,
  },
  {
    what: "a prober whose machine has no network says that it works",
    file: prober,
    original: "(answers === 0 && unknown > 0)",
    replacement: "(answers < 0 && unknown > 0)",
    tests: ofProber,
  },
  {
    what: "a key that was put right is not read before the prober starts anew",
    file: posting,
    original: "if (answer.status === 401 || answer.status === 403) key =",
    replacement: "if (answer.status === 402) key =",
    tests: ofCommand,
    named: "has its key from a file",
  },
]
