/** The check that an argument means, among those of the server: by id, slug, name, or the beginning of an id. */
import type { Check, Management } from "@overdue/client/management"
import { Failure } from "./Failure.ts"
import { nearest } from "./Nearest.ts"
import { plain } from "./Style.ts"

/** Returns the only check that is meant. Fails with a `Failure` that lists the candidates when there are several. */
export const one = async (api: Management, words: string): Promise<Check> => {
  const checks = await api.checks.list()
  const rules: readonly ((check: Check) => boolean)[] = [
    ({ uuid }) => uuid === words.toLowerCase(),
    ({ slug }) => slug === words,
    ({ name }) => name === words,
    ({ uuid }) => /^[0-9a-f-]{4,}$/i.test(words) && uuid?.startsWith(words.toLowerCase()) === true,
  ]
  for (const rule of rules) {
    const [check, ...others] = checks.filter(rule)
    if (check === undefined) continue
    if (others.length === 0) return check
    const ids = [check, ...others].map(({ uuid, name }) => `${uuid} (${plain(name)})`)
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

/** Returns what people call a check: its name, else its slug, else its id. */
export const title = ({ name, slug, uuid = "" }: Check): string => plain(name || slug || uuid)
