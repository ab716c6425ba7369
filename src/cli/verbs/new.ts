/** `mycelia new`: a project of one's own, begun: a model, its test, a page that shows it. */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { OperatorError } from '../../core/index.js'
import type { Io } from '../io.js'

interface Options {
  readonly package?: string
}

const examples = '\nExamples:\n  mycelia new my-model\n  mycelia new my-model --package ../mycelia-0.1.0.tgz\n'

export function newVerb(program: Command, io: Io): void {
  program
    .command('new')
    .summary('begin a project of your own')
    .description('Makes a folder with a model, its test, a page that shows it, and what npm and TypeScript need.')
    .argument('<folder>', 'its name is the project’s: small letters, digits and hyphens')
    .option('--package <spec>', 'where npm finds mycelia: a version, a folder or a packed file (default: the one that runs now)')
    .addHelpText('after', examples)
    .action(async (folder: string, options: Options) => {
      const { packageRoot } = await import('../../world/package-info.js')
      const name = projectName(folder)
      makeProject(resolve(folder), name, join(packageRoot, 'templates', 'model'), options.package ?? packageRoot)
      io.out(`${folder} is made. Next:\n  cd ${folder}\n  npm install\n  npm test\n  npm start\n`)
    })
}

function projectName(folder: string): string {
  const name = basename(resolve(folder))
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new OperatorError({ what: 'folder', expected: 'a name of small letters, digits and hyphens', got: name })
  if (existsSync(folder))
    throw new OperatorError({
      what: 'folder',
      expected: 'one that is not there',
      got: folder,
      next: 'Give another name; nothing was written.',
    })
  return name
}

/** Made beside its place and moved there whole. */
function makeProject(path: string, name: string, template: string, spec: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const making = join(dirname(path), `.${name}-${process.pid}`)
  try {
    mkdirSync(making)
    copied(template, making, text => text.replaceAll('my-model', name))
    const file = join(making, 'package.json')
    const project = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> }
    project.dependencies.mycelia = specOf(spec, path)
    writeFileSync(file, `${JSON.stringify(project, null, 2)}\n`)
    renameSync(making, path)
  } catch (error) {
    rmSync(making, { recursive: true, force: true })
    throw error
  }
}

/** npm leaves files called `.gitignore` out of packages, so it is packed under another name. */
function copied(from: string, to: string, written: (text: string) => string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    const target = join(to, entry.name === 'gitignore' ? '.gitignore' : entry.name)
    if (entry.isDirectory()) {
      mkdirSync(target)
      copied(source, target, written)
    } else writeFileSync(target, written(readFileSync(source, 'utf8')))
  }
}

/** A folder or a file is named from the project, wherever the command was given. */
function specOf(spec: string, project: string): string {
  return existsSync(spec) ? `file:${relative(project, resolve(spec))}` : spec
}
