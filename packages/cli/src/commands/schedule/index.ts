/** overdue schedule: what an expression means, without a server. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "schedule",
  description: "Reads cron and OnCalendar expressions, without a server.",
  commands: {
    explain: { summary: "say in words when it is", load: () => import("./explain.ts") },
    next: { summary: "list its next occurrences", load: () => import("./next.ts") },
    lint: {
      summary: "check expressions, and warn of what clock changes do to them",
      load: () => import("./lint.ts"),
    },
  },
}
