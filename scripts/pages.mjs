/**
 * Writes the pages of docs/ that are generated from the code, so that they agree with it.
 *
 *     npm run pages
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandLine } from '../dist/src/cli/command-line.js'
import * as trading from '../dist/src/trading/index.js'
import { commandLinePage } from './lib/docs/command-line.mjs'
import { withReasonCodes } from './lib/docs/reason-codes.mjs'
import { rulesPage } from './lib/docs/risk-rules.mjs'

const docs = fileURLToPath(new URL('../docs', import.meta.url))
const pages = {
  'command-line.md': () => commandLinePage(commandLine),
  'reference/risk-rules.md': () => rulesPage(trading),
  'how-to/read-a-decision.md': () => withReasonCodes(readFileSync(join(docs, 'how-to/read-a-decision.md'), 'utf8'), trading),
}
for (const [name, made] of Object.entries(pages)) {
  mkdirSync(dirname(join(docs, name)), { recursive: true })
  writeFileSync(join(docs, name), made())
  console.log(`docs/${name}`)
}
