/**
 * Writes the pages of docs/ that are generated from the code, so that they agree with it.
 *
 *     npm run pages
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandLine } from '../dist/src/cli/command-line.js'
import * as trading from '../dist/src/trading/index.js'
import { commandLinePage } from './lib/docs/command-line.mjs'
import { withReasonCodes } from './lib/docs/reason-codes.mjs'

const docs = fileURLToPath(new URL('../docs', import.meta.url))
writeFileSync(join(docs, 'command-line.md'), commandLinePage(commandLine))
console.log('docs/command-line.md')
const decisions = join(docs, 'how-to/read-a-decision.md')
writeFileSync(decisions, withReasonCodes(readFileSync(decisions, 'utf8'), trading))
console.log('docs/how-to/read-a-decision.md')
