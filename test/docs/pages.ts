/**
 * The pages that teach, and what is in them to be run.
 *
 * The conventions: the ```ts blocks of a page continue one another as one file; a block that begins with `import` begins a new
 * file, and a first line `// name.ts` names it; so does `# name.yaml` in a ```yaml block. What a file prints is what its comments
 * `// → text` say. A ```sh block is run in the folder of the clone; a comment `<!-- not run: reason -->` before a block excuses it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Pages whose code is run; results and decisions are records, not instructions. */
const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .map(name => name.split(sep).join('/'))
  .filter(name => name.endsWith('.md') && !/^(results|decisions)\//.test(name))
  .map(name => `docs/${name}`)
  .sort()

export const pages = ['README.md', 'CONTRIBUTING.md', ...docs]

export interface Block {
  readonly page: string
  /** Of the first line inside the block. */
  readonly line: number
  readonly language: string
  readonly text: string
  /** Why it is not run. */
  readonly excuse: string | undefined
}

export const textOf = (page: string): string => readFileSync(join(root, page), 'utf8')

export function blocksOf(page: string, text = textOf(page)): Block[] {
  const lines = text.split('\n')
  const found: Block[] = []
  for (let i = 0; i < lines.length; i++) {
    const language = /^```(\w+)$/.exec(lines[i] ?? '')?.[1]
    if (language === undefined) continue
    const end = lines.indexOf('```', i)
    found.push({ page, line: i + 2, language, text: lines.slice(i + 1, end).join('\n'), excuse: excuseBefore(lines, i) })
    i = end
  }
  return found
}

function excuseBefore(lines: readonly string[], at: number): string | undefined {
  const before = lines.slice(0, at).findLast(line => line.trim() !== '') ?? ''
  return /^<!-- not run: (.+) -->$/.exec(before)?.[1]
}

/** A file that a page has its reader write. */
export interface Program {
  readonly page: string
  readonly line: number
  /** As its first line says. */
  readonly name: string | undefined
  readonly code: string
}

/** Blocks joined into files, each line at the distance from the first that it has on the page. */
export function programsOf(blocks: readonly Block[]): Program[] {
  const found: { page: string; line: number; lines: string[] }[] = []
  for (const { page, line, text } of blocks.filter(block => block.language === 'ts' && block.excuse === undefined)) {
    const lines = text.split('\n')
    const last = found.at(-1)
    if (last === undefined || beginsFile(lines)) found.push({ page, line, lines })
    else last.lines.push(...Array<string>(line - last.line - last.lines.length).fill(''), ...lines)
  }
  return found.map(({ lines, ...rest }) => ({
    ...rest,
    name: /^\/\/ (\S+\.ts)$/.exec(lines[0] ?? '')?.[1],
    code: lines.join('\n'),
  }))
}

function beginsFile(lines: readonly string[]): boolean {
  return lines.find(line => line !== '' && !line.startsWith('//'))?.startsWith('import') ?? false
}
