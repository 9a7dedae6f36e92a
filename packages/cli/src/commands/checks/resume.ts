/** overdue checks resume */
import { act } from "./Act.ts"

export const command = act({
  name: "resume",
  done: "resumed",
  description: "Ends the pause of the checks; they are new and wait for their first signal.",
  call: (api, id) => api.checks.resume(id),
})
