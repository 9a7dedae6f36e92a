/**
 * Loaded into a server before its program: at a first SIGUSR2 it collects everything, and at a second one it says how many
 * bytes have outlived quick collections since.
 */
import { GCProfiler, setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { isMainThread } from "node:worker_threads"

type Collection = ReturnType<GCProfiler["stop"]>["statistics"][number]

const oldSpace = ({ heapSpaceStatistics }: Collection["afterGC"]): number =>
  heapSpaceStatistics
    .filter(({ spaceName }) => spaceName === "old_space")
    .reduce((sum, { spaceUsedSize }) => sum + spaceUsedSize, 0)

if (isMainThread) {
  setFlagsFromString("--expose-gc")
  const collect = runInNewContext("gc") as () => void // safe because the flag has just made it
  let profiler: GCProfiler | undefined
  process.on("SIGUSR2", () => {
    if (profiler === undefined) {
      collect()
      profiler = new GCProfiler()
      profiler.start()
      process.stdout.write("collected everything\n")
      return
    }
    const quick = profiler.stop().statistics.filter(({ gcType }) => gcType === "Scavenge")
    const outlived = quick.reduce(
      (sum, { beforeGC, afterGC }) => sum + oldSpace(afterGC) - oldSpace(beforeGC),
      0,
    )
    process.stdout.write(`${outlived} bytes outlived ${quick.length} collections\n`)
  })
}
