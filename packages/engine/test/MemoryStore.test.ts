import * as MemoryStore from "@overdue/engine/MemoryStore"
import { storeLaws } from "@overdue/engine/testing/storeLaws"

storeLaws("the memory store", () => MemoryStore.layer)
