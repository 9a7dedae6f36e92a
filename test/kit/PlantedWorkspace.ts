/** A workspace under the rules of this repository, in which a test plants what a tool must refuse, or let pass. */
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as Folder from "./Folder.ts"

const root = new URL("../..", import.meta.url).pathname

/** Something that the linter refuses. */
export interface Finding {
  /** Path below the workspace. */
  readonly file: string
  /** Name of the rule, without that of its plugin. */
  readonly rule: string
}

export interface PlantedWorkspace extends Disposable {
  readonly plant: (path: string, source: string) => void
  /** Returns what the linter finds in these folders. */
  readonly lint: (...folders: readonly string[]) => readonly Finding[]
  /** Runs a tool of this repository there, and returns what it prints, and whether it refused. */
  readonly run: (tool: string, args: readonly string[]) => Outcome
}

export interface Outcome {
  readonly isRefused: boolean
  readonly output: string
}

/** Returns an empty workspace. */
export const make = (): PlantedWorkspace => {
  const folder = Folder.make("planted")
  for (const rules of [".oxlintrc.json", "tsconfig.base.json"]) {
    cpSync(join(root, rules), folder.file(rules))
  }
  symlinkSync(join(root, "node_modules"), folder.file("node_modules"))
  const run: PlantedWorkspace["run"] = (tool, args) => {
    const file = join(root, "node_modules", ".bin", tool)
    try {
      const output = execFileSync(file, args, { cwd: folder.path, encoding: "utf8", stdio: "pipe" })
      return { isRefused: false, output }
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string } // safe because the tool ran, and refused
      return { isRefused: true, output: stdout + stderr }
    }
  }
  return {
    plant: (path, source) => {
      mkdirSync(dirname(folder.file(path)), { recursive: true })
      writeFileSync(folder.file(path), source)
    },
    lint: (...folders) => {
      const { output } = run("oxlint", ["--format", "json", ...folders])
      const { diagnostics } = JSON.parse(output) as {
        readonly diagnostics: readonly { readonly code: string; readonly filename: string }[]
      }
      return diagnostics.map(({ code, filename }) => ({
        file: filename.replace(`${folder.path}/`, ""),
        rule: /\((.+)\)$/.exec(code)?.[1] ?? code,
      }))
    },
    run,
    [Symbol.dispose]: folder[Symbol.dispose],
  }
}
