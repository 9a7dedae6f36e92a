/** `overdue alerts`: what became of alerts on their way to channels. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "alerts",
  description:
    "Shows which alerts reached which channel, and why others did not: over the API when an API key is known and no database is named, else in the database.",
  commands: {
    list: { summary: "list alerts, newest first", load: () => import("./list.ts") },
    show: { summary: "show all that is known of alerts", load: () => import("./show.ts") },
    retry: { summary: "send alerts again that were given up", load: () => import("./retry.ts") },
    drop: { summary: "give up alerts that wait", load: () => import("./drop.ts") },
  },
}
