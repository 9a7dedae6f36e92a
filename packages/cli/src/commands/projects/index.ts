/** overdue projects: the projects of an installation. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "projects",
  description: "Lists and makes projects, straight on a database, also while a server serves from it.",
  commands: {
    list: { summary: "all projects", load: () => import("./list.ts") },
    create: { summary: "make a project, with keys of its own", load: () => import("./create.ts") },
  },
}
