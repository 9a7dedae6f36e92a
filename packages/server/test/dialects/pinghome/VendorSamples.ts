/** The requests of the samples in the documentation of Pinghome, as it had them in November 2024. */

/** A request, with SERVICE, RESOURCE, HEARTBEAT and INTEGRATION for the ids in it. */
export interface Sample {
  readonly method: string
  readonly url: string
  readonly body?: unknown
}

const cmd = "https://resource-cmd.api.pinghome.io/v1"
const query = "https://resource-query.api.pinghome.io/v1"
const statistic = "https://statistic-query.api.pinghome.io/v1"
const gateway = "https://data-gateway.api.pinghome.io/v1"

const condition = { values: ["pinghome"], type: "response-json-check", key: "groups.user[0].name" }

/** Creates an uptime monitor. */
export const resource: Sample = {
  method: "POST",
  url: `${cmd}/resource`,
  body: {
    name: "Pinghome",
    type: "http",
    port: "",
    data: "",
    grace_period: 0,
    recovery_period: 0,
    maintenance_cron_expression: "*/8 * * * *",
    maintenance_duration: 5,
    skip_ssl_error: false,
    not_follow_redirect: false,
    method: "POST",
    body: "param1=value1&param2=value2",
    is_advanced: true,
    headers: { Authorization: "Bearer sometoken" },
    service_id: "SERVICE",
    url: "https://website-stage.ping-home.com",
    conditions: [{ ...condition, operator: "equal" }],
    regions: ["eu-central-1"],
  },
}

/** Creates a heartbeat. */
export const heartbeat: Sample = {
  method: "POST",
  url: `${cmd}/heartbeat`,
  body: { service_id: "SERVICE", name: "Pinghome", interval: 60, enabled: true },
}

const reminder = (method: string, path: string, days: readonly number[]): Sample => ({
  method,
  url: `${cmd}${path}`,
  ...(method !== "DELETE" && { body: { days_before: days } }),
})

const read = (path: string): Sample => ({ method: "GET", url: `${query}${path}` })

const integration = { name: "Incident name", status: "Incident status", items: ["ggs24084vt79"] }

/** What is asked of an uptime monitor, in an order in which all of it can be answered. */
export const ofResource: readonly Sample[] = [
  { method: "PUT", url: `${cmd}/resource/RESOURCE/status`, body: { enabled: true } },
  {
    method: "PUT",
    url: `${cmd}/resource/RESOURCE`,
    body: {
      name: "My website",
      is_advanced: true,
      method: "POST",
      grace_period: 1,
      recovery_period: 1,
      maintenance_cron_expression: "*/8 * * * *",
      maintenance_duration: 5,
      skip_ssl_error: false,
      body: "param1=value1&param2=value2",
      headers: '{"Authorization": "Bearer sometoken"}',
      data: "pinghome",
      service_id: "SERVICE",
      conditions: [{ ...condition, operator: "contains" }],
      regions: ["eu-central-1"],
    },
  },
  reminder("POST", "/RESOURCE/tld/reminder", [1]),
  reminder("PUT", "/RESOURCE/tld/reminder", [1, 3, 7]),
  read("/resource/RESOURCE/tld/reminder"),
  reminder("DELETE", "/tld/reminder/RESOURCE", []),
  reminder("POST", "/ssl/reminder/RESOURCE", [1]),
  reminder("PUT", "/ssl/reminder/RESOURCE", [1]),
  read("/resource/RESOURCE/ssl/reminder"),
  reminder("DELETE", "/ssl/reminder/RESOURCE", []),
  // The list of endpoints has other paths than the samples.
  ...["tld", "ssl"].flatMap((what) =>
    ["POST", "PUT", "DELETE"].map((method) => reminder(method, `/resource/RESOURCE/${what}/reminder`, [1])),
  ),
  read("/service/SERVICE/resources?page=1&limit=50"),
  read("/resource/RESOURCE"),
  read("/resource/RESOURCE/regions"),
  read("/resource/RESOURCE/ssl"),
  read("/resource/RESOURCE/tld"),
  {
    method: "GET",
    url: `${statistic}/resource/RESOURCE/statistic?start_date=2022-04-03T21:00:00Z&end_date=2022-04-03T22:04:00Z&interval=minute&limit=4`,
  },
  {
    method: "GET",
    url: `${statistic}/resource/RESOURCE/state-changed-logs?start_date=2022-04-01T21:00:00Z&end_date=2022-04-07T22:04:00Z&limit=4`,
  },
  read("/resource/RESOURCE/integrations"),
  {
    method: "POST",
    url: `${cmd}/resource/RESOURCE/integration`,
    body: { ...integration, integration: "r276xxt51c23", type: "statuspageIo" },
  },
  {
    method: "PUT",
    url: `${cmd}/resource/RESOURCE/integration/r276xxt51c23`,
    body: { ...integration, message: "Integration message" },
  },
  { method: "DELETE", url: `${cmd}/resource/RESOURCE/integration/r276xxt51c23` },
  { method: "DELETE", url: `${cmd}/resource/RESOURCE` },
]

/** What is asked of a heartbeat. */
export const ofHeartbeat: readonly Sample[] = [
  {
    method: "PUT",
    url: `${cmd}/heartbeat/HEARTBEAT`,
    body: { name: "My heartbeat", service_id: "SERVICE", methods: ["GET"], interval: 60, enabled: true },
  },
  read("/service/SERVICE/heartbeats?page=1&limit=50"),
  read("/heartbeat/HEARTBEAT"),
  {
    method: "GET",
    url: `${statistic}/heartbeat/HEARTBEAT/statistic?interval=7d&start_date=2022-04-03T21:00:00Z&end_date=2022-04-03T22:04:00Z`,
  },
  {
    method: "GET",
    url: `${statistic}/heartbeat/HEARTBEAT/events?limit=10&last_received_at=2023-03-27T09:57:54Z`,
  },
  { method: "GET", url: `${gateway}/heartbeat/HEARTBEAT?result=tick&message=Tick+event+sent` },
  { method: "DELETE", url: `${cmd}/heartbeat/HEARTBEAT` },
]

/** Deletes several at once. */
export const deletions = [`${cmd}/resource?id=A&id=B`, `${cmd}/heartbeat?id=A&id=B`] as const
