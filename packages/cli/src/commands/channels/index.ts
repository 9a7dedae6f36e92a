/** `overdue channels`: where the checks of a project send alerts, managed in the database itself. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "channels",
  description:
    "Manages the channels that the checks of a project alert, in a database, whether or not a server runs on it.",
  commands: {
    list: { summary: "list the channels, without their secrets", load: () => import("./list.ts") },
    add: { summary: "add a channel", load: () => import("./add.ts") },
    test: { summary: "send a test alert to a channel", load: () => import("./test.ts") },
    remove: { summary: "remove channels, from their checks too", load: () => import("./remove.ts") },
  },
}
