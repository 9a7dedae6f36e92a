/** The metrics endpoint as Prometheus reads it. */
import { expect, it } from "vitest"
import { keys } from "../../kit/Keys.ts"
import { ClientFixture } from "./ClientFixture.ts"
import * as Tool from "./Tool.ts"

it("promtool reads the metrics and finds fault only with names that Healthchecks gave", async (context) => {
  const promtool = Tool.need(context, "promtool", "prometheus")
  await using fixture = await ClientFixture.open()
  const { id, url } = await fixture.check({ name: 'quotes " and \\ and\nlines', tags: "a ä" })
  await fetch(`${url}/start`)
  await fetch(url)
  await fetch(`${url}/fail`)
  const answer = await fetch(`${fixture.overdue.url}/projects/${id}/metrics/${keys.readOnly}`)
  const { stderr, stdout } = await promtool(["check", "metrics"], { stdin: await answer.text() })
  const faults = `${stderr}${stdout}`.trim().split("\n").toSorted()
  expect(faults).toEqual([
    'hc_checks_down_total non-counter metrics should not have "_total" suffix',
    'hc_checks_total non-counter metrics should not have "_total" suffix',
  ])
})
