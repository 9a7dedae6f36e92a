/** News: what an alert says of its check, in a sentence without a full stop. */
import type { Occasion } from "./Alert.ts"
import type { Finding } from "./diagnosis/Finding.ts"
import { expiry } from "./diagnosis/Sentence.ts"
import type * as Flip from "./Flip.ts"

/** What an alert is about. */
export interface Subject {
  readonly occasion: Occasion
  readonly status: "up" | "down"
  readonly reason: Flip.Reason
}

/** Whether an alert only reminds of what expires soon: a check that is up is told of for nothing else. */
export const isExpiry = ({ occasion, status }: Pick<Subject, "occasion" | "status">): boolean =>
  occasion === "reminder" && status === "up"

/**
 * Returns what an alert says of a check: `backup is still down (missed)`, or of one that is up, and of which something
 * expires soon, `shop: its certificate expires in 12 days, at 2026-07-01 00:00 UTC`. `findings` are those about the check
 * when the alert was due.
 */
export const of = (name: string, subject: Subject, findings: readonly Finding[]): string => {
  if (!isExpiry(subject)) return `${name} is ${phrase(subject)}`
  const expiring = findings.flatMap((finding) =>
    finding.code === "expires" ? [`its ${finding.what} ${expiry(finding)}`] : [],
  )
  // It was renewed meanwhile, or the probe has another target now.
  return `${name}: ${expiring.length === 0 ? "something of it was to expire soon" : expiring.join(", and ")}`
}

/** Returns the same without the check: `still down (missed)`. What it was that expired, nobody remembers. */
export const phrase = (subject: Subject): string =>
  isExpiry(subject)
    ? "up, reminding of what expires soon,"
    : `${subject.occasion === "reminder" ? "still " : ""}${subject.status} (${subject.reason})`
