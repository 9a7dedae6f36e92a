/** overdue checks pause */
import { act } from "./Act.ts"

export const command = act({
  name: "pause",
  done: "paused",
  description: "Expects nothing of the checks until they are resumed, or pinged.",
  call: (api, id) => api.checks.pause(id),
})
