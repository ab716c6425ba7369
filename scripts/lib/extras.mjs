/** Programs that some tests need beside Node: installed where that is possible, else reported in one sentence. */
import { findProgram, run } from './run.mjs'

const EXTRAS = {
  redis: { programs: ['redis-server'], debian: 'redis-server', about: '10 s' },
  chromium: { programs: ['chromium', 'chromium-browser', 'google-chrome'], debian: 'chromium', about: '60 s' },
}
const APT = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::https::Timeout=20']
const APT_TIMEOUT_MS = 10 * 60_000

/** The requested programs that are not on this machine. Throws on an unknown name. */
export function missingExtras(names) {
  const unknown = names.find(name => !(name in EXTRAS))
  if (unknown) throw new Error(`--with: unknown name "${unknown}". Known: ${Object.keys(EXTRAS).join(', ')}.`)
  return names.filter(name => !findProgram(...EXTRAS[name].programs))
}

/** Installs each by apt-get when root on a machine that has it. Never fails: tests report themselves skipped instead. */
export function installExtras(names, timed, say) {
  const obstacle = whyNot()
  if (obstacle) return say(`${names.join(' and ')} not installed (${obstacle}); the tests that need it will be skipped.`)
  timed('reading the package lists with apt-get update', () => apt(['update']))
  for (const name of names) {
    const { debian, about } = EXTRAS[name]
    timed(`installing ${debian} with apt-get, which some tests need (about ${about})`, () => {
      const result = apt(['install', '-y', '--no-install-recommends', debian])
      if (!result.ok)
        say(`${debian} could not be installed (${lastLine(result.output)}); the tests that need it will be skipped.`)
    })
  }
}

function whyNot() {
  if (!findProgram('apt-get')) return 'this machine has no apt-get'
  return process.getuid?.() === 0 ? undefined : 'apt-get needs root'
}

function apt(args) {
  return run('apt-get', [...APT, ...args], { quiet: true, env: { DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: APT_TIMEOUT_MS })
}

function lastLine(output) {
  return output.trim().split('\n').at(-1)?.slice(0, 200) || 'apt-get said nothing'
}
