/** Lists of names and values as variables of OpenTelemetry have them: `name=value,name=value`, with the rest as `%20`. */

/** The most that a list may have. */
const most = 128

/** Returns the pairs of a list; `undefined` when any of it is none, as by the specification all of it is left out then. */
export const parse = (text: string): readonly (readonly [name: string, value: string])[] | undefined => {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
  if (parts.length > most) return undefined
  const pairs = parts.map(pairOf)
  return pairs.every((pair) => pair !== undefined) ? pairs : undefined
}

const pairOf = (part: string): readonly [string, string] | undefined => {
  const sign = part.indexOf("=")
  if (sign < 1) return undefined
  try {
    return [decodeURIComponent(part.slice(0, sign).trim()), decodeURIComponent(part.slice(sign + 1).trim())]
  } catch {
    return undefined
  }
}
