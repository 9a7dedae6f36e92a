/** overdue checks: looking at checks and changing them. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "checks",
  description: "Looks at the checks of a project and changes them, over the management API.",
  commands: {
    list: { summary: "all checks, or those with a tag, slug or status", load: () => import("./list.ts") },
    show: { summary: "one check, with its last pings and flips", load: () => import("./show.ts") },
    create: { summary: "make a check", load: () => import("./create.ts") },
    update: { summary: "change a check", load: () => import("./update.ts") },
    pause: { summary: "expect nothing until it is resumed or pinged", load: () => import("./pause.ts") },
    resume: { summary: "end a pause", load: () => import("./resume.ts") },
    delete: { summary: "delete a check and its history", load: () => import("./delete.ts") },
  },
}
