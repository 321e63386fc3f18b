/**
 * How the chat bears a flood: `npm run flood` here, or `FLOOD_MB=200 node dist/flood.js`. One member says
 * that many megabytes as fast as they are taken, two read, one reads nothing at all, and one says a word
 * now and then. Prints the server's memory, and how long that word took at most to reach a reader.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Observable, filter, firstValueFrom, fromEvent, ignoreElements, interval, map, merge, mergeMap, tap } from 'rxjs'
import type { Connection, Handler } from 'sluice'
import { connect, createGate, lines, speak } from 'sluice'

const megabytes = Number(process.env['FLOOD_MB'] ?? 200)
const LINE = 'all work and no play makes a flood of a brook, '.repeat(4)
