/** The check that an argument means, among those of the server: by id, slug, name, or the beginning of an id. */
import type { Check, Management } from "@overdue/client/management"
import { Failure } from "./Failure.ts"
import { pick, type Naming } from "./Pick.ts"
import { plain } from "./Style.ts"

/** Returns the only check that is meant. Fails with a `Failure` that lists the candidates when there are several. */
export const one = async (api: Management, words: string): Promise<Check> =>
  among(await api.checks.list(), words)

/** Returns the only one of the checks that is meant. Fails with a `Failure`, as `one` does. */
export const among = <A extends Check>(checks: readonly A[], words: string): A => pick(checks, words, naming)

/** Returns what names the check in paths of the API: its id or, for a read-only key, its unique key. */
export const idOf = ({ uuid, unique_key }: Check): string => uuid ?? unique_key ?? ""

/** Returns the id by which a check is changed. Fails with a `Failure` when the key is read-only. */
export const changeable = ({ uuid }: Check): string => {
  if (uuid !== undefined) return uuid
  throw new Failure("this key is read-only: to change checks, give a read-write key with --api-key")
}

/** Returns what people call a check: its name, else its slug, else its id. */
export const title = ({ name, slug, uuid = "" }: Check): string => plain(name || slug || uuid)

const naming: Naming<Check> = {
  noun: "check",
  id: idOf,
  names: [({ slug }) => slug, ({ name }) => name],
  list: "overdue checks list",
}
