import { storeLaws } from "@overdue/engine/testing/storeLaws"
import * as Sqlite from "@overdue/storage/Sqlite"

storeLaws("SQLite in memory", () => Sqlite.layer({ filename: ":memory:" }))
