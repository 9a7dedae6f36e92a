/** What a target answers that is asked once from here, for people and for programs. */
import * as ResultDocument from "@overdue/core/document/ResultDocument"
import * as ProbeField from "@overdue/core/document/ProbeField"
import type * as Probe from "@overdue/core/Probe"
import * as Threshold from "@overdue/core/probe/Threshold"
import * as Asker from "@overdue/probes/Asker"
import * as Result from "effect/Result"
import { Failure, UsageError } from "../Failure.ts"
import type { Io } from "../Io.ts"
import * as Json from "../Json.ts"
import * as PolicyFlags from "../PolicyFlags.ts"
import { columnsOf, paint, type Colour } from "../Style.ts"
import { table } from "../Table.ts"

/** How it is asked, and shown. */
export interface Options {
  readonly allowPrivateTargets: boolean
  readonly isJson: boolean
}

/**
 * Asks a target, written as the probe of a check is, and prints its answer; resolves to the exit code. Fails with a
 * `UsageError` when it is no target.
 */
export const ask = async (
  io: Io,
  text: string,
  { allowPrivateTargets, isJson }: Options,
): Promise<number> => {
  const probe = probeOf(text)
  const answered = await Asker.make(Asker.reaching(allowPrivateTargets))(probe)
  if (answered.type === "unknown")
    throw new Failure(`nothing can be said of the target from here: ${answered.why}`)
  const { answer } = answered
  if (isJson) Json.print(io, ResultDocument.show(answer))
  else {
    const columns = [
      { title: "WHAT", text: ({ what }: Row) => what },
      {
        title: "ANSWER",
        text: ({ said }: Row) => said,
        colour: ({ colour }: Row) => colour,
        isElastic: true as const,
      },
    ]
    io.stdout.write(table(rowsOf(answer), columns, { columns: columnsOf(io), paint: paint(io) }))
  }
  return answer.ok ? 0 : 1
}

const probeOf = (text: string): Probe.Probe => {
  const document = PolicyFlags.probe("--ask", text)
  if (document === null) throw new UsageError("--ask needs a target, such as https://example.org")
  const probe = Result.getOrThrow(ProbeField.ofShown(document))
  if (Threshold.is(probe))
    throw new UsageError("--ask asks a target, and a threshold is about what a server reports by itself")
  return probe
}

interface Row {
  readonly what: string
  readonly said: string
  readonly colour?: Colour | undefined
}

const rowsOf = ({
  ok,
  reason,
  statusCode,
  timings,
  certificate,
  registration,
}: Asker.Answer): readonly Row[] => {
  const took = (what: string, span: number | undefined): readonly Row[] =>
    span === undefined ? [] : [{ what, said: `${span.toFixed(1)} ms` }]
  return [
    { what: "result", said: ok ? "ok" : (reason ?? "failed"), colour: ok ? "green" : "red" },
    ...(statusCode === undefined ? [] : [{ what: "status", said: String(statusCode) }]),
    ...took("name resolution", timings.dns),
    ...took("connection", timings.connect),
    ...took("TLS", timings.tls),
    ...took("first byte", timings.firstByte),
    ...took("altogether", timings.whole),
    ...(certificate === undefined
      ? []
      : [
          { what: "certificate", said: certificate.error ?? `until ${dateOf(certificate.validTo)}` },
          { what: "issuer", said: certificate.issuer },
        ]),
    ...(registration === undefined
      ? []
      : [
          {
            what: "domain",
            said:
              registration.error ??
              `${registration.domain}, until ${registration.expiresAt === undefined ? "nobody says when" : dateOf(registration.expiresAt)}`,
          },
        ]),
  ]
}

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
