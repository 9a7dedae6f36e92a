/** Probes: how targets are asked. */
export {}
