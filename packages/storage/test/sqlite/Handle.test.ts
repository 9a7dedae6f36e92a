import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Handle from "@overdue/storage/sqlite/Handle"
import { expect, it } from "vitest"
import * as Folder from "../../../../test/kit/Folder.ts"

it("keeps the statements that were prepared last, and prepares an older one anew", () => {
  using folder = Folder.make()
  const filename = join(folder.path, "overdue.db")
  const connect = () => new DatabaseSync(filename)
  const handle = Handle.open({ filename, applicationId: 1, connect })
  const first = handle.prepare("SELECT 0")
  for (let n = 1; n < 300; n++) handle.prepare(`SELECT ${n}`)
  expect(handle.prepare("SELECT 0")).toBe(first)
  const last = handle.prepare("SELECT 300")
  const again = handle.prepare("SELECT 0")
  expect(again).not.toBe(first)
  expect(again.all()).toEqual([[0]])
  expect(handle.prepare("SELECT 300")).toBe(last)
  handle.close()
})
