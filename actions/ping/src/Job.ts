/** The job that the runner is running, as the environment describes it. */

type Environment = Readonly<Record<string, string | undefined>>

/** What a signal says of a job. */
export interface Job {
  /** `workflow / job`, for people. */
  readonly title: string
  /** Address of the page of this attempt, on github.com or an enterprise server; empty when it is unknown. */
  readonly link: string
  readonly facts: readonly (readonly [name: string, value: string])[]
}

/** Returns the job of an environment. */
export const read = (environment: Environment): Job => {
  const of = (name: string) => environment[`GITHUB_${name}`] || undefined
  const server = of("SERVER_URL") ?? "https://github.com"
  const run = of("RUN_ID")
  const attempt = of("RUN_ATTEMPT")
  const page = `${server}/${of("REPOSITORY") ?? ""}/actions/runs/${run}`
  const facts = (
    [
      ["job", of("JOB")],
      ["ref", of("REF")],
      ["sha", of("SHA")],
      ["attempt", attempt],
      ["actor", of("TRIGGERING_ACTOR") ?? of("ACTOR")],
      ["event", of("EVENT_NAME")],
      ["runner", environment.RUNNER_NAME || undefined],
    ] as const
  ).filter((fact): fact is [(typeof fact)[0], string] => fact[1] !== undefined)
  return {
    title: [of("WORKFLOW"), of("JOB")].filter((part) => part !== undefined).join(" / "),
    link: run === undefined ? "" : `${page}${attempt === undefined ? "" : `/attempts/${attempt}`}`,
    facts,
  }
}

/** What the body of a signal is made of. */
export interface Report {
  /** What happened. */
  readonly headline: string
  /** The text of the step; `undefined` without one. */
  readonly text: string | undefined
  /** How many bytes the server stores. */
  readonly limit: number
}

/**
 * Returns the body of a signal: the given text, what happened, the link, the facts. Of a text that is too long for the
 * server the end is kept, and all the rest with it.
 */
export const report = (job: Job, { headline, text, limit }: Report): string => {
  const rest = [
    `${headline}: ${job.title}`,
    ...(job.link === "" ? [] : [job.link]),
    ...job.facts.map(([name, value]) => `${name}: ${value}`),
    "",
  ].join("\n")
  if (text === undefined) return rest
  const kept = end(text, limit - Buffer.byteLength(rest) - 2)
  return kept === "" ? rest : `${kept}\n\n${rest}`
}

const mark = "[…]\n"

/** Returns the end of a text in at most so many bytes, behind a mark when it is cut, without half a character. */
const end = (text: string, limit: number): string => {
  const bytes = Buffer.from(text)
  if (bytes.length <= limit) return text
  const room = limit - Buffer.byteLength(mark)
  if (room <= 0) return ""
  let from = bytes.length - room
  while (from < bytes.length && (bytes[from]! & 0xc0) === 0x80) from++
  return mark + bytes.subarray(from).toString()
}
