import * as MemoryStore from "@overdue/engine/MemoryStore"
import { storeLaws } from "@overdue/laws/storeLaws"

storeLaws("the memory store", () => MemoryStore.layer)
