/** `overdue import`: a project of another server, with the ids of its checks. */
import type { Group } from "../../Command.ts"

export const command: Group = {
  name: "import",
  description: "Moves the checks of another server to a project here, with their ids, so that jobs ping on.",
  commands: {
    healthchecks: {
      summary: "move in from Healthchecks, or from Overdue",
      load: () => import("./healthchecks.ts"),
    },
  },
}
