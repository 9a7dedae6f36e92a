/** overdue channels: where a project tells. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "channels",
  description:
    "Manages where the checks of a project tell, straight on a database, also while a server serves from it.",
  commands: {
    list: { summary: "the channels, without their secrets", load: () => import("./list.ts") },
    add: { summary: "add a channel", load: () => import("./add.ts") },
    test: { summary: "tell a channel something, to see whether it works", load: () => import("./test.ts") },
    remove: { summary: "remove a channel, from its checks too", load: () => import("./remove.ts") },
  },
}
