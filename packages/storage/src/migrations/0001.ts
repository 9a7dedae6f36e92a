/**
 * The first schema.
 *
 * Rows refer to each other by counted keys, not by the ids that people see: a quarter less work for each ping, and keys
 * are the order of creation. Every table of a project's things carries the project, by which they can be distributed.
 */
import type { Types } from "../Flavour.ts"

/** See `Migration`. */
export const version = 1

/** See `Migration`. */
export const name = "projects, checks, pings, flips, channels, deliveries"

/** See `Migration`. */
export const statements = ({ key, integer, text, bytes, table }: Types): readonly string[] => [
  `CREATE TABLE projects (
    key ${key},
    id ${text} NOT NULL UNIQUE,
    name ${text} NOT NULL,
    ping_key ${text} UNIQUE,
    badge_key ${text} NOT NULL,
    check_limit ${integer} NOT NULL,
    ping_log_limit ${integer} NOT NULL,
    created_at ${integer} NOT NULL
  )${table}`,

  `CREATE INDEX projects_of_badge_key ON projects (badge_key)`,

  `CREATE TABLE api_keys (
    key ${key},
    project ${integer} NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    digest ${text} NOT NULL UNIQUE,
    access ${text} NOT NULL,
    hint ${text} NOT NULL,
    created_at ${integer} NOT NULL
  )${table}`,
  `CREATE INDEX api_keys_of_project ON api_keys (project, key)`,

  `CREATE TABLE channels (
    key ${key},
    project ${integer} NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    id ${text} NOT NULL UNIQUE,
    name ${text} NOT NULL,
    kind ${text} NOT NULL,
    value ${text} NOT NULL,
    disabled ${text},
    created_at ${integer} NOT NULL
  )${table}`,
  `CREATE INDEX channels_of_project ON channels (project, key)`,

  `CREATE TABLE checks (
    key ${key},
    project ${integer} NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    id ${text} NOT NULL UNIQUE,
    badge_key ${text} NOT NULL,
    created_at ${integer} NOT NULL,
    name ${text} NOT NULL,
    slug ${text} NOT NULL,
    tags ${text} NOT NULL,
    description ${text} NOT NULL,
    channels ${text},
    extension ${text},
    policy ${text} NOT NULL,
    status ${text} NOT NULL,
    last_ping ${integer},
    last_success ${integer},
    last_duration ${integer},
    pings ${integer} NOT NULL,
    flips ${integer} NOT NULL,
    runs ${text},
    failed_outcomes ${integer} NOT NULL,
    outcomes ${integer} NOT NULL,
    anchor ${integer},
    deadline ${integer},
    look_at ${integer},
    last_logged ${integer},
    told_at ${integer},
    as_of ${integer} NOT NULL
  )${table}`,
  `CREATE INDEX checks_of_project ON checks (project, key)`,
  `CREATE INDEX checks_of_slug ON checks (project, slug, key)`,
  `CREATE INDEX checks_of_badge_key ON checks (badge_key)`,
  `CREATE INDEX checks_due ON checks (look_at, key) WHERE look_at IS NOT NULL`,

  // Only ever appended to. The pings of a check are a chain: the check knows its newest, each knows the one before it.
  // An index by check would write a page of its own for each ping, and so more than all the rest.
  `CREATE TABLE pings (
    key ${key},
    project ${integer} NOT NULL,
    check_key ${integer} NOT NULL,
    previous ${integer},
    n ${integer} NOT NULL,
    at ${integer} NOT NULL,
    kind ${text} NOT NULL,
    rid ${text},
    exit_status ${integer},
    duration ${integer},
    scheme ${text} NOT NULL,
    remote_address ${text} NOT NULL,
    method ${text} NOT NULL,
    user_agent ${text} NOT NULL,
    body ${bytes}
  )${table}`,

  `CREATE TABLE flips (
    key ${key},
    project ${integer} NOT NULL,
    check_key ${integer} NOT NULL REFERENCES checks (key) ON DELETE CASCADE,
    n ${integer} NOT NULL,
    at ${integer} NOT NULL,
    from_status ${text} NOT NULL,
    to_status ${text} NOT NULL,
    reason ${text} NOT NULL,
    is_blind ${integer} NOT NULL,
    rid ${text},
    duration ${integer},
    UNIQUE (check_key, n)
  )${table}`,
  `CREATE INDEX flips_by_age ON flips (at)`,
  // How often a check flipped is counted for good.
  `CREATE TABLE forgotten_flips (
    project ${integer} NOT NULL,
    check_key ${integer} NOT NULL REFERENCES checks (key) ON DELETE CASCADE,
    reason ${text} NOT NULL,
    number ${integer} NOT NULL,
    PRIMARY KEY (check_key, reason)
  )${table}`,

  `CREATE TABLE deliveries (
    key ${key},
    project ${integer} NOT NULL,
    check_key ${integer} NOT NULL,
    channel_key ${integer} NOT NULL REFERENCES channels (key) ON DELETE CASCADE,
    id ${text} NOT NULL UNIQUE,
    flip ${integer} NOT NULL,
    occasion ${text} NOT NULL,
    at ${integer} NOT NULL,
    status ${text} NOT NULL,
    attempts ${integer} NOT NULL,
    due_at ${integer} NOT NULL,
    is_leased ${integer} NOT NULL,
    error ${text},
    FOREIGN KEY (check_key, flip) REFERENCES flips (check_key, n) ON DELETE CASCADE
  )${table}`,
  `CREATE INDEX deliveries_of_project ON deliveries (project, key)`,
  `CREATE INDEX deliveries_of_flip ON deliveries (check_key, flip)`,
  `CREATE INDEX deliveries_of_channel ON deliveries (channel_key)`,
  `CREATE INDEX deliveries_by_age ON deliveries (at) WHERE status <> 'pending'`,
  `CREATE INDEX deliveries_due ON deliveries (due_at, key) WHERE status = 'pending'`,
  `CREATE INDEX deliveries_in_turn ON deliveries (check_key, channel_key, key) WHERE status = 'pending'`,

  `CREATE TABLE awake (
    one ${integer} NOT NULL PRIMARY KEY CHECK (one = 1),
    at ${integer} NOT NULL
  )${table}`,
  `CREATE TABLE blind_spans (
    key ${key},
    from_at ${integer} NOT NULL,
    to_at ${integer} NOT NULL
  )${table}`,
]
