/** `overdue checks`: the checks of a project, over the management API of a server. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "checks",
  description: "Lists, creates, changes and deletes the checks of a project, over the management API.",
  commands: {
    list: {
      summary: "list all checks, or those with a tag, slug or status",
      load: () => import("./list.ts"),
    },
    show: { summary: "show one check, with its last pings and flips", load: () => import("./show.ts") },
    create: { summary: "create a check", load: () => import("./create.ts") },
    update: { summary: "change a check", load: () => import("./update.ts") },
    pause: {
      summary: "expect no signals until a check is resumed or pinged",
      load: () => import("./pause.ts"),
    },
    resume: { summary: "end a pause", load: () => import("./resume.ts") },
    delete: { summary: "delete checks and their history", load: () => import("./delete.ts") },
  },
}
