/** Runs the compiler over the type tests: what must compile does, and what must not does not. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, it } from 'vitest'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '../..')

it('wrong payloads, wrong method names, wrong fields and wrong reporters do not compile, and right ones do', () => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: ['package.json'] }, ts.sys, root)
  const files = readdirSync(here).filter(name => name.endsWith('.test-d.ts'))
  const program = ts.createProgram(
    files.map(name => join(here, name)),
    options,
  )
  const ours = program.getSourceFiles().filter(file => files.some(name => file.fileName.endsWith(`/types/${name}`)))
  expect(ours).toHaveLength(files.length)
  const errors = ours.flatMap(file => program.getSemanticDiagnostics(file))
  expect(errors.map(e => `${place(e)} ${ts.flattenDiagnosticMessageText(e.messageText, ' ')}`)).toEqual([])
})

function place({ file, start }: ts.Diagnostic): string {
  return file === undefined || start === undefined ? '' : `line ${file.getLineAndCharacterOfPosition(start).line + 1}:`
}
