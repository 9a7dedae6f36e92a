/** What the npm package `healthchecks-io-client` offers, which brings no types. */
declare module "healthchecks-io-client" {
  type Json = Readonly<Record<string, unknown>>

  interface ApiClient {
    getChecks(tags?: readonly string[]): Promise<{ readonly checks: readonly Json[] }>
    getCheck(uuid: string): Promise<Json>
    createCheck(info?: object): Promise<Json>
    updateCheck(uuid: string, info: object): Promise<Json>
    pauseCheck(uuid: string): Promise<Json>
    deleteCheck(uuid: string): Promise<Json>
    listPings(uuid: string): Promise<{ readonly pings: readonly Json[] }>
    listFlips(uuid: string, query?: object): Promise<{ readonly flips: readonly Json[] }>
    getIntegrations(): Promise<{ readonly channels: readonly Json[] }>
  }

  interface PingClient {
    success(payload?: string): Promise<unknown>
    fail(payload?: string): Promise<unknown>
    start(): Promise<unknown>
  }

  const client: {
    readonly HealthChecksApiClient: new (options: object) => ApiClient
    readonly HealthChecksPingClient: new (options: object) => PingClient
  }
  export default client
  export type { ApiClient }
}
