/** `overdue projects`: the projects of a database, listed and created with or without a running server. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "projects",
  description: "Lists and creates projects in a database, whether or not a server runs on it.",
  commands: {
    list: { summary: "list all projects", load: () => import("./list.ts") },
    create: { summary: "create a project, with keys of its own", load: () => import("./create.ts") },
  },
}
