/** The registry of dialects. */
import type { Dialect, Route } from "./Dialect.ts"
import * as Healthchecks from "./healthchecks/Healthchecks.ts"

export const dialects: readonly Dialect[] = [Healthchecks.dialect]

const routes: readonly Route[] = dialects.flatMap((dialect) => dialect.routes)

/** The route of a path; `undefined` when nobody speaks it. */
export const find = (path: string): Route | undefined => routes.find(({ prefix }) => path.startsWith(prefix))
