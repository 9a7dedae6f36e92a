/** Jobs that a monitor must leave alone, as lines of bash in which `job` runs a command, plainly or under `overdue run`. */

/** A job, and what surrounds it. */
export interface Case {
  /** Finishes the sentence "a job that …". */
  readonly name: string
  readonly script: string
  /** What it reads from standard input; on a terminal, what is typed. */
  readonly input?: string
}

/** Run with pipes for input and output. What they print, their exit code and their files are compared. */
export const jobs: readonly Case[] = [
  { name: "succeeds", script: "job true" },
  { name: "fails", script: "job false" },
  { name: "ends in 255", script: "job sh -c 'exit 255'" },
  { name: "kills itself", script: "job sh -c 'echo so far; kill -9 $$'" },
  { name: "ends by SIGTERM", script: "job sh -c 'kill $$'" },
  { name: "ends by a real-time signal", script: "job sh -c 'kill -34 $$'" },
  {
    name: "prints and ends by a real-time signal",
    script: "job sh -c 'echo so far; sleep 0.1; kill -64 $$'",
  },
  { name: "has no name", script: "job '' 2>/dev/null" },
  { name: "dumps", script: "job sh -c 'ulimit -c 0; kill -ABRT $$'" },
  { name: "writes to both streams", script: "job sh -c 'echo out; echo err >&2'" },
  { name: "writes without a newline", script: "job printf '%s' abc" },
  { name: "writes bytes that are no text", script: "job printf '\\377\\000\\001\\376'" },
  { name: "writes a line longer than a pipe", script: "job sh -c 'head -c 300000 /dev/zero | tr \"\\0\" x'" },
  {
    name: "writes megabytes to both",
    script: "job sh -c 'seq 200000; seq 200000 >&2' 2>err | md5sum; md5sum <err",
  },
  { name: "opens /dev/stdout", script: "job sh -c 'echo x >/dev/stdout; echo y >>/dev/stdout'" },
  { name: "opens /dev/stderr", script: "job sh -c 'echo oops >/dev/stderr'" },
  { name: "opens /proc/self/fd/1", script: "job sh -c 'echo x >/proc/self/fd/1'" },
  { name: "opens /dev/fd/2", script: "job sh -c 'echo x >/dev/fd/2'" },
  { name: "tees to /dev/stderr", script: "job sh -c 'echo x | tee /dev/stderr'" },
  { name: "tees to /dev/stdout", script: "job sh -c 'echo a | tee /dev/stdout'" },
  { name: "copies a file to /dev/stdout", script: "echo in >f; job cp f /dev/stdout" },
  { name: "appends all further output to /dev/stdout", script: "job sh -c 'exec >>/dev/stdout; echo later'" },
  {
    name: "opens /dev/stderr from perl",
    script: `job perl -e 'open F, ">", "/dev/stderr" or exit 6; print F "x\\n"'`,
  },
  { name: "opens /dev/stdout from awk", script: `job awk 'BEGIN { print "x" > "/dev/stdout" }'` },
  {
    name: "passes its output through a process of its own",
    script: "job bash -c 'exec > >(cat; echo end); echo last'",
  },
  { name: "closes its output", script: "job sh -c 'echo x; exec >&- 2>&-; exit 3'" },
  { name: "writes to a closed output", script: "job sh -c 'exec >&-; echo x 2>/dev/null || exit 5'" },
  { name: "loses its reader", script: 'job yes | head -n 1; echo "${PIPESTATUS[@]}"' },
  {
    name: "loses its reader in the middle",
    script: 'job sh -c "yes; exit 9" | head -n 1; echo "${PIPESTATUS[@]}"',
  },
  {
    name: "has no reader left when it writes",
    script:
      'mkfifo p; job sh -c "until test -e gone; do :; done; seq 3000" >p & exec 3<p; exec 3<&-; : >gone; wait $!; echo $?',
  },
  {
    name: "ignores SIGPIPE",
    script:
      'job sh -c \'trap "" PIPE; seq 100000 2>/dev/null || exit 7\' | head -n 1; echo "${PIPESTATUS[@]}"',
  },
  { name: "has a slow reader", script: "job seq 60000 | { read first; cat | tail -n 1; }" },
  { name: "reads all of its input", script: "job cat", input: "through\nand through" },
  { name: "reads a part of its input", script: "job head -c 3; cat", input: "abcdef\n" },
  { name: "has its input closed at once", script: "job wc -c </dev/null" },
  { name: "reads /dev/stdin", script: "job cat /dev/stdin", input: "x\n" },
  { name: "writes to one file", script: "job sh -c 'echo out; echo err >&2; echo out2' >log 2>&1" },
  { name: "writes to two files", script: "job sh -c 'echo out; echo err >&2' >out 2>err" },
  { name: "appends to a file", script: "echo before >log; job echo after >>log" },
  {
    name: "writes to both in turn",
    script: "job sh -c 'for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done' 2>&1",
  },
  { name: "writes to /dev/null", script: "job sh -c 'echo x; echo y >&2' >/dev/null 2>&1; echo $?" },
  {
    name: "leaves files",
    script: "umask 027; job sh -c 'umask; mkdir d; echo x >d/f; ln -s d/f l; chmod 741 d'; stat -c %A d d/f",
  },
  { name: "uses a descriptor of the shell", script: "job sh -c 'echo x >&7' 7>seven" },
  { name: "uses two of them", script: "exec 3<in 9>nine; job sh -c 'cat <&3 >&9'" },
  ...[4, 12, 16, 17, 40].flatMap((n): readonly Case[] => [
    {
      name: `writes to a pipe of the shell by descriptor ${n}`,
      script: `{ job bash -c 'echo y >&${n}'; } ${n}>&1 | cat`,
    },
    {
      name: `writes to /dev/null by descriptor ${n}`,
      script: `job bash -c 'echo y >&${n} && echo done' ${n}>/dev/null`,
    },
    {
      name: `reads a here-document by descriptor ${n}`,
      script: `job bash -c 'cat <&${n}' ${n}<<<text`,
    },
  ]),
  {
    name: "writes to a process of the shell",
    script:
      'mkfifo done; exec {fd}> >(cat; echo >done); job bash -c "echo y >&$fd"; exec {fd}>&-; read <done',
  },
  { name: "locks by a descriptor of the shell", script: "job flock -n 9 9>lock && echo locked" },
  {
    name: "keeps its lock in the background",
    script:
      "mkfifo go; job sh -c 'cat go >/dev/null 2>&1 &' 9>lock; exec 8>lock; flock -n 8 || echo held; echo >go",
  },
  {
    name: "asks for its environment",
    script: "job env | grep -v '^\\(OVERDUE_RUN_ID\\|OVERDUE_PING_URL\\|_\\)=' | sort",
  },
  {
    name: "asks for its folder and its parameters",
    script: `job sh -c 'pwd; for a; do echo "<$a>"; done' x 'a b' '' '*' '"' "it's" $'new\\nline'`,
  },
  {
    name: "asks whether it has a terminal",
    script: "job sh -c 'for n in 0 1 2; do test -t $n; echo $?; done'",
  },
  {
    name: "asks what its streams are",
    script: "job sh -c 'for n in 0 1 2; do test -p /dev/fd/$n; echo $?; done' | cat",
  },
  { name: "traps a signal of its own", script: "job sh -c 'trap \"echo got it; exit 4\" TERM; kill $$'" },
  { name: "kills its own children", script: "job sh -c 'sleep 1000 & kill $!; wait $!; echo $?'" },
  { name: "runs for a moment", script: "job timeout 0.1 sleep 1000" },
  {
    name: "leaves something in the background",
    script:
      "mkfifo go; job sh -c 'sh -c \"read x <go; echo one; echo two >&2; echo three\" & echo started'; echo returned; echo >go",
  },
  {
    name: "leaves something by nohup",
    script:
      "mkfifo go; job sh -c 'nohup sh -c \"read x <go; seq 20000\" 2>/dev/null & echo started' | { read line; echo $line; echo >go; tail -n 1; }",
  },
  {
    name: "leaves a daemon without streams",
    script:
      "mkfifo go; job sh -c 'setsid sh -c \"cat go >done\" >/dev/null 2>&1 </dev/null &'; echo x >go; until test -s done; do :; done",
  },
  {
    name: "leaves a process that never stops to write",
    script:
      "job sh -c 'yes 2>/dev/null & echo $! >&2' 2>pid | head -n 1; until test -s pid; do :; done; rm pid",
  },
  { name: "runs another job of the kind", script: "job \"$BASH\" -c 'echo inner; exit 11'" },
]

