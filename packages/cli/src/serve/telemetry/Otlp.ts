/** The layer that exports traces, metrics and logs of a server over OTLP. Loaded only by a server that exports any. */
import { randomUUID } from "node:crypto"
import * as Trace from "@overdue/engine/Trace"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as OtlpExporter from "effect/observability/OtlpExporter"
import * as OtlpLogger from "effect/observability/OtlpLogger"
import * as OtlpMetrics from "effect/observability/OtlpMetrics"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import * as OtlpTracer from "effect/observability/OtlpTracer"
import * as Tracer from "effect/Tracer"
import * as Version from "../../Version.ts"
import * as Collector from "./Collector.ts"
import type { Settings, Signal, Target } from "./Telemetry.ts"

/** Spans and lines that are sent together; as many wait at most until they are. */
const maxBatchSize = 512

/** How long a server that stops waits for what it has not exported yet, for each signal. */
const shutdownTimeout = 700

/** Returns the layer. It is opened above the log of the server, which it adds to, and below the engine. */
export const layer = (settings: Settings): Layer.Layer<never> => {
  const resource = resourceOf(settings)
  const { traces, metrics, logs } = settings.targets
  const shared = (target: Target) => ({
    url: target.url,
    headers: target.headers,
    exportInterval: target.every,
    resource,
    shutdownTimeout,
  })
  const parts = [
    traces &&
      Layer.effect(
        Tracer.Tracer,
        Effect.map(OtlpTracer.make({ ...shared(traces), maxBatchSize }), (tracer) =>
          discreet(tracer, settings.sampled),
        ),
      ).pipe(Layer.provide(means("traces", traces))),
    metrics &&
      Layer.effectDiscard(OtlpMetrics.make(shared(metrics))).pipe(Layer.provide(means("metrics", metrics))),
    logs &&
      Logger.layer([OtlpLogger.make({ ...shared(logs), maxBatchSize, excludeLogSpans: true })], {
        mergeWithExisting: true,
      }).pipe(Layer.provide(means("logs", logs))),
  ]
  const all = parts.filter((part) => part !== undefined)
  return all.reduce((merged, part) => Layer.merge(merged, part), Layer.empty)
}

/** What the exporter of a signal works with. It reads no variable by itself: `Telemetry` has read them. */
const means = (signal: Signal, target: Target) =>
  Layer.mergeAll(
    target.protocol === "http/json" ? OtlpSerialization.layerJson : OtlpSerialization.layerProtobuf,
    Layer.succeed(HttpClient.HttpClient, Collector.client(signal, target)),
    OtlpExporter.layerFlusher,
    ConfigProvider.layer(ConfigProvider.fromUnknown({})),
  )

const resourceOf = ({ service, attributes }: Settings) => {
  const { "service.version": version, ...others } = attributes
  return {
    serviceName: service,
    serviceVersion: version ?? Version.read(),
    attributes: { "service.instance.id": randomUUID(), ...others },
  }
}

/**
 * Returns a tracer whose spans say of an error only what kind it was: those of commands end with what they were refused
 * for, which names the check. Of traces that begin here a share is exported.
 */
export const discreet = (tracer: Tracer.Tracer, sampled: number): Tracer.Tracer =>
  Tracer.make({
    span: (options) => {
      const isKept = options.parent._tag === "Some" || sampled === 1 || Math.random() < sampled
      const span = tracer.span({ ...options, sampled: options.sampled && isKept })
      const end = span.end.bind(span)
      span.end = (endTime, exit) => end(endTime, Trace.discreetly(exit))
      return span
    },
  })
