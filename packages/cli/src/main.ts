#!/usr/bin/env node
// The overdue command.
import { dispatch } from "./Dispatch.ts"

const { env: environment, stdin, stdout, stderr } = process
process.exitCode = await dispatch(process.argv.slice(2), { environment, stdin, stdout, stderr })
