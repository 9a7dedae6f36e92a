/** A declaration as a file: YAML, JSON, or TypeScript with a default export. */
import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import { text } from "node:stream/consumers"
import { pathToFileURL } from "node:url"
import { Document, isScalar, parse, visit } from "yaml"
import type { Check, Channel } from "@overdue/client/management"
import * as Caught from "../Caught.ts"
import type { Json } from "@overdue/core/document/Field"
import * as Written from "../Written.ts"
import * as WrittenFields from "../WrittenFields.ts"
import { isDeclarable } from "./Declaration.ts"
import { byName } from "../CheckView.ts"
import { Failure } from "../Failure.ts"

/** Returns the content of a file, not checked yet. `-` is standard input, read as YAML. Fails with a `Failure`. */
export const load = async (path: string, stdin: NodeJS.ReadableStream): Promise<unknown> => {
  try {
    if (/\.[cm]?[jt]s$/.test(path)) {
      const module: { readonly default?: unknown } = await import(pathToFileURL(resolve(path)).href)
      return module.default
    }
    const content: unknown = parse(path === "-" ? await text(stdin) : await readFile(path, "utf8"))
    // An alias within its own anchor makes a value that contains itself, which nothing can be declared with.
    JSON.stringify(content)
    return content
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${Caught.message(error)}`, { cause: error })
  }
}

/**
 * Returns a project as YAML. Applying it to the same project changes nothing. `hasIds` adds the ids and the badge keys,
 * which checks keep on another server.
 */
export const print = (checks: readonly Check[], channels: readonly Channel[], hasIds = false): string => {
  const names = new Map(channels.map(({ id, name }) => [id, isDeclarable(name, channels) ? name : id]))
  const left = channels.filter(({ name }) => !isDeclarable(name, channels)).length
  const document = new Document({
    ...(channels.length > 0 && {
      channels: channels
        .filter(({ name }) => isDeclarable(name, channels))
        .map(({ name, kind }) => ({ name, kind })),
    }),
    checks: checks.toSorted(byName).map((check) => ({
      ...(hasIds && identity(check)),
      ...declared(check, names),
    })),
  })
  if (channels.length > 0) {
    document.commentBefore =
      " The values of channels are secrets and not exported: add them before you apply this to another project." +
      (left === 0
        ? ""
        : `\n Left out: ${left} of the channels, whose name is empty, or not theirs alone, or one that no channel can be given now. apply --prune keeps them.`)
  }
  // Lists of words are easier to read on one line.
  visit(document, {
    Seq: (_, list) => {
      if (list.items.every(isScalar)) list.flow = true
    },
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

const declared = (check: Check, names: ReadonlyMap<string, string>): Readonly<Record<string, Json>> => {
  const tags = Written.listOf(" ", check.tags)
  const told = Object.fromEntries(
    WrittenFields.told(check).filter(([name]) => name !== "tags" || tags.length > 0),
  )
  const ids = (check.channels ?? "").split(",").filter((id) => id !== "")
  return {
    ...told,
    ...(tags.length > 0 && { tags }),
    ...(ids.length > 0 && { channels: ids.map((id) => names.get(id) ?? id) }),
  }
}

const identity = ({ uuid, badge_url }: Check): Readonly<Record<string, Json>> => {
  const badgeKey = /\/b\/[23]\/([0-9a-f-]{36})\.svg$/.exec(badge_url ?? "")?.[1]
  return {
    ...(uuid !== undefined && { id: uuid }),
    ...(badgeKey !== undefined && { badge_key: badgeKey }),
  }
}
