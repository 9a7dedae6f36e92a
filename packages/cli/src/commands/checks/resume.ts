/** `overdue checks resume`: ends a pause, after which a check is as new. */
import { act } from "./Act.ts"

export const command = act({
  name: "resume",
  done: "resumed",
  doing: "resuming",
  description: "Ends a pause; the check is new then, and not late before its first signal.",
  suits: { quality: "paused", test: ({ status }) => status === "paused" },
  call: (api, id) => api.checks.resume(id),
})
