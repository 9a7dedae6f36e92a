/** A declaration as people keep it: YAML, JSON, or TypeScript with a default export. */
import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { Document, isScalar, parse, visit } from "yaml"
import type { Check, Channel } from "@overdue/client/management"
import { told } from "../CheckFields.ts"
import type { Json } from "../CheckFields.ts"
import { byName } from "../CheckView.ts"
import { Failure } from "../Failure.ts"

/** What is in the file, not looked at yet. `-` is standard input, as YAML. */
export const load = async (path: string, stdin: NodeJS.ReadableStream): Promise<unknown> => {
  try {
    if (/\.[cm]?[jt]s$/.test(path)) {
      const module: { readonly default?: unknown } = await import(pathToFileURL(resolve(path)).href)
      return module.default
    }
    return parse(path === "-" ? await everything(stdin) : await readFile(path, "utf8"))
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/** The project as a file; applying it again changes nothing. */
export const print = (checks: readonly Check[], channels: readonly Channel[]): string => {
  const names = new Map(channels.map(({ id, name }) => [id, isAlone(name, channels) ? name : id]))
  const document = new Document({
    ...(channels.length > 0 && {
      channels: channels
        .filter(({ name }) => isAlone(name, channels))
        .map(({ name, kind }) => ({ name, kind })),
    }),
    checks: checks.toSorted(byName).map((check) => declared(check, names)),
  })
  if (channels.length > 0) {
    document.commentBefore = " The values of channels are secrets and not exported: a new project needs them."
  }
  // Lists of words read better on one line.
  visit(document, {
    Seq: (_, list) => {
      if (list.items.every(isScalar)) list.flow = true
    },
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

const declared = (check: Check, names: ReadonlyMap<string, string>): Readonly<Record<string, Json>> => {
  const ids = (check.channels ?? "").split(",").filter((id) => id !== "")
  return {
    ...Object.fromEntries(told(check)),
    ...(typeof check.tags === "string" && check.tags !== "" && { tags: check.tags.split(/\s+/) }),
    ...(ids.length > 0 && { channels: ids.map((id) => names.get(id) ?? id) }),
  }
}

const isAlone = (name: string, channels: readonly Channel[]): boolean => {
  // A comma separates names in the API, so a name that has one can only be meant by its id.
  return (
    name !== "" && !name.includes(",") && channels.filter((channel) => channel.name === name).length === 1
  )
}

const everything = async (stream: NodeJS.ReadableStream): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}
