/** The bugs that are planted, area by area. */
import type { Area } from "./Bug.ts"
import { engine } from "./Engine.ts"
import { outbox } from "./Outbox.ts"

export const areas: readonly Area[] = [
  { name: "engine", bugs: engine },
  { name: "outbox", bugs: outbox },
]
