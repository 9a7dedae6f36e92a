/**
 * Ids by which nobody finds their records, and time zones that there are not. Such a record can be read, and what else it
 * says goes on: a check whose pings do not find it any more is to go down, and to be told of. It is only said to be damaged.
 */
import type { Channel } from "@overdue/core/Channel"
import type { Check } from "@overdue/core/Check"
import type { ApiKey, Project } from "@overdue/core/Project"
import type { StoreError } from "@overdue/core/Store"
import * as Uuid from "@overdue/core/Uuid"
import * as Zone from "@overdue/core/Zone"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"

/** Returns what is wrong with the names in a project. */
export const ofProject = ({ id, zone }: Project): readonly StoreError[] => [
  ...ofId("projects", "project", id),
  ...(Zone.find(zone) === undefined
    ? [
        Row.damage(
          { table: "projects", record: RecordName.of("project", id), column: "zone" },
          `${Row.excerpt(zone)} is no time zone: expected an IANA name, such as Europe/Riga`,
        ),
      ]
    : []),
]

/** Returns what is wrong with the name of a channel. */
export const ofChannel = ({ id }: Channel): readonly StoreError[] => ofId("channels", "channel", id)

/** Returns what is wrong with the name of a check. */
export const ofCheck = ({ id }: Check): readonly StoreError[] => ofId("checks", "check", id)

/** Returns what is wrong with the name of an API key. */
export const ofKey = ({ digest, project }: ApiKey): readonly StoreError[] =>
  /^[0-9a-f]{64}$/.test(digest)
    ? []
    : [
        Row.damage(
          {
            table: "api_keys",
            record: `${RecordName.of("API key", digest)} of ${RecordName.of("project", project)}`,
            column: "digest",
          },
          "no key has it: expected 64 hexadecimal digits",
        ),
      ]

/** The id is not repeated: it may nearly be that of a check, which is a secret. */
const ofId = (table: string, kind: string, id: string): readonly StoreError[] =>
  Uuid.isValid(id)
    ? []
    : [
        Row.damage(
          { table, record: RecordName.of(kind, id), column: "id" },
          "nothing is found by it: expected a UUID in lower case",
        ),
      ]
