/** The project in a database that a command works on. */
import type { Project } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import { Failure } from "../Failure.ts"
import { pick, type Naming } from "../Pick.ts"

/** What names a project. */
type Named = Pick<Project, "id" | "name">

const naming: Naming<Named> = { noun: "project", id: ({ id }) => id, names: [({ name }) => name] }

/** Returns the project with a name or id; without one, the only project. Fails when it is not exactly one. */
export const among = <A extends Named>(projects: readonly A[], words: string | undefined): A => {
  if (words !== undefined) return pick(projects, words, naming)
  const [first, ...others] = projects
  if (first !== undefined && others.length === 0) return first
  throw new Failure(severalProjects(projects))
}

/** Returns that project of the database. */
export const find = Effect.fnUntraced(function* (words: string | undefined) {
  const store = yield* Store.Store
  return among(yield* store.projects, words)
})

/** Returns what to say where one project is needed, and there is none or several. */
const severalProjects = (projects: readonly { readonly name: string }[]): string =>
  projects.length === 0
    ? "the database has no project; create one with `overdue projects create NAME`"
    : `the database has several projects; choose one with --project: ${projects.map(({ name }) => name).join(", ")}`
