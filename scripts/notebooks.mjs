/**
 * Opens the notebooks in JupyterLab, or in Jupyter Notebook where there is no Lab; or runs them from top to bottom without a window,
 * where they stand or into a folder.
 *
 *     npm run notebooks
 *     npm run notebooks -- --execute [--out DIR] [--html] [NAME …]
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { programOf } from './lib/extras.mjs'
import { findProgram, run } from './lib/run.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'notebooks')
const { values: asked, positionals: names } = argumentsOf()
const chosen = readdirSync(folder)
  .filter(name => name.endsWith('.ipynb') && (names.length === 0 || names.some(part => name.startsWith(part))))
  .sort()
if (chosen.length === 0)
  end(
    2,
    `No notebook begins with "${names.join('" or "')}". There are: ${readdirSync(folder)
      .filter(name => name.endsWith('.ipynb'))
      .join(', ')}.`,
  )

const env = environment()
process.exitCode = asked.execute ? executeAll() : await open()

function argumentsOf() {
  const options = { execute: { type: 'boolean' }, out: { type: 'string' }, html: { type: 'boolean' } }
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (error) {
    end(2, `${error.message}. Usage: npm run notebooks -- [--execute [--out DIR] [--html] [NAME …]]`)
  }
}

/** Deno's kernel is described in the folder of extras, which Jupyter is told of: nothing is written to the user's own folder. */
function environment() {
  const deno = programOf('deno')
  if (deno === undefined)
    end(1, 'The notebooks need Deno: "npm install --global deno", or a network for "npm run setup -- --with deno".')
  const data = join(root, '.extras', 'jupyter')
  const kernel = join(data, 'kernels', 'deno')
  mkdirSync(kernel, { recursive: true })
  const argv = [deno, 'jupyter', '--kernel', '--conn', '{connection_file}']
  writeFileSync(join(kernel, 'kernel.json'), JSON.stringify({ argv, display_name: 'Deno', language: 'typescript' }))
  return { JUPYTER_PATH: [data, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter) }
}

async function open() {
  const [program, ...args] = findProgram('jupyter-lab') ? ['jupyter-lab'] : ['jupyter-notebook']
  if (!findProgram(program)) end(1, missing('JupyterLab or Jupyter Notebook'))
  // Scripts in the outputs that this repository brings may run.
  run(
    'jupyter-trust',
    chosen.map(name => join(folder, name)),
    { quiet: true, env },
  )
  if (process.getuid?.() === 0) args.push('--allow-root')
  const child = spawn(program, ['--notebook-dir', folder, ...args], { stdio: 'inherit', env: { ...process.env, ...env } })
  process.on('SIGINT', () => {}) // Jupyter, in the same process group, gets it too, and asks before it ends
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise(ended => child.on('exit', code => ended(code ?? 1)))
}

function executeAll() {
  if (!findProgram('jupyter-nbconvert')) end(1, missing('Jupyter (jupyter-nbconvert)'))
  const failed = chosen.filter(name => !execute(name))
  if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}.`)
  return failed.length > 0 ? 1 : 0
}

function execute(name) {
  const started = performance.now()
  const out = resolve(asked.out ?? folder)
  const ok = runWhole(name, out)
  if (ok && asked.html) convert(['--to', 'html', '--log-level=WARN', join(out, name)])
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${relative(process.cwd(), join(out, name))}: ${ok ? 'ran from top to bottom' : 'failed'} in ${seconds} s`)
  return ok
}

/** On a busy machine an output may get lost on its way from the kernel: then the notebook is run again. */
function runWhole(name, out) {
  const to = ['--to', 'notebook', '--output', name, '--output-dir', out]
  const limits = ['timeout=900', 'iopub_timeout=120', 'raise_on_iopub_timeout=True', 'record_timing=False']
  const options = limits.map(limit => `--ExecutePreprocessor.${limit}`)
  for (let tries = 3; tries > 0; tries--) {
    if (!convert([...to, '--execute', ...options, '--log-level=WARN', join(folder, name)])) return false
    if (!lacksOutput(join(out, name))) return true
    console.error(`${name}: an output was lost between the kernel and Jupyter.`)
  }
  return false
}

function lacksOutput(path) {
  const shows = /^await (show|learnt|interactive)\(/m
  const cells = JSON.parse(readFileSync(path, 'utf8')).cells
  return cells.some(cell => cell.cell_type === 'code' && shows.test(cell.source.join('')) && cell.outputs.length === 0)
}

function convert(args) {
  return (
    spawnSync('jupyter-nbconvert', args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } }).status ===
    0
  )
}

function missing(what) {
  return `The notebooks need ${what}: "apt-get install jupyter-notebook jupyter-nbconvert python3-ipykernel python3-pandas python3-matplotlib" as root, or "pip install jupyterlab pandas matplotlib" in an environment of your own.`
}

function end(code, sentence) {
  console.error(sentence)
  process.exit(code)
}
