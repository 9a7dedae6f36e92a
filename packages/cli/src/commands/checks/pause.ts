/** `overdue checks pause`: no signal of the checks is expected until they are resumed or pinged. */
import { act } from "./Act.ts"

export const command = act({
  name: "pause",
  done: "paused",
  doing: "pausing",
  description: "Expects no signals from the checks until they are resumed or pinged.",
  call: (api, id) => api.checks.pause(id),
})
