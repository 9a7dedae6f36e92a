/** A command that changes a project, without a change of what it keeps: stores need not agree on when pings go then. */
import * as Effect from "effect/Effect"
import * as StoreFixture from "./StoreFixture.ts"

/** Changes the name and the keys of project `n`. */
export const rename = (
  { n, pingKey }: { readonly n: number; readonly pingKey: string | undefined },
  store: StoreFixture.Stored,
) =>
  Effect.flatMap(store.project(StoreFixture.projectId(n)), (project) =>
    store.updateProject(StoreFixture.projectId(n), {
      name: "changed",
      badgeKey: "b",
      checkLimit: 7,
      pingLogLimit: project?.pingLogLimit ?? 1,
      pingKey,
    }),
  )
