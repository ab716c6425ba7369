/** One measurement in a process of its own, as a user's run is: no other model's types are in the compiler's way. */

import { spawn } from 'node:child_process'

const mark = '#result '

/** Its result, or the promise of it, is plain data. */
export type Job = () => unknown

/** In the child: runs the job and prints its result. */
export async function serveJob(name: string, jobs: Readonly<Record<string, Job>>): Promise<void> {
  const job = jobs[name]
  if (job === undefined) throw new Error(`There is no job "${name}".`)
  process.stdout.write(`${mark}${JSON.stringify(await job())}\n`)
}

/** In the parent: runs a job of `file` in a fresh process and gives its result. */
export function runJob<T>(file: string, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--expose-gc', file, '--job', name], { stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      out += text
    })
    child.on('error', reject)
    child.on('close', code => {
      const line = out.split('\n').find(text => text.startsWith(mark))
      if (code === 0 && line !== undefined) resolve(JSON.parse(line.slice(mark.length)) as T)
      else reject(new Error(`The measurement "${name}" ended with code ${code}.`))
    })
  })
}
