/** A real job array at a real Slurm, on this machine alone: controller and node are started for the test, and ended after it. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { grid, mergeSweep, sweep } from '../../../src/experiment/index.js'
import { needsBuild } from '../../cli/mycelia.js'
import { root } from '../../docs/pages.js'
import { folder, tablesIn } from '../../experiment/kit.js'
import { freePort, sleep } from '../../standins/redis.js'

const needed = ['slurmctld', 'slurmd', 'sbatch', 'munged']
const missing = needed.filter(name => spawnSync(name, ['--version']).error !== undefined)
const obstacle =
  process.getuid?.() !== 0
    ? 'Slurm on one machine is started by root'
    : missing.length > 0
      ? `no ${missing.join(', ')} here`
      : undefined

const place = mkdtempSync(join(tmpdir(), 'slurm-'))
const daemons: ChildProcess[] = []
let conf = ''

beforeAll(async () => {
  if (obstacle === undefined) await startSlurm()
})

afterAll(async () => {
  for (const daemon of daemons.reverse()) {
    if (daemon.exitCode !== null || daemon.signalCode !== null) continue
    daemon.kill('SIGKILL')
    await once(daemon, 'exit')
  }
  rmSync(place, { recursive: true, force: true })
})

/** One node with all cores of this machine; who talks to whom is proved by a munge of its own. */
async function startSlurm(): Promise<void> {
  chmodSync(place, 0o755)
  const at = (name: string) => join(place, name)
  for (const name of ['state', 'spool', 'munge']) mkdirSync(at(name))
  writeFileSync(at('munge.key'), Buffer.alloc(1_024, 7), { mode: 0o400 })
  const socket = at('munge/socket')
  const [controller, node] = [await freePort(), await freePort()]
  conf = at('slurm.conf')
  writeFileSync(
    conf,
    [
      'ClusterName=test',
      `SlurmctldHost=${hostname()}(127.0.0.1)`,
      'SlurmUser=root',
      'SlurmdUser=root',
      `SlurmctldPort=${controller}`,
      `SlurmdPort=${node}`,
      'AuthType=auth/munge',
      `AuthInfo=socket=${socket}`,
      'CryptoType=crypto/munge',
      `StateSaveLocation=${at('state')}`,
      `SlurmdSpoolDir=${at('spool')}`,
      `SlurmctldPidFile=${at('slurmctld.pid')}`,
      `SlurmdPidFile=${at('slurmd.pid')}`,
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'MpiDefault=none',
      'SchedulerType=sched/backfill',
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_CPU',
      'ReturnToService=2',
      `NodeName=${hostname()} NodeAddr=127.0.0.1 CPUs=${availableParallelism()} State=UNKNOWN`,
      'PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
      '',
    ].join('\n'),
  )
  start('munged', [
    '--foreground',
    '--force',
    `--key-file=${at('munge.key')}`,
    `--socket=${socket}`,
    `--pid-file=${at('munge.pid')}`,
    `--log-file=${at('munge.log')}`,
    `--seed-file=${at('munge.seed')}`,
  ])
  await sleep(1_000)
  start('slurmctld', ['-D', '-f', conf])
  start('slurmd', ['-D', '-f', conf, '-N', hostname()])
  for (let waited = 0; !slurm('sinfo', ['-h', '-o', '%T']).stdout.includes('idle'); waited++) {
    if (waited > 60) throw new Error(`the node did not become idle: ${slurm('sinfo', ['-N', '-l']).stdout}`)
    await sleep(500)
  }
}

function start(program: string, args: readonly string[]): void {
  daemons.push(spawn(program, args, { stdio: 'ignore', env: { ...process.env, SLURM_CONF: conf } }))
}

function slurm(program: string, args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, SLURM_CONF: conf }
  return spawnSync(program, args, { cwd: root, env, encoding: 'utf8' })
}

it('the job array of the documentation, submitted to Slurm, leaves parts that merge to the whole sweep', {
  timeout: 10 * 60_000,
}, async ctx => {
  if (obstacle !== undefined) ctx.skip(obstacle)
  needsBuild(ctx)
  const parts = folder()
  const args = [
    '--wait',
    `--export=ALL,PARTS=${parts}`,
    `--output=${join(place, '%a.log')}`,
    join(root, 'docs/machines/sweep.sbatch'),
  ]
  const { status, stderr } = slurm('sbatch', args)
  expect(status, stderr).toBe(0)
  const [out, expected] = [folder(), folder()]
  mergeSweep(
    Array.from({ length: 8 }, (_, i) => join(parts, String(i + 1))),
    { out },
  )
  await sweep('wealth', grid({ people: [50, 100, 500] }), { replicates: 40, steps: 200, out: expected })
  expect(tablesIn(out)).toEqual(tablesIn(expected))
})
