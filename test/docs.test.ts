/**
 * The documentation is true: every block of TypeScript compiles, runs, and prints what its comments say.
 *
 * The convention: the ```ts blocks of a page continue one another as one file; a block that begins with `import` begins a
 * new file. What a file prints is what its comments `// → text` say, line by line.
 */

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import ts from 'typescript'
import { afterAll, describe, expect, it, vi } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mycelia-docs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Program {
  readonly page: string
  readonly line: number
  readonly code: string
}

/** Pages whose code is run; results and decisions are records, not instructions. */
const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .map(name => name.split(sep).join('/'))
  .filter(name => name.endsWith('.md') && !/^(results|decisions)\//.test(name))
  .map(name => `docs/${name}`)
const programs = ['README.md', ...pages].flatMap(page => programsOf(page, readFileSync(join(root, page), 'utf8')))

describe('code in the documentation', () => {
  it('is on every page that teaches', () => {
    const teaching = pages.filter(page => /^docs\/(index|tutorial|coming-from-mesa|how-to\/.*)\.md$/.test(page))
    expect(teaching.length).toBeGreaterThanOrEqual(10)
    expect(teaching.filter(page => !programs.some(p => p.page === page))).toEqual([])
  })

  it('compiles', () => {
    const at = (i: number) => join(root, 'test', `docs-${i}.ts`)
    const texts = new Map(programs.map((p, i) => [at(i), p.code]))
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: ['package.json'] }, ts.sys, root)
    const host = ts.createCompilerHost(options)
    const { readFile, fileExists } = host
    host.readFile = path => texts.get(path) ?? readFile(path)
    host.fileExists = path => texts.has(path) || fileExists(path)
    const compiled = ts.createProgram([...texts.keys()], options, host)
    const errors = programs.flatMap((p, i) =>
      compiled.getSemanticDiagnostics(compiled.getSourceFile(at(i))).map(error => {
        const line = p.line + (error.file?.getLineAndCharacterOfPosition(error.start ?? 0).line ?? 0)
        return `${p.page}:${line} ${ts.flattenDiagnosticMessageText(error.messageText, ' ')}`
      }),
    )
    expect(errors).toEqual([])
  })

  it.each(programs.map(p => [`${p.page}:${p.line}`, p] as const))('%s runs and prints what it says', async (_, program) => {
    expect(await printed(program)).toEqual(expectedOf(program.code))
  })

  it('leads only to pages that are there', () => {
    const known = new Set(['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', ...pages])
    const dead = pages.flatMap(page => linksOf(page).filter(target => !known.has(target) && !isElsewhere(target)))
    expect(dead).toEqual([])
  })
})

describe('the site', () => {
  it('is built by one command, leads nowhere that is not there, and needs no network', () => {
    const out = join(folder, 'site')
    const built = spawnSync(process.execPath, [join(root, 'scripts/docs.mjs'), '--no-api', '--out', out], { encoding: 'utf8' })
    expect(built.stderr).toBe('')
    expect(built.status).toBe(0)
    const html = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.html'))
    expect(html.length).toBeGreaterThan(pages.length)
    for (const name of html) {
      const text = readFileSync(join(out, name), 'utf8')
      expect(text.match(/(?:src|<link[^>]*href)="(?:https?:)?\/\//)).toBeNull()
    }
    const bench = readFileSync(join(out, 'benchmarks.html'), 'utf8')
    expect(bench).not.toContain('bench:')
    expect(bench).toMatch(existsSync(join(root, 'bench/results.json')) ? /<td>schelling<\/td>/ : /Nothing has been measured/)
  })
})

/** Blocks joined into files, each line at the distance from the first that it has on the page. */
function programsOf(page: string, text: string): Program[] {
  const found: { page: string; line: number; lines: string[] }[] = []
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] !== '```ts') continue
    const end = lines.indexOf('```', i)
    const block = lines.slice(i + 1, end)
    const begins = block.find(line => line !== '' && !line.startsWith('//'))?.startsWith('import') ?? false
    const last = found.at(-1)
    if (begins || last === undefined) found.push({ page, line: i + 2, lines: block })
    else last.lines.push(...Array<string>(i + 2 - last.line - last.lines.length).fill(''), ...block)
    i = end
  }
  return found.map(({ lines: code, ...rest }) => ({ ...rest, code: code.join('\n') }))
}

function expectedOf(code: string): string[] {
  return [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text]) => text ?? '')
}

/** Runs a program and gives the lines it printed. */
async function printed({ code, page, line }: Program): Promise<string[]> {
  const file = join(folder, `${page.replace(/\W/g, '-')}-${line}.mjs`)
  const { outputFiles } = await build({
    stdin: { contents: code, loader: 'ts', resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    alias: { mycelia: join(root, 'src/index.ts'), 'mycelia/market': join(root, 'src/market.ts') },
    logLevel: 'silent',
  })
  writeFileSync(file, outputFiles[0]?.text ?? '')
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((...parts) => void lines.push(parts.map(String).join(' ').trimEnd()))
  try {
    await import(pathToFileURL(file).href)
  } finally {
    log.mockRestore()
  }
  return lines
}

function linksOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/```[\s\S]*?```/g, '')
  return [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].map(([, to]) => {
    const target = to ?? ''
    return /^[a-z]+:/.test(target)
      ? target
      : relative(root, join(root, page, '..', target))
          .split(sep)
          .join('/')
  })
}

/** Addresses on the web, pictures, and what the build of the site makes. */
function isElsewhere(target: string): boolean {
  return /^[a-z]+:|\.(png|svg)$|^docs\/(api|results|models)\//.test(target)
}
