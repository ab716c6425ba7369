/** P4: what somebody else's compiler says of the package's declarations, where nothing is installed but what the package needs to run. */
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { root, temporaryFolder } from './npm.js'

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object }

/** An empty project with the package in it and its run-time dependencies, but no peer, no `@types` and no compiler of its own. */
function consumer(program: string): string {
  const folder = temporaryFolder('consumer')
  const installed = (name: string) => join(folder, 'node_modules', name)
  const declarations = (path: string) => !/\.\w+$/.test(path) || path.endsWith('.d.ts')
  cpSync(join(root, 'dist/src'), join(installed('mycelia'), 'dist/src'), { recursive: true, filter: declarations })
  cpSync(join(root, 'package.json'), join(installed('mycelia'), 'package.json'))
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(installed(name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), installed(name))
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }))
  writeFileSync(join(folder, 'town.ts'), program)
  return join(folder, 'town.ts')
}

/** What the compiler says of a program and of every declaration it reaches, the language's own aside. */
function complaints(file: string): string[] {
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    types: [],
  })
  const own = program.getSourceFiles().filter(source => !program.isSourceFileDefaultLibrary(source))
  const said = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()]
  for (const source of own) said.push(...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source))
  return said.map(({ file: at, messageText }) => `${at?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
}

it('P4: all doors type-check without skipLibCheck, without peers and without the types of what they use', ctx => {
  if (!existsSync(join(root, 'dist/src/index.d.ts'))) ctx.skip('dist/src/index.d.ts is not built (npm run setup builds it)')
  const program = `
    import { Agent, defineScenario, Model, simulate, z } from 'mycelia'
    import type * as market from 'mycelia/market'
    import type * as node from 'mycelia/node'
    import type * as spaces from 'mycelia/spaces'

    const params = z.object({ people: z.number().default(3) })
    class Person extends Agent<Town> {
      wealth = 1
      earn(amount: number): void { this.wealth += amount }
      override step(): void { this.after(1, 'earn', 2) }
    }
    class Town extends Model<typeof params> {
      override setup(): void { this.spawn(this.params.people, Person) }
    }
    const town = defineScenario({
      title: 'Town', model: Town, params, agents: { Person },
      collect: { agents: { Person: { wealth: p => p.wealth } } },
    })
    export const wealth: number[] = simulate(town, { params: { people: 4 } }).table('agents:Person').column('wealth')
    export type Doors = [typeof market, typeof node, typeof spaces]
    // @ts-expect-error the scenario has no such parameter
    simulate(town, { params: { poeple: 4 } })
    // @ts-expect-error nor such a column
    simulate(town).table('agents:Person').column('welth')`
  expect(complaints(consumer(program))).toEqual([])
})
