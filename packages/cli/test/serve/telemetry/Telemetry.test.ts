import { readFileSync } from "node:fs"
import * as Telemetry from "@overdue/cli/serve/telemetry/Telemetry"
import type { Environment } from "@overdue/cli/Io"
import { describe, expect, it } from "vitest"

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" }
const read = (more: Environment = {}) => Telemetry.read({ ...endpoint, ...more })

describe("a server whose environment says nothing of a collector", () => {
  it.each<Environment>([
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: " " },
    { OTEL_SERVICE_NAME: "overdue", OTEL_EXPORTER_OTLP_HEADERS: "a=b", OTEL_TRACES_SAMPLER: "always_on" },
    { ...endpoint, OTEL_SDK_DISABLED: "true" },
    {
      ...endpoint,
      OTEL_TRACES_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "prometheus",
      OTEL_LOGS_EXPORTER: "none",
    },
  ])("exports nothing: %j", (environment) => {
    expect(Telemetry.read(environment)).toEqual({ settings: undefined, notes: [] })
  })
})

describe("the endpoint of a collector", () => {
  it("turns all on, with the values that the specification has", () => {
    const target = {
      protocol: "http/protobuf",
      headers: {},
      isCompressed: false,
      timeout: 10_000,
    }
    expect(read()).toEqual({
      notes: [],
      settings: {
        service: "overdue",
        attributes: {},
        sampled: 1,
        targets: {
          traces: { ...target, url: "http://127.0.0.1:4318/v1/traces", every: 5_000 },
          metrics: { ...target, url: "http://127.0.0.1:4318/v1/metrics", every: 60_000 },
          logs: { ...target, url: "http://127.0.0.1:4318/v1/logs", every: 1_000 },
        },
      },
    })
  })

  it("may have a path and a query, and be that of one signal, which is taken as it is", () => {
    const { settings } = read({
      OTEL_EXPORTER_OTLP_ENDPOINT: "https://example.org/otlp/?tenant=1",
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://127.0.0.1:4318/mine",
    })
    expect(settings!.targets.logs!.url).toBe("https://example.org/otlp/v1/logs?tenant=1")
    expect(settings!.targets.traces!.url).toBe("http://127.0.0.1:4318/mine")
    const alone = Telemetry.read({ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://127.0.0.1:4318/mine" })
    expect(Object.keys(alone.settings!.targets)).toEqual(["logs"])
  })

  it.each([
    ["127.0.0.1:4318", "is no URL such as http://127.0.0.1:4318"],
    ["grpc://127.0.0.1:4317", "is no URL such as http://127.0.0.1:4318"],
    ["http://me:hunter2@127.0.0.1", "holds a name or a password, which belong into"],
  ])("that is wrong (%s) is said once, without repeating it, and nothing is exported", (wrong, why) => {
    const { settings, notes } = read({ OTEL_EXPORTER_OTLP_ENDPOINT: wrong })
    expect(settings).toBeUndefined()
    expect(notes).toEqual([expect.stringContaining(`OTEL_EXPORTER_OTLP_ENDPOINT ${why}`)])
    expect(notes.join("")).not.toContain("hunter2")
  })

  it("at which only gRPC is spoken is said to be none that overdue can use", () => {
    const { settings, notes } = read({ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" })
    expect(settings).toBeUndefined()
    expect(notes).toEqual([expect.stringContaining("overdue speaks no gRPC")])
    const json = read({ OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }).settings!
    expect(json.targets.traces!.protocol).toBe("http/json")
  })
})

describe("headers for a collector", () => {
  it("are decoded, and those of a signal are instead of those of all", () => {
    const { settings } = read({
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Basic%20eHl6PQ==, x-tenant = a,",
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: "x-own=1",
    })
    expect(settings!.targets.traces!.headers).toEqual({ authorization: "Basic eHl6PQ==", "x-tenant": "a" })
    expect(settings!.targets.logs!.headers).toEqual({ "x-own": "1" })
  })

  it.each(["hunter2", "a=%ZZhunter2", "a b=hunter2", "a=hunter2%0D%0Ab: c", "=hunter2"])(
    "that are none (%s) are left out together, and not repeated",
    (wrong) => {
      const { settings, notes } = read({ OTEL_EXPORTER_OTLP_HEADERS: `ok=1,${wrong}` })
      expect(settings!.targets.traces!.headers).toEqual({})
      expect(notes).toEqual([expect.stringContaining("OTEL_EXPORTER_OTLP_HEADERS is no list such as")])
      expect(notes.join("")).not.toContain("hunter2")
    },
  )

  it("that are thousands are left out", () => {
    const many = Array.from({ length: 1_000 }, (_, n) => `h${n}=1`).join(",")
    expect(read({ OTEL_EXPORTER_OTLP_HEADERS: many }).settings!.targets.traces!.headers).toEqual({})
  })
})

describe("what a server is called", () => {
  it("is what it is named by, else an attribute, else overdue", () => {
    const attributes = "service.name=of%20attributes,deployment.environment.name=test"
    expect(read({ OTEL_RESOURCE_ATTRIBUTES: attributes }).settings).toMatchObject({
      service: "of attributes",
      attributes: { "deployment.environment.name": "test" },
    })
    const named = read({ OTEL_RESOURCE_ATTRIBUTES: attributes, OTEL_SERVICE_NAME: "named" })
    expect(named.settings!.service).toBe("named")
    expect(read({ OTEL_RESOURCE_ATTRIBUTES: "%" })).toMatchObject({
      settings: { service: "overdue", attributes: {} },
      notes: [expect.stringContaining("OTEL_RESOURCE_ATTRIBUTES")],
    })
  })
})

describe("the share of traces that is exported", () => {
  it.each([
    ["always_on", undefined, 1],
    ["always_off", undefined, 0],
    ["traceidratio", "0.25", 0.25],
    ["parentbased_traceidratio", "0", 0],
    ["parentbased_always_on", undefined, 1],
    ["traceidratio", undefined, 1],
  ])("is by %s and %s %d", (sampler, share, sampled) => {
    const argument = share === undefined ? {} : { OTEL_TRACES_SAMPLER_ARG: share }
    const { settings, notes } = read({ OTEL_TRACES_SAMPLER: sampler, ...argument })
    expect([settings!.sampled, notes]).toEqual([sampled, []])
  })

  it.each([
    ["jaeger_remote", "0.1"],
    ["traceidratio", "2"],
    ["traceidratio", "a tenth"],
  ])("is all of them when it is asked for by %s and %s, which is said", (sampler, share) => {
    const { settings, notes } = read({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share })
    expect(settings!.sampled).toBe(1)
    expect(notes).toHaveLength(1)
  })
})

describe("times and compression", () => {
  it("are taken as they are given", () => {
    const { settings, notes } = read({
      OTEL_EXPORTER_OTLP_TIMEOUT: "500",
      OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: "700",
      OTEL_METRIC_EXPORT_INTERVAL: "15000",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: "none",
    })
    expect(notes).toEqual([])
    expect(settings!.targets.metrics).toMatchObject({ timeout: 500, every: 15_000, isCompressed: true })
    expect(settings!.targets.logs).toMatchObject({ timeout: 700, isCompressed: false })
  })

  it.each([
    ["OTEL_EXPORTER_OTLP_TIMEOUT", "0"],
    ["OTEL_EXPORTER_OTLP_TIMEOUT", "10s"],
    ["OTEL_METRIC_EXPORT_INTERVAL", "-1"],
    ["OTEL_BSP_SCHEDULE_DELAY", "99999999999"],
    ["OTEL_EXPORTER_OTLP_COMPRESSION", "brotli"],
  ])("that are none (%s=%s) are left out, which is said", (name, value) => {
    const { settings, notes } = read({ [name]: value })
    expect(settings).toEqual(read().settings)
    expect(notes).toEqual([expect.stringContaining(name)])
  })
})

describe("the table of variables in OPERATING.md", () => {
  it("has those that are read, and no others", () => {
    const read = new Set<string>()
    const given: Environment = { ...endpoint, OTEL_TRACES_SAMPLER: "traceidratio" }
    const watched = new Proxy(given, {
      get: (variables, name: string) => {
        read.add(name)
        return variables[name]
      },
    })
    Telemetry.read(watched)
    const path = new URL("../../../../server/OPERATING.md", import.meta.url).pathname
    const rows = [...readFileSync(path, "utf8").matchAll(/^\| (`OTEL_.*?) \|/gm)].map(([, cell]) => cell!)
    const written = rows.flatMap((cell) => [...cell.matchAll(/OTEL_\w+/g)].map(([name]) => name))
    const ofOneSignal = /^OTEL_EXPORTER_OTLP_(?:TRACES|METRICS|LOGS)_/
    expect(written.toSorted()).toEqual([...read].filter((name) => !ofOneSignal.test(name)).toSorted())
  })
})
