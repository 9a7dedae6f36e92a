/** The documentation of the operations of probers elsewhere. */
import { listOf, ref, type Doc } from "./Doc.ts"

/** By the ids of the operations, in their order. */
export const docs = {
  claimTurns: {
    tag: "Probes",
    summary: "Claim rounds that are due in a region",
    description:
      "Nobody else gets the same rounds, also when nothing comes of them. The checks of a region are left to its prober from when that first asks until it has not for a day. Ask every second or two.",
    body: ref("ClaimInput"),
    answers: { 200: listOf("turns", "Turn") },
  },
  reportResults: {
    tag: "Probes",
    summary: "Hand in what came of asking",
    description:
      "What became of each result is told in their order. The same may be handed in again when no answer came.",
    body: ref("ReportInput"),
    answers: { 200: listOf("reports", "ReportOutcome") },
  },
} as const satisfies Readonly<Record<string, Doc>>
