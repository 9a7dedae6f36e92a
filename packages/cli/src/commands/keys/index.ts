/** `overdue keys`: the API keys of a project, managed over the API of a server or in its database. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "keys",
  description:
    "Manages the API keys of a project: of a server, with --url and --admin-key, or in a database itself.",
  commands: {
    list: { summary: "list the keys by their first characters", load: () => import("./list.ts") },
    create: { summary: "create a key", load: () => import("./create.ts") },
    rotate: { summary: "replace a key by a new one", load: () => import("./rotate.ts") },
    revoke: { summary: "delete keys, so that they are refused", load: () => import("./revoke.ts") },
  },
}
