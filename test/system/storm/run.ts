/**
 * `pnpm storm`: ten minutes of hostile load of every kind against a real server, beside jobs that behave well.
 *
 * `--minutes N` and `--seed N` run something else, `--channels N` sets how many channels of the strangers hang, and
 * `--only TEXT` leaves out all attacks whose names do not contain it.
 */
import { parseArgs } from "node:util"
import * as Quantile from "../../bench/report/Quantile.ts"
import * as Table from "../../bench/report/Table.ts"
import * as Conditions from "./Conditions.ts"
import * as Job from "./Job.ts"
import * as Storm from "./Storm.ts"

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    channels: { type: "string", default: "200" },
    only: { type: "string", default: "" },
  },
})
const seed = Number(values.seed)
const print = (text: string): void => void process.stdout.write(`${text}\n`)
const figure = (count: number): string => count.toLocaleString("en")
const percent = (part: number): string => `${(100 * part).toFixed(0)} %`
const { ms } = Conditions

print(`seed ${seed}`)
const report = await Storm.run({
  seed,
  seconds: Math.round(60 * Number(values.minutes)),
  channels: Number(values.channels),
  only: values.only,
  onProgress: ({ second, jobs, strangers, falseAlarms, memory, descriptors, lines }) => {
    const took = Conditions.times({ jobs }, "http")
    const requests = Object.values(strangers.answers).flatMap(Object.values)
    const alerts = Quantile.of(jobs.silences.map(({ after }) => after ?? Number.POSITIVE_INFINITY))
    print(
      [
        `${String(second).padStart(4)} s`,
        `${figure(took.count)} pings, slowest ${ms(took.slowest)}`,
        `${falseAlarms.length} false alarms`,
        `${jobs.silences.length} alerts, slowest ${ms(alerts(1))}`,
        `${figure(requests.reduce((sum, count) => sum + count, 0))} hostile, ${strangers.wrong.length} wrong`,
        `${memory} MB`,
        `${descriptors} descriptors`,
        `${figure(lines)} lines`,
      ].join(" | "),
    )
  },
})

const { strangers, jobs, ledger, processor, samples } = report
const conditions = Conditions.of(report)
const [http, mail] = [Conditions.times(report, "http"), Conditions.times(report, "mail")]
const alerts = Quantile.of(jobs.silences.map(({ after }) => after ?? Number.POSITIVE_INFINITY))
const row = (name: string, { count, p50, p99, slowest }: Conditions.Times): Table.Row => [
  name,
  figure(count),
  ms(p50),
  ms(p99),
  ms(slowest),
]
const alertTimes = { count: jobs.silences.length, p50: alerts(0.5), p99: alerts(0.99), slowest: alerts(1) }

print("")
print(
  Table.format(
    ["attack", "answers", "", "of them"],
    Object.entries(strangers.answers)
      .map(([attack, counts]) => ({
        attack,
        counts: Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      }))
      .map(({ attack, counts }) => [
        attack,
        figure(counts.reduce((sum, [, count]) => sum + count, 0)),
        "",
        counts.map(([answer, count]) => `${answer}: ${figure(count)}`).join(", "),
      ]),
  ),
)
print(
  Table.format(
    ["well-behaved", "count", "p50", "p99", "slowest"],
    [row("pings", http), row("mails", mail), row("alerts after deadlines", alertTimes)],
  ),
)
print(
  Table.format(
    ["condition", "wanted", "found", ""],
    conditions.map(({ name, wanted, found, holds }) => [name, wanted, found, holds ? "holds" : "BROKEN"]),
  ),
)
for (const alarm of report.falseAlarms.slice(0, 10)) print(`false alarm ${JSON.stringify(alarm)}`)
for (const sent of jobs.sent.filter((sent) => !Job.isTaken(sent)).slice(0, 10))
  print(`refused ${JSON.stringify({ ...sent, job: undefined, at: new Date(sent.at).toISOString() })}`)
for (const heard of strangers.wrong) print(`wrong answer ${JSON.stringify(heard)}`)
for (const line of Conditions.errorsOf(report).slice(0, 10)) print(line)
print(
  `of a processor, the server used ${percent(processor.server)} and the strangers ${percent(processor.strangers)}; ` +
    `the process of the jobs stood still for ${ms(jobs.standstill)} at most, and was late for ${report.deserved} deadlines`,
)
const holds = conditions.every((condition) => condition.holds)
print(
  JSON.stringify({
    storm: holds ? "weathered" : "NOT weathered",
    seed,
    seconds: samples.length,
    falseAlarms: report.falseAlarms.length,
    blindSpans: ledger.blind.length,
    ping: http,
    mail,
    alert: alertTimes,
    wrong: strangers.wrong.length,
    memory: samples.filter((_, index) => index % 60 === 59).map(({ memory }) => memory),
    descriptors: report.descriptors,
    linesPerMinute: Math.round(report.linesPerMinute),
    exitCode: report.ended.code,
    endedAfter: Math.round(report.endedAfter),
    counts: ledger.counts,
  }),
)
process.exitCode = holds ? 0 : 1
