/** The job that the runner is running, as its environment describes it. */

type Environment = Readonly<Record<string, string | undefined>>

export interface Job {
  /** `workflow / job`, for people. */
  readonly title: string
  /** Page of this attempt, on github.com or on an enterprise server. */
  readonly link: string
  readonly facts: readonly (readonly [name: string, value: string])[]
}

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

/** The body of a signal: what happened, the link, the facts. */
export const report = (job: Job, headline: string, text: string | undefined): string =>
  [
    ...(text === undefined ? [] : [text, ""]),
    `${headline}: ${job.title}`,
    ...(job.link === "" ? [] : [job.link]),
    ...job.facts.map(([name, value]) => `${name}: ${value}`),
    "",
  ].join("\n")
