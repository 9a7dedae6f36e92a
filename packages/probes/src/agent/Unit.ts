/** The agent as a service of systemd: systemd.service(5), systemd.exec(5). */

/** What the unit runs. */
export interface Terms {
  /** The words of the command line, without those of the key and the spool. */
  readonly command: readonly string[]
  /** A file with the key that is handed over by systemd, because the user of the service cannot read it. */
  readonly keyFile: string | undefined
}

/** Returns the text of `overdue-agent.service`. */
export const text = ({ command, keyFile }: Terms): string => `[Unit]
Description=Overdue agent: reports what this machine uses to a server monitor
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=${[...command.map(quoted), "--spool", "%S/overdue-agent", ...(keyFile === undefined ? [] : ["--api-key-file", "%d/api-key"])].join(" ")}
${
  keyFile === undefined
    ? "# One line: OVERDUE_API_KEY=… ; mode 0600, owned by root.\nEnvironmentFile=/etc/overdue/agent.env"
    : `LoadCredential=api-key:${escaped(keyFile)}`
}
StateDirectory=overdue-agent
StateDirectoryMode=0700
Restart=on-failure
RestartSec=10
TimeoutStopSec=5
UMask=0077
Nice=10
IOSchedulingClass=idle
MemoryMax=256M
TasksMax=32
DynamicUser=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
# Not "yes", which would hide a disk that is mounted there from its own measurement.
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
# MemoryDenyWriteExecute must stay off: Node compiles while it runs. ProcSubset and ProtectProc would hide what is measured.

[Install]
WantedBy=multi-user.target
`

/** Specifiers begin with a percent sign. */
const escaped = (word: string): string => word.replaceAll("%", "%%")

/** Returns a word as it is written in ExecStart: systemd.service(5), "Command lines". */
const quoted = (word: string): string => {
  const safe = escaped(word).replaceAll("$", "$$$$")
  return /^[\w%$./:@=+,-]+$/.test(safe) ? safe : `"${safe.replace(/["\\]/g, "\\$&")}"`
}
