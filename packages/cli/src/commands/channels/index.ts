/** `overdue channels`: where the checks of a project send alerts, on a server or in a database. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "channels",
  description:
    "Manages the channels that the checks of a project alert: over the API when an API key is known and no database is named, else in the database, whether or not a server runs on it.",
  commands: {
    list: { summary: "list the channels and whether they work", load: () => import("./list.ts") },
    add: { summary: "add a channel", load: () => import("./add.ts") },
    update: { summary: "change a channel", load: () => import("./update.ts") },
    test: { summary: "send a test alert to a channel", load: () => import("./test.ts") },
    remove: { summary: "remove channels, from their checks too", load: () => import("./remove.ts") },
  },
}
