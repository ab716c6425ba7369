/** The code of the documentation is true: every block of TypeScript compiles, runs by `mycelia exec`, and prints what its comments say. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { needsBuild } from '../cli/mycelia.js'
import { run, temporaryFolder } from '../packaging/npm.js'
import { blocksOf, pages, programsOf, root } from './pages.js'

const programs = pages.flatMap(page => programsOf(blocksOf(page)))
const nameOf = (i: number) => `program-${i}.ts`

describe('code in the documentation', () => {
  it('is on every page that teaches, or commands are that are run', () => {
    const teaching = pages.filter(page =>
      /^docs\/(index|tutorial|coming-from-mesa|coming-from-netlogo|how-to\/.*)\.md$/.test(page),
    )
    expect(teaching.length).toBeGreaterThanOrEqual(10)
    const isRun = (page: string) =>
      blocksOf(page).some(({ language, excuse }) => /^(ts|sh)$/.test(language) && excuse === undefined)
    expect(teaching.filter(page => !isRun(page))).toEqual([])
  })

  it('compiles, with noImplicitOverride too', () => {
    const at = (i: number) => join(root, 'test', nameOf(i))
    const texts = new Map(programs.map((p, i) => [at(i), p.code]))
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: ['package.json'] }, ts.sys, root)
    const strict = { ...options, noImplicitOverride: true }
    const host = ts.createCompilerHost(strict)
    const { readFile, fileExists } = host
    host.readFile = path => texts.get(path) ?? readFile(path)
    host.fileExists = path => texts.has(path) || fileExists(path)
    const compiled = ts.createProgram([...texts.keys()], strict, host)
    const errors = programs.flatMap((p, i) =>
      compiled.getSemanticDiagnostics(compiled.getSourceFile(at(i))).map(error => {
        const line = p.line + (error.file?.getLineAndCharacterOfPosition(error.start ?? 0).line ?? 0)
        return `${p.page}:${line} ${ts.flattenDiagnosticMessageText(error.messageText, ' ')}`
      }),
    )
    expect(errors).toEqual([])
  })
})

/** Calls the command once a program in one process: a process each would take most of the time to start. */
const runner = `
import { format } from 'node:util'
import { main } from ${JSON.stringify(join(root, 'dist/src/cli/main.js'))}
const results = []
for (const file of process.argv.slice(2)) {
  const lines = []
  console.log = (...parts) => lines.push(...format(...parts).split('\\n').map(line => line.trimEnd()))
  let said = ''
  const code = await main(['exec', file], { out: () => {}, err: text => { said += text }, interactive: false })
  results.push({ code, said, lines })
}
process.stdout.write(JSON.stringify(results))
`

interface Result {
  readonly code: number
  readonly said: string
  readonly lines: string[]
}

describe('a program of the documentation, run by mycelia exec in an empty folder', () => {
  let results: Result[] | undefined
  beforeEach(ctx => needsBuild(ctx))

  beforeAll(() => {
    const folder = temporaryFolder('docs')
    programs.forEach((p, i) => void writeFileSync(join(folder, nameOf(i)), p.code))
    writeFileSync(join(folder, 'runner.mjs'), runner)
    const ended = run(folder, process.execPath, ['runner.mjs', ...programs.map((_, i) => nameOf(i))])
    results = ended.code === 0 ? JSON.parse(ended.stdout) : undefined
    if (results === undefined) console.error(ended.stderr)
  })

  it.each(programs.map((p, i) => [`${p.page}:${p.line}`, p, i] as const))('%s prints what it says', (_, program, i) => {
    expect(results?.[i]).toEqual({ code: 0, said: '', lines: expectedOf(program.code) })
  })
})

function expectedOf(code: string): string[] {
  return [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text]) => text ?? '')
}
