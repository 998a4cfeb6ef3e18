#!/usr/bin/env node
/** The `mmucheck` command: the one file that touches the process. */
import { runCommandLine } from './commandLine.ts';
import { processTerminal } from './terminal.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal());
