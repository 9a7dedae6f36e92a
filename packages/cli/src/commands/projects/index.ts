/** `overdue projects`: the projects of an installation, managed over the API of a server or in its database. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "projects",
  description: "Manages projects: of a server, with --url and --admin-key, or in a database itself.",
  commands: {
    list: { summary: "list all projects", load: () => import("./list.ts") },
    set: { summary: "change the name, the limits or the ping key", load: () => import("./set.ts") },
    delete: { summary: "delete a project with all that it has", load: () => import("./delete.ts") },
    create: { summary: "create a project, with keys of its own", load: () => import("./create.ts") },
  },
}
