/** `overdue schedule`: what a cron or OnCalendar expression means; needs neither server nor database. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "schedule",
  description: "Explains, lists and checks cron and OnCalendar expressions. Needs no server.",
  commands: {
    explain: { summary: "say in words when a schedule is due", load: () => import("./explain.ts") },
    next: { summary: "list the next times that a schedule is due", load: () => import("./next.ts") },
    lint: {
      summary: "check schedules, and warn what clock changes do to them",
      load: () => import("./lint.ts"),
    },
  },
}
