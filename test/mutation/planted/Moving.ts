/** Bugs of moving an installation to another database: what is not moved, or lost, and who sees a half of it. */
import type { Bug } from "./Bug.ts"

const ofLoad = ["packages/storage/test/moving/Load.test.ts"]
const ofCommands = ["packages/cli/test/commands/dump.test.ts"]

export const moving: readonly Bug[] = [
  {
    what: "of a later dump, rows that were changed since are left as they were when they are as many as before",
    file: "packages/storage/src/moving/Merge.ts",
    original: '.digest("hex") === given.sha256',
    replacement: '.digest("hex").length === given.sha256.length',
    tests: ofLoad,
    named: "a dump that was taken later",
  },
  {
    what: "what the old server has deleted since the first dump stays in the new database when it stands at the end",
    file: "packages/storage/src/moving/Load.ts",
    original: "yield* Merge.end(target, piece.table, piece.after)",
    replacement: "yield* Effect.void",
    tests: ofLoad,
    named: "a dump that was taken later",
  },
  {
    what: "an installation that replaces one with the same secret is taken for a later dump of it, and not loaded anew",
    file: "packages/storage/src/moving/Dump.ts",
    original: "JSON.stringify([fingerprint ?? null, ...first])",
    replacement: "JSON.stringify([fingerprint ?? null, first.length])",
    tests: ofLoad,
    named: "a database that is not to be loaded",
  },
  {
    what: "a ping key that went from one project to another keeps a later dump from being loaded",
    file: "packages/storage/src/moving/Merge.ts",
    original: "...table.unique.map((set) => ({",
    replacement: "...table.anchors.map((set) => ({",
    tests: ofLoad,
    named: "a dump that was taken later",
  },
  {
    what: "a flip that alerts refer to cannot become another one when an installation is replaced",
    file: "packages/storage/src/moving/Catalogue.ts",
    original: "anchors: unique.filter((set) => toIt.some(({ to }) => to.join() === set.join())),",
    replacement: "anchors: unique.filter((set) => toIt.some(({ to }) => to === set)),",
    tests: ofLoad,
    named: "a dump that was taken later",
  },
  {
    what: "series of the installation that is replaced keep it from being replaced, because of their samples",
    file: "packages/storage/src/moving/Catalogue.ts",
    original: "dependents: toIt.filter(({ isBlocking }) => isBlocking),",
    replacement: "dependents: toIt.filter(({ isBlocking }) => !isBlocking && name === undefined),",
    tests: ofLoad,
    named: "a dump that was taken later",
  },
  {
    what: "a server opens a database of which half was loaded",
    file: "packages/storage/src/Migrator.ts",
    original: "Mark.expectNone(connection, place)",
    replacement: "Mark.of(connection)",
    tests: ofLoad,
  },
  {
    what: "two loads write into one database at once, each what the other has just deleted",
    file: "packages/storage/src/moving/Mark.ts",
    original: "found?.id === id && found.isUnderWay",
    replacement: "found?.id !== undefined || id === undefined",
    tests: ofLoad,
    named: "a database that is not to be loaded",
  },
  {
    what: "pings that the new server took are lost when the old database is loaded once more",
    file: "packages/storage/src/moving/Load.ts",
    original: "isOwn && awakeAt !== mark.awakeAt",
    replacement: "isOwn && mark.isUnderWay",
    tests: ofLoad,
    named: "a database that is not to be loaded",
  },
  {
    what: "an installation is loaded under a server that runs, which goes on with what it remembers",
    file: "packages/storage/src/moving/Load.ts",
    original: "Math.abs(now - awakeAt) < quiet",
    replacement: "Math.abs(now - awakeAt) < 0",
    tests: ofLoad,
    named: "a database that is not to be loaded",
  },
  {
    what: "a gigabyte without a line end fills the memory of whoever loads it",
    file: "packages/storage/src/moving/Lines.ts",
    original: "if (isWhole || length > Limits.line) break",
    replacement: "if (isWhole) break",
    tests: ofLoad,
    named: "a line of it does not end",
  },
  {
    what: "a dump can be read by every user of the machine, with the tokens of channels in it",
    file: "packages/cli/src/moving/DumpOutput.ts",
    original: "Privacy.mode",
    replacement: "0o644",
    tests: ofCommands,
    named: "of its owner alone",
  },
]
