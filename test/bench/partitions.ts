/**
 * The log of pings in PostgreSQL as one table, and as one of twelve partitions by the key, which grows with time: what it
 * takes to insert 48 pings, to walk the log of a check with 100, and to delete one. Whole partitions could be dropped only if
 * pings were kept for a time; a project keeps a number of each check.
 */
import * as Databases from "../kit/postgres/Databases.ts"
import * as Table from "./report/Table.ts"

const pings = 1_000_000
const checks = 10_000
const partitions = 12

const schema = `overdue_bench_${process.pid}`
const columns =
  "key bigint, project bigint, check_key bigint, previous bigint, n bigint, at bigint, kind text, scheme text"
const share = Math.ceil((1.2 * pings) / partitions)

/** The keys of the log of a check that ends with a ping. */
const chain = (table: string): string => `WITH RECURSIVE log AS (
    SELECT key, previous FROM ${table} WHERE key = $1
    UNION ALL SELECT l.key, l.previous FROM log JOIN ${table} l ON l.key = log.previous
  ) SELECT key FROM log`

/** A function that does each work some times, and returns the microseconds of one. */
const timing = `CREATE FUNCTION ${schema}.timed(part text) RETURNS TABLE (inserting float8, walking float8, deleting float8)
LANGUAGE plpgsql AS $body$
DECLARE since timestamptz; next bigint := ${pings};
BEGIN
  since := clock_timestamp();
  FOR i IN 1..500 LOOP
    EXECUTE format('INSERT INTO ${schema}.%I SELECT * FROM unnest($1, $2, $2, $2, $2, $2, $3, $3)', part)
      USING array(SELECT next + g FROM generate_series(1, 48) g), array_fill(1::bigint, ARRAY[48]), array_fill('http'::text, ARRAY[48]);
    next := next + 48;
  END LOOP;
  inserting := extract(epoch FROM clock_timestamp() - since) * 1e6 / 500;
  since := clock_timestamp();
  FOR i IN 1..200 LOOP
    EXECUTE format($walk$SELECT count(*) FROM (${chain(`${schema}.%1$I`)}) l$walk$, part) USING ${pings} - 1000 - i;
  END LOOP;
  walking := extract(epoch FROM clock_timestamp() - since) * 1e6 / 200;
  since := clock_timestamp();
  FOR i IN 1..100 LOOP
    EXECUTE format($prune$DELETE FROM ${schema}.%1$I WHERE key IN (${chain(`${schema}.%1$I`)})$prune$, part) USING ${pings} - 2000 - i;
  END LOOP;
  deleting := extract(epoch FROM clock_timestamp() - since) * 1e6 / 100;
  RETURN NEXT;
END $body$`

await using databases = await Databases.open({ isDurable: true })
const rows = await Databases.run(
  databases.url,
  `CREATE SCHEMA ${schema}`,
  `CREATE TABLE ${schema}.whole (${columns}, PRIMARY KEY (key))`,
  `CREATE TABLE ${schema}.parts (${columns}, PRIMARY KEY (key)) PARTITION BY RANGE (key)`,
  ...Array.from(
    { length: partitions },
    (_, n) =>
      `CREATE TABLE ${schema}.part_${n} PARTITION OF ${schema}.parts FOR VALUES FROM (${n * share}) TO (${(n + 1) * share})`,
  ),
  `INSERT INTO ${schema}.whole SELECT i, 1, i % ${checks}, CASE WHEN i >= ${checks} THEN i - ${checks} END, i / ${checks}, i, 'success', 'http'
    FROM generate_series(0, ${pings - 1}) i`,
  `INSERT INTO ${schema}.parts SELECT * FROM ${schema}.whole`,
  `ANALYZE ${schema}.whole`,
  `ANALYZE ${schema}.parts`,
  timing,
  `SELECT t.* FROM (VALUES ('whole'), ('parts')) AS v (part), LATERAL ${schema}.timed(v.part) t`,
)
await Databases.run(databases.url, `DROP SCHEMA ${schema} CASCADE`)

const [whole, parts] = rows as readonly [readonly number[], readonly number[]] // safe because two tables were timed
const works = ["inserts 48 pings", "walks the log of a check with 100", "deletes the log of a check with 100"]
const micro = (time: number): string => `${time.toFixed(0)} µs`
process.stdout.write(`
${Table.format(
  ["what it takes that one statement", "one table", `${partitions} partitions`, "times"],
  works.map((work, index) => [
    work,
    micro(whole[index]!),
    micro(parts[index]!),
    (parts[index]! / whole[index]!).toFixed(1),
  ]),
)}
${JSON.stringify({ bench: "partitions", unit: "µs", whole, parts })}
`)
