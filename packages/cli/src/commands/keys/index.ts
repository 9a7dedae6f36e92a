/** overdue keys: the API keys of a project. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "keys",
  description:
    "Manages the API keys of a project, straight on a database, also while a server serves from it.",
  commands: {
    list: { summary: "the keys, by their first characters", load: () => import("./list.ts") },
    create: { summary: "make a key", load: () => import("./create.ts") },
    rotate: { summary: "make a key in place of another", load: () => import("./rotate.ts") },
    revoke: { summary: "let a key open nothing any more", load: () => import("./revoke.ts") },
  },
}
