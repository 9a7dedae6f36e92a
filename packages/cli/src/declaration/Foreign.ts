/** What a file declares that a server of Healthchecks would refuse, or would lose without a word. */
import type { Check } from "@overdue/client/management"
import * as HealthchecksPolicy from "../HealthchecksPolicy.ts"
import type { WantedCheck } from "./Declaration.ts"

/** Returns why a check cannot be there as it is wanted, in a sentence; `undefined` when it can. */
export const ofCheck = ({ birth, fields }: WantedCheck, existing: Check | undefined): string | undefined => {
  const kept = Object.keys(birth).map((name) => (name === "uuid" ? "id" : name))
  if (existing === undefined && kept.length > 0) {
    return `Healthchecks gives a new check an id and a badge of its own: leave ${kept.join(" and ")} out (\`overdue export\` without --ids)`
  }
  return HealthchecksPolicy.refusal(fields)
}

/** Returns why a channel cannot be created or deleted there, which only the pages of Healthchecks do, in a sentence. */
export const ofChannel = (is: "create channel" | "delete channel", name: string): string =>
  `channel ${JSON.stringify(name)}: ` +
  (is === "create channel"
    ? "the API of Healthchecks adds no channels: add it on the pages of the server (Integrations)"
    : "the API of Healthchecks removes no channels: name it in the file, or remove it on the pages of the server")
