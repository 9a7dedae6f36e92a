/** The check that somebody means: by id, by the beginning of an id, by slug, or by name. */
import type { Check, Management } from "@overdue/client/management"
import { Failure } from "./Failure.ts"
import { nearest } from "./Nearest.ts"
import { plain } from "./Style.ts"

/** Exactly one, or a `Failure` that lists the candidates. */
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
    throw new Failure(`${JSON.stringify(words)} is more than one check: ${ids.join(", ")}`)
  }
  const near = nearest(
    words,
    checks.flatMap(({ slug, name }) => [slug, name].filter((word) => word !== "")),
  )
  const hint = near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`
  throw new Failure(`there is no check ${JSON.stringify(words)}${hint}`)
}

export const title = ({ name, slug, uuid = "" }: Check): string => plain(name || slug || uuid)
