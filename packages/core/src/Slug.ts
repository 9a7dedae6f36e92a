/** Slugs: names of checks in URLs. */
import * as Limits from "./Limits.ts"

const pattern = /^[a-z0-9\-_]*$/

/** Whether a text is a valid slug: at most 100 characters of `a-z0-9-_`. The empty text is valid, and means no slug. */
export const isValid = (text: string): boolean => text.length <= Limits.slugLength && pattern.test(text)

/**
 * Returns the slug of a name, as Django's `slugify` makes it: compatibility decomposition, ASCII only, lower case; runs
 * of blanks and hyphens become one hyphen, and hyphens and underscores at either end are removed. May be empty.
 */
export const fromName = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/[^\x00-\x7f]/g, "")
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .replace(/[-\s]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "")
