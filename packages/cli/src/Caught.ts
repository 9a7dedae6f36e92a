/** Code and message of a caught value, which may be anything. */

/** Returns the code of an error of the system or of Node, such as `ENOENT`; `undefined` when there is none. */
export const code = (error: unknown): string | undefined => {
  // safe because the property is only looked at
  const found = (error as { readonly code?: unknown } | null | undefined)?.code
  return typeof found === "string" ? found : undefined
}

/** Returns the message of an error, or the text of anything else. */
export const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Returns the code of an error, or its message when it has none. */
export const brief = (error: unknown): string => code(error) ?? message(error)
