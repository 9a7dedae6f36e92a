/** The check that an argument means, among those of the server: by id, slug, name, or the beginning of an id. */
import type { Check, Management } from "@overdue/client/management"
import { Failure } from "./Failure.ts"
import { nearest } from "./Nearest.ts"
import { plain } from "./Style.ts"

/** Returns the only check that is meant. Fails with a `Failure` that lists the candidates when there are several. */
export const one = async (api: Management, words: string): Promise<Check> =>
  among(await api.checks.list(), words)

/** Returns the only one of the checks that is meant. Fails with a `Failure`, as `one` does. */
export const among = <A extends Check>(checks: readonly A[], words: string): A => {
  const rules: readonly ((check: A) => boolean)[] = [
    (check) => idOf(check) === words.toLowerCase(),
    ({ slug }) => slug === words,
    ({ name }) => name === words,
    (check) => /^[0-9a-f-]{4,}$/i.test(words) && idOf(check).startsWith(words.toLowerCase()),
  ]
  for (const rule of rules) {
    const [check, ...others] = checks.filter(rule)
    if (check === undefined) continue
    if (others.length === 0) return check
    const ids = [check, ...others].map((check) => `${idOf(check)} (${plain(check.name)})`)
    throw new Failure(`${JSON.stringify(words)} fits several checks; name one by its id: ${ids.join(", ")}`)
  }
  const near = nearest(
    words,
    checks.flatMap(({ slug, name }) => [slug, name].filter((word) => word !== "")),
  )
  const hint =
    near === undefined ? "`overdue checks list` lists them" : `did you mean ${JSON.stringify(near)}?`
  throw new Failure(`there is no check ${JSON.stringify(words)}; ${hint}`)
}

/** Returns what names the check in paths of the API: its id or, for a read-only key, its unique key. */
export const idOf = ({ uuid, unique_key }: Check): string => uuid ?? unique_key ?? ""

/** Returns the id by which a check is changed. Fails with a `Failure` when the key is read-only. */
export const changeable = ({ uuid }: Check): string => {
  if (uuid !== undefined) return uuid
  throw new Failure("this key is read-only: to change checks, give a read-write key with --api-key")
}

/** Returns what people call a check: its name, else its slug, else its id. */
export const title = ({ name, slug, uuid = "" }: Check): string => plain(name || slug || uuid)