/** Run at a terminal, to which both streams lead: the order of all lines is compared. */
export const terminalJobs: readonly Case[] = [
  {
    name: "writes to both streams in turn",
    script: "job sh -c 'for i in 1 2 3 4 5; do echo o$i; echo e$i >&2; done'",
  },
  {
    name: "opens /dev/stdout and /dev/stderr",
    script: "job sh -c 'echo a >/dev/stdout; echo b >/dev/stderr'",
  },
  { name: "opens the terminal", script: "job sh -c 'echo x >/dev/tty'" },
  { name: "reads a line that is typed", script: "job sh -c 'read line; echo \"<$line>\"'", input: "typed\n" },
  { name: "asks for the size of its terminal", script: "job sh -c 'stty -F /dev/tty size'" },
  { name: "asks whether its input is a terminal", script: "job sh -c 'test -t 0; echo $?'" },
  {
    name: "is interrupted",
    script:
      "job sh -c 'trap \"echo trapped; exit 6\" INT; echo ready; while :; do sleep 0.02; done'; echo $?",
    input: "\u0003",
  },
  {
    name: "dies of the interruption",
    script: "job sh -c 'echo ready; exec sleep 1000'; echo $?",
    input: "\u0003",
  },
  { name: "fails", script: "job sh -c 'exit 3'" },
]
